/* What the stub of ONNX Runtime is told, and what it tells. */
#ifndef TESTS_PEERS_STUB_ONNXRUNTIME_H
#define TESTS_PEERS_STUB_ONNXRUNTIME_H

#include <stddef.h>
#include <stdint.h>

enum { STUB_PORTS = 4, STUB_RANK = 12 };

/** An input or output of every model. type: the library's number, 1 is f32; 0: it is no tensor. dim: -1 open.
 */
typedef struct stub_port {
    const char *name;
    int type;
    size_t rank;
    int64_t dim[STUB_RANK];
} stub_port;

/**
 * Exported as `stub_onnxruntime`.
 *
 * input, output   of every model; models are bytes, or files, that begin with "stub". An output's values are
 *                 those of the first input, as bytes; its open extents are those of that input.
 * fail, code      the function that fails, and its error code (1: nobody knows why).
 * alive           objects of all kinds that were made and not released.
 * runs, threads, between, optimisation   what was asked for last, and how many runs there were.
 */
typedef struct stub_onnxruntime_state {
    stub_port input[STUB_PORTS], output[STUB_PORTS];
    size_t n_in, n_out;
    const char *fail;
    int code, alive, runs, threads, between, optimisation;
} stub_onnxruntime_state;

#endif
