/* Images from packed to channels last and back, for every size of element, odd extents and pitches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/ops/op.h"
#include "runtime/model/ops/reorder.h"

enum { ROOM = 2 * 40 * 7 * 19 * 8 };

static unsigned char from_bytes[ROOM], to_bytes[ROOM];

/* Byte at which an element lies. */
static int64_t place(const sy_net_tensor *tensor, int64_t n, int64_t c, int64_t pixel) {
    int64_t pixels = tensor->dim[2] * tensor->dim[3], size = (int64_t)sy_net_dtype_size(tensor->dtype);
    int64_t at = tensor->is_last ? (n * pixels + pixel) * tensor->pitch + c
                                 : (n * tensor->dim[1] + c) * pixels + pixel;
    return at * size;
}

static void check(const sy_net_tensor *from, const sy_net_tensor *to) {
    size_t size = sy_net_dtype_size(from->dtype), touched = 0, expected = 0;
    memset(to_bytes, 0xa5, sizeof to_bytes);
    sy_net_reorder(from, to, NULL);
    for (int64_t n = 0; n < from->dim[0]; n++)
        for (int64_t c = 0; c < from->dim[1]; c++)
            for (int64_t p = 0; p < from->dim[2] * from->dim[3]; p++) {
                const unsigned char *a = from_bytes + place(from, n, c, p),
                                    *b = to_bytes + place(to, n, c, p);
                assert_memory_equal(a, b, size);
                for (size_t i = 0; i < size; i++)
                    expected += b[i] != 0xa5;
            }
    for (size_t i = 0; i < sizeof to_bytes; i++)
        touched += to_bytes[i] != 0xa5;
    assert_int_equal(touched, expected); /* nothing beside: a whole's other parts lie there */
}

static sy_net_tensor image(uint32_t dtype, int64_t channels, int64_t height, int64_t pitch, void *data) {
    return (sy_net_tensor){.dtype = dtype,
        .rank = 4,
        .dim = {2, channels, height, 19},
        .is_last = pitch > 0,
        .pitch = pitch,
        .data = data};
}

static void every_element_finds_its_place(void **state) {
    (void)state;
    const uint32_t dtype[] = {SY_U8, SY_BF16, SY_F32, SY_F64};
    const int64_t channels[] = {1, 2, 3, 4, 5, 16, 17, 35};
    for (size_t i = 0; i < sizeof from_bytes; i++)
        from_bytes[i] = (unsigned char)((i * 7 + i / 251) % 164); /* never 0xa5 */
    for (size_t t = 0; t < 4; t++)
        for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
            for (int64_t height = 1; height < 8; height += 3)
                for (int64_t extra = 0; extra < 6; extra += 5) {
                    int64_t c = channels[i];
                    const sy_net_tensor packed = image(dtype[t], c, height, 0, from_bytes);
                    const sy_net_tensor last = image(dtype[t], c, height, c + extra, from_bytes);
                    const sy_net_tensor to_packed = image(dtype[t], c, height, 0, to_bytes);
                    const sy_net_tensor to_last = image(dtype[t], c, height, c + extra, to_bytes);
                    const sy_net_tensor to_wide = image(dtype[t], c, height, c + 3, to_bytes);
                    check(&packed, &to_last);
                    check(&last, &to_packed);
                    check(&last, &to_wide);
                    check(&packed, &to_packed);
                }
}

static void nothing_is_done_without_elements_or_need(void **state) {
    (void)state;
    sy_net_tensor from = image(SY_F32, 0, 2, 0, from_bytes), to = image(SY_F32, 0, 2, 1, to_bytes);
    check(&from, &to);
    from = image(SY_F32, 1, 2, 0, to_bytes); /* a view in its place */
    to = image(SY_F32, 1, 2, 1, to_bytes);
    memset(to_bytes, 3, sizeof to_bytes);
    sy_net_reorder(&from, &to, NULL);
    assert_int_equal(to_bytes[0], 3);
}

/* What no pass makes is refused. */
static void rows_check_what_they_get(void **state) {
    (void)state;
    const char *name[] = {"Reorder", "Relabel", "Pixels", "Images", "Join", "Parts", "ScaleShift"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        sy_net_node node = {.op = sy_net_op_find("steelyard", name[i], 1), .name = "n"};
        const sy_net_tensor flat = {.dtype = SY_F32, .rank = 1, .dim = {4}};
        const sy_net_tensor in[3] = {flat, flat, flat};
        sy_net_tensor out = {0};
        sy_net_call call = {.node = &node, .in = in, .out = &out, .n_in = 3, .n_out = 1};
        sy_error err = SY_ERROR_INIT;
        assert_non_null(node.op);
        assert_int_equal(node.op->infer(&call, &err), SY_INVALID_ARGUMENT);
        assert_int_not_equal(err.text[0], 0);
    }
}

static void parts_lie_within_their_whole(void **state) {
    (void)state;
    const int64_t number[][2] = {{0, 5}, {2, 3}, {-1, 2}, {0, -1}, {INT64_MAX, 2}};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        const sy_net_attr attr[] = {{.name = "offsets", .kind = SY_NET_INTS, .count = 1, .i = &number[i][0]},
            {.name = "extents", .kind = SY_NET_INTS, .count = 1, .i = &number[i][1]}};
        const sy_net_node node = {
            .op = sy_net_op_find("steelyard", "Parts", 1), .name = "n", .n_attr = 2, .attr = attr};
        const sy_net_tensor in = image(SY_F32, 4, 2, 4, NULL);
        sy_net_tensor out = {0};
        sy_net_call call = {.node = &node, .in = &in, .out = &out, .n_in = 1, .n_out = 1};
        assert_int_equal(node.op->infer(&call, NULL), SY_INVALID_ARGUMENT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_finds_its_place),
        cmocka_unit_test(nothing_is_done_without_elements_or_need),
        cmocka_unit_test(rows_check_what_they_get),
        cmocka_unit_test(parts_lie_within_their_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
