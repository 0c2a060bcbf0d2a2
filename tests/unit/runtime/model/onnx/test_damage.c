/* A model cut off at every byte and with every byte changed: read or refused in words, never worse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "tests/support/onnx_model.h"

enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1, BOOL = 9, S64 = 7 };

static void put_branch(onnx_writer *writer, const char *name, const char *in) {
    onnx_begin(writer, 5);
    onnx_text(writer, 1, name);
    onnx_number(writer, 20, 5);
    onnx_begin(writer, 6);
    onnx_node(writer, "Identity", in, name);
    onnx_port(writer, OUTPUT, name, FLOAT, NULL);
    onnx_end(writer);
    onnx_end(writer);
}

/* Something of everything that is read. */
static void put_model(onnx_writer *writer) {
    static const float weights[] = {1, 2};
    onnx_begin_model(writer, 13);
    onnx_begin_node(writer, "If", "c", "y");
    put_branch(writer, "then_branch", "x");
    put_branch(writer, "else_branch", "w");
    onnx_end(writer);
    onnx_begin_node(writer, "f", "y", "z");
    onnx_text(writer, 7, "our");
    onnx_attribute_int(writer, "seed", 3);
    onnx_end(writer);
    onnx_begin_node(writer, "Constant", "", "k");
    onnx_begin(writer, 5);
    onnx_text(writer, 1, "value");
    onnx_tensor(writer, 5, "t", FLOAT, "2", weights, sizeof weights);
    onnx_end(writer);
    onnx_end(writer);
    onnx_tensor(writer, INITIALIZER, "w", FLOAT, "2", weights, sizeof weights);
    onnx_begin(writer, INITIALIZER);
    onnx_number(writer, 1, 2);
    onnx_number(writer, 2, S64);
    onnx_text(writer, 8, "i");
    onnx_bytes(writer, 7, "\1\2", 2);
    onnx_end(writer);
    onnx_port(writer, INPUT, "c", BOOL, "");
    onnx_port(writer, INPUT, "x", FLOAT, "n,2");
    onnx_port(writer, OUTPUT, "z", FLOAT, "n,2");
    onnx_end(writer);
    onnx_begin(writer, 25);
    onnx_text(writer, 1, "f");
    onnx_text(writer, 10, "our");
    onnx_text(writer, 4, "a");
    onnx_text(writer, 5, "b");
    onnx_begin(writer, 9);
    onnx_number(writer, 2, 13);
    onnx_end(writer);
    onnx_begin(writer, 7);
    onnx_text(writer, 1, "a");
    onnx_text(writer, 2, "b");
    onnx_text(writer, 4, "Identity");
    onnx_end(writer);
    onnx_end(writer);
}

/* In memory of its very size, so that a read beyond it is seen. */
static void try_bytes(const uint8_t *bytes, size_t count) {
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    uint8_t *exact = malloc(count > 0 ? count : 1);
    memcpy(exact, bytes, count);
    sy_status status = sy_onnx_read(exact, count, &model, &err);
    assert_true((status == SY_OK) == (model != NULL));
    assert_true((status == SY_OK) == (err.text[0] == '\0'));
    assert_null(strchr(err.text, '\n'));
    sy_onnx_destroy(model);
    free(exact);
}

static void the_whole_is_read(void **state) {
    (void)state;
    onnx_writer writer = {0};
    put_model(&writer);
    sy_onnx_model *model = onnx_model_of(&writer);
    assert_int_equal(sy_onnx_graph(model)->n_node, 2);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void each_cut_is_survived(void **state) {
    (void)state;
    onnx_writer writer = {0};
    put_model(&writer);
    for (size_t count = 0; count < writer.count; count++)
        try_bytes(writer.bytes, count);
    onnx_writer_free(&writer);
}

static void each_change_is_survived(void **state) {
    (void)state;
    static const uint8_t changes[] = {0x01, 0x02, 0x04, 0x08, 0x20, 0x7f, 0x80, 0xff};
    onnx_writer writer = {0};
    put_model(&writer);
    for (size_t i = 0; i < writer.count; i++)
        for (size_t k = 0; k < sizeof changes; k++) {
            writer.bytes[i] ^= changes[k];
            try_bytes(writer.bytes, writer.count);
            writer.bytes[i] ^= changes[k];
        }
    onnx_writer_free(&writer);
}

static void each_allocation_may_fail(void **state) {
    (void)state;
    onnx_writer writer = {0};
    put_model(&writer);
    uint64_t calls = 1;
    for (uint64_t k = 1; k <= calls + 1; k++) {
        sy_error err = SY_ERROR_INIT;
        sy_onnx_model *model = NULL;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_onnx_read(writer.bytes, writer.count, &model, &err);
        calls = sy_seam_disarm();
        assert_int_equal(status, k <= calls ? SY_OUT_OF_MEMORY : SY_OK);
        sy_onnx_destroy(model);
    }
    assert_true(calls > 50);
    onnx_writer_free(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_is_read),
        cmocka_unit_test(each_cut_is_survived),
        cmocka_unit_test(each_change_is_survived),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
