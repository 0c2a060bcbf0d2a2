/* Small text files of /proc and /sys, under the folder the user declared as root ("" is the real one). */
#ifndef BACKENDS_CPU_SYSFILE_H
#define BACKENDS_CPU_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest path that is read, with root and NUL. */
#define SY_CPU_PATH_MAX 1024u

/** Read at most capacity - 1 bytes of sysroot + path. False, and an empty text, if it cannot be read. */
bool sy_cpu_file_text(const char *sysroot, const char *path, char *out_text, size_t capacity);

/** Read a file whose first word is an unsigned decimal number. False for anything else ("max", "-1"). */
bool sy_cpu_file_u64(const char *sysroot, const char *path, uint64_t *out_value);

/**
 * Value of the first line "<key><blanks>:<blanks>value" (as in /proc/cpuinfo) or "<key> value" (as in
 * memory.stat), cut at the line's end and at `capacity`. False, and an empty value, if there is none.
 */
bool sy_cpu_text_field(const char *text, const char *key, char *out_value, size_t capacity);

/** sy_cpu_text_field() read as a leading unsigned number. */
bool sy_cpu_text_field_u64(const char *text, const char *key, uint64_t *out_value);

#endif
