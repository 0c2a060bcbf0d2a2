/* A made-up result of a run on several devices. */
#include "tests/unit/bench/report/made_up.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/totals/totals.h"

#define TYPES "dtype=bf16:bf16:bf16:f32,math=strict,weights=const"
#define GEMM(m, n, k) "gemm:m=" m ",n=" n ",k=" k ",batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none," TYPES
#define CONV(n)                                                                                              \
    "conv2d:n=" n ",c=64,h=56,w=56,k=64,r=3,s=3,stride=1x1,pad=1x1x1x1,dilation=1x1,groups=1,layout=any,"    \
    "epilogue=none," TYPES

const made_up_device made_up_devices[MADE_UP_DEVICES] = {
    {.id = "cpu",
        .algorithm = "auto",
        .label = "EPYC 2 cores",
        .name = "AMD EPYC 9654",
        .speed = 1,
        .lacks_prefill = true},
    {.id = "cuda:0",
        .algorithm = "auto",
        .label = "H20 96 GB",
        .speed = 320,
        .has_sheet = true,
        .is_unstable = true},
    {.id = "sim:0?peak=100T", .algorithm = "auto", .name = "roofline", .speed = 60, .simulated = SY_TRI_YES},
    {.id = "opencl:0", .algorithm = "auto", .name = "Intel(R) Arc(TM) A770 Graphics", .speed = 30},
    {.id = "cpu:1", .algorithm = "native", .speed = 3},
    {.id = "cpu:1", .algorithm = "openblas", .speed = 3.3},
};

const made_up_device made_up_metered[MADE_UP_METERED] = {
    {.id = "cuda:0", .algorithm = "auto", .label = "H20 96 GB", .speed = 320, .meters = MADE_UP_CARD},
    {.id = "sim:0",
        .algorithm = "auto",
        .name = "roofline",
        .speed = 60,
        .simulated = SY_TRI_YES,
        .meters = MADE_UP_CARD_AND_NODE},
    {.id = "cpu", .algorithm = "auto", .label = "EPYC 2 cores", .speed = 1},
};

static const struct {
    const char *name, *phase, *problem;
    uint64_t count, flop, byte;
    double ns; /* on the CPU */
} work[] = {
    {"large.2048", NULL, GEMM("2048", "2048", "2048"), 1, 17179869184u, 25165824u, 4.2e7},
    {"large.4096", NULL, GEMM("4096", "4096", "4096"), 1, 137438953472u, 100663296u, 3.35e8},
    {"qwen3-8b.decode.t8.qkv", "decode", GEMM("8", "6144", "4096"), 36, 402653184u, 50331648u, 2.1e6},
    {"qwen3-8b.decode.t8.o", "decode", GEMM("8", "4096", "4096"), 36, 268435456u, 33554432u, 1.4e6},
    {"qwen3-8b.decode.t8.gate_up", "decode", GEMM("8", "24576", "4096"), 36, 1610612736u, 201326592u, 8.3e6},
    {"qwen3-8b.decode.t8.down", "decode", GEMM("8", "4096", "12288"), 36, 805306368u, 100663296u, 4.2e6},
    {"qwen3-8b.prefill.t512.qkv", "prefill", GEMM("512", "6144", "4096"), 36, 25769803776u, 50331648u, 6.3e7},
    {"qwen3-8b.prefill.t512.down", "prefill", GEMM("512", "4096", "12288"), 36, 51539607552u, 100663296u,
        1.3e8},
    {"resnet50.layer1.0.conv2", NULL, CONV("1"), 3, 231211008u, 1605632u, 1.3e6},
    {"resnet50.fc", "encode", GEMM("1", "1000", "2048"), 1, 4096000u, 4096000u, 1.8e5},
    {"memory.read", NULL, "stream:bytes=1073741824,kind=read", 1, 0, 1073741824u, 3.2e7},
    {"memory.triad", NULL, "stream:bytes=1073741824,kind=triad", 1, 0, 3221225472u, 1.1e8},
};

enum { WORK = sizeof work / sizeof work[0] };

/* Hashes that outlive the call: the list keeps copies. */
static void append(made_up *to, sy_row *row) {
    char key_hash[SY_ROW_ID_MAX], id[SY_ROW_ID_MAX];
    sy_key_hash(row, key_hash);
    row->key_hash = key_hash;
    sy_row_id(row, "0", id);
    row->id = id;
    if (sy_row_list_append(&to->rows, row, NULL) != SY_OK)
        abort();
}

static void set_time(const made_up_device *device, size_t index, sy_row *row) {
    double ns = work[index].ns / device->speed;
    double half = 0.004 + 0.002 * (double)(index % 5);
    row->status = device->is_unstable && index % 4 == 0 ? SY_ROW_UNSTABLE : SY_ROW_OK;
    row->time.headline = SY_HEADLINE_HOST;
    row->time.host.median_ns = ns;
    row->time.host.ci95_ns[0] = ns * (1.0 - half);
    row->time.host.ci95_ns[1] = ns * (1.0 + half);
    row->time.rounds = 3;
    row->time.interval_kind = SY_INTERVAL_BETWEEN_ROUNDS;
    row->rate.flop_per_s = (double)work[index].flop / ns * 1e9;
    row->rate.byte_per_s = (double)work[index].byte / ns * 1e9;
    row->check.status = index == 3 ? SY_CHECKED_WEAK : SY_CHECKED_OK;
    if (work[index].flop == 0)
        return;
    row->rate.of_ceiling = 0.96;
    row->rate.ceiling_method = "microkernel";
    if (device->has_sheet) {
        row->rate.of_datasheet = 0.89;
        row->rate.datasheet_confidence = "press";
    }
}

/* An entry of `watt` for a row: its window ran a little slower than the median. */
static sy_row_energy make_entry(const sy_row *row, const char *source, const char *scope, double watt) {
    static const char *const notes[] = {"net is low: 12 % of gross"};
    sy_row_energy entry;
    sy_row_energy_init(&entry);
    entry.source = source;
    entry.scope = scope;
    entry.kind = "counter";
    entry.run_per_s = 0.98e9 / row->time.host.median_ns;
    entry.rate_of_median = 0.98;
    entry.joule_per_run = watt / entry.run_per_s;
    entry.watt = entry.joule_per_run * entry.run_per_s;
    entry.joule_net_per_run = 0.12 * entry.joule_per_run;
    entry.flop_per_joule = row->rate.flop > 0 ? (double)row->rate.flop / entry.joule_per_run : NAN;
    entry.byte_per_joule = (double)row->rate.byte / entry.joule_per_run;
    entry.u_random = 0.004;
    entry.u_net = 0.05;
    entry.valid = SY_TRI_YES;
    entry.notes = (sy_text_list){.item = notes, .count = 1};
    return entry;
}

static void set_energy(const made_up_device *device, sy_row_energy entries[2], sy_row *row) {
    static const char *const reasons[] = {"alias", "window_too_short"};
    row->energy_reason = device->meters == MADE_UP_NO_METER ? row->energy_reason : NULL;
    if (device->meters == MADE_UP_NO_METER || !sy_row_has_time(row))
        return;
    entries[0] = make_entry(row, "device:energy", "card", 350.0);
    entries[1] = make_entry(row, "redfish:power", "node", 900.0);
    entries[1].u_systematic = 0.03;
    if (strncmp(row->key.problem, "conv2d", 6) == 0) {
        entries[1].valid = SY_TRI_NO;
        entries[1].reasons = (sy_text_list){.item = reasons, .count = 2};
    }
    row->energy.item = entries;
    row->energy.count = device->meters == MADE_UP_CARD ? 1 : 2;
}

static void add_row(made_up *to, const made_up_device *device, size_t index) {
    sy_row_energy entries[2];
    sy_row row;
    sy_row_init(&row);
    row.seq = to->rows.count;
    row.process = 0;
    row.request.device = device->id;
    row.request.algorithm = device->algorithm;
    row.key.problem = work[index].problem;
    row.key.data = "uniform";
    row.key.cache = "weights";
    row.key.launch = "direct";
    row.origin.suite = "quick";
    row.origin.name = work[index].name;
    row.origin.phase = work[index].phase;
    row.origin.count = work[index].count;
    row.subject.algorithm = "native";
    row.subject.device.name = device->name;
    row.subject.simulated = device->simulated;
    row.rate.flop = work[index].flop;
    row.rate.byte = work[index].byte;
    row.energy_reason = "no counter: needs root";
    if (device->lacks_prefill && work[index].phase != NULL && strcmp(work[index].phase, "prefill") == 0) {
        row.status = SY_ROW_UNSUPPORTED;
        row.reason = "needs 18 GiB, 16 GiB are free";
    } else
        set_time(device, index, &row);
    set_energy(device, entries, &row);
    append(to, &row);
}

static void set_environment(made_up *to, const made_up_device *devices, size_t count) {
    static const char *const command[] = {"steelyard", "run", "quick/1", "-o", "quick.jsonl"};
    sy_device_fact *facts = sy_arena_array(&to->arena, count + 1, sizeof *facts);
    if (facts == NULL)
        abort();
    sy_environment_init(&to->environment);
    to->environment.build.version = "0.1.0";
    to->environment.command = (sy_text_list){.item = command, .count = sizeof command / sizeof command[0]};
    for (size_t i = 0; i < count; i++)
        facts[i] = (sy_device_fact){.id = devices[i].id,
            .label = devices[i].label,
            .name = devices[i].name,
            .status = "used",
            .memory_byte = SY_NO_COUNT,
            .cache_byte = SY_NO_COUNT,
            .units = SY_NO_COUNT};
    facts[count] = (sy_device_fact){.id = "ascend",
        .status = "not run",
        .reason = "libascendcl.so not found in 4 folders; export ASCEND_HOME_PATH, or see `doctor`",
        .memory_byte = SY_NO_COUNT,
        .cache_byte = SY_NO_COUNT,
        .units = SY_NO_COUNT};
    to->environment.devices.item = facts;
    to->environment.devices.count = count + 1;
}

void made_up_run(made_up *out, const made_up_device *devices, size_t count) {
    for (size_t i = 0; i < WORK; i++)
        for (size_t j = 0; j < count; j++)
            add_row(out, &devices[j], i);
    set_environment(out, devices, count);
    sy_totals_request request = {.rows = out->rows.row, .n_rows = out->rows.count};
    out->report = (sy_report){.rows = out->rows.row,
        .n_rows = out->rows.count,
        .environment = &out->environment,
        .title = "run quick/1",
        .file = "quick.jsonl",
        .duration_ns = 580e9};
    if (sy_totals_compute(&request, &out->arena, &out->report.totals, NULL) != SY_OK)
        abort();
}

void made_up_release(made_up *result) {
    sy_row_list_release(&result->rows);
    sy_arena_release(&result->arena);
}

sy_text made_up_text(made_up_writer *write, const sy_report *report, sy_report_style style) {
    sy_text text = {0};
    if (write(report, &style, &text, NULL) != SY_OK)
        abort();
    return text;
}
