/* Requests for energy, and their replies. */
#include "bench/run/energy_call.h"

#include <math.h>
#include <string.h>

#include "bench/worker/energy_wire.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static json_t *make_request(const sy_energy_call *call, const char *name) {
    return json_pack("{s:s,s:o,s:s?,s:s?,s:o}", "call", name, "meters", sy_energy_list_to_wire(call->meters),
        "sysroot", call->places->sysroot, "credentials", call->places->config->energy_credentials,
        "phase_seed", sy_protocol_from_hex(call->phase_seed));
}

static void take_window(const json_t *reply, sy_energy_told *told) {
    const json_t *window = json_object_get(reply, "window");
    told->window.begin_ns = sy_protocol_u64(window, "begin_ns", 0);
    told->window.end_ns = sy_protocol_u64(window, "end_ns", 0);
    told->window.load_begin_ns = sy_protocol_u64(window, "load_begin_ns", told->window.begin_ns);
    told->window.load_end_ns = sy_protocol_u64(window, "load_end_ns", told->window.end_ns);
    told->launches = sy_protocol_u64(window, "launches", 0);
    told->checked = sy_protocol_u64(reply, "checked", 0);
    told->sampler_cost_ns = sy_protocol_u64(reply, "sampler_cost_ns", 0);
}

/* False if it is no number of that sort. */
static bool take_number(const json_t *list, size_t index, uint64_t *out_number) {
    const json_t *number = json_array_get(list, index);
    if (!json_is_integer(number) || json_integer_value(number) < 0)
        return false;
    *out_number = (uint64_t)json_integer_value(number);
    return true;
}

/* One meter's readings; those that are no numbers, or end before they begin, are left out. */
static sy_status take_trace(const json_t *object, sy_energy_trace *trace, sy_error *err) {
    const json_t *begin = json_object_get(object, "begin_ns");
    const json_t *end = json_object_get(object, "end_ns");
    const json_t *value = json_object_get(object, "value");
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < json_array_size(begin); i++) {
        const json_t *number = json_array_get(value, i);
        sy_energy_reading reading = {.value = json_is_number(number) ? json_number_value(number) : NAN};
        bool has_times = take_number(begin, i, &reading.begin_ns) && take_number(end, i, &reading.end_ns);
        if (has_times && reading.begin_ns <= reading.end_ns && isfinite(reading.value))
            status = sy_energy_trace_append(trace, reading, err);
    }
    uint64_t failures = sy_protocol_u64(object, "failures", 0);
    if (failures > 0)
        sy_energy_trace_fail(trace, (sy_status)sy_protocol_u64(object, "state", SY_INTERNAL),
            sy_protocol_text(object, "failure", ""));
    trace->failures = failures;
    trace->cost_ns = sy_protocol_u64(object, "cost_ns", 0);
    return status;
}

static sy_status take_traces(const json_t *list, size_t count, sy_energy_told *told, sy_error *err) {
    if (json_array_size(list) != count)
        return sy_error_set(
            err, SY_INTERNAL, "the worker told of %zu meters, not of %zu", json_array_size(list), count);
    told->trace = sy_mem_calloc(count > 0 ? count : 1, sizeof *told->trace);
    if (told->trace == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for readings");
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++, told->trace_count++)
        status = take_trace(json_array_get(list, i), &told->trace[i], err);
    return status;
}

static sy_status take_marks(const json_t *object, sy_energy_told *told, sy_error *err) {
    const json_t *at = json_object_get(object, "at_ns"), *launches = json_object_get(object, "launches");
    size_t count = json_array_size(at);
    if (count == 0 || json_array_size(launches) != count)
        return SY_OK;
    told->mark = sy_mem_calloc(count, sizeof *told->mark);
    if (told->mark == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu marks", count);
    for (size_t i = 0; i < count; i++) {
        sy_window_mark *mark = &told->mark[told->mark_count];
        told->mark_count += take_number(at, i, &mark->at_ns) && take_number(launches, i, &mark->launches);
    }
    return SY_OK;
}

static sy_status call_worker(
    const sy_energy_call *call, json_t *request, int64_t limit_ms, sy_energy_told *out_told, sy_error *err) {
    *out_told = (sy_energy_told){0};
    sy_status status = sy_worker_call(call->target->worker, request, limit_ms, &out_told->reply, err);
    if (status != SY_OK)
        return status;
    take_window(out_told->reply, out_told);
    status = take_traces(json_object_get(out_told->reply, "traces"), call->meters->count, out_told, err);
    if (status == SY_OK)
        status = take_marks(json_object_get(out_told->reply, "marks"), out_told, err);
    const sy_energy_window *window = &out_told->window;
    if (status == SY_OK && window->end_ns <= window->begin_ns)
        status = sy_error_set(err, SY_INTERNAL, "the worker told of a window without time");
    if (status == SY_OK && (window->load_begin_ns > window->begin_ns || window->load_end_ns < window->end_ns))
        status = sy_error_set(err, SY_INTERNAL, "the worker told of a window that its load does not cover");
    return status;
}

sy_status sy_energy_ask_idle(const sy_energy_call *call, uint64_t settle_ns, uint64_t duration_ns,
    sy_energy_told *out_told, sy_error *err) {
    json_t *request = make_request(call, "idle");
    json_object_set_new(request, "settle_ns", json_integer((json_int_t)settle_ns));
    json_object_set_new(request, "duration_ns", json_integer((json_int_t)duration_ns));
    int64_t limit_ms = SY_TARGET_OPEN_LIMIT_MS + (int64_t)((settle_ns + duration_ns) / 1000000u);
    return call_worker(call, request, limit_ms, out_told, err);
}

sy_status sy_energy_ask_window(const sy_energy_call *call, json_t *jobs, const sy_energy_lengths *lengths,
    int64_t limit_ms, sy_energy_told *out_told, sy_error *err) {
    json_t *request = make_request(call, "energy");
    json_object_set_new(request, "jobs", jobs);
    json_object_set_new(request, "load_ns", json_integer((json_int_t)lengths->load_ns));
    json_object_set_new(request, "window_ns", json_integer((json_int_t)lengths->window_ns));
    json_object_set_new(request, "tail_ns", json_integer((json_int_t)lengths->tail_ns));
    uint64_t all_ns = lengths->load_ns + lengths->window_ns + lengths->tail_ns;
    sy_status status = call_worker(call, request, limit_ms + (int64_t)(2 * all_ns / 1000000u), out_told, err);
    if (status == SY_OK && out_told->launches == 0)
        status = sy_error_set(err, SY_INTERNAL, "the worker told of a window without launches");
    return status;
}

void sy_energy_told_release(sy_energy_told *told) {
    for (size_t i = 0; i < told->trace_count; i++)
        sy_energy_trace_release(&told->trace[i]);
    sy_mem_free(told->trace);
    sy_mem_free(told->mark);
    json_decref(told->reply);
    *told = (sy_energy_told){0};
}
