/*
 * What the parent and a worker say to each other: requests {"call": NAME, ...} and replies {"status": NUMBER,
 * "error": TEXT, ...}, one reply a request, in order. A field that is not known is ignored; the number of the
 * protocol must be equal, since both ends are the same program.
 *
 *   hello    {protocol, builtins, plugin?, options{}, trusted[], plugin_path, plugin_folder, simulate_clock}
 *            -> {protocol, pid, backends[{name, path, sha256, version, status, reason}]}
 *            plugin: exactly that file; builtins false: no built-in backend either
 *   devices  {backend} -> {devices[{device}], libraries[{library}]}; status says when the stack is missing
 *   open     {backend, index, params} -> {device, version, libraries[], clock{overhead_ns, resolution_ns}}
 *   candidates {problem} -> {candidates[{name, status, reason, on_request, tunable, math, flags,
 * flop_ratio}]}
 *   measure  {problem, algorithm, tuned?, data, seed, key, cache, launch, llc_bytes, visit, load_ns,
 * precision, min_ns, max_ns, check_slots}
 *            -> {algorithm, tuned, math, ..., samples_ns[], outputs[{slot, sets[], offset, bytes}]}; see
 * job.h meters   {sysroot} -> {meters[{meter}]}: the device's own, as in energy_wire.h idle     {meters[],
 * sysroot, credentials, phase_seed, settle_ns, duration_ns}
 *            -> {window{begin_ns, end_ns}, traces[{name, begin_ns[], end_ns[], value[], failures, state,
 *            failure, cost_ns}], sampler_cost_ns}
 *   energy   {jobs[{as measure, launches}], load_ns, window_ns, tail_ns, and as idle}
 *            -> as idle, {window{load_begin_ns, load_end_ns, launches}, marks{at_ns[], launches[]}, checked},
 *            and algorithm and outputs of job number `checked` as for measure
 *            jobs [{is_model, runs}]: the load is the network that is open; a launch is so many runs of every
 *            instance
 *   model    {path, dtype, math, is_reference, no_winograd, batch, instances, sets, data, seed,
 *            binds[{name, is_symbol, dim[]}], ranges[{name, low, high}], inputs[{name?, path}]}
 *            -> {ports[{name, is_output, dtype, dim[]}], whole, load_ns, compile_ns, first_run_ns,
 *            math, wide_steps, steps, device_steps, host_steps, copies, weight_bytes, activation_bytes, flop,
 *            host_ops[], libraries[]}; replaces the network that is open
 *   model_check  {sets} -> {outputs[{set, number, offset}], outputs_bytes}: each set run once; the
 *            outputs of a run lie behind each other, each at a multiple of 64
 *   traffic  {scenario, batch, query_samples, batch_delay_ns, bound_ns, min_duration_ns,
 *            min_queries, limit_ns, give_up_over, seed, qps, is_repeated, warm_ns, with_outputs}
 *            -> {queries, begin_ns, last_end_ns, runs, samples, padding, has_given_up, is_cut,
 *            peak_rss_bytes, real_ns, outputs[] as model_check, of timed runs}; the memory begins
 *            with `queries` of sy_traffic_query
 *   model_profile {runs}
 *            -> {steps[{node, op, algorithm, is_host, is_copy, flop, bytes, begin_ns, last_ns,
 *            ns}], runs, run_ns}
 *   model_end {} -> {}: close it
 *   bye      {} -> {}; the worker then ends
 *
 * Outputs travel in a memory file that the parent made and the worker inherited: the worker sizes and writes
 * it, the parent maps it read-only after the reply.
 */
#ifndef STEELYARD_WORKER_PROTOCOL_H
#define STEELYARD_WORKER_PROTOCOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/registry/registry.h"
#include "steelyard/backend.h"

#define SY_PROTOCOL_VERSION 1

/** The hidden verb that makes the program a worker: `steelyard --worker CHANNEL_FD MEMORY_FD`. */
#define SY_WORKER_VERB "--worker"

/**
 * A text as JSON: up to its NUL, at most `room` bytes. Drivers' names and file names may be anything: bytes
 * that are not UTF-8 (a cut sequence too) become '?', so that a message can always be written.
 */
json_t *sy_protocol_string(const char *text, size_t room);

/** A new reply with that status, and the error's text when it is not SY_OK. NULL without memory. */
json_t *sy_protocol_reply(sy_status status, const sy_error *err);

/** Status of a reply; its text goes to `err`. A reply without a status, or with one that does not exist, is
 * SY_INTERNAL. */
sy_status sy_protocol_status(const json_t *reply, sy_error *err);

/* Fields by name, with a default when absent or of another type. Strings are the object's. */
const char *sy_protocol_text(const json_t *object, const char *name, const char *fallback);
uint64_t sy_protocol_u64(const json_t *object, const char *name, uint64_t fallback);
double sy_protocol_f64(const json_t *object, const char *name, double fallback);
bool sy_protocol_bool(const json_t *object, const char *name, bool fallback);

/* uint64 beyond 2^53 (keys, seeds) travel as hex text. */
json_t *sy_protocol_from_hex(uint64_t value);
uint64_t sy_protocol_hex(const json_t *object, const char *name, uint64_t fallback);

/** A double as JSON: null when it is not finite. */
json_t *sy_protocol_number(double value);

/* A device's description and a library, both ways. Strings are cut to the struct's room. */
json_t *sy_protocol_from_device(const sy_device_info *info);
void sy_protocol_to_device(const json_t *object, sy_device_info *out_info);
json_t *sy_protocol_from_library(const sy_library *library);
void sy_protocol_to_library(const json_t *object, sy_library *out_library);

#endif
