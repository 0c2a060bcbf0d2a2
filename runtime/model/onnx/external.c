#include "runtime/model/onnx/external.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/onnx/beneath.h"
#include "runtime/model/onnx/limits.h"

/* What a tensor says of its data. */
typedef struct data_claim {
    const char *location;
    uint64_t offset, length;
    bool has_length;
} data_claim;

void sy_externals_init(sy_externals *externals, const char *model_path) {
    *externals = (sy_externals){.folder = -1, .model_path = model_path};
}

void sy_externals_close(sy_externals *externals) {
    if (externals->folder >= 0)
        sy_file_close(externals->folder);
    externals->folder = -1;
}

void sy_externals_release(sy_externals *externals) {
    sy_externals_close(externals);
    for (uint32_t i = 0; i < externals->count; i++) {
        sy_onnx_file_unmap(&externals->file[i].file);
        sy_mem_free((void *)(uintptr_t)externals->file[i].location);
    }
    sy_mem_free(externals->file);
    sy_externals_init(externals, NULL);
}

static bool read_number(const char *text, uint64_t *out_number) {
    uint64_t number = 0;
    if (text[0] == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (*text < '0' || *text > '9' || !sy_mul_u64(number, 10, &number) ||
            !sy_add_u64(number, (uint64_t)(*text - '0'), &number))
            return false;
    *out_number = number;
    return true;
}

/* One entry of the list; the checksum is not looked at. */
static sy_status read_pair(const SyPb__Pair *pair, data_claim *claim, sy_error *err) {
    const char *key = pair->key != NULL ? pair->key : "", *value = pair->value != NULL ? pair->value : "";
    bool is_number = true;
    if (strcmp(key, "location") == 0)
        claim->location = value;
    else if (strcmp(key, "offset") == 0)
        is_number = read_number(value, &claim->offset);
    else if (strcmp(key, "length") == 0)
        is_number = claim->has_length = read_number(value, &claim->length);
    else if (strcmp(key, "checksum") != 0)
        return sy_error_set(err, SY_REFUSED,
            "external data with an entry '%s'; location, offset, length and checksum are known", key);
    if (!is_number)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "external data with %s '%s', must be a number", key, value);
    return SY_OK;
}

static sy_status read_claim(const SyPb__Tensor *tensor, data_claim *out_claim, sy_error *err) {
    *out_claim = (data_claim){0};
    for (size_t i = 0; i < tensor->n_external_data; i++) {
        sy_status status = read_pair(tensor->external_data[i], out_claim, err);
        if (status != SY_OK)
            return status;
    }
    if (out_claim->location == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "external data without a location");
    return SY_OK;
}

/* The folder that the model lies in. */
static sy_status open_folder(sy_externals *externals, sy_error *err) {
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(externals->model_path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - externals->model_path) + 1;
    if (length >= sizeof folder)
        return sy_error_set(err, SY_OVERFLOW, "the model's path is longer than %d bytes", PATH_MAX - 1);
    if (length > 0) {
        memcpy(folder, externals->model_path, length);
        folder[length] = '\0';
    }
    externals->folder = sy_file_open(folder, O_PATH | O_DIRECTORY, 0);
    return externals->folder < 0 ? sy_error_io(err, "the model's folder cannot be opened") : SY_OK;
}

static sy_status map(const sy_externals *externals, const char *location, sy_onnx_file *out, sy_error *err) {
    int fd = -1;
    sy_status status = sy_open_beneath(externals->folder, location, &fd, err);
    if (status != SY_OK)
        return status;
    status = sy_onnx_file_map(fd, 1, out, err);
    sy_file_close(fd);
    return status;
}

/* The file at `location`, mapped once. */
static sy_status open_file(
    sy_externals *externals, const char *location, const sy_onnx_file **out_file, sy_error *err) {
    for (uint32_t i = 0; i < externals->count; i++)
        if (strcmp(externals->file[i].location, location) == 0) {
            *out_file = &externals->file[i].file;
            return SY_OK;
        }
    if (externals->count == SY_ONNX_MAX_EXTERNAL)
        return sy_error_set(err, SY_OVERFLOW, "more than %u files of external data", SY_ONNX_MAX_EXTERNAL);
    if (externals->file == NULL)
        externals->file = sy_mem_calloc(SY_ONNX_MAX_EXTERNAL, sizeof *externals->file);
    char *name = externals->file == NULL ? NULL : sy_mem_strdup(location);
    if (name == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a list of files");
    sy_status status = externals->folder < 0 ? open_folder(externals, err) : SY_OK;
    sy_external_file *place = &externals->file[externals->count];
    if (status == SY_OK)
        status = map(externals, location, &place->file, err);
    if (status != SY_OK) {
        sy_mem_free(name);
        return sy_error_prefix(err, status, "external data '%s'", location);
    }
    place->location = name;
    externals->count++;
    *out_file = &place->file;
    return SY_OK;
}

sy_status sy_externals_find(sy_externals *externals, const SyPb__Tensor *tensor, size_t need,
    const uint8_t **out_bytes, sy_error *err) {
    data_claim claim;
    const sy_onnx_file *file = NULL;
    sy_status status = read_claim(tensor, &claim, err);
    if (status != SY_OK)
        return status;
    if (claim.has_length && claim.length != need)
        return sy_error_set(err, SY_REFUSED, "external data of %llu bytes, must be %zu",
            (unsigned long long)claim.length, need);
    status = open_file(externals, claim.location, &file, err);
    if (status != SY_OK)
        return status;
    uint64_t end = 0;
    if (!sy_add_u64(claim.offset, need, &end) || end > file->count)
        return sy_error_set(err, SY_REFUSED, "external data '%s' has %zu bytes, %zu from %llu on are wanted",
            claim.location, file->count, need, (unsigned long long)claim.offset);
    *out_bytes = file->bytes + claim.offset;
    return SY_OK;
}
