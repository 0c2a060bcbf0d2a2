/* What tuning has found for one device as a data file to hand on: schema steelyard.tuned/1. */
#ifndef STEELYARD_VERBS_TUNED_H
#define STEELYARD_VERBS_TUNED_H

#include "runtime/base/text.h"
#include "runtime/dispatch/tuning.h"

/**
 * The file's text, the same for the same findings, line by line:
 *
 *     {"schema":"steelyard.tuned/1",
 *     "device":{"backend":"opencl","params":null,"name":"...","vendor":"...","driver":"...","isa":"...",
 *                   "units":2,"cache_bytes":33554432},
 *     "program":"0.1.0","backend_version":"0.1.0",
 *     "entries":[
 *     {"problem":"gemm:...","algorithm":"...","gain":1.25},
 *     {"problem":"gemm:...","algorithm":"...","gain":1}
 *     ]}
 *
 * The device stands in one line; what is not known is null. One entry a line, in the order of problems, each
 * with these three fields in this order. gain: speed over that of the cost model's own choice, to four
 * decimals; 1 where that was the fastest. Nothing tells the single card or the machine (no UUID, no address,
 * no path).
 *
 * entries  `count` > 0 of one device and version, in order, as they lie in a sy_tuning.
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_tuned_print(const sy_tuning_entry *entries, size_t count, sy_text *out_text, sy_error *err);

#define SY_TUNED_NAME_MAX 128u

/** A name for the file of that device and version: "opencl-amd-epyc-7763-0a1b2c3d.json". */
void sy_tuned_name(const sy_tuning_entry *entry, char out_name[SY_TUNED_NAME_MAX]);

#endif
