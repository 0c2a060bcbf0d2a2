/* Opening files below a folder that a hostile path cannot leave. */
#ifndef RUNTIME_MODEL_ONNX_BENEATH_H
#define RUNTIME_MODEL_ONNX_BENEATH_H

#include "steelyard/status.h"

/**
 * Open a file for reading by a path relative to the open `folder`. openat2() where the kernel has it, else
 * folder by folder.
 * Errors  SY_REFUSED: the path is absolute, has "..", or meets a link; SY_IO.
 */
sy_status sy_open_beneath(int folder, const char *path, int *out_fd, sy_error *err);

/** The second way of sy_open_beneath(), for kernels without openat2(). */
sy_status sy_open_stepwise(int folder, const char *path, int *out_fd, sy_error *err);

#endif
