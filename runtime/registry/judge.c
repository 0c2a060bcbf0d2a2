/* Owner and modes of plugin files and of the folders above them. */
#include "runtime/registry/judge.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define DATABASE_BYTES 16384u

sy_trust sy_trust_of_process(void) {
    struct stat program;
    uid_t owner = stat("/proc/self/exe", &program) == 0 ? program.st_uid : 0;
    return (sy_trust){.user = geteuid(), .program_owner = owner, .is_private = sy_group_is_private};
}

static bool find_user(uid_t user, char *name, size_t capacity, gid_t *out_group) {
    struct passwd entry, *found = NULL;
    char *buffer = sy_mem_alloc(DATABASE_BYTES);
    if (buffer == NULL)
        return false;
    bool is_found = getpwuid_r(user, &entry, buffer, DATABASE_BYTES, &found) == 0 && found != NULL &&
                    strlen(found->pw_name) < capacity;
    if (is_found) {
        snprintf(name, capacity, "%s", found->pw_name);
        *out_group = found->pw_gid;
    }
    sy_mem_free(buffer);
    return is_found;
}

/* Members beside its own users; a group whose entry does not fit the buffer has many. */
static bool has_only(gid_t group, const char *user) {
    struct group entry, *found = NULL;
    char *buffer = sy_mem_alloc(DATABASE_BYTES);
    if (buffer == NULL)
        return false;
    bool is_only = getgrgid_r(group, &entry, buffer, DATABASE_BYTES, &found) == 0 && found != NULL &&
                   strcmp(found->gr_name, user) == 0;
    for (char **member = is_only ? found->gr_mem : NULL; member != NULL && *member != NULL; member++)
        if (strcmp(*member, user) != 0 && strcmp(*member, "root") != 0)
            is_only = false;
    sy_mem_free(buffer);
    return is_only;
}

bool sy_group_is_private(gid_t group, uid_t user) {
    char name[256];
    gid_t primary = 0;
    return find_user(user, name, sizeof name, &primary) && primary == group && has_only(group, name);
}

/* With an access list the group bits are its mask, and say nothing about who is in it. */
static bool has_access_list(const char *path) {
    return lgetxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

static bool is_trusted_owner(const sy_trust *trust, uid_t owner) {
    return owner == 0 || owner == trust->user || owner == trust->program_owner;
}

sy_status sy_judge_entry(const sy_trust *trust, const char *path, const struct stat *info, sy_error *err) {
    unsigned owner = info->st_uid, group = info->st_gid, mode = info->st_mode & 07777;
    if (!is_trusted_owner(trust, info->st_uid))
        return sy_error_set(err, SY_REFUSED,
            "%s belongs to uid %u; it must be root, uid %u or uid %u (owner of this program)", path, owner,
            (unsigned)trust->user, (unsigned)trust->program_owner);
    if (S_ISDIR(info->st_mode) && (mode & S_ISVTX) != 0 && info->st_uid == 0)
        return SY_OK;
    if ((mode & S_IWOTH) != 0)
        return sy_error_set(
            err, SY_REFUSED, "%s can be written by everybody (mode %04o); chmod o-w", path, mode);
    if ((mode & S_IWGRP) == 0)
        return SY_OK;
    if (has_access_list(path))
        return sy_error_set(
            err, SY_REFUSED, "%s can be written through an access list; setfacl -b or chmod g-w", path);
    if (!trust->is_private(info->st_gid, info->st_uid))
        return sy_error_set(err, SY_REFUSED,
            "%s can be written by group %u, which is not private to uid %u (mode %04o); chmod g-w", path,
            group, owner, mode);
    return SY_OK;
}

static sy_status judge_step(const sy_trust *trust, const char *path, bool is_last, sy_error *err) {
    struct stat info;
    if (lstat(path, &info) != 0)
        return sy_error_io(err, "%s", path);
    if (is_last ? !S_ISREG(info.st_mode) : !S_ISDIR(info.st_mode))
        return sy_error_set(err, SY_REFUSED, "%s is not a %s", path, is_last ? "regular file" : "folder");
    return sy_judge_entry(trust, path, &info, err);
}

sy_status sy_judge_path(const sy_trust *trust, const char *path, sy_error *err) {
    char step[PATH_MAX];
    size_t length = strlen(path);
    if (path[0] != '/' || length >= sizeof step)
        return sy_error_set(err, SY_REFUSED, "%s is not an absolute path", path);
    sy_status status = judge_step(trust, "/", false, err);
    for (size_t i = 1; status == SY_OK && i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(step, path, i);
        step[i] = '\0';
        status = judge_step(trust, step, path[i] == '\0', err);
    }
    return status;
}
