/*
 * What a row of kind `model` says beyond an ordinary one: a whole network under a load. Plain values; texts
 * and lists are borrowed as in sy_row. Not known is absent: NULL, NaN, SY_NO_COUNT, SY_TRI_UNKNOWN, an empty
 * list.
 */
#ifndef STEELYARD_BENCH_RECORD_MODEL_ROW_H
#define STEELYARD_BENCH_RECORD_MODEL_ROW_H

#include "bench/fields/fields.h"

/** One percentile of the latencies. plain_ns: of those that were measured; estimate_ns: its upper bound at 99
 * % by early stopping; both absent if `has` queries are fewer than it `needs`. */
typedef struct sy_row_percentile {
    double percentile, plain_ns, estimate_ns;
    uint64_t needs, has;
} sy_row_percentile;

/**
 * The key, written among the row's: what was asked for. sha256 of the file; inputs
 * "data:1x3x224x224;mask:1x128"; scenario "server"; load "instances=1 batch=8 qps=100 bound_ns=100000000";
 * dtype "f32", "bf16".
 *
 * The load
 * instances, batch  that worked at once; samples of one run. query_samples: of a query.
 * unit              what the row's times are of: "query", or "inference" (offline, and a server's highest
 *                   rate): the inverse of the rate. energy: joules are of the same.
 * qps, bound_ns     of a server: its rate, given or found, and the latency that 99 % had to keep.
 *
 * What came out
 * queries, samples, runs  answered; padding: places in runs that no sample filled; over: queries over the
 *                  bound.
 * duration_ns      of all timed phases.
 * inference_per_s  samples a second; item, item_per_s: what a sample is, if it is known ("image", "token").
 * percentile       of the latencies of queries.
 * queue_ns .. other_ns  what the mean latency divides into: waiting, to the device, there, back, between.
 * valid, reasons   by MLPerf's rules for what was asked for; why not, and what to change.
 *
 * The network
 * whole            yes: the backend took the file as it is.
 * steps .. copies  of one run: all; on the device; on the host because the device lacks them, with host_ops,
 *                  their operators, and host_share of the time; between the two. wide_steps: of those on the
 *                  device, with a larger error bound than direct sums (Winograd).
 * weight_byte, activation_byte  prepared weights (all instances), activations (one).
 * peak_rss_byte    of the process.
 * load_ns          reading and checking the file. Compiling is the row's compile_ns.
 *
 * Trust
 * compared  outputs of timed runs that were held against those of the checked ones.
 * repeated_of_distinct  time with one input again and again over that with inputs that differ: far below 1,
 *           something remembers answers.
 */
typedef struct sy_row_model {
    const char *sha256, *inputs, *scenario, *load, *dtype, *unit, *item;
    uint64_t instances, batch, query_samples, queries, samples, runs, padding, over;
    double qps, bound_ns, duration_ns, inference_per_s, item_per_s;
    double queue_ns, in_ns, compute_ns, out_ns, other_ns;
    struct {
        const sy_row_percentile *item;
        size_t count;
    } percentile;
    sy_tri valid, whole;
    sy_text_list reasons, host_ops;
    uint64_t steps, device_steps, host_steps, copies, wide_steps, weight_byte, activation_byte, peak_rss_byte,
        compared;
    double host_share, load_ns, repeated_of_distinct;
} sy_row_model;

/** The fields as they are written to a record, without those of the key. */
extern const sy_field_table sy_row_model_fields;

/** Whether a row is one of a model: it has a scenario. */
bool sy_row_model_is_there(const sy_row_model *model);

#endif
