/* Notes of ELF files: real ones, handmade ones, and hostile ones. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/elf.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"
#include "steelyard/backend.h"

/* A small ELF file: header, one note segment, its notes. */
typedef struct image {
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    sy_plugin_note abi;
    struct {
        Elf64_Nhdr head;
        char name[4];
        unsigned char id[20];
    } build;
} image;

static image make_image(void) {
    image file = {
        .header = {.e_phoff = offsetof(image, segment), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1},
        .segment = {.p_type = PT_NOTE,
            .p_offset = offsetof(image, abi),
            .p_filesz = sizeof(image) - offsetof(image, abi),
            .p_align = 4},
        .abi = {10, 4, SY_NOTE_ABI, SY_NOTE_OWNER, 3, 7},
        .build = {.head = {4, 20, NT_GNU_BUILD_ID}, .name = "GNU", .id = {0xde, 0xad, 0, 1}}};
    memcpy(file.header.e_ident, ELFMAG, SELFMAG);
    file.header.e_ident[EI_CLASS] = ELFCLASS64;
    file.header.e_ident[EI_DATA] = ELFDATA2LSB;
    return file;
}

static sy_status read_bytes(const void *bytes, size_t count, sy_elf_notes *notes) {
    int fd = memfd_create("elf", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(write(fd, bytes, count) == (ssize_t)count);
    sy_status status = sy_elf_read_notes(fd, notes, NULL);
    close(fd);
    return status;
}

static void handmade_notes_are_read(void **state) {
    image file = make_image();
    sy_elf_notes notes;
    (void)state;
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_true(notes.has_abi);
    assert_int_equal(notes.abi_major, 3);
    assert_int_equal(notes.abi_minor, 7);
    assert_string_equal(notes.build_id, "dead000100000000000000000000000000000000");
}

static void real_plugin_is_read(void **state) {
    sy_elf_notes notes;
    char id[SY_BUILD_ID_MAX];
    (void)state;
    int fd = open(STUB_FOLDER "/good.so", O_RDONLY | O_CLOEXEC);
    assert_int_equal(sy_elf_read_notes(fd, &notes, NULL), SY_OK);
    close(fd);
    assert_true(notes.has_abi);
    assert_int_equal(notes.abi_major, SY_ABI_MAJOR);
    assert_int_equal(notes.abi_minor, SY_ABI_MINOR);
    sy_elf_build_id(STUB_FOLDER "/good.so", id);
    assert_string_equal(id, notes.build_id);
    sy_elf_build_id("/no/such/file", id);
    assert_string_equal(id, "");
    sy_elf_build_id("/dev/null", id);
    assert_string_equal(id, "");
}

static void notes_of_others_are_passed_over(void **state) {
    image file = make_image();
    sy_elf_notes notes;
    (void)state;
    file.abi.type = 2;
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_false(notes.has_abi);
    assert_true(notes.build_id[0] != '\0');
    file = make_image();
    file.abi.name[0] = 's';
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_false(notes.has_abi);
    file = make_image();
    file.abi.name_bytes = 9; /* without its NUL it is another name */
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_false(notes.has_abi);
    file = make_image();
    file.segment.p_type = PT_LOAD;
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_false(notes.has_abi);
}

static void broken_headers_are_refused(void **state) {
    static const struct {
        size_t offset;
        uint64_t value;
        size_t bytes;
    } rows[] = {
        {0, 0, 1},
        {EI_CLASS, ELFCLASS32, 1},
        {EI_DATA, ELFDATA2MSB, 1},
        {offsetof(Elf64_Ehdr, e_phoff), UINT64_MAX, 8},
        {offsetof(Elf64_Ehdr, e_phoff), sizeof(image) - 8, 8},
        {offsetof(Elf64_Ehdr, e_phentsize), 32, 2},
        {offsetof(Elf64_Ehdr, e_phnum), UINT16_MAX, 2},
        {offsetof(image, segment.p_offset), UINT64_MAX - 4, 8},
        {offsetof(image, segment.p_offset), sizeof(image), 8},
        {offsetof(image, segment.p_filesz), UINT64_MAX, 8},
        {offsetof(image, segment.p_filesz), sizeof(image), 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        image file = make_image();
        sy_elf_notes notes;
        memcpy((char *)&file + rows[i].offset, &rows[i].value, rows[i].bytes);
        if (read_bytes(&file, sizeof file, &notes) != SY_INCOMPATIBLE)
            fail_msg("row %zu was taken", i);
        assert_false(notes.has_abi);
    }
}

static void broken_notes_end_the_walk(void **state) {
    static const uint32_t lengths[] = {UINT32_MAX, UINT32_MAX - 3, 0x7fffffff, sizeof(image), 0};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        sy_elf_notes notes;
        image file = make_image();
        file.abi.name_bytes = lengths[i];
        assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
        assert_false(notes.has_abi);
        file = make_image();
        file.abi.desc_bytes = lengths[i];
        assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
        assert_false(notes.has_abi);
        file = make_image();
        file.build.head.n_descsz = lengths[i];
        assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
        assert_true(notes.has_abi);
        assert_string_equal(notes.build_id, "");
    }
}

static void every_cut_is_survived(void **state) {
    const image file = make_image();
    sy_elf_notes notes;
    (void)state;
    for (size_t bytes = 0; bytes < sizeof file; bytes++)
        assert_int_equal(read_bytes(&file, bytes, &notes), SY_INCOMPATIBLE);
}

static void random_damage_is_survived(void **state) {
    sy_random random;
    (void)state;
    sy_random_seed(&random, 9, 0);
    for (int i = 0; i < 2000; i++) {
        image file = make_image();
        sy_elf_notes notes;
        for (uint64_t hits = 1 + sy_random_below(&random, 6); hits > 0; hits--)
            ((unsigned char *)&file)[sy_random_below(&random, sizeof file)] =
                (unsigned char)sy_random_next(&random);
        sy_status status = read_bytes(&file, sizeof file, &notes);
        assert_true(status == SY_OK || status == SY_INCOMPATIBLE);
    }
}

static void long_build_id_is_cut(void **state) {
    struct {
        Elf64_Ehdr header;
        Elf64_Phdr segment;
        Elf64_Nhdr head;
        char name[4];
        unsigned char id[200];
    } file = {.head = {4, 200, NT_GNU_BUILD_ID}, .name = "GNU"};
    sy_elf_notes notes;
    (void)state;
    image small = make_image();
    file.header = small.header;
    file.segment = small.segment;
    file.segment.p_filesz = sizeof file - sizeof file.header - sizeof file.segment;
    assert_int_equal(read_bytes(&file, sizeof file, &notes), SY_OK);
    assert_int_equal(strlen(notes.build_id), SY_BUILD_ID_MAX - 2);
}

static void faults_are_statuses(void **state) {
    sy_elf_notes notes;
    (void)state;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    int fd = open(STUB_FOLDER "/good.so", O_RDONLY | O_CLOEXEC);
    assert_int_equal(sy_elf_read_notes(fd, &notes, NULL), SY_OUT_OF_MEMORY);
    sy_seam_arm(SY_SEAM_FILE, 2);
    assert_int_equal(sy_elf_read_notes(fd, &notes, NULL), SY_IO);
    sy_seam_disarm();
    close(fd);
    assert_int_equal(sy_elf_read_notes(-1, &notes, NULL), SY_IO);
    fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    assert_int_equal(sy_elf_read_notes(fd, &notes, NULL), SY_INCOMPATIBLE);
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handmade_notes_are_read),
        cmocka_unit_test(real_plugin_is_read),
        cmocka_unit_test(notes_of_others_are_passed_over),
        cmocka_unit_test(broken_headers_are_refused),
        cmocka_unit_test(broken_notes_end_the_walk),
        cmocka_unit_test(every_cut_is_survived),
        cmocka_unit_test(random_damage_is_survived),
        cmocka_unit_test(long_build_id_is_cut),
        cmocka_unit_test(faults_are_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
