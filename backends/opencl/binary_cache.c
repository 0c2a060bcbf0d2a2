/* Reading, checking and replacing kept programs. */
#include "backends/opencl/binary_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* The number is that of the form; another form has files of another name. */
static const char MAGIC[8] = "SYOCL-1";

enum { FOLDER_MAX = 3072, PATH_MAX_BYTES = FOLDER_MAX + 128, PAYLOAD_MAX = 1 << 28 };

typedef struct header {
    char magic[8];
    unsigned char key[32];
    uint64_t bytes;
    unsigned char digest[32];
} header;
_Static_assert(sizeof(header) == 80, "no gaps: it is written as it lies");

struct ocl_binary_cache {
    const sy_backend *backend;
    char folder[FOLDER_MAX];
    bool has_complained;
};

sy_status ocl_binary_cache_open(const sy_backend *backend, ocl_binary_cache **out_cache, sy_error *err) {
    const char *folder = ocl_option(backend, "cache_dir");
    *out_cache = NULL;
    if (folder == NULL || strlen(folder) + sizeof "/opencl" > FOLDER_MAX)
        return SY_OK;
    ocl_binary_cache *cache = sy_mem_calloc(1, sizeof *cache);
    if (cache == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    cache->backend = backend;
    snprintf(cache->folder, sizeof cache->folder, "%s/opencl", folder);
    *out_cache = cache;
    return SY_OK;
}

void ocl_binary_cache_close(ocl_binary_cache *cache) {
    sy_mem_free(cache);
}

static void path_of(
    const ocl_binary_cache *cache, const unsigned char key[32], char out_path[PATH_MAX_BYTES]) {
    char name[65];
    sodium_bin2hex(name, sizeof name, key, 32);
    snprintf(out_path, PATH_MAX_BYTES, "%s/%s.bin", cache->folder, name);
}

/* Whether an open file is ours alone to write, and as long as a header and something. */
static bool is_trusted(int fd, uint64_t *out_payload) {
    struct stat found;
    if (sy_file_stat(fd, &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != geteuid() ||
        (found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return false;
    *out_payload = (uint64_t)found.st_size - sizeof(header);
    return found.st_size > (off_t)sizeof(header) && *out_payload <= PAYLOAD_MAX;
}

static bool read_exactly(int fd, void *out_bytes, size_t count) {
    size_t have = 0;
    while (have < count) {
        ssize_t got = sy_file_read(fd, (char *)out_bytes + have, count - have);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

static unsigned char *read_checked(int fd, const unsigned char key[32], size_t *out_bytes) {
    header head;
    uint64_t payload = 0;
    unsigned char digest[32];
    if (!is_trusted(fd, &payload) || !read_exactly(fd, &head, sizeof head) ||
        memcmp(head.magic, MAGIC, sizeof head.magic) != 0 || memcmp(head.key, key, sizeof head.key) != 0 ||
        head.bytes != payload)
        return NULL;
    unsigned char *bytes = sy_mem_alloc(payload);
    if (bytes == NULL)
        return NULL;
    bool is_whole = read_exactly(fd, bytes, payload);
    if (is_whole)
        crypto_hash_sha256(digest, bytes, payload);
    if (!is_whole || memcmp(digest, head.digest, sizeof digest) != 0) {
        sy_mem_free(bytes);
        return NULL;
    }
    *out_bytes = payload;
    return bytes;
}

unsigned char *ocl_binary_cache_load(
    ocl_binary_cache *cache, const unsigned char key[32], size_t *out_bytes) {
    char path[PATH_MAX_BYTES];
    *out_bytes = 0;
    path_of(cache, key, path);
    int fd = sy_file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0)
        return NULL;
    unsigned char *bytes = read_checked(fd, key, out_bytes);
    sy_file_close(fd);
    return bytes;
}

/* The folder and those above it, as far as they are not there. */
static bool make_folders(const char *folder) {
    char path[FOLDER_MAX];
    snprintf(path, sizeof path, "%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (sy_folder_make(path, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return sy_folder_make(path, 0700) == 0 || errno == EEXIST;
}

static bool write_new(const char *path, const header *head, const unsigned char *bytes) {
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool is_written = sy_file_write_all(fd, head, sizeof *head) == 0 &&
                      sy_file_write_all(fd, bytes, (size_t)head->bytes) == 0;
    return sy_file_close(fd) == 0 && is_written;
}

/* Into a new file of a name that no other writer has, then renamed: readers see the old one or the new one.
 */
static bool replace(const ocl_binary_cache *cache, const header *head, const unsigned char *bytes) {
    char path[PATH_MAX_BYTES], fresh[PATH_MAX_BYTES + 48];
    path_of(cache, head->key, path);
    snprintf(fresh, sizeof fresh, "%s.%ld.%llx", path, (long)getpid(), (unsigned long long)sy_clock_raw_ns());
    if (!make_folders(cache->folder))
        return false;
    if (write_new(fresh, head, bytes) && sy_file_rename(fresh, path) == 0)
        return true;
    int reason = errno;
    (void)sy_file_remove(fresh);
    errno = reason;
    return false;
}

void ocl_binary_cache_store(
    ocl_binary_cache *cache, const unsigned char key[32], const unsigned char *bytes, size_t count) {
    header head = {.bytes = count};
    if (count == 0 || count > PAYLOAD_MAX)
        return;
    memcpy(head.magic, MAGIC, sizeof head.magic);
    memcpy(head.key, key, sizeof head.key);
    crypto_hash_sha256(head.digest, bytes, count);
    if (replace(cache, &head, bytes) || cache->has_complained)
        return;
    cache->has_complained = true;
    ocl_log(cache->backend, SY_LOG_WARNING, "opencl: compiled programs are not kept: %s: %s", cache->folder,
        strerror(errno));
}
