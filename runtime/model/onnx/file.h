/* A file that is mapped and only read. */
#ifndef RUNTIME_MODEL_ONNX_FILE_H
#define RUNTIME_MODEL_ONNX_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/**
 * Its bytes. Whoever shortens a file while it is mapped ends the program (SIGBUS): model files are replaced
 * by renaming, never written over, while they are in use.
 */
typedef struct sy_onnx_file {
    const uint8_t *bytes; /* NULL if empty */
    size_t count;
} sy_onnx_file;

/**
 * Map an open file; the descriptor may be closed afterwards.
 * max_links  most hard links that it may have, 0: any number.
 * Errors     SY_IO; SY_INVALID_ARGUMENT: not a regular file; SY_REFUSED: more links; SY_OVERFLOW: too large.
 */
sy_status sy_onnx_file_map(int fd, uint32_t max_links, sy_onnx_file *out_file, sy_error *err);
void sy_onnx_file_unmap(sy_onnx_file *file);

/** Open and map the file at `path`. */
sy_status sy_onnx_file_open(const char *path, sy_onnx_file *out_file, sy_error *err);

#endif
