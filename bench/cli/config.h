/* Everything the user can set, as plain values: what a verb reads instead of the command line. */
#ifndef STEELYARD_BENCH_CLI_CONFIG_H
#define STEELYARD_BENCH_CLI_CONFIG_H

#include "bench/check/check.h"    /* SY_CHECK_* */
#include "bench/data/fill.h"      /* SY_DATA_* */
#include "bench/measure/launch.h" /* SY_LAUNCH_* */
#include "bench/measure/ring.h"   /* SY_CACHE_* */
#include "steelyard/status.h"
#include "steelyard/types.h"

/* What to do. The first five are not verbs of their own but questions about the program. */
enum {
    SY_ACTION_HELP = 1,       /* help of `verb`, of everything if it is 0 */
    SY_ACTION_VERSION = 2,    /* one line */
    SY_ACTION_MAN = 3,        /* the manual page, roff */
    SY_ACTION_COMPLETION = 4, /* completion for bash */
    SY_ACTION_VERB = 5        /* run `verb` */
};

/* Verbs, as bits, so that an option can say which it applies to. */
enum {
    SY_VERB_DEVICES = 1,
    SY_VERB_PEAK = 2,
    SY_VERB_RUN = 4,
    SY_VERB_SHOW = 8,
    SY_VERB_MERGE = 16,
    SY_VERB_HELP = 32,
    SY_VERB_TUNE = 64,
    SY_VERB_PLUGIN = 128,
    SY_VERB_HISTORY = 256,
    SY_VERB_REPORT = 512,
    SY_VERB_COMPARE = 1024,
    SY_VERB_INFER = 2048,
    SY_VERB_MODEL = 4096
};

/* Whether `auto` goes by what `tune` has found, or by the cost model alone. */
enum { SY_TUNED_OFF = 0, SY_TUNED_ON = 1, SY_TUNED_SEARCH = 2 };

/* What a trend or a change is of. */
enum { SY_OF_TIME = 0, SY_OF_ENERGY = 1 };

/* What a column of a comparison is. */
enum { SY_BY_FILE = 0, SY_BY_DEVICE = 1, SY_BY_CARD = 2, SY_BY_PAIR = 3 };

/* Where drivers are called: in a worker process of their own, or here (debuggers; marked in the record). */
enum { SY_ISOLATION_PROCESS = 0, SY_ISOLATION_NONE = 1 };

/* What is written to standard output. AUTO: the verb's own choice. */
enum {
    SY_FORMAT_AUTO = 0,
    SY_FORMAT_SUMMARY = 1,
    SY_FORMAT_TABLE = 2,
    SY_FORMAT_JSONL = 3,
    SY_FORMAT_CSV = 4,
    SY_FORMAT_JSON = 5,
    SY_FORMAT_MARKDOWN = 6,
    SY_FORMAT_JUNIT = 7,
    SY_FORMAT_GOOGLE_BENCHMARK = 8,
    SY_FORMAT_GITHUB_SMALLER = 9,
    SY_FORMAT_GITHUB_BIGGER = 10,
    SY_FORMAT_BENCHER = 11,
    SY_FORMAT_GO_BENCHMARK = 12,
    SY_FORMAT_OPENMETRICS = 13,
    SY_FORMAT_HTML = 14
};

/* Languages of a report. AUTO: that of the locale. */
enum { SY_LANG_AUTO = 0, SY_LANG_ENGLISH = 1, SY_LANG_CHINESE = 2 };

/* Whether a Markdown report also goes to the page of a CI job ($GITHUB_STEP_SUMMARY). */
enum { SY_SUMMARY_OFF = 0, SY_SUMMARY_ON = 1 };

/* Where a value came from; later ones win. */
enum { SY_FROM_DEFAULT = 0, SY_FROM_FILE = 1, SY_FROM_ENVIRONMENT = 2, SY_FROM_OPTION = 3 };

/** A list of words, each owned by the list. */
typedef struct sy_words {
    char **word;
    size_t count;
} sy_words;

/** Most rows an option table may have. */
#define SY_OPTIONS_MAX 96u

/**
 * The settings of one call of the program. Zero where an option says "auto" or "none" (below), NULL for a
 * text that was not given. Every text and list belongs to the config: sy_config_release().
 *
 * verb              one SY_VERB_*; with SY_ACTION_HELP the one asked about, or 0.
 * what              the arguments after the verb, in order.
 * device            ids with their parameters ("sim:0?peak=100T,bw=1T"), or the single word "all".
 * dtype             as sy_spec_defaults takes it; NULL: by the problems' hints.
 * math              SY_MATH_* but UNKNOWN; the widest rounding allowed.
 * algorithm         names, or the single word "auto" or "all".
 * pair              two sides to measure in turn (bench/run/pair.h): algorithms or devices; empty: none.
 * filter            POSIX extended expression on rows' names; NULL: every row.
 * weights, layout   SY_WEIGHTS_*, SY_IMAGE_* of spec.h.
 * batch             images of every convolution; 0: as written.
 * threads           0: every core the process may use.
 * bind              extents of a network's symbols, "name=extent" each, or of an input, "name=1x3x224x224".
 * scenario          SY_SCENARIO_*. duration_ns, queries: least of the timed part (queries 0: auto). qps: of a
 *                   server, a number or "search" (NULL). latency_bound_ns, batch_delay_ns: of a server.
 *                   instances: at once.
 * inputs            files, "file" or "name=file". input_range: "name=low:high" each. sets: of inputs that
 *                   differ.
 * save_outputs, logs  folders; profile: a file; NULL: none.
 * energy            what sy_energy_wish_read() takes: "auto", "off", specs of meters.
 * energy_precision  of a row's joules, as a fraction: by the edges of the window and the steps of the meter.
 * energy_window_ns  longest window of a row.
 * energy_credentials  a file for meters that ask for them; NULL: none.
 * sustain_ns        how long a row is held under load to see it throttle; 0: not at all.
 * precision         wanted half-width of the 95 % interval, as a fraction of the median.
 * max_time_ns       of one row, over all its rounds.
 * budget_ns         of the whole command; 0: none.
 * trust_plugin      SHA-256 (64 lower-case hex digits) of plugin files admitted in spite of owner or mode.
 * output            a path, "-" for standard output; NULL: the verb's own choice.
 * resume            a result file to complete; NULL: none.
 * step_summary      SY_SUMMARY_*.
 * lang              SY_LANG_*; reference: device that a page sets the others against, NULL: its first. price,
 *                   currency, electricity, carbon, carbon_source: the reader's own figures as texts, region:
 *                   one of the catalogue whose figures stand where none is given; NULL: none.
 * list, clear       show, or forget, what `tune` has found.
 * export_to         where findings are written to, "-" for standard output; NULL: not asked for.
 * catalogue         a name whose published figures are asked for; NULL: none.
 * db                the file of the history; NULL: the usual place.
 * quantity          SY_OF_*; last: runs that are looked at, the latest; smallest: change that is told, a
 *                   fraction.
 * by, across, base  what a column of a comparison is (SY_BY_*; the flag means DEVICE), and which one is first.
 * delta             half width of "the same", a fraction.
 * gate, fail_on, allow_missing, allow_inconclusive  as bench/compare/gate.h reads them; NULL: none.
 * noise             a file that `compare --calibrate` wrote; NULL: none.
 * calibrate, runs   measure noise, by so many runs.
 * plan_for          a gate that the rounds of a run are to suffice for; NULL: none.
 * full              every case of a conformance list.
 * model             a model's file for the checks of whole models; NULL: one of the kit's own.
 * patience_ns       of one step of a check, before it counts as hung.
 * verbose           how often -v was given.
 * from              SY_FROM_* of each row of the option table, by its index.
 */
typedef struct sy_config {
    uint32_t action, verb;
    sy_words what;
    sy_words device, algorithm, pair, trust_plugin, energy, bind, inputs, input_range;
    char *dtype, *filter, *output, *resume, *export_to, *energy_credentials, *db, *catalogue, *base, *gate,
        *fail_on, *allow_missing, *noise, *plan_for, *base_build, *new_build, *qps, *save_outputs, *profile,
        *logs, *model;
    char *reference, *price, *currency, *electricity, *carbon, *carbon_source, *region;
    uint32_t math, weights, layout, cache, launch, data, check, isolation, format, tuned, quantity,
        step_summary, by, lang, scenario;
    uint64_t seed, batch, threads, rounds, repeat_process, verbose, last, runs, queries, instances, sets;
    uint64_t max_time_ns, budget_ns, patience_ns, energy_window_ns, sustain_ns, duration_ns, latency_bound_ns,
        batch_delay_ns;
    double precision, energy_precision, smallest, delta, allow_inconclusive;
    bool dry_run, anonymize, strict, quiet, no_color, list, clear, full, across, calibrate;
    uint8_t from[SY_OPTIONS_MAX];
} sy_config;

/** Free what the config owns and zero it. A zeroed config is fine. */
void sy_config_release(sy_config *config);

/** Whether an option stood on the command line, by its long name. */
bool sy_config_has(const sy_config *config, const char *name);

/** Gets one setting: its option's name, its value as the option takes it, SY_FROM_*. False ends the walk. */
typedef bool sy_config_visit(void *ctx, const char *name, const char *value, uint32_t from);

/**
 * Walk the effective settings of the config's verb in the order of the option table: what a record keeps.
 * Values are canonical: "--budget 600s" is "10m"; flags are "yes" or "no"; nothing given and no default is
 * "". Settings with the same effect give the same texts.
 *
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_config_walk(const sy_config *config, sy_config_visit *visit, void *ctx, sy_error *err);

#endif
