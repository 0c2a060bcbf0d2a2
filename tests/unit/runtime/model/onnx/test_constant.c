/* Constants: raw and typed elements of all types, where they lie, Constant nodes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/onnx_model.h"

enum { OUTPUT = 12, INITIALIZER = 5 };
enum {
    FLOAT = 1,
    U8 = 2,
    S8 = 3,
    U16 = 4,
    S16 = 5,
    S32 = 6,
    S64 = 7,
    STRING = 8,
    BOOL = 9,
    F16 = 10,
    F64 = 11,
    U32 = 12,
    U64 = 13,
    BF16 = 16
};

/* A tensor of two elements, left open for them. */
static void begin_tensor(onnx_writer *writer, int32_t type) {
    onnx_begin(writer, INITIALIZER);
    onnx_number(writer, 1, 2);
    onnx_number(writer, 2, type);
    onnx_text(writer, 8, "w");
}

static void check_two(onnx_writer *writer, uint32_t dtype, double first, double second) {
    sy_onnx_model *model = onnx_model_of(writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    const sy_net_value *w = &graph->value[onnx_value_of(graph, "w")];
    assert_true(w->flags == SY_NET_CONST && w->tensor.dtype == dtype && w->tensor.rank == 1);
    assert_true((uintptr_t)w->tensor.data % sy_net_dtype_size(dtype) == 0);
    assert_true(sy_net_get(&w->tensor, 0) == first && sy_net_get(&w->tensor, 1) == second);
    sy_onnx_destroy(model);
    onnx_writer_free(writer);
}

static void integers_are_decoded(void **state) {
    (void)state;
    static const struct {
        int32_t type;
        uint32_t field, dtype;
        int64_t first, second;
        double wanted_first, wanted_second;
    } rows[] = {
        {U8, 5, SY_U8, 0, 255, 0, 255},
        {S8, 5, SY_S8, -128, 127, -128, 127},
        {U16, 5, SY_U16, 1, 65535, 1, 65535},
        {S16, 5, SY_S16, -32768, 7, -32768, 7},
        {S32, 5, SY_S32, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX},
        {S64, 7, SY_S64, INT64_MIN, -1, -9223372036854775808.0, -1},
        {BOOL, 5, SY_BOOL, 1, 0, 1, 0},
        {F16, 5, SY_F16, 0x3c00, 0xc000, 1, -2},
        {BF16, 5, SY_BF16, 0x3f80, 0xc000, 1, -2},
        {U32, 11, SY_U32, 0, UINT32_MAX, 0, UINT32_MAX},
        {U64, 11, SY_U64, 1, -1, 1, 18446744073709551615.0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int is_packed = 0; is_packed < 2; is_packed++) {
            onnx_writer writer = {0}, list = {0};
            onnx_begin_model(&writer, 13);
            begin_tensor(&writer, rows[i].type);
            onnx_put_varint(&list, (uint64_t)rows[i].first);
            onnx_put_varint(&list, (uint64_t)rows[i].second);
            if (is_packed) {
                onnx_bytes(&writer, rows[i].field, list.bytes, list.count);
            } else {
                onnx_number(&writer, rows[i].field, rows[i].first);
                onnx_number(&writer, rows[i].field, rows[i].second);
            }
            onnx_writer_free(&list);
            check_two(&writer, rows[i].dtype, rows[i].wanted_first, rows[i].wanted_second);
        }
}

static void floats_are_decoded(void **state) {
    (void)state;
    static const float floats[] = {1.5f, -2.25f};
    static const double doubles[] = {1e300, -2.25};
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, FLOAT);
    onnx_bytes(&writer, 4, floats, sizeof floats);
    check_two(&writer, SY_F32, 1.5, -2.25);
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, FLOAT);
    onnx_float(&writer, 4, 1.5f);
    onnx_bytes(&writer, 4, &floats[1], sizeof floats[1]); /* singly and packed */
    check_two(&writer, SY_F32, 1.5, -2.25);
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, F64);
    onnx_bytes(&writer, 10, doubles, sizeof doubles);
    check_two(&writer, SY_F64, 1e300, -2.25);
}

static void raw_elements_stay_where_they_are(void **state) {
    (void)state;
    static const float floats[] = {1, 2};
    int stayed = 0, copied = 0;
    for (size_t shift = 0; shift < 8; shift++) {
        onnx_writer writer = {0};
        onnx_bytes(&writer, 2, "xxxxxxxxxx", shift); /* producer_name */
        onnx_begin_model(&writer, 13);
        onnx_tensor(&writer, INITIALIZER, "w", FLOAT, "2", floats, sizeof floats);
        sy_onnx_model *model = onnx_model_of(&writer);
        const sy_net_graph *graph = sy_onnx_graph(model);
        const sy_net_tensor *w = &graph->value[onnx_value_of(graph, "w")].tensor;
        const uint8_t *data = w->data;
        bool is_inside = data >= writer.bytes && data < writer.bytes + writer.count;
        assert_true((uintptr_t)data % sizeof(float) == 0);
        assert_memory_equal(data, floats, sizeof floats);
        stayed += is_inside;
        copied += !is_inside;
        sy_onnx_destroy(model);
        onnx_writer_free(&writer);
    }
    assert_true(stayed == 2 && copied == 6);
}

static void booleans_are_0_or_1(void **state) {
    (void)state;
    static const uint8_t odd[] = {0, 200};
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_tensor(&writer, INITIALIZER, "w", BOOL, "2", odd, sizeof odd);
    check_two(&writer, SY_BOOL, 0, 1);
}

static void empty_tensors_have_data(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_tensor(&writer, INITIALIZER, "w", FLOAT, "3,0", NULL, 0);
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_non_null(graph->value[onnx_value_of(graph, "w")].tensor.data);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

/* Extents, type, raw elements: refused. */
static void refuse_tensor(
    int32_t type, const char *extents, const void *raw, size_t count, sy_status status, const char *words) {
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_tensor(&writer, INITIALIZER, "w", type, extents, raw, count);
    onnx_model_refused(&writer, status, words);
}

static void wrong_tensors_are_refused(void **state) {
    (void)state;
    static const uint8_t bytes[64];
    refuse_tensor(FLOAT, "2", bytes, 7, SY_INVALID_ARGUMENT, "constant 'w': 7 bytes of elements, must be 8");
    refuse_tensor(FLOAT, "2", bytes, 12, SY_INVALID_ARGUMENT, "12 bytes of elements, must be 8");
    refuse_tensor(FLOAT, "2", NULL, 0, SY_INVALID_ARGUMENT, "2 elements in 0 bytes");
    refuse_tensor(FLOAT, "-2", bytes, 8, SY_INVALID_ARGUMENT, "extent 0 is -2");
    refuse_tensor(FLOAT, "1,1,1,1,1,1,1,1,1", bytes, 4, SY_OVERFLOW, "rank is 9, at most 8");
    refuse_tensor(FLOAT, "4294967296,4294967296,4294967296", bytes, 4, SY_OVERFLOW, "a tensor of more than");
    refuse_tensor(FLOAT, "1099511627776", bytes, 4, SY_OVERFLOW, "a tensor of more than");
    refuse_tensor(STRING, "1", NULL, 0, SY_UNSUPPORTED, "elements of type string (8)");
    refuse_tensor(22, "1", bytes, 1, SY_UNSUPPORTED, "elements of type int4 (22)");
    refuse_tensor(0, "1", bytes, 4, SY_UNSUPPORTED, "elements of type undefined (0)");
}

static void wrong_elements_are_refused(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, S8);
    onnx_number(&writer, 5, 0);
    onnx_number(&writer, 5, 128);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "element 1 is 128, beyond s8");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, S8);
    onnx_bytes(&writer, 5, "\1\2\3", 3);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "more than 2 elements");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, S64);
    onnx_bytes(&writer, 7, "\x81\1", 2);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "1 elements, must be 2");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, FLOAT);
    onnx_bytes(&writer, 4, "\1\2\3\4\5\6", 6);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "element 1 is cut off");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, FLOAT);
    onnx_number(&writer, 5, 1);
    onnx_number(&writer, 5, 1);
    onnx_model_refused(
        &writer, SY_INVALID_ARGUMENT, "elements in field 5 of the tensor, f32 has them in 4 or 9");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, U8);
    onnx_bytes(&writer, 9, "a", 1);
    onnx_bytes(&writer, 9, "b", 1);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "raw elements are there twice");
    onnx_begin_model(&writer, 13);
    begin_tensor(&writer, U8);
    onnx_bytes(&writer, 3, "", 0);
    onnx_model_refused(&writer, SY_UNSUPPORTED, "stored in segments");
}

static void names_are_wanted(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_tensor(&writer, INITIALIZER, "", FLOAT, "1", "abcd", 4);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "constant 0 has no name");
    onnx_begin_model(&writer, 13);
    onnx_bytes(&writer, 15, "", 0);
    onnx_model_refused(&writer, SY_UNSUPPORTED, "1 sparse constants");
}

/* A Constant with an attribute of a kind, its content put by the test. */
static void begin_constant(onnx_writer *writer, const char *attribute, int32_t kind) {
    onnx_begin_model(writer, 13);
    onnx_begin_node(writer, "Constant", "", "w");
    onnx_begin(writer, 5);
    onnx_text(writer, 1, attribute);
    onnx_number(writer, 20, kind);
}

static void end_constant(onnx_writer *writer) {
    onnx_end(writer);
    onnx_end(writer);
    onnx_port(writer, OUTPUT, "w", 0, NULL);
}

static void constant_nodes_become_constants(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t kind;
        uint32_t dtype, rank;
    } rows[] = {{"value_float", 1, SY_F32, 0}, {"value_int", 2, SY_S64, 0}, {"value", 4, SY_U8, 1},
        {"value_floats", 6, SY_F32, 1}, {"value_ints", 7, SY_S64, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        onnx_writer writer = {0};
        begin_constant(&writer, rows[i].name, rows[i].kind);
        onnx_float(&writer, 2, 3);
        onnx_number(&writer, 3, 3);
        onnx_tensor(&writer, 5, "", U8, "1", "\3", 1);
        onnx_float(&writer, 7, 3);
        onnx_number(&writer, 8, 3);
        end_constant(&writer);
        sy_onnx_model *model = onnx_model_of(&writer);
        const sy_net_graph *graph = sy_onnx_graph(model);
        const sy_net_value *w = &graph->value[graph->output[0]];
        assert_true(graph->n_node == 0 && (w->flags & SY_NET_CONST) != 0 && w->producer == SY_NET_NONE);
        assert_true(w->tensor.dtype == rows[i].dtype && w->tensor.rank == rows[i].rank);
        assert_true(sy_net_elements(&w->tensor) == 1 && sy_net_get(&w->tensor, 0) == 3);
        sy_onnx_destroy(model);
        onnx_writer_free(&writer);
    }
}

static void wrong_constant_nodes_are_refused(void **state) {
    (void)state;
    onnx_writer writer = {0};
    begin_constant(&writer, "value_string", 3);
    onnx_text(&writer, 4, "text");
    end_constant(&writer);
    onnx_model_refused(&writer, SY_UNSUPPORTED, "a constant by attribute 'value_string'");
    begin_constant(&writer, "value", 4);
    end_constant(&writer);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "attribute 'value': has no tensor");
    begin_constant(&writer, "sparse_value", 11);
    end_constant(&writer);
    onnx_model_refused(&writer, SY_UNSUPPORTED, "attribute 'sparse_value': is of kind SPARSE_TENSOR (11)");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Constant", "", "w");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "node '' (Constant): needs exactly one attribute");
    begin_constant(&writer, "value_int", 2);
    onnx_end(&writer);
    onnx_text(&writer, 2, "second");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "0 inputs and 2 outputs, must be 0 and 1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_decoded),
        cmocka_unit_test(floats_are_decoded),
        cmocka_unit_test(raw_elements_stay_where_they_are),
        cmocka_unit_test(booleans_are_0_or_1),
        cmocka_unit_test(empty_tensors_have_data),
        cmocka_unit_test(wrong_tensors_are_refused),
        cmocka_unit_test(wrong_elements_are_refused),
        cmocka_unit_test(names_are_wanted),
        cmocka_unit_test(constant_nodes_become_constants),
        cmocka_unit_test(wrong_constant_nodes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
