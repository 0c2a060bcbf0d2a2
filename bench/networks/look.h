/* A look at a network: its graph with all extents known, and what its nodes weigh. Runs nothing. */
#ifndef BENCH_NETWORKS_LOOK_H
#define BENCH_NETWORKS_LOOK_H

#include "runtime/model/onnx/onnx.h"

/**
 * parameters       elements of constant f32, f64, f16, bf16 and 8-bit inputs of nodes; parameter_bytes their
 *                  bytes.
 * flop             direct count of products and convolutions, one run.
 * node_parameters  of each node of the graph.
 */
typedef struct sy_look {
    sy_onnx_model *model;
    sy_net_arena arena;
    sy_net_graph *graph;
    uint64_t parameters, parameter_bytes, *node_parameters;
    double flop;
} sy_look;

/**
 * Read a file and specialise it: bindings "name=extent" (a symbol), what is left open becomes 1.
 * Errors  those of sy_network_load() and of specialising; SY_INVALID_ARGUMENT: a binding. Nothing to release
 * then.
 */
sy_status sy_look_open(
    const char *path, const char *const *bind, size_t n_bind, sy_look *out_look, sy_error *err);
void sy_look_release(sy_look *look);

/** "name=extent" as a binding whose name is copied into `name`. SY_INVALID_ARGUMENT: of another form. */
#define SY_LOOK_NAME_MAX 128u
sy_status sy_look_bind_parse(
    const char *text, char name[SY_LOOK_NAME_MAX], sy_network_bind *out_bind, sy_error *err);

#endif
