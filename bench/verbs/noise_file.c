/* The noise that a comparison and a plan of rounds stand above: of a file, else of the history. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/verbs/noise_file.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* No honest file of noise is larger: 100 bytes a row. */
enum { FILE_MOST = 64 << 20, CHUNK = 1 << 16 };

static sy_status read_text(const char *path, sy_text *out, sy_error *err) {
    static const size_t most = FILE_MOST;
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    char *chunk = sy_mem_alloc(CHUNK);
    ssize_t bytes = chunk != NULL ? sy_file_read(fd, chunk, CHUNK) : 0;
    while (bytes > 0 && out->length <= most && sy_text_append(out, chunk, (size_t)bytes))
        bytes = sy_file_read(fd, chunk, CHUNK);
    sy_status status = SY_OK;
    if (chunk == NULL || out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %s", path);
    else if (bytes < 0)
        status = sy_error_io(err, "%s", path);
    else if (out->length > most)
        status =
            sy_error_set(err, SY_INVALID_ARGUMENT, "%s is larger than 64 MiB: no file of --calibrate", path);
    sy_mem_free(chunk);
    sy_file_close(fd);
    return status;
}

sy_status sy_noise_file_read(const char *path, sy_arena *arena, sy_noise *out_noise, sy_error *err) {
    sy_text text = {0};
    sy_status status = read_text(path, &text, err);
    if (status == SY_OK)
        status = sy_noise_read(text.data != NULL ? text.data : "", text.length, arena, out_noise, err);
    if (status != SY_OK && status != SY_IO)
        status = sy_error_prefix(err, status, "%s", path);
    sy_text_release(&text);
    return status;
}

static sy_status write_all(const char *path, const sy_text *text, sy_error *err) {
    if (strcmp(path, "-") == 0)
        return fwrite(text->data, 1, text->length, stdout) == text->length
                   ? SY_OK
                   : sy_error_io(err, "standard output");
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status =
        sy_file_write_all(fd, text->data, text->length) == 0 ? SY_OK : sy_error_io(err, "%s", path);
    return sy_file_close(fd) == 0 || status != SY_OK ? status : sy_error_io(err, "%s", path);
}

sy_status sy_noise_file_write(const char *path, const sy_noise *noise, sy_error *err) {
    sy_text text = {0};
    sy_status status = SY_OK;
    if (!sy_noise_write(noise, &text))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %s", path);
    if (status == SY_OK)
        status = write_all(path, &text, err);
    sy_text_release(&text);
    return status;
}
