/* Whether a plugin file may be loaded at all: owner and modes of the file and of every folder above it. */
#ifndef STEELYARD_REGISTRY_JUDGE_H
#define STEELYARD_REGISTRY_JUDGE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "steelyard/status.h"

/**
 * Whose files are trusted. Root always is.
 *
 * user           effective user.
 * program_owner  owner of the running program: who owns it decides already what we do, so that root may run
 *                a tree that belongs to somebody else.
 * is_private     whether a group is private to a user, see sy_group_is_private().
 */
typedef struct sy_trust {
    uid_t user, program_owner;
    bool (*is_private)(gid_t group, uid_t user);
} sy_trust;

/** Trust of this process: geteuid(), owner of /proc/self/exe (root if that cannot be read). */
sy_trust sy_trust_of_process(void);

/**
 * Whether write permission for `group` gives it to nobody but `user`: it is the user's primary group, bears
 * the user's name, and lists no other member. That is the convention under which umask 002 is set for a user
 * (pam_umask, option usergroups); any other group is foreign. A number without an entry in the databases is
 * foreign.
 */
bool sy_group_is_private(gid_t group, uid_t user);

/**
 * Judge one file or folder by what stat said. In a folder owned by root with the sticky bit, write permission
 * of others does not count: they cannot rename or remove what they do not own, and what lies in it is judged
 * by its own owner. `path` is for the words, and is looked at for an access list.
 * Errors: SY_REFUSED with owner or mode and what would be right.
 */
sy_status sy_judge_entry(const sy_trust *trust, const char *path, const struct stat *info, sy_error *err);

/**
 * Judge a canonical absolute path: from "/" down to the file itself, so that each step is safe once the ones
 * before it are.
 * Errors: SY_REFUSED; SY_IO if something cannot be looked at.
 */
sy_status sy_judge_path(const sy_trust *trust, const char *path, sy_error *err);

#endif
