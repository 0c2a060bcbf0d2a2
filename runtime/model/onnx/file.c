#include "runtime/model/onnx/file.h"

#include <fcntl.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/onnx/limits.h"

sy_status sy_onnx_file_map(int fd, uint32_t max_links, sy_onnx_file *out_file, sy_error *err) {
    struct stat state;
    *out_file = (sy_onnx_file){0};
    if (sy_file_stat(fd, &state) != 0)
        return sy_error_io(err, "cannot be read");
    if (!S_ISREG(state.st_mode))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "not a regular file");
    if (max_links > 0 && state.st_nlink > max_links)
        return sy_error_set(err, SY_REFUSED, "has %llu hard links, may have %u",
            (unsigned long long)state.st_nlink, max_links);
    if ((uint64_t)state.st_size > SY_ONNX_MAX_FILE_BYTES)
        return sy_error_set(
            err, SY_OVERFLOW, "larger than %llu bytes", (unsigned long long)SY_ONNX_MAX_FILE_BYTES);
    if (state.st_size == 0)
        return SY_OK;
    const void *bytes = sy_file_map(fd, (size_t)state.st_size);
    if (bytes == NULL)
        return sy_error_io(err, "cannot be mapped");
    *out_file = (sy_onnx_file){bytes, (size_t)state.st_size};
    return SY_OK;
}

void sy_onnx_file_unmap(sy_onnx_file *file) {
    sy_file_unmap((void *)(uintptr_t)file->bytes, file->count);
    *file = (sy_onnx_file){0};
}

sy_status sy_onnx_file_open(const char *path, sy_onnx_file *out_file, sy_error *err) {
    *out_file = (sy_onnx_file){0};
    int fd = sy_file_open(path, O_RDONLY | O_NONBLOCK, 0); /* a named pipe would wait for its other end */
    if (fd < 0)
        return sy_error_io(err, "cannot be opened");
    sy_status status = sy_onnx_file_map(fd, 0, out_file, err);
    sy_file_close(fd);
    return status;
}
