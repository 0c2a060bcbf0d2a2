/* Tensors in files of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "tests/support/onnx_model.h"

#define PATH "steelyard-tensor-file.pb"

enum { FLOAT = 1, STRING = 8 };

static void put_tensor(int32_t type, const void *raw, size_t count) {
    onnx_writer writer = {0};
    onnx_tensor(&writer, 1, "x", type, "2", raw, count);
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(writer.bytes + 6, 1, writer.count - 6, file), writer.count - 6);
    fclose(file);
    onnx_writer_free(&writer);
}

static void a_tensor_is_read(void **state) {
    (void)state;
    static const float values[] = {1, -2};
    sy_error err = SY_ERROR_INIT;
    sy_net_arena arena = {0};
    const char *name = NULL;
    sy_net_tensor tensor;
    put_tensor(FLOAT, values, sizeof values);
    assert_int_equal(sy_onnx_tensor_load(PATH, &arena, &name, &tensor, &err), SY_OK);
    assert_string_equal(name, "x");
    assert_true(tensor.dtype == SY_F32 && tensor.rank == 1 && tensor.dim[0] == 2);
    unlink(PATH); /* nothing of it is needed any more */
    assert_memory_equal(tensor.data, values, sizeof values);
    sy_net_arena_release(&arena);
}

static void wrong_files_are_told(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    sy_net_arena arena = {0};
    const char *name = NULL;
    sy_net_tensor tensor;
    put_tensor(STRING, NULL, 0);
    assert_int_equal(sy_onnx_tensor_load(PATH, &arena, &name, &tensor, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, PATH ": elements of type string (8)"));
    put_tensor(FLOAT, "abc", 3);
    assert_int_equal(sy_onnx_tensor_load(PATH, &arena, &name, &tensor, &err), SY_INVALID_ARGUMENT);
    unlink(PATH);
    assert_int_equal(sy_onnx_tensor_load(PATH, &arena, &name, &tensor, &err), SY_IO);
    sy_net_arena_release(&arena);
}

static void each_call_may_fail(void **state) {
    (void)state;
    static const float values[] = {1, -2};
    put_tensor(FLOAT, values, sizeof values);
    for (uint64_t k = 1, calls = 1; k <= calls + 1; k++) {
        sy_net_arena arena = {0};
        const char *name = NULL;
        sy_net_tensor tensor;
        sy_seam_arm(SY_SEAM_FILE | SY_SEAM_ALLOC, k);
        sy_status status = sy_onnx_tensor_load(PATH, &arena, &name, &tensor, NULL);
        calls = sy_seam_disarm();
        assert_true((status == SY_OK) == (k > calls));
        sy_net_arena_release(&arena);
    }
    unlink(PATH);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tensor_is_read),
        cmocka_unit_test(wrong_files_are_told),
        cmocka_unit_test(each_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
