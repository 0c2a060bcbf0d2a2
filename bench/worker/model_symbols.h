/* Symbols of extents ("batch") for backends that take ONNX files as they are, and do not tell of them: as our
 * own reader finds them in the file. Not thread safe. */
#ifndef BENCH_WORKER_MODEL_SYMBOLS_H
#define BENCH_WORKER_MODEL_SYMBOLS_H

#include "bench/worker/model_side.h"

/** Zero-initialise it; no symbols are known then. */
typedef struct sy_model_symbols {
    sy_network *network;
} sy_model_symbols;

/** Read the request's file if one of its bindings is of a single number: it may be of a symbol. A file that
 * is no ONNX, or not one of ours, has no symbols. */
void sy_model_symbols_open(const sy_model_request *request, sy_model_symbols *out_symbols);

/** Give the extents of a port the symbols that the port of its name has in the file; valid until close. */
void sy_model_symbols_name(const sy_model_symbols *symbols, sy_network_port *port);

void sy_model_symbols_close(sy_model_symbols *symbols);

#endif
