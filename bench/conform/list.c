/* The list of checks, in the order of the table. */
#include <stdio.h>

#include "bench/conform/cases.h"
#include "bench/conform/checks.h"

static const conform_item before[] = {
    {"plugin file", "owner, modes, ELF note, ABI number, tables, required and grouped hooks", CONFORM_NOTHING,
        conform_check_file, 0},
    {"plugin start", "created, destroyed and created again", CONFORM_NOTHING, conform_check_start, 0},
    {"device describe",
        "every device: texts that end, plausible numbers, known flags and types; past the end",
        CONFORM_BACKEND, conform_check_describe, 0},
    {"device sizes", "structs of an older and of a newer host: nothing is written beyond the caller's size",
        CONFORM_BACKEND, conform_check_sizes, 0},
    {"device info", "an opened device is what describe() said", CONFORM_BACKEND, conform_check_info, 0},
    {"device params", "unknown parameters and devices are refused with words", CONFORM_BACKEND,
        conform_check_params, 0},
    {"device reopen", "opened, used and closed three times", CONFORM_BACKEND, conform_check_reopen, 0},
    {"memory kinds", "each kind: allocated or refused with words; host_ptr where the host can read",
        CONFORM_DEVICE, conform_check_kinds, 0},
    {"memory bounds", "0 bytes and far too many are refused with words, and harm nothing", CONFORM_DEVICE,
        conform_check_bounds, 0},
    {"memory alignment", "base_align, for buffers of odd sizes", CONFORM_DEVICE, conform_check_alignment, 0},
    {"memory copies", "to, from and within the device at odd offsets and sizes; neighbours untouched",
        CONFORM_DEVICE, conform_check_copies, 0},
    {"memory fills", "at odd offsets and sizes; neighbours untouched", CONFORM_DEVICE, conform_check_fills,
        0},
    {"memory import", "the caller's memory as an end of copies; nothing to import is refused", CONFORM_DEVICE,
        conform_check_import, 0},
    {"memory spans", "spans outside their buffers, of unequal length or of no buffer are refused with words",
        CONFORM_DEVICE, conform_check_spans, 0},
    {"queue order", "chains of fills and copies that overwrite what the next one reads", CONFORM_DEVICE,
        conform_check_order, 0},
    {"queue events", "one queue waits for another; query before and after", CONFORM_DEVICE,
        conform_check_events, 0},
    {"queue sync", "empty, without time, twice; destroy waits", CONFORM_DEVICE, conform_check_sync, 0},
    {"queue many", "several queues at once", CONFORM_DEVICE, conform_check_queues, 0},
    {"timer", "positive, within the host's time, in proportion over 1 and 8 parts", CONFORM_DEVICE,
        conform_check_timer, 0},
    {"work list", "lists of algorithms: the same each time, named once, plausible, refusals with words",
        CONFORM_DEVICE, conform_check_list, 0},
    {"work problems", "problems nobody can solve are refused with words: by list, plan or binding",
        CONFORM_DEVICE, conform_check_problems, 0},
    {"work bindings", "wrong operands and too little workspace are refused with words", CONFORM_DEVICE,
        conform_check_bindings, 0},
    {"work errors", "error texts: NULL, and shorter than ours", CONFORM_DEVICE, conform_check_errors, 0},
    {"work models", "a model that is not there, or is none, is refused with words", CONFORM_DEVICE,
        conform_check_models, 0},
    {"model ports", "of a model: names, types, extents; the same again; past the end", CONFORM_DEVICE,
        conform_check_model_ports, 0},
    {"model run", "bound and run: every byte of the outputs, the same twice; wrong operands are refused",
        CONFORM_DEVICE, conform_check_model_run, 0},
    {"work graph", "launches recorded once and replayed", CONFORM_DEVICE, conform_check_graph, 0},
    {"work reorder", "layouts converted there and back, byte for byte", CONFORM_DEVICE, conform_check_reorder,
        0},
};

static const conform_item after[] = {
    {"math f32", "what is declared strict keeps every bit; the rest as many as declared", CONFORM_DEVICE,
        conform_check_math, SY_F32},
    {"math f64", "53 bits are kept", CONFORM_DEVICE, conform_check_math, SY_F64},
    {"math f16", "sums are kept in f32", CONFORM_DEVICE, conform_check_math, SY_F16},
    {"math bf16", "sums are kept in f32", CONFORM_DEVICE, conform_check_math, SY_BF16},
    {"math s8", "sums are exact beyond 16 and 24 bits", CONFORM_DEVICE, conform_check_math, SY_S8},
    {"sensor list", "names, kinds, units, scopes, periods and windows; past the end", CONFORM_DEVICE,
        conform_check_sensors, 0},
    {"sensor values", "finite, physical, counters that never go back", CONFORM_DEVICE, conform_check_values,
        0},
    {"sensor energy", "a counter counts what a power of its scope shows, of an idle device", CONFORM_DEVICE,
        conform_check_energy, 0},
    {"sensor load", "read by a second thread while the device works", CONFORM_DEVICE, conform_check_load, 0},
    {"thread queues", "two threads at once, each with its own queue", CONFORM_DEVICE, conform_check_threads,
        0},
    {"leak plans", "1,000 plans and bindings leave nothing behind", CONFORM_DEVICE, conform_check_plans, 0},
    {"leak models", "200 models loaded, bound and run leave nothing behind", CONFORM_DEVICE,
        conform_check_model_loads, 0},
    {"leak devices", "a device opened ten times leaves nothing behind", CONFORM_BACKEND,
        conform_check_devices, 0},
    {"destroy null", "destroying NULL does nothing", CONFORM_DEVICE, conform_check_null, 0},
    {"plugin end", "device closed, backend destroyed", CONFORM_DEVICE, conform_check_shutdown, 0},
};

enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };

size_t conform_list_count(void) {
    return BEFORE + sy_case_topic_count() + AFTER;
}

conform_item conform_list_get(size_t index, char room[48]) {
    size_t topics = sy_case_topic_count();
    if (index < BEFORE)
        return before[index];
    if (index >= BEFORE + topics)
        return after[index - BEFORE - topics];
    snprintf(room, 48, "%s", sy_case_topic_get(index - BEFORE).name);
    return (conform_item){.name = room,
        .what = "every algorithm against the definition, or refused with words",
        .needs = CONFORM_DEVICE,
        .run = conform_check_cases,
        .item = index - BEFORE};
}
