/* Reading ONNX: a model file into a graph, and tensors in files of their own. */
#ifndef RUNTIME_MODEL_ONNX_ONNX_H
#define RUNTIME_MODEL_ONNX_ONNX_H

#include "runtime/model/graph/graph.h"
#include "steelyard/spec.h"

/** A model that was read; its mapped file, external data and graph. Opaque. */
typedef struct sy_onnx_model sy_onnx_model;

/** As sy_network_load() and sy_network_read(): same errors. Destroying NULL does nothing. */
sy_status sy_onnx_load(const char *path, sy_onnx_model **out_model, sy_error *err);
sy_status sy_onnx_read(const void *bytes, size_t byte_count, sy_onnx_model **out_model, sy_error *err);
void sy_onnx_destroy(sy_onnx_model *model);

/** Its graph; the model's, never to be changed. */
const sy_net_graph *sy_onnx_graph(const sy_onnx_model *model);

/** For now nobody reads the weights: what is mapped may leave memory, and comes back from the file when it is
 * read. */
void sy_onnx_rest(const sy_onnx_model *model);

/** The same for `count` bytes of one weight; other memory than the model's files is left alone. */
void sy_onnx_rest_weight(const sy_onnx_model *model, const void *bytes, size_t count);

/** What the file says of itself: producer's name, IR version, opset of the default domain (0: none); its
 * bytes. */
typedef struct sy_onnx_info {
    const char *producer;
    int64_t ir_version, opset;
    uint64_t file_bytes;
} sy_onnx_info;
const sy_onnx_info *sy_onnx_info_get(const sy_onnx_model *model);

/** SHA-256 of the file, without external data, as hex digits. Reads all of it: a quarter of a second for 100
 * MB. */
void sy_onnx_hash(const sy_onnx_model *model, char out_hex[SY_HASH_HEX_MAX]);

/**
 * A TensorProto in a file of its own (input_0.pb). *out_tensor's data lies in `arena`.
 * Errors: as sy_onnx_load(); sequences and strings are SY_UNSUPPORTED.
 */
sy_status sy_onnx_tensor_load(
    const char *path, sy_net_arena *arena, const char **out_name, sy_net_tensor *out_tensor, sy_error *err);

#endif
