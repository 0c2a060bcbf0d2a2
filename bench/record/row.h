/*
 * One row of the result record: a problem, asked of one device and algorithm, measured in one process of the
 * program with all its rounds merged. Plain values; texts and lists are borrowed from whoever filled them
 * (sy_row_list_append() makes copies). Not measured is absent: NULL, NaN, SY_NO_COUNT, SY_TRI_UNKNOWN, an
 * empty list; never 0. Always begin with sy_row_init().
 */
#ifndef STEELYARD_BENCH_RECORD_ROW_H
#define STEELYARD_BENCH_RECORD_ROW_H

#include "bench/environment/environment.h"
#include "bench/record/energy_row.h"
#include "bench/record/model_row.h"
#include "bench/stats/row.h"
#include "steelyard/status.h"
#include "steelyard/types.h"

/** A row's id, a key or a subject as hex with its NUL. */
#define SY_ROW_ID_MAX 17u

/** Most samples that a row keeps; what has more is thinned by whoever fills the row. */
#define SY_ROW_SAMPLES_MAX 256u

/* Outcome of a row. X(constant, number, name) */
#define SY_ROW_STATUS_LIST(X)                                                                                \
    X(SY_ROW_OK, 1, "ok")                                                                                    \
    X(SY_ROW_UNSTABLE, 2, "unstable")                                                                        \
    X(SY_ROW_UNSUPPORTED, 3, "unsupported")                                                                  \
    X(SY_ROW_UNAVAILABLE, 4, "unavailable")                                                                  \
    X(SY_ROW_WRONG, 5, "wrong")                                                                              \
    X(SY_ROW_SUSPECT, 6, "suspect")                                                                          \
    X(SY_ROW_ERROR, 7, "error")                                                                              \
    X(SY_ROW_TIMEOUT, 8, "timeout")                                                                          \
    X(SY_ROW_SKIPPED, 9, "skipped")
#define SY_ROW_ENUMERATOR(constant, number, name) constant = number,
enum { SY_ROW_STATUS_LIST(SY_ROW_ENUMERATOR) };
#undef SY_ROW_ENUMERATOR
#define SY_ROW_STATUS_COUNT 10u

/* Which time is the headline. */
enum { SY_HEADLINE_HOST = 1, SY_HEADLINE_DEVICE = 2 };

/* Outcome of the check of timed outputs. WEAK: right as far as seen, but it would miss faults it must see;
 * OVERFLOW: the true result does not fit the type; OFF: not asked for; NOTHING: the op has no output. */
enum {
    SY_CHECKED_OK = 1,
    SY_CHECKED_WEAK = 2,
    SY_CHECKED_WRONG = 3,
    SY_CHECKED_OVERFLOW = 4,
    SY_CHECKED_OFF = 5,
    SY_CHECKED_NOTHING = 6
};

/** A device as a subject: identity (PCI address, UUID, or serial) and what one number of it covers. */
typedef struct sy_row_device {
    const char *id, *name, *vendor, *physical_id, *scope;
} sy_row_device;

/** A place of a problem in a suite: its name there and how often a pass of the model has it. */
typedef struct sy_row_origin {
    const char *suite, *suite_sha256, *name, *phase;
    uint64_t count, context;
    sy_tri verified;
} sy_row_origin;

/** Time of one launch by one clock; all ns. resolution_ns of the clock that was read. */
typedef struct sy_row_time {
    double median_ns, ci95_ns[2], mean_ns, min_ns, p90_ns, p99_ns, resolution_ns;
} sy_row_time;

/** One round of a row. warm_ns: time spent bringing the device to load. order: place in its round. */
typedef struct sy_row_round {
    uint64_t round, order, samples, batch;
    double median_ns, ci95_ns[2], warm_ns, clock_mhz, temp_c, autocorrelation;
} sy_row_round;

/**
 * A row. Units are in the names.
 *
 * seq, process  place in the plan; number of the process repeat, from 0. round: SY_NO_COUNT (all merged).
 * id            16 hex digits, sy_row_id().
 * request       as asked for: device id with its parameters; "auto" or a name.
 * key           problem: canonical string with every default written; data "uniform"; cache "weights", "hot",
 *               "cold"; launch "direct" or "graph". key_hash: sy_key_hash().
 * pair          side "a" or "b" of an interleaved pair; block: how many blocks A B B A it was in, of which
 *               rounds 2 i and 2 i + 1 of both sides are the i-th. id: of the row of side a; NULL: no pair.
 * origin        where the problem came from; count: times a pass of the model. Never hashed. also: further
 *               places, where the same problem stands under another name; measured once.
 * subject       what did the work. config.tuned: `auto` took what tune had found, config.explored: of so many
 *               candidates, by samples of its own; the row's are others. implementation: of the algorithm, in
 *               the words of its library. layout_used: of the activations. flop_ratio: arithmetic done /
 *               direct count. subject_hash: sy_subject_hash(). prepare: packing of constant weights.
 * reason        one line for every status but ok.
 * time          headline with host and device times; batch: launches a sample; interval_kind SY_INTERVAL_*
 *               (bench/stats/row.h; NONE is absent); samples: how many there were; samples_ns: at most
 *               SY_ROW_SAMPLES_MAX of them, in the order they were taken, a launch; by_round: each round on
 *               its own. device_believed: the host's time of the same batches confirms the device's;
 *               device_reason: why not (it is kept then, and never used). plan_ns: making the plan of the
 *               first round; compile_ns: the part of it, in the first round that compiled, that the compiler
 *               of the device's stack took.
 * rate          flop: direct count, byte: compulsory. of_*: fractions (0.96). ceiling_method "microkernel",
 *               "units x clock", "library" ...; datasheet_confidence as the catalogue has it ("press"). A row
 *               whose check failed has no rate.
 * energy        one entry a meter, or energy_reason: why there is none. sustain: absent unless asked for.
 * ring          operands that were rotated: sets, byte over all sets, cache_byte that it had to exceed with
 *               its source "device", "sweep" or "assumed"; partial: cold could not be reached.
 * check         max_error and bound in units of the output; math that was delivered.
 * conditions    clock of the device, temperature, throttle reasons, caps; shared: others used the device;
 *               gap_ms: idle time of the device between the row before and this one.
 * model         of a whole network (kind `model`); all absent in rows of problems. A part of it is written
 *               among the key.
 * path          reorders inside a launch, host_bytes moved, fallback and its reason (NULL: none), launch,
 *               emulated; in_process: no worker (--isolation none).
 */
typedef struct sy_row {
    uint64_t seq, process, round;
    const char *id;
    struct {
        const char *device, *algorithm;
    } request;
    struct {
        const char *problem, *data, *cache, *launch;
    } key;
    const char *key_hash;
    struct {
        const char *id, *side;
        uint64_t block;
    } pair;
    sy_row_origin origin;
    struct {
        const sy_row_origin *item;
        size_t count;
    } also;
    struct {
        const char *backend, *algorithm;
        sy_row_device device;
        struct {
            uint64_t threads, explored;
            sy_tri tuned;
        } config;
        const char *implementation, *layout_used;
        struct {
            const sy_library_fact *item;
            size_t count;
        } libraries;
        double prepare_ns, flop_ratio;
        uint64_t prepare_byte, workspace_byte;
        sy_tri simulated, deterministic;
    } subject;
    const char *subject_hash;
    uint32_t status;
    const char *reason;
    struct {
        uint32_t headline, interval_kind;
        sy_row_time host, device;
        uint64_t batch, rounds, samples;
        sy_tri device_believed;
        const char *device_reason;
        double plan_ns, compile_ns, first_run_ns, clock_overhead_ns, autocorrelation;
        sy_f64_list samples_ns;
        struct {
            const sy_row_round *item;
            size_t count;
        } by_round;
    } time;
    struct {
        uint64_t flop, byte;
        double flop_per_s, byte_per_s, of_datasheet, of_ceiling, of_roofline;
        const char *ceiling_method, *datasheet_confidence;
    } rate;
    struct {
        const sy_row_energy *item;
        size_t count;
    } energy;
    const char *energy_reason;
    sy_row_sustain sustain;
    struct {
        uint64_t sets, byte, cache_byte;
        const char *cache_source;
        sy_tri partial;
    } ring;
    struct {
        uint32_t status;
        const char *method, *smallest_fault, *math, *reason;
        double max_error, bound;
        sy_tri verified;
    } check;
    struct {
        struct {
            double min, mean, max;
        } clock_mhz;
        double temp_c, power_cap_w, power_cap_default_w, gap_ms;
        sy_text_list throttle;
        sy_tri shared;
    } conditions;
    struct {
        uint64_t reorders, host_bytes;
        const char *fallback, *launch;
        sy_tri emulated, in_process;
    } path;
    sy_row_model model;
} sy_row;

/** The row's fields as they are written to a record. */
extern const sy_field_table sy_row_fields;

/** Every field absent, status 0. */
void sy_row_init(sy_row *out_row);

/** Name of SY_ROW_* ("unstable"); "?" if not valid. */
const char *sy_row_status_name(uint32_t status);

/** Name of SY_CHECKED_* ("weak"); "?" if not valid. */
const char *sy_row_checked_name(uint32_t checked);

/** Whether a row has a time that may be shown and summed: ok or unstable, with a headline median that is not
 * a device's time which is not believed. */
bool sy_row_has_time(const sy_row *row);

/** The headline's median and interval; NaN if absent. Any of the outputs may be NULL. */
void sy_row_headline(const sy_row *row, double *out_median_ns, double out_ci95_ns[2]);

/** Rows in memory, each with copies of its texts and lists. Zero-initialise. */
typedef struct sy_row_list {
    sy_row *row;
    size_t count, capacity;
    sy_arena arena;
} sy_row_list;

/** Append a deep copy. SY_OUT_OF_MEMORY leaves the list as it was. */
sy_status sy_row_list_append(sy_row_list *list, const sy_row *row, sy_error *err);

/** Free everything and zero it. */
void sy_row_list_release(sy_row_list *list);

/**
 * First 16 hex digits of the SHA-256 of the key:
 *     steelyard.key/1\nproblem=<bytes>:<text>\ndata=...\ncache=...\nlaunch=...\n
 * where <bytes> is the decimal length of <text>. An absent field is "0:".
 */
void sy_key_hash(const sy_row *row, char out_hex[SY_ROW_ID_MAX]);

/**
 * Hash of what is the same about a subject over time:
 *     steelyard.subject/1 backend algorithm device.name device.vendor device.scope threads simulated
 * in the form of sy_key_hash(). Not in it: ids, the single card, versions of libraries and drivers, layouts.
 */
void sy_subject_hash(const sy_row *row, char out_hex[SY_ROW_ID_MAX]);

/**
 * Hash of the settings that can change a row and are not in its key or request: every setting by name and
 * value, without those that only choose rows or the form of output (a fixed list: device, algorithm, filter,
 * output, format, ...). In the form of sy_key_hash(), first line steelyard.settings/1, sorted by name.
 */
void sy_settings_hash(const sy_setting *settings, size_t count, char out_hex[SY_ROW_ID_MAX]);

/**
 * A row's id, known before it is measured: from key_hash, request, device.physical_id (name if there is
 * none), settings and process: steelyard.row/1 key device algorithm identity settings process in the form of
 * sy_key_hash(). key_hash must be set.
 */
void sy_row_id(const sy_row *row, const char *settings_hash, char out_hex[SY_ROW_ID_MAX]);

/** Hash of a plan, in the form of sy_key_hash(): steelyard.plan/1 and every id in order as `id`. */
void sy_plan_hash(const char *const *ids, size_t count, char out_hex[SY_ROW_ID_MAX]);

#endif
