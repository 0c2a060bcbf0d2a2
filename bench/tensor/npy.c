/* Reading and writing .npy. */
#include "bench/tensor/npy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const char magic[] = "\x93NUMPY";
enum { MAGIC = 6, HEADER_MAX = 65536, ALIGN = 64 };

typedef struct kind_row {
    uint32_t dtype;
    const char *descr;
} kind_row;

static const kind_row kinds[] = {{SY_F32, "<f4"}, {SY_F64, "<f8"}, {SY_F16, "<f2"}, {SY_S8, "|i1"},
    {SY_U8, "|u1"}, {SY_S32, "<i4"}, {SY_S64, "<i8"}, {SY_BOOL, "|b1"}, {SY_S16, "<i2"}, {SY_U16, "<u2"},
    {SY_U32, "<u4"}, {SY_U64, "<u8"}, {SY_BF16, "|V2"}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Value of `'key':` in the header's dict, behind blanks; NULL if it is not there. */
static const char *find_value(const char *header, const char *key) {
    const char *at = strstr(header, key);
    if (at == NULL)
        return NULL;
    at += strlen(key);
    at += strspn(at, " ");
    if (*at != ':')
        return NULL;
    at++;
    return at + strspn(at, " ");
}

static bool read_kind(const char *value, uint32_t *out_dtype) {
    if (value == NULL || (*value != '\'' && *value != '"'))
        return false;
    for (size_t i = 0; i < KINDS; i++) {
        size_t bytes = strlen(kinds[i].descr);
        bool is_it = strncmp(value + 1, kinds[i].descr, bytes) == 0 && value[1 + bytes] == value[0];
        if (!is_it || kinds[i].dtype == SY_BF16)
            continue;
        *out_dtype = kinds[i].dtype;
        return true;
    }
    return false;
}

/* "(1, 3)", "(5,)", "()". */
static bool read_shape(const char *value, sy_host_tensor *out) {
    if (value == NULL || *value != '(')
        return false;
    value++;
    out->rank = 0;
    for (;;) {
        value += strspn(value, " ");
        if (*value == ')')
            return true;
        if (*value < '0' || *value > '9' || out->rank == SY_MAX_RANK)
            return false;
        int64_t extent = 0;
        for (; *value >= '0' && *value <= '9'; value++)
            if (__builtin_mul_overflow(extent, (int64_t)10, &extent) ||
                __builtin_add_overflow(extent, (int64_t)(*value - '0'), &extent))
                return false;
        out->dim[out->rank++] = extent;
        value += strspn(value, " ");
        if (*value == ',')
            value++;
        else if (*value != ')')
            return false;
    }
}

static sy_status read_header(const char *header, sy_host_tensor *out, sy_error *err) {
    const char *order = find_value(header, "'fortran_order'");
    if (!read_kind(find_value(header, "'descr'"), &out->dtype))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "not plain little-endian numbers (float, int, uint or bool): %.60s", header);
    if (order == NULL || (strncmp(order, "False", 5) != 0 && strncmp(order, "True", 4) != 0))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a damaged .npy header");
    if (order[0] == 'T')
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "in Fortran order: save it by numpy.ascontiguousarray()");
    if (!read_shape(find_value(header, "'shape'"), out))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "no shape of at most %u extents in its header", SY_MAX_RANK);
    return sy_host_tensor_alloc(out, err);
}

/* All of `bytes`; SY_INVALID_ARGUMENT if the file ends before. */
static sy_status read_all(int fd, void *to, uint64_t bytes, sy_error *err) {
    for (uint64_t done = 0; done < bytes;) {
        ssize_t got = sy_file_read(fd, (char *)to + done, bytes - done);
        if (got < 0)
            return sy_error_io(err, "cannot be read");
        if (got == 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "ends %" PRIu64 " bytes too early", bytes - done);
        done += (uint64_t)got;
    }
    return SY_OK;
}

static sy_status read_length(int fd, uint32_t *out_bytes, sy_error *err) {
    unsigned char head[MAGIC + 2], length[4] = {0};
    sy_status status = read_all(fd, head, sizeof head, err);
    if (status != SY_OK)
        return status;
    if (memcmp(head, magic, MAGIC) != 0 || head[MAGIC] < 1 || head[MAGIC] > 3)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "not an .npy file of format 1 to 3");
    status = read_all(fd, length, head[MAGIC] == 1 ? 2 : 4, err);
    *out_bytes = (uint32_t)length[0] | (uint32_t)length[1] << 8 | (uint32_t)length[2] << 16 |
                 (uint32_t)length[3] << 24;
    if (status == SY_OK && *out_bytes >= HEADER_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a header of %" PRIu32 " bytes", *out_bytes);
    return status;
}

static sy_status read_file(int fd, sy_host_tensor *out, sy_error *err) {
    uint32_t bytes = 0;
    char more;
    sy_status status = read_length(fd, &bytes, err);
    if (status != SY_OK)
        return status;
    char *header = sy_mem_calloc((size_t)bytes + 1, 1);
    if (header == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory");
    status = read_all(fd, header, bytes, err);
    if (status == SY_OK)
        status = read_header(header, out, err);
    sy_mem_free(header);
    if (status == SY_OK)
        status = read_all(fd, out->data, out->bytes, err);
    if (status == SY_OK && sy_file_read(fd, &more, 1) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "goes on behind its last number");
    return status;
}

sy_status sy_npy_read(const char *path, sy_host_tensor *out_tensor, sy_error *err) {
    *out_tensor = (sy_host_tensor){0};
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0 && (errno == ENOENT || errno == EACCES))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s", path,
            errno == ENOENT ? "no such file" : "may not be read by you");
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = read_file(fd, out_tensor, err);
    sy_file_close(fd);
    if (status == SY_OK)
        return SY_OK;
    sy_host_tensor_release(out_tensor);
    return sy_error_prefix(err, status, "%s", path);
}

static const char *descr_of(uint32_t dtype) {
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].dtype == dtype)
            return kinds[i].descr;
    return NULL;
}

/* The header, padded with blanks so that the numbers begin at a multiple of 64 bytes; its length. */
static size_t write_header(const sy_host_tensor *tensor, const char *descr, char *out, size_t capacity) {
    size_t used = (size_t)snprintf(
        out + MAGIC + 4, capacity - MAGIC - 4, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
    used += MAGIC + 4;
    for (uint32_t i = 0; i < tensor->rank; i++)
        used += (size_t)snprintf(
            out + used, capacity - used, "%" PRId64 ",%s", tensor->dim[i], i + 1 < tensor->rank ? " " : "");
    used += (size_t)snprintf(out + used, capacity - used, "), }");
    while ((used + 1) % ALIGN != 0)
        out[used++] = ' ';
    out[used++] = '\n';
    size_t bytes = used - MAGIC - 4;
    memcpy(out, magic, MAGIC);
    out[MAGIC] = 1;
    out[MAGIC + 1] = 0;
    out[MAGIC + 2] = (char)(bytes & 0xff);
    out[MAGIC + 3] = (char)(bytes >> 8);
    return used;
}

sy_status sy_npy_write(const char *path, const sy_host_tensor *tensor, sy_error *err) {
    char header[512];
    const char *descr = descr_of(tensor->dtype);
    if (descr == NULL)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: NumPy has no type %s", path, sy_net_dtype_name(tensor->dtype));
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    size_t bytes = write_header(tensor, descr, header, sizeof header);
    bool is_written =
        sy_file_write_all(fd, header, bytes) == 0 && sy_file_write_all(fd, tensor->data, tensor->bytes) == 0;
    sy_status status = is_written ? SY_OK : sy_error_io(err, "%s", path);
    sy_file_close(fd);
    return status;
}
