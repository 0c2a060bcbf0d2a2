/* The options there are: one row each, and the words of the choices. */
#include "bench/cli/option.h"
#include "steelyard/spec.h"

#include <stddef.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
#define HOUR_NS (UINT64_C(3600) * SECOND_NS)

enum {
    CHOOSING = SY_VERB_RUN | SY_VERB_TUNE,
    RECORDING = SY_VERB_PEAK | SY_VERB_RUN,
    MEASURING = RECORDING | SY_VERB_TUNE,
    DRIVING = SY_VERB_DEVICES | MEASURING,
    SHOWING = SY_VERB_DEVICES | SY_VERB_PEAK | SY_VERB_RUN | SY_VERB_SHOW,
    FORMED = SHOWING | SY_VERB_TUNE | SY_VERB_PLUGIN,
    WRITING = SY_VERB_PEAK | SY_VERB_RUN | SY_VERB_MERGE,
    EVERY = DRIVING | SY_VERB_SHOW | SY_VERB_MERGE | SY_VERB_PLUGIN
};

static const sy_choice math_choice[] = {{"strict", SY_MATH_STRICT}, {"tf32", SY_MATH_TF32},
    {"hf32", SY_MATH_HF32}, {"bf16x3", SY_MATH_BF16X3}, {"any", SY_MATH_ANY}, {NULL, 0}};
static const sy_choice weights_choice[] = {
    {"const", SY_WEIGHTS_CONST}, {"dynamic", SY_WEIGHTS_DYNAMIC}, {NULL, 0}};
static const sy_choice layout_choice[] = {
    {"any", SY_IMAGE_ANY}, {"nhwc", SY_IMAGE_NHWC}, {"nchw", SY_IMAGE_NCHW}, {NULL, 0}};
static const sy_choice cache_choice[] = {
    {"weights", SY_CACHE_WEIGHTS}, {"hot", SY_CACHE_HOT}, {"cold", SY_CACHE_COLD}, {NULL, 0}};
static const sy_choice launch_choice[] = {
    {"direct", SY_LAUNCH_DIRECT}, {"graph", SY_LAUNCH_GRAPH}, {NULL, 0}};
static const sy_choice data_choice[] = {{"uniform", SY_DATA_UNIFORM}, {"normal", SY_DATA_NORMAL},
    {"integer", SY_DATA_INTEGER}, {"zeros", SY_DATA_ZEROS}, {NULL, 0}};
static const sy_choice check_choice[] = {
    {"full", SY_CHECK_FULL}, {"sample", SY_CHECK_SAMPLE}, {"off", SY_CHECK_OFF}, {NULL, 0}};
static const sy_choice tuned_choice[] = {{"on", SY_TUNED_ON}, {"off", SY_TUNED_OFF}, {NULL, 0}};
static const sy_choice energy_choice[] = {{"auto", SY_ENERGY_AUTO}, {"off", SY_ENERGY_OFF}, {NULL, 0}};
static const sy_choice isolation_choice[] = {
    {"process", SY_ISOLATION_PROCESS}, {"none", SY_ISOLATION_NONE}, {NULL, 0}};
static const sy_choice format_choice[] = {{"auto", SY_FORMAT_AUTO}, {"summary", SY_FORMAT_SUMMARY},
    {"table", SY_FORMAT_TABLE}, {"jsonl", SY_FORMAT_JSONL}, {"csv", SY_FORMAT_CSV}, {"json", SY_FORMAT_JSON},
    {NULL, 0}};

#define AT(field) .offset = offsetof(sy_config, field)

/* In the order of the help: what, how, how long, how sure, what comes out. */
static const sy_option options[] = {
    {.name = "device",
        .letter = 'd',
        .kind = SY_VALUE_DEVICES,
        .verbs = DRIVING | SY_VERB_PLUGIN,
        AT(device),
        .preset = "all",
        .value = "ID[,ID]|all",
        .help = "devices, such as cpu, opencl:0 or sim:0?peak=100T,bw=1T"},
    {.name = "dtype",
        .letter = 't',
        .kind = SY_VALUE_TEXT,
        .verbs = MEASURING,
        AT(dtype),
        .value = "TYPE",
        .help = "element types, T or A:B:C[:ACC]; default: by each problem's hints"},
    {.name = "math",
        .kind = SY_VALUE_CHOICE,
        .verbs = CHOOSING,
        AT(math),
        .choice = math_choice,
        .preset = "strict",
        .value = "MODE",
        .help = "widest rounding of the arithmetic that is allowed"},
    {.name = "algorithm",
        .letter = 'a',
        .kind = SY_VALUE_LIST,
        .verbs = SY_VERB_RUN,
        AT(algorithm),
        .preset = "auto",
        .value = "auto|NAME[,NAME]|all",
        .help = "algorithms to weigh, a row each"},
    {.name = "tuned",
        .kind = SY_VALUE_CHOICE,
        .verbs = SY_VERB_RUN,
        AT(tuned),
        .choice = tuned_choice,
        .preset = "on",
        .value = "HOW",
        .help = "whether auto goes by what tune has found"},
    {.name = "weights",
        .kind = SY_VALUE_CHOICE,
        .verbs = CHOOSING,
        AT(weights),
        .choice = weights_choice,
        .preset = "const",
        .value = "KIND",
        .help = "const: weights may be prepared outside the timed part, where a problem does not say"},
    {.name = "layout",
        .kind = SY_VALUE_CHOICE,
        .verbs = CHOOSING,
        AT(layout),
        .choice = layout_choice,
        .preset = "any",
        .value = "LAYOUT",
        .help = "layout of images, where a problem does not say"},
    {.name = "batch",
        .letter = 'b',
        .kind = SY_VALUE_UINT,
        .verbs = CHOOSING,
        AT(batch),
        .least = 1,
        .most = 1000000,
        .preset = "suite",
        .value = "N",
        .help = "images of each convolution"},
    {.name = "filter",
        .letter = 'f',
        .kind = SY_VALUE_TEXT,
        .verbs = CHOOSING | SY_VERB_SHOW | SY_VERB_PLUGIN,
        AT(filter),
        .value = "REGEX",
        .help = "only rows whose name matches (POSIX extended)"},
    {.name = "cache",
        .kind = SY_VALUE_CHOICE,
        .verbs = CHOOSING,
        AT(cache),
        .choice = cache_choice,
        .preset = "weights",
        .value = "MODE",
        .help = "weights: they come from memory, activations from the cache; hot; cold: all from memory"},
    {.name = "launch",
        .kind = SY_VALUE_CHOICE,
        .verbs = SY_VERB_RUN,
        AT(launch),
        .choice = launch_choice,
        .preset = "direct",
        .value = "HOW",
        .help = "direct: a call for each launch; graph: a batch recorded once and replayed by one call"},
    {.name = "data",
        .kind = SY_VALUE_CHOICE,
        .verbs = CHOOSING,
        AT(data),
        .choice = data_choice,
        .preset = "uniform",
        .value = "KIND",
        .help = "distribution of the inputs"},
    {.name = "seed",
        .kind = SY_VALUE_UINT,
        .verbs = CHOOSING,
        AT(seed),
        .most = INT64_MAX,
        .preset = "1",
        .value = "N",
        .help = "where the inputs and the order of rows start from"},
    {.name = "threads",
        .letter = 'j',
        .kind = SY_VALUE_UINT,
        .verbs = MEASURING | SY_VERB_PLUGIN,
        AT(threads),
        .least = 1,
        .most = 4096,
        .preset = "auto",
        .value = "N",
        .help = "threads of a CPU device; auto: all cores allowed"},
    {.name = "rounds",
        .letter = 'r',
        .kind = SY_VALUE_UINT,
        .verbs = SY_VERB_RUN,
        AT(rounds),
        .least = 1,
        .most = 1000,
        .preset = "3",
        .value = "N",
        .help = "passes over all rows, each in random order"},
    {.name = "precision",
        .kind = SY_VALUE_FRACTION,
        .verbs = SY_VERB_RUN,
        AT(precision),
        .least = 100,
        .most = 500000,
        .preset = "1%",
        .value = "PERCENT",
        .help = "wanted half-width of the 95 % interval"},
    {.name = "max-time",
        .kind = SY_VALUE_DURATION,
        .verbs = CHOOSING,
        AT(max_time_ns),
        .least = SECOND_NS / 1000,
        .most = 24 * HOUR_NS,
        .preset = "4s",
        .value = "TIME",
        .help = "most time for one row, over all its rounds; for one problem that is tuned"},
    {.name = "budget",
        .kind = SY_VALUE_DURATION,
        .verbs = CHOOSING,
        AT(budget_ns),
        .least = SECOND_NS / 1000,
        .most = 720 * HOUR_NS,
        .preset = "none",
        .value = "TIME",
        .help = "most time for the whole command; what is left out is marked"},
    {.name = "repeat-process",
        .kind = SY_VALUE_UINT,
        .verbs = SY_VERB_RUN,
        AT(repeat_process),
        .least = 1,
        .most = 1000,
        .preset = "1",
        .value = "N",
        .help = "run everything in N fresh worker processes"},
    {.name = "check",
        .kind = SY_VALUE_CHOICE,
        .verbs = SY_VERB_RUN,
        AT(check),
        .choice = check_choice,
        .preset = "full",
        .value = "HOW",
        .help = "verification of the timed outputs"},
    {.name = "energy",
        .kind = SY_VALUE_CHOICE,
        .verbs = SY_VERB_RUN,
        AT(energy),
        .choice = energy_choice,
        .preset = "auto",
        .value = "HOW",
        .help = "energy measurement, or the reason why there is none"},
    {.name = "isolation",
        .kind = SY_VALUE_CHOICE,
        .verbs = DRIVING,
        AT(isolation),
        .choice = isolation_choice,
        .preset = "process",
        .value = "HOW",
        .help = "drivers in a process of their own; none: for debuggers"},
    {.name = "trust-plugin",
        .kind = SY_VALUE_DIGESTS,
        .verbs = DRIVING | SY_VERB_PLUGIN,
        AT(trust_plugin),
        .value = "SHA256",
        .help = "admit the plugin file of this digest in spite of its owner or mode"},
    {.name = "full",
        .kind = SY_VALUE_FLAG,
        .verbs = SY_VERB_PLUGIN,
        AT(full),
        .help = "every case of every op and type, not as many as some seconds of each allow"},
    {.name = "patience",
        .kind = SY_VALUE_DURATION,
        .verbs = SY_VERB_PLUGIN,
        AT(patience_ns),
        .least = SECOND_NS / 1000,
        .most = 24 * HOUR_NS,
        .preset = "1m",
        .value = "TIME",
        .help = "longest that one step may take before it counts as hung"},
    {.name = "dry-run",
        .letter = 'n',
        .kind = SY_VALUE_FLAG,
        .verbs = CHOOSING,
        AT(dry_run),
        .help = "only list rows, memory and time; measure nothing"},
    {.name = "list",
        .kind = SY_VALUE_FLAG,
        .verbs = SY_VERB_TUNE,
        AT(list),
        .help = "show what the tuning cache holds"},
    {.name = "export",
        .kind = SY_VALUE_TEXT,
        .verbs = SY_VERB_TUNE,
        AT(export_to),
        .value = "FILE",
        .help = "write the cache's findings, of --device and WHAT or all, as JSON to hand on; - is stdout"},
    {.name = "clear",
        .kind = SY_VALUE_FLAG,
        .verbs = SY_VERB_TUNE,
        AT(clear),
        .help = "empty the tuning cache, for every device and problem"},
    {.name = "resume",
        .kind = SY_VALUE_TEXT,
        .verbs = SY_VERB_RUN,
        AT(resume),
        .value = "FILE",
        .help = "measure only what this result file lacks, and append it"},
    {.name = "output",
        .letter = 'o',
        .kind = SY_VALUE_TEXT,
        .verbs = WRITING,
        AT(output),
        .value = "FILE",
        .help = "where results are written; - is standard output"},
    {.name = "format",
        .kind = SY_VALUE_CHOICE,
        .verbs = FORMED,
        AT(format),
        .choice = format_choice,
        .preset = "auto",
        .value = "FORMAT",
        .help = "form of what is shown"},
    {.name = "anonymize",
        .kind = SY_VALUE_FLAG,
        .verbs = RECORDING,
        AT(anonymize),
        .help = "leave host, serial numbers and paths out of the record"},
    {.name = "strict",
        .kind = SY_VALUE_FLAG,
        .verbs = SY_VERB_RUN,
        AT(strict),
        .help = "no unstable, unverified or shared rows: exit status 4"},
    {.name = "quiet",
        .letter = 'q',
        .kind = SY_VALUE_FLAG,
        .verbs = EVERY,
        AT(quiet),
        .help = "no progress and no notes on standard error"},
    {.name = "verbose",
        .letter = 'v',
        .kind = SY_VALUE_COUNT,
        .verbs = EVERY,
        AT(verbose),
        .most = 9,
        .help = "more detail; twice: still more"},
    {.name = "no-color",
        .kind = SY_VALUE_FLAG,
        .verbs = SHOWING,
        AT(no_color),
        .help = "plain text on terminals"},
};

#define OPTION_COUNT (sizeof options / sizeof options[0])
_Static_assert(OPTION_COUNT <= SY_OPTIONS_MAX, "sy_config.from has a place for every option");

const sy_option *sy_option_table(size_t *out_count) {
    *out_count = OPTION_COUNT;
    return options;
}

const sy_option *sy_option_find(const char *name, size_t bytes) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options[i].name) == bytes && memcmp(options[i].name, name, bytes) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

const sy_option *sy_option_by_letter(char letter) {
    for (size_t i = 0; letter != '\0' && i < OPTION_COUNT; i++) {
        if (options[i].letter == letter) {
            return &options[i];
        }
    }
    return NULL;
}

void sy_option_twin(const sy_option *option, char out_name[SY_TWIN_MAX]) {
    static const char prefix[] = "STEELYARD_";
    size_t used = sizeof prefix - 1;
    memcpy(out_name, prefix, used);
    for (const char *at = option->name; *at != '\0' && used + 1 < SY_TWIN_MAX; at++) {
        out_name[used++] = *at == '-' ? '_' : (char)(*at - 'a' + 'A');
    }
    out_name[used] = '\0';
}
