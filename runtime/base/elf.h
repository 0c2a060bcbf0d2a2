/* Notes of an ELF64 file, read from a descriptor without mapping or running it. The file may be hostile. */
#ifndef STEELYARD_BASE_ELF_H
#define STEELYARD_BASE_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "steelyard/status.h"

/** Build id as hex with its NUL; a longer one is cut. */
#define SY_BUILD_ID_MAX 64u

/** What the notes of a file say. */
typedef struct sy_elf_notes {
    bool has_abi;                  /* it carries the note of SY_PLUGIN_NOTE */
    uint16_t abi_major, abi_minor; /* 0 without it */
    char build_id[SY_BUILD_ID_MAX];
} sy_elf_notes;

/**
 * Read the notes of the ELF64 file of this machine's byte order behind `fd`: owner "Steelyard" type 1, and
 * the linker's build id. Moves the file position. Of several notes of one kind the first counts.
 *
 * Errors  SY_INCOMPATIBLE: not such a file, or its tables lie outside it; the text says what. SY_IO.
 *         *out_notes is zeroed on error.
 * Source  System V ABI, gABI 4.1, chapter 5 (program headers, note section).
 */
sy_status sy_elf_read_notes(int fd, sy_elf_notes *out_notes, sy_error *err);

/** Build id of the file at `path` into `out_hex`; "" if it has none or cannot be read. */
void sy_elf_build_id(const char *path, char out_hex[SY_BUILD_ID_MAX]);

#endif
