/* NumPy's files: written and read back, and refused with one clear line. */
#include "bench/tensor/npy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

static char path[64];

static int make_path(void **state) {
    (void)state;
    snprintf(path, sizeof path, "/tmp/steelyard-npy-XXXXXX");
    int fd = mkstemp(path);
    return fd >= 0 ? close(fd) : -1;
}

static int remove_path(void **state) {
    (void)state;
    return unlink(path);
}

static void put(const char *bytes, size_t count) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(count, fwrite(bytes, 1, count, file));
    fclose(file);
}

/* A file of format 1 with a header of ours and `data` bytes of zeros. */
static void put_header(const char *header, size_t data) {
    char bytes[1024] = "\x93NUMPY\x01";
    size_t length = strlen(header);
    bytes[8] = (char)length;
    memcpy(bytes + 10, header, length);
    put(bytes, 10 + length + data);
}

static void what_is_written_is_read(void **state) {
    (void)state;
    static const uint32_t types[] = {
        SY_F32, SY_F64, SY_F16, SY_S8, SY_U8, SY_S32, SY_S64, SY_BOOL, SY_S16, SY_U16, SY_U32, SY_U64};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        sy_host_tensor out = {.dtype = types[i], .rank = 3, .dim = {2, 1, 5}}, in;
        assert_int_equal(SY_OK, sy_host_tensor_alloc(&out, NULL));
        for (uint64_t j = 0; j < out.bytes; j++)
            ((unsigned char *)out.data)[j] = (unsigned char)j;
        assert_int_equal(SY_OK, sy_npy_write(path, &out, NULL));
        assert_int_equal(SY_OK, sy_npy_read(path, &in, NULL));
        assert_int_equal(types[i], in.dtype);
        assert_int_equal(3, in.rank);
        assert_memory_equal(out.dim, in.dim, 3 * sizeof in.dim[0]);
        assert_int_equal(out.bytes, in.bytes);
        assert_memory_equal(out.data, in.data, in.bytes);
        sy_host_tensor_release(&in);
        sy_host_tensor_release(&out);
    }
}

static void odd_shapes_go_both_ways(void **state) {
    (void)state;
    static const int64_t dims[][2] = {{0, 0}, {7, 0}, {0, 3}};
    for (uint32_t rank = 0; rank < 3; rank++) {
        sy_host_tensor out = {.dtype = SY_F32, .rank = rank, .dim = {dims[rank][0], dims[rank][1]}}, in;
        assert_int_equal(SY_OK, sy_host_tensor_alloc(&out, NULL));
        assert_int_equal(SY_OK, sy_npy_write(path, &out, NULL));
        assert_int_equal(SY_OK, sy_npy_read(path, &in, NULL));
        assert_int_equal(rank, in.rank);
        assert_int_equal(out.count, in.count);
        sy_host_tensor_release(&in);
        sy_host_tensor_release(&out);
    }
}

static void the_numbers_begin_at_a_multiple_of_64(void **state) {
    (void)state;
    char bytes[256];
    sy_host_tensor out = {.dtype = SY_F32, .rank = 1, .dim = {4}};
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&out, NULL));
    assert_int_equal(SY_OK, sy_npy_write(path, &out, NULL));
    FILE *file = fopen(path, "rb");
    size_t got = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(0, (got - 16) % 64);
    assert_int_equal('\n', bytes[got - 17]);
    sy_host_tensor_release(&out);
}

static void bf16_is_written_as_two_bytes(void **state) {
    (void)state;
    sy_host_tensor out = {.dtype = SY_BF16, .rank = 1, .dim = {4}}, in;
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&out, NULL));
    assert_int_equal(SY_OK, sy_npy_write(path, &out, NULL));
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read(path, &in, &error));
    sy_host_tensor_release(&out);
}

static void headers_of_numpy_are_read(void **state) {
    (void)state;
    sy_host_tensor in;
    put_header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24);
    assert_int_equal(SY_OK, sy_npy_read(path, &in, NULL));
    assert_int_equal(6, in.count);
    sy_host_tensor_release(&in);
    put_header("{'shape':(5,),'fortran_order':False,'descr':\"|u1\"}", 5);
    assert_int_equal(SY_OK, sy_npy_read(path, &in, NULL));
    assert_int_equal(SY_U8, in.dtype);
    sy_host_tensor_release(&in);
}

static void damaged_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t data;
        const char *text;
    } rows[] = {
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, "not plain little-endian"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, "not plain little-endian"},
        {"{'descr': '<f44', 'fortran_order': False, 'shape': (1,), }", 4, "not plain little-endian"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "not plain little-endian"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, "Fortran order"},
        {"{'descr': '<f4', 'shape': (2, 2), }", 16, "damaged .npy header"},
        {"{'descr': '<f4', 'fortran_order': False, }", 4, "no shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1", 4, "no shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "no shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }", 4,
            "no shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4, "no shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 4, "more elements"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 11, "ends 1 bytes too early"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 13, "goes on behind"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }", 8, "more bytes"},
        {"", 0, "not plain"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        sy_host_tensor in = {.dtype = 9};
        put_header(rows[i].header, rows[i].data);
        assert_true(sy_npy_read(path, &in, &error) != SY_OK);
        assert_non_null(strstr(error.text, rows[i].text));
        assert_int_equal(0, strncmp(error.text, path, strlen(path)));
        assert_null(in.data);
    }
}

static void what_is_no_npy_file_is_refused(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    sy_host_tensor in;
    put("\x93NUMPY\x04\x00\x01\x00{", 11);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read(path, &in, &error));
    assert_non_null(strstr(error.text, "not an .npy file"));
    put("PK\x03\x04 a zip file", 14);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read(path, &in, &error));
    put("", 0);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read(path, &in, &error));
    put("\x93NUMPY\x02\x00\xff\xff\xff\x7f", 12);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read(path, &in, &error));
    assert_non_null(strstr(error.text, "a header of"));
    assert_int_equal(SY_INVALID_ARGUMENT, sy_npy_read("/nowhere/x.npy", &in, &error));
    assert_string_equal("/nowhere/x.npy: no such file", error.text);
    assert_true(sy_npy_read("/tmp", &in, &error) != SY_OK);
}

static void every_call_may_fail(void **state) {
    (void)state;
    sy_host_tensor out = {.dtype = SY_F32, .rank = 1, .dim = {4}}, in;
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&out, NULL));
    for (uint64_t k = 1;; k++) {
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        sy_status status = sy_npy_write(path, &out, NULL);
        if (status == SY_OK)
            status = sy_npy_read(path, &in, NULL);
        uint64_t calls = sy_seam_disarm();
        if (status != SY_OK)
            continue;
        assert_true(calls < k && k > 5);
        sy_host_tensor_release(&in);
        break;
    }
    sy_host_tensor_release(&out);
}

static void sizes_and_shapes_are_told(void **state) {
    (void)state;
    char text[SY_SHAPE_TEXT_MAX];
    sy_error error = SY_ERROR_INIT;
    const int64_t dim[] = {1, 3, -1};
    sy_shape_text(SY_F32, 3, dim, text);
    assert_string_equal("f32 1x3x?", text);
    sy_extents_text(0, NULL, text);
    assert_string_equal("scalar", text);
    sy_host_tensor bad = {.dtype = SY_STRING};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_host_tensor_measure(&bad, &error));
    bad = (sy_host_tensor){.dtype = SY_F32, .rank = 1, .dim = {-1}};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_host_tensor_measure(&bad, &error));
    bad = (sy_host_tensor){.dtype = SY_F32, .rank = SY_MAX_RANK + 1};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_host_tensor_measure(&bad, &error));
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, make_path, remove_path)

int main(void) {
    const struct CMUnitTest tests[] = {
        FILE_TEST(what_is_written_is_read),
        FILE_TEST(odd_shapes_go_both_ways),
        FILE_TEST(the_numbers_begin_at_a_multiple_of_64),
        FILE_TEST(bf16_is_written_as_two_bytes),
        FILE_TEST(headers_of_numpy_are_read),
        FILE_TEST(damaged_files_are_refused),
        FILE_TEST(what_is_no_npy_file_is_refused),
        FILE_TEST(every_call_may_fail),
        cmocka_unit_test(sizes_and_shapes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
