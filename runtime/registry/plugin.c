/* Judging and loading one plugin file. */
#include "runtime/registry/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "runtime/base/elf.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define PLUGIN_BYTES_MAX (INT64_C(256) << 20)

/* Folder resolved, last component as it is: a link there is refused by the open that follows. */
static sy_status find_path(const char *path, char out_path[PATH_MAX], sy_error *err) {
    char folder[PATH_MAX];
    char real[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(out_path, PATH_MAX, "%s", path);
    if (path[0] != '/' || strlen(path) >= PATH_MAX)
        return sy_error_set(err, SY_REFUSED, "%s is not an absolute path", path);
    snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    if (realpath(folder, real) == NULL) {
        bool is_absent = errno == ENOENT || errno == ENOTDIR;
        sy_status status = sy_error_io(err, "%s", folder);
        return is_absent ? SY_UNAVAILABLE : status;
    }
    int length = snprintf(out_path, PATH_MAX, "%s%s", strcmp(real, "/") == 0 ? "" : real, slash);
    return length < PATH_MAX ? SY_OK : sy_error_set(err, SY_REFUSED, "%s: path too long", path);
}

static sy_status open_file(const char *path, int *out_fd, struct stat *out_info, sy_error *err) {
    *out_fd = sy_file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (*out_fd < 0 && errno == ELOOP)
        return sy_error_set(err, SY_REFUSED, "%s is a symbolic link; give the file itself", path);
    if (*out_fd < 0) {
        bool is_absent = errno == ENOENT;
        sy_status status = sy_error_io(err, "%s", path);
        return is_absent ? SY_UNAVAILABLE : status;
    }
    if (fstat(*out_fd, out_info) != 0)
        return sy_error_io(err, "%s", path);
    if (!S_ISREG(out_info->st_mode))
        return sy_error_set(err, SY_REFUSED, "%s is not a regular file", path);
    if (out_info->st_size > PLUGIN_BYTES_MAX)
        return sy_error_set(err, SY_REFUSED, "%s has %lld bytes, more than a plugin may have (%lld)", path,
            (long long)out_info->st_size, (long long)PLUGIN_BYTES_MAX);
    return SY_OK;
}

static sy_status hash_file(int fd, const char *path, char out_hex[65], sy_error *err) {
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    unsigned char chunk[16384];
    ssize_t got;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return sy_error_io(err, "%s", path);
    crypto_hash_sha256_init(&state);
    while ((got = sy_file_read(fd, chunk, sizeof chunk)) > 0)
        crypto_hash_sha256_update(&state, chunk, (unsigned long long)got);
    if (got < 0)
        return sy_error_io(err, "%s", path);
    crypto_hash_sha256_final(&state, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out_hex + 2 * i, 3, "%02x", digest[i]);
    return SY_OK;
}

static bool is_listed(const char *sha256, const char *const *trusted) {
    for (; trusted != NULL && *trusted != NULL; trusted++)
        if (strcasecmp(sha256, *trusted) == 0)
            return true;
    return false;
}

static sy_status judge_file(const sy_trust *trust, const char *path, const struct stat *info, sy_error *err) {
    sy_status status = sy_judge_path(trust, path, err);
    return status == SY_OK ? sy_judge_entry(trust, path, info, err) : status;
}

static sy_status check_note(int fd, const char *path, sy_error *err) {
    sy_elf_notes notes;
    sy_status status = sy_elf_read_notes(fd, &notes, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "%s", path);
    if (!notes.has_abi)
        return sy_error_set(err, SY_REFUSED,
            "%s carries no Steelyard ABI note: not a plugin (SY_PLUGIN_NOTE in its source)", path);
    if (notes.abi_major != SY_ABI_MAJOR)
        return sy_error_set(err, SY_INCOMPATIBLE, "%s is written for ABI %u.%u, this program speaks %d.%d",
            path, notes.abi_major, notes.abi_minor, SY_ABI_MAJOR, SY_ABI_MINOR);
    return SY_OK;
}

static bool is_same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mode == b->st_mode && a->st_uid == b->st_uid && a->st_gid == b->st_gid &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The judged descriptor and the name that was loaded must still be one unchanged file. */
static sy_status check_unchanged(int fd, const char *path, const struct stat *before, sy_error *err) {
    struct stat by_descriptor, by_name;
    if (fstat(fd, &by_descriptor) != 0 || lstat(path, &by_name) != 0)
        return sy_error_io(err, "%s", path);
    if (!is_same_file(before, &by_descriptor) || !is_same_file(before, &by_name))
        return sy_error_set(err, SY_REFUSED, "%s changed while it was being loaded", path);
    return SY_OK;
}

static sy_status load(int fd, const struct stat *info, sy_plugin *plugin, sy_error *err) {
    plugin->handle = sy_dl_open(plugin->path, RTLD_NOW | RTLD_LOCAL);
    if (plugin->handle == NULL) {
        const char *words = dlerror();
        return sy_error_set(err, SY_INCOMPATIBLE, "%s does not load: %s", plugin->path,
            words != NULL ? words : "the loader gives no reason");
    }
    sy_status status = check_unchanged(fd, plugin->path, info, err);
    if (status != SY_OK)
        return status;
    void *symbol = sy_dl_symbol(plugin->handle, SY_BACKEND_QUERY_SYMBOL);
    memcpy(&plugin->query, &symbol, sizeof symbol);
    if (symbol == NULL)
        return sy_error_set(
            err, SY_INCOMPATIBLE, "%s does not export %s", plugin->path, SY_BACKEND_QUERY_SYMBOL);
    return SY_OK;
}

static sy_status admit(int fd, const struct stat *info, const sy_trust *trust, const char *const *trusted,
    sy_plugin *plugin, sy_error *err) {
    sy_status status = hash_file(fd, plugin->path, plugin->sha256, err);
    if (status == SY_OK && !is_listed(plugin->sha256, trusted))
        status = judge_file(trust, plugin->path, info, err);
    return status == SY_OK ? check_note(fd, plugin->path, err) : status;
}

sy_status sy_plugin_open(const char *path, const sy_trust *trust, const char *const *trusted,
    sy_plugin *out_plugin, sy_error *err) {
    struct stat info;
    int fd = -1;
    *out_plugin = (sy_plugin){0};
    sy_status status = find_path(path, out_plugin->path, err);
    if (status == SY_OK)
        status = open_file(out_plugin->path, &fd, &info, err);
    if (status == SY_OK)
        status = admit(fd, &info, trust, trusted, out_plugin, err);
    if (status == SY_OK)
        status = load(fd, &info, out_plugin, err);
    if (fd >= 0)
        sy_file_close(fd);
    if (status != SY_OK)
        sy_plugin_close(out_plugin);
    return status;
}

void sy_plugin_close(sy_plugin *plugin) {
    if (plugin->handle != NULL)
        sy_dl_close(plugin->handle);
    plugin->handle = NULL;
    plugin->query = NULL;
}
