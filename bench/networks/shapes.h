/* The matrix work of a network as a suite: each product and convolution once, with its count. */
#ifndef BENCH_NETWORKS_SHAPES_H
#define BENCH_NETWORKS_SHAPES_H

#include <jansson.h>

#include "bench/networks/look.h"
#include "runtime/base/text.h"

/**
 * The suite as JSON (bench/suites), problems in the order of the network; the caller's. *out_left_out: nodes
 * of matrix work that have no form as a problem, each named in *out_names ("; " between; the caller's).
 * Errors  SY_OUT_OF_MEMORY.
 */
sy_status sy_network_shapes(const sy_look *look, const char *name, json_t **out_suite, uint32_t *out_left_out,
    sy_text *out_names, sy_error *err);

#endif
