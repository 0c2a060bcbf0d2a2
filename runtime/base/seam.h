/*
 * The seam: every allocation, file, dlopen and clock call of the program goes through here, so that a test
 * can make the k-th one fail. The fault that is armed is the one piece of process-wide state in the project;
 * it is atomic, off unless a test (or STEELYARD_FAULT) arms it, and costs one relaxed load a call.
 */
#ifndef STEELYARD_BASE_SEAM_H
#define STEELYARD_BASE_SEAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Kinds of calls, to be combined with |. */
enum { SY_SEAM_ALLOC = 1, SY_SEAM_FILE = 2, SY_SEAM_DYNLIB = 4, SY_SEAM_CLOCK = 8 };

/** Make the k-th call (k >= 1) from now of any kind in `kinds` fail as the system would (NULL; -1 with errno
 * ENOMEM, EIO; clock 0); once. */
void sy_seam_arm(uint32_t kinds, uint64_t k);

/** Let everything pass again. Returns how many calls of the armed kinds were seen since sy_seam_arm(). */
uint64_t sy_seam_disarm(void);

/** Arm from a text "alloc:12", "file:3", "dynlib:1", "any:40". Returns 0, or -1 if the text is not of that
 * form. */
int sy_seam_arm_text(const char *text);

/* Memory, as the C library's. free(NULL) is fine. Alignment: a power of two; release with sy_mem_free(). */
void *sy_mem_alloc(size_t bytes);
void *sy_mem_calloc(size_t count, size_t bytes);
void *sy_mem_realloc(void *memory, size_t bytes);
void *sy_mem_align(size_t alignment, size_t bytes);
char *sy_mem_strdup(const char *text);
void sy_mem_free(void *memory);

/* Files, as POSIX's, restarted after EINTR. write_all: everything or -1. Close never fails by the seam. */
int sy_file_open(const char *path, int flags, mode_t mode);
ssize_t sy_file_read(int fd, void *buffer, size_t bytes);
int sy_file_write_all(int fd, const void *buffer, size_t bytes);
int sy_file_sync(int fd);
int sy_file_rename(const char *from, const char *to);
int sy_file_close(int fd);
int sy_file_stat(int fd, struct stat *out_stat);
int sy_file_remove(const char *path);
int sy_folder_make(const char *path, mode_t mode);

/** openat(), or (`resolve` of RESOLVE_*, linux/openat2.h) openat2(): ENOSYS where the kernel has none. */
int sy_file_open_at(int folder, const char *path, int flags, uint64_t resolve);

/** The first `bytes` (> 0) of an open file as memory that is only read; NULL with errno. */
void *sy_file_map(int fd, size_t bytes);
void sy_file_unmap(void *memory, size_t bytes);

/** Let go of the memory of pages that lie whole in these bytes of a mapped file: they are read again if they
 * are looked at. For memory of sy_file_map() alone. */
void sy_file_forget(const void *memory, size_t bytes);

/** Take the exclusive flock() of an open file without waiting; -1 with EWOULDBLOCK: somebody else has it. It
 * goes with the descriptor. */
int sy_file_lock(int fd);

/* Dynamic libraries, as dlfcn.h's. */
void *sy_dl_open(const char *path, int flags);
void *sy_dl_symbol(void *handle, const char *name);
int sy_dl_close(void *handle);

/** CLOCK_MONOTONIC_RAW in ns; 0 if it failed. */
uint64_t sy_clock_raw_ns(void);

/** CLOCK_REALTIME in ns since 1970 UTC; 0 if it failed. */
uint64_t sy_clock_utc_ns(void);

#endif
