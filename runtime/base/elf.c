/* ELF64 notes. Every offset and count of the file is checked before it is used: the file may be hostile. */
#include "runtime/base/elf.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/backend.h"

#define SEGMENT_COUNT_MAX 256u
#define NOTES_BYTES_MAX 65536u

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_DATA ELFDATA2LSB
#else
#define OUR_DATA ELFDATA2MSB
#endif

/* Exactly `bytes` at `offset`; the file may have become shorter since it was looked at. */
static sy_status read_at(int fd, uint64_t offset, void *buffer, size_t bytes, sy_error *err) {
    if (offset > INT64_MAX || lseek(fd, (off_t)offset, SEEK_SET) < 0)
        return sy_error_io(err, "ELF file: cannot seek to byte %llu", (unsigned long long)offset);
    for (size_t done = 0; done < bytes;) {
        ssize_t got = sy_file_read(fd, (char *)buffer + done, bytes - done);
        if (got < 0)
            return sy_error_io(err, "ELF file: cannot read at byte %llu", (unsigned long long)offset);
        if (got == 0)
            return sy_error_set(err, SY_INCOMPATIBLE, "not an ELF file: it ends too early");
        done += (size_t)got;
    }
    return SY_OK;
}

static bool lies_inside(uint64_t offset, uint64_t bytes, uint64_t file_bytes) {
    uint64_t end;
    return sy_add_u64(offset, bytes, &end) && end <= file_bytes;
}

static sy_status read_header(int fd, uint64_t file_bytes, Elf64_Ehdr *out_header, sy_error *err) {
    sy_status status = read_at(fd, 0, out_header, sizeof *out_header, err);
    if (status != SY_OK)
        return status;
    const unsigned char *ident = out_header->e_ident;
    if (memcmp(ident, ELFMAG, SELFMAG) != 0)
        return sy_error_set(err, SY_INCOMPATIBLE, "not an ELF file");
    if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != OUR_DATA)
        return sy_error_set(err, SY_INCOMPATIBLE, "not a 64-bit ELF file of this machine's byte order");
    uint64_t bytes = (uint64_t)out_header->e_phnum * sizeof(Elf64_Phdr);
    if (out_header->e_phnum > SEGMENT_COUNT_MAX ||
        (out_header->e_phnum > 0 && out_header->e_phentsize != sizeof(Elf64_Phdr)) ||
        !lies_inside(out_header->e_phoff, bytes, file_bytes))
        return sy_error_set(err, SY_INCOMPATIBLE, "broken ELF file: its program headers lie outside it");
    return SY_OK;
}

static void to_hex(const unsigned char *bytes, size_t count, char out_hex[SY_BUILD_ID_MAX]) {
    for (size_t i = 0; i < count && 2 * i + 3 <= SY_BUILD_ID_MAX; i++)
        snprintf(out_hex + 2 * i, 3, "%02x", bytes[i]);
}

static bool owner_is(const Elf64_Nhdr *note, const char *name, const char *owner) {
    size_t bytes = strlen(owner) + 1;
    return note->n_namesz == bytes && memcmp(name, owner, bytes) == 0;
}

static void take_note(
    const Elf64_Nhdr *note, const char *name, const unsigned char *value, sy_elf_notes *out) {
    if (!out->has_abi && note->n_type == SY_NOTE_ABI && note->n_descsz == 4 &&
        owner_is(note, name, SY_NOTE_OWNER)) {
        out->has_abi = true;
        memcpy(&out->abi_major, value, 2);
        memcpy(&out->abi_minor, value + 2, 2);
    }
    if (out->build_id[0] == '\0' && note->n_type == NT_GNU_BUILD_ID && owner_is(note, name, ELF_NOTE_GNU))
        to_hex(value, note->n_descsz, out->build_id);
}

/* Walk the notes of one segment; a note that does not fit ends the walk. */
static void take_notes(const unsigned char *bytes, uint64_t count, uint64_t alignment, sy_elf_notes *out) {
    uint64_t at = 0;
    while (count - at >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr note;
        memcpy(&note, bytes + at, sizeof note);
        uint64_t name = at + sizeof note;
        uint64_t value, next;
        if (!sy_round_up_u64(name + note.n_namesz, alignment, &value) ||
            !sy_round_up_u64(value + note.n_descsz, alignment, &next))
            return;
        if (value > count || note.n_descsz > count - value)
            return;
        take_note(&note, (const char *)bytes + name, bytes + value, out);
        if (next >= count)
            return;
        at = next;
    }
}

static sy_status read_segment(
    int fd, uint64_t file_bytes, const Elf64_Phdr *segment, sy_elf_notes *out_notes, sy_error *err) {
    if (!lies_inside(segment->p_offset, segment->p_filesz, file_bytes) || segment->p_filesz > NOTES_BYTES_MAX)
        return sy_error_set(
            err, SY_INCOMPATIBLE, "broken ELF file: its notes lie outside it or are too long");
    size_t bytes = (size_t)segment->p_filesz;
    unsigned char *notes = sy_mem_alloc(bytes);
    if (notes == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "ELF notes: %zu bytes", bytes);
    sy_status status = read_at(fd, segment->p_offset, notes, bytes, err);
    if (status == SY_OK)
        take_notes(notes, bytes, segment->p_align == 8 ? 8 : 4, out_notes);
    sy_mem_free(notes);
    return status;
}

static sy_status read_segments(int fd, uint64_t file_bytes, sy_elf_notes *out_notes, sy_error *err) {
    Elf64_Ehdr header;
    sy_status status = read_header(fd, file_bytes, &header, err);
    for (uint32_t i = 0; status == SY_OK && i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        status = read_at(fd, header.e_phoff + i * sizeof segment, &segment, sizeof segment, err);
        if (status == SY_OK && segment.p_type == PT_NOTE)
            status = read_segment(fd, file_bytes, &segment, out_notes, err);
    }
    return status;
}

sy_status sy_elf_read_notes(int fd, sy_elf_notes *out_notes, sy_error *err) {
    struct stat info;
    *out_notes = (sy_elf_notes){0};
    if (fstat(fd, &info) != 0)
        return sy_error_io(err, "ELF file");
    if (!S_ISREG(info.st_mode))
        return sy_error_set(err, SY_INCOMPATIBLE, "not a regular file");
    sy_status status = read_segments(fd, (uint64_t)info.st_size, out_notes, err);
    if (status != SY_OK)
        *out_notes = (sy_elf_notes){0};
    return status;
}

void sy_elf_build_id(const char *path, char out_hex[SY_BUILD_ID_MAX]) {
    sy_elf_notes notes;
    out_hex[0] = '\0';
    int fd = sy_file_open(path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (sy_elf_read_notes(fd, &notes, NULL) == SY_OK)
        memcpy(out_hex, notes.build_id, SY_BUILD_ID_MAX);
    sy_file_close(fd);
}
