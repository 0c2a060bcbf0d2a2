/*
 * External data: elements of tensors in other files, which a model names. They are read only if they lie
 * below the model's folder, are reached through no link, have one name, and are long enough.
 */
#ifndef RUNTIME_MODEL_ONNX_EXTERNAL_H
#define RUNTIME_MODEL_ONNX_EXTERNAL_H

#include "onnx.pb-c.h"
#include "runtime/model/graph/arena.h"
#include "runtime/model/onnx/file.h"

/** A file that was opened. */
typedef struct sy_external_file {
    const char *location;
    sy_onnx_file file;
} sy_external_file;

/** Files beside a model. */
typedef struct sy_externals {
    int folder; /* descriptor, -1 while none was needed */
    const char *model_path;
    sy_external_file *file;
    uint32_t count;
} sy_externals;

/** Files beside the model at `model_path` (borrowed until sy_externals_release()). Nothing is opened yet. */
void sy_externals_init(sy_externals *externals, const char *model_path);

/** Unmap what was mapped. */
void sy_externals_release(sy_externals *externals);

/** Let go of the folder; what is mapped stays. */
void sy_externals_close(sy_externals *externals);

/**
 * Where the `need` bytes of a tensor lie.
 * Errors  SY_REFUSED: outside the folder, a link, too short, or an entry that is not known;
 *         SY_INVALID_ARGUMENT: no location, not a number; SY_OVERFLOW: too many files; SY_IO;
 * SY_OUT_OF_MEMORY.
 */
sy_status sy_externals_find(sy_externals *externals, const SyPb__Tensor *tensor, size_t need,
    const uint8_t **out_bytes, sy_error *err);

#endif
