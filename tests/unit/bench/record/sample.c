/* Made-up rows and environments. */
#include "tests/unit/bench/record/sample.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLES = 1000 };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const sy_row_origin further_places[] = {{.suite = "qwen3",
    .suite_sha256 = "11",
    .name = "qwen3-8b.prefill.t8.qkv",
    .phase = "prefill",
    .count = 3,
    .context = 7,
    .verified = SY_TRI_NO}};

static const sy_library_fact libraries[] = {
    {.name = "openblas", .version = "0.3.28", .path = "/usr/lib/libopenblas.so.0", .build_id = "0badcafe"},
    {.name = "libc"},
};
static const double samples[] = {1e6, 1.0000001234567890e6, 999.5, 0.125, 1e15 / 3.0};
static const sy_row_round rounds[] = {
    {.round = 0,
        .order = 3,
        .samples = 40,
        .batch = 8,
        .median_ns = 1e6,
        .ci95_ns = {9.9e5, 1.01e6},
        .warm_ns = 3e9,
        .clock_mhz = 3400,
        .temp_c = -3.5,
        .autocorrelation = -0.1},
    {.round = 1,
        .order = 0,
        .samples = 20,
        .batch = 8,
        .median_ns = 1.1e6,
        .ci95_ns = {1e6, 1.2e6},
        .warm_ns = 3e9,
        .clock_mhz = 3300,
        .temp_c = 71,
        .autocorrelation = 0.15},
};
static const char *const throttles[] = {"power", "thermal"};

static const char *const reasons[] = {"alias", "window_too_short"};
static const char *const notes[] = {"rate differs from the median by 4 %", "net is low: 12 % of gross"};
static const sy_row_energy energies[] = {{.source = "powercap:package-0",
    .detail = "package-0",
    .kind = "counter",
    .scope = "package",
    .idle_kind = "context open, before and after",
    .gain = 0.03,
    .resolution = 1e-6,
    .update_period_ms = 1,
    .averaging_ms = 25,
    .window_ns = 2e9,
    .run_per_s = 1000,
    .needed_window_ns = 3e9,
    .sampler_cpu = 0.001,
    .rate_of_median = 1.04,
    .joule_per_run = 0.125,
    .joule_net_per_run = -0.5,
    .watt = 125,
    .watt_peak = 131.5,
    .watt_idle = 60,
    .idle_drift_w = -1.5,
    .flop_per_joule = 1e12,
    .byte_per_joule = 98760,
    .u_systematic = 0.03,
    .u_random = 0.004,
    .u_edge = 0.003,
    .u_quantum = 0.001,
    .u_sampling = 0.002,
    .u_net = 0.01,
    .runs = 2000,
    .readings = 21,
    .period_measured = SY_TRI_YES,
    .valid = SY_TRI_NO,
    .reasons = {.item = reasons, .count = COUNT(reasons)},
    .notes = {.item = notes, .count = COUNT(notes)}}};

/* Texts of row n, kept for the program's life. */
static const char *text_of(unsigned n, unsigned which) {
    static char texts[SAMPLES][3][160];
    char *text = texts[n % SAMPLES][which];
    if (which == 0)
        snprintf(text, sizeof texts[0][0],
            "gemm:m=%u,n=64,k=64,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,"
            "dtype=f32:f32:f32:f32,math=strict,weights=const",
            n + 1);
    return text;
}

static void set_hashes(unsigned n, sy_row *row) {
    char *key_hash = (char *)(uintptr_t)text_of(n, 1), *id = (char *)(uintptr_t)text_of(n, 2);
    sy_key_hash(row, key_hash);
    row->key_hash = key_hash;
    sy_row_id(row, "00000000000000aa", id);
    row->id = id;
}

void sample_bare_row(unsigned n, sy_row *out_row) {
    sy_row_init(out_row);
    out_row->key.problem = text_of(n, 0);
    out_row->request.device = "cpu";
    out_row->status = SY_ROW_SKIPPED;
    set_hashes(n, out_row);
}

static void set_time(sy_row *row) {
    row->time.headline = SY_HEADLINE_HOST;
    row->time.host = (sy_row_time){.median_ns = 1e6,
        .ci95_ns = {9.9e5, 1.02e6},
        .mean_ns = 1.01e6,
        .min_ns = 9e5,
        .p90_ns = 1.1e6,
        .p99_ns = 1.3e6,
        .resolution_ns = 1};
    row->time.device = (sy_row_time){.median_ns = 9.5e5,
        .ci95_ns = {9.4e5, 9.6e5},
        .mean_ns = 9.5e5,
        .min_ns = 9e5,
        .p90_ns = 1e6,
        .p99_ns = 1.2e6,
        .resolution_ns = 40};
    row->time.device_believed = SY_TRI_NO;
    row->time.device_reason = "late launches";
    row->time.batch = 8;
    row->time.rounds = COUNT(rounds);
    row->time.interval_kind = SY_INTERVAL_BETWEEN_ROUNDS;
    row->time.samples = 60;
    row->time.autocorrelation = 0.05;
    row->time.plan_ns = 1e4;
    row->time.compile_ns = 2e9;
    row->time.first_run_ns = 3e6;
    row->time.clock_overhead_ns = 21.5;
    row->time.by_round.item = rounds;
    row->time.by_round.count = COUNT(rounds);
    row->time.samples_ns = (sy_f64_list){.item = samples, .count = COUNT(samples)};
}

static void set_subject(sy_row *row) {
    row->subject.backend = "cpu";
    row->subject.algorithm = "native";
    row->subject.device = (sy_row_device){
        .id = "cpu", .name = "EPYC \"9654\"", .vendor = "AMD", .physical_id = "cpu-0", .scope = "package"};
    row->subject.config.threads = 2;
    row->subject.implementation = "panels:avx2";
    row->subject.config.tuned = SY_TRI_YES;
    row->subject.config.explored = 12;
    row->subject.layout_used = "nhwc";
    row->subject.libraries.item = libraries;
    row->subject.libraries.count = COUNT(libraries);
    row->subject.prepare_ns = 5e6;
    row->subject.prepare_byte = 4096;
    row->subject.workspace_byte = 0;
    row->subject.flop_ratio = 1;
    row->subject.deterministic = SY_TRI_YES;
    row->subject.simulated = SY_TRI_NO;
}

static void set_energy(sy_row *row) {
    row->energy.item = energies;
    row->energy.count = COUNT(energies);
    row->energy_reason = "no counter: needs root";
    row->sustain = (sy_row_sustain){.throttle_how = "clock",
        .source = "powercap:package-0",
        .scope = "package",
        .series = "quick.series.jsonl",
        .seconds = 600,
        .burst_run_per_s = 1000,
        .sustained_run_per_s = 710,
        .sustained_of_burst = 0.71,
        .steady_s = 25,
        .throttle_s = 12,
        .watt_burst = 130,
        .watt_sustained = 90,
        .temp_c_end = 93.5};
}

static void set_surroundings(sy_row *row) {
    row->ring.sets = 12;
    row->ring.byte = 3u << 20;
    row->ring.cache_byte = 1u << 20;
    row->ring.cache_source = "device";
    row->ring.partial = SY_TRI_NO;
    row->check.status = SY_CHECKED_OK;
    row->check.method = "full";
    row->check.smallest_fault = "1 element off by 3.1e-4";
    row->check.math = "strict";
    row->check.reason = "none";
    row->check.max_error = 1e-6;
    row->check.bound = 1e-5;
    row->check.verified = SY_TRI_YES;
    row->conditions.clock_mhz.min = 3300;
    row->conditions.clock_mhz.mean = 3350;
    row->conditions.clock_mhz.max = 3400;
    row->conditions.temp_c = 61;
    row->conditions.power_cap_w = 300;
    row->conditions.power_cap_default_w = 350;
    row->conditions.gap_ms = 1.5;
    row->conditions.throttle = (sy_text_list){.item = throttles, .count = COUNT(throttles)};
    row->conditions.shared = SY_TRI_NO;
    row->path.reorders = 0;
    row->path.host_bytes = 0;
    row->path.fallback = "none";
    row->path.launch = "direct";
    row->path.emulated = SY_TRI_NO;
    row->path.in_process = SY_TRI_NO;
}

void sample_full_row(unsigned n, sy_row *out_row) {
    sample_bare_row(n, out_row);
    sy_row *row = out_row;
    row->seq = n;
    row->process = 0;
    row->round = 0;
    row->request.algorithm = "auto";
    row->key.data = "uniform";
    row->key.cache = "weights";
    row->key.launch = "direct";
    row->pair.id = "p1";
    row->pair.side = "a";
    row->pair.block = 4;
    row->origin.suite = "quick";
    row->origin.suite_sha256 = "00";
    row->origin.name = "qwen3-8b.decode.t8.qkv";
    row->origin.phase = "decode";
    row->origin.count = 36;
    row->origin.context = 2048;
    row->origin.verified = SY_TRI_YES;
    row->also.item = further_places;
    row->also.count = COUNT(further_places);
    row->subject_hash = "0123456789abcdef";
    row->status = SY_ROW_OK;
    row->reason = "no reason";
    row->rate.flop = UINT64_C(4611686018427387903);
    row->rate.byte = 12345;
    row->rate.flop_per_s = 1e12 / 3;
    row->rate.byte_per_s = 1e9;
    row->rate.of_datasheet = 0.5;
    row->rate.of_ceiling = 0.96;
    row->rate.of_roofline = 0.97;
    row->rate.ceiling_method = "microkernel";
    row->rate.datasheet_confidence = "press";
    set_energy(row);
    set_time(row);
    set_subject(row);
    set_surroundings(row);
    set_hashes(n, row);
}

static const sy_row_percentile percentiles[] = {
    {.percentile = 0.9, .plain_ns = 4e7, .estimate_ns = 4.1e7, .needs = 64, .has = 100},
    {.percentile = 0.99, .plain_ns = NAN, .estimate_ns = NAN, .needs = 662, .has = 100}};
static const char *const model_reasons[] = {"p99 not supported: needs 662 queries, have 100"};
static const char *const host_ops[] = {"NonMaxSuppression"};

static void set_model_key(sy_row *row) {
    row->key.problem = "model:sha256=00,in=data:1x3x224x224,scenario=server,dtype=f32,math=strict";
    row->model.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    row->model.inputs = "data:1x3x224x224";
    row->model.scenario = "server";
    row->model.load = "instances=2 batch=8 qps=25 bound_ns=100000000";
    row->model.dtype = "f32";
}

void sample_model_row(unsigned n, sy_row *out_row) {
    sy_row *row = out_row;
    sample_full_row(n, row);
    set_model_key(row);
    row->model.unit = "query";
    row->model.item = "image";
    row->model.instances = 2;
    row->model.batch = row->model.query_samples = 8;
    row->model.qps = 25;
    row->model.bound_ns = 1e8;
    row->model.queries = row->model.samples = row->model.runs = 100;
    row->model.padding = row->model.over = 0;
    row->model.duration_ns = 4e9;
    row->model.inference_per_s = row->model.item_per_s = 25;
    row->model.queue_ns = row->model.in_ns = row->model.out_ns = row->model.other_ns = 1e6;
    row->model.compute_ns = 3.6e7;
    row->model.percentile.item = percentiles;
    row->model.percentile.count = COUNT(percentiles);
    row->model.valid = SY_TRI_NO;
    row->model.reasons = (sy_text_list){.item = model_reasons, .count = COUNT(model_reasons)};
    row->model.whole = SY_TRI_NO;
    row->model.steps = 60;
    row->model.device_steps = 57;
    row->model.wide_steps = 12;
    row->model.host_steps = 1;
    row->model.copies = 2;
    row->model.host_ops = (sy_text_list){.item = host_ops, .count = COUNT(host_ops)};
    row->model.host_share = 0.02;
    row->model.weight_byte = 100u << 20;
    row->model.activation_byte = 10u << 20;
    row->model.peak_rss_byte = 200u << 20;
    row->model.load_ns = 3e7;
    row->model.compared = 8;
    row->model.repeated_of_distinct = 0.99;
    set_hashes(n, row);
}

void sample_environment(sy_environment *out_environment) {
    static const sy_cache_fact caches[] = {{.level = 1, .byte = 32768, .shared_by = 2, .kind = "data"}};
    static const sy_setting settings[] = {{.name = "rounds", .value = "3", .from = "default"}};
    static const sy_setting masks[] = {{.name = "CUDA_VISIBLE_DEVICES", .value = ""}};
    static const char *const command[] = {"steelyard", "run", "a \"b\" \\ \n\x01\xff\xe2\x80\xa8"};
    static const sy_device_fact devices[] = {{.id = "cpu",
        .backend = "cpu",
        .name = "EPYC",
        .label = "EPYC 2 cores",
        .vendor = "AMD",
        .driver = "none",
        .isa = "avx2",
        .physical_id = "cpu-0",
        .scope = "package",
        .status = "used",
        .reason = "none",
        .memory_byte = 1,
        .cache_byte = 2,
        .units = 3,
        .simulated = SY_TRI_NO}};
    sy_environment_init(out_environment);
    sy_environment *e = out_environment;
    e->host.name = "lab";
    e->host.os = "Debian";
    e->host.kernel = "6.1";
    e->host.arch = "x86_64";
    e->host.virtualization = "none";
    e->host.container = "none";
    e->cpu.model = "EPYC";
    e->cpu.vendor = "AuthenticAMD";
    e->cpu.microcode = "0x1";
    e->cpu.governor = "performance";
    e->cpu.driver = "acpi-cpufreq";
    e->cpu.affinity = "0-1";
    e->cpu.sockets = e->cpu.numa_nodes = 1;
    e->cpu.cores = e->cpu.threads = e->cpu.affinity_count = 2;
    e->cpu.smt = SY_TRI_NO;
    e->cpu.boost = SY_TRI_YES;
    e->cpu.min_mhz = 1500;
    e->cpu.max_mhz = 3700;
    e->cpu.quota_cpus = 1.5;
    e->cpu.load_1 = 0;
    e->cpu.load_5 = 0.25;
    e->cpu.load_15 = 1;
    e->cpu.caches.item = caches;
    e->cpu.caches.count = COUNT(caches);
    e->memory.total_byte = e->memory.available_byte = e->memory.limit_byte = 1u << 30;
    e->memory.swap_byte = 0;
    e->memory.huge_pages = "madvise";
    e->clock.source = "tsc";
    e->clock.overhead_ns = 20;
    e->clock.resolution_ns = 1;
    e->build.version = "0.1.0";
    e->build.compiler = "gcc";
    e->build.flags = "-O3";
    e->build.type = "RelWithDebInfo";
    e->build.commit = "unknown";
    e->command = (sy_text_list){.item = command, .count = COUNT(command)};
    e->settings.item = settings;
    e->settings.count = COUNT(settings);
    e->masks.item = masks;
    e->masks.count = COUNT(masks);
    e->libraries.item = libraries;
    e->libraries.count = COUNT(libraries);
    e->devices.item = devices;
    e->devices.count = COUNT(devices);
    e->anonymized = SY_TRI_NO;
}

static const sy_total_energy total_energies[] = {{.source = "device:energy",
    .scope = "card",
    .joule_per_pass = 12.5,
    .watt = 350,
    .flop_per_joule = 1e12,
    .u_random = 0.004,
    .u_systematic = 0.05,
    .valid = SY_TRI_NO,
    .reasons = {.item = reasons, .count = COUNT(reasons)}}};

void sample_total(sy_total *out_total) {
    static const char *const missing[] = {"qwen3-8b.decode.t8.o"};
    static const sy_total_share shares[] = {{.layer = "qkv", .ns = 5, .fraction = 1}};
    sy_total_init(out_total);
    *out_total = (sy_total){.device = "cpu",
        .device_name = "EPYC",
        .algorithm = "auto",
        .model = "qwen3-8b",
        .phase = "decode",
        .dtype = "bf16",
        .math = "strict",
        .ops = "gemm",
        .data = "uniform",
        .cache = "weights",
        .unit = "tokens/s",
        .process = 0,
        .tokens = 8,
        .images = 1,
        .rows = 7,
        .unstable = 0,
        .flop = 9,
        .ns = 1e9,
        .ci95_ns = {9e8, 1.1e9},
        .per_s = 8,
        .flop_per_s = 9,
        .missing = {.item = missing, .count = 1},
        .simulated = SY_TRI_NO};
    out_total->energy = (sy_total_energies){.item = total_energies, .count = COUNT(total_energies)};
    out_total->mix = out_total->energy;
    out_total->energy_reason = "no meter";
    out_total->share.item = shares;
    out_total->share.count = 1;
}

void sample_peak(sy_peak *out_peak) {
    *out_peak = (sy_peak){.device = "cpu",
        .device_name = "EPYC",
        .physical_id = "cpu-0",
        .name = "fma",
        .dtype = "f32",
        .unit = "flop/s",
        .method = "microkernel",
        .source = "own",
        .reason = "none",
        .value = 1e11,
        .ci95 = {9.9e10, 1.01e11},
        .byte = 1,
        .threads = 2,
        .simulated = SY_TRI_NO};
}

void sample_folder(char out_path[64]) {
    snprintf(out_path, 64, "/tmp/steelyard-test-XXXXXX");
    if (mkdtemp(out_path) == NULL)
        abort();
}

static int remove_entry(const char *path, const struct stat *facts, int type, struct FTW *place) {
    (void)facts, (void)type, (void)place;
    return remove(path);
}

void sample_remove_folder(const char *path) {
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
