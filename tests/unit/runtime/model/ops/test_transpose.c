/* Transpose, DepthToSpace, SpaceToDepth; and boxes of every kind of stride against the definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/ops/box.h"
#include "tests/support/op_text.h"

static const op_text turned[] = {
    {"Transpose", 13, NULL, {"T[2,3] 1 0 1 0 0 1"}, {"T[3,2] 1 0 0 0 1 1"}, 0, NULL},
    {"Transpose", 1, "perm=[0,2,1]", {"T[1,2,2] 1 0 1 1"}, {"T[1,2,2] 1 1 0 1"}, 0, NULL},
    {"Transpose", 13, NULL, {"T[] 1"}, {"T[] 1"}, 0, NULL},
    {"Transpose", 13, NULL, {"T[0,3]"}, {"T[3,0]"}, 0, NULL},
    {"DepthToSpace", 1, "blocksize=2", {"T[1,4,1,1] 1 0 0 1"}, {"T[1,1,2,2] 1 0 0 1"}, 0, NULL},
    {"DepthToSpace", 11, "blocksize=2 mode=CRD", {"T[1,8,1,1] 1 0 0 1 0 0 1 1"},
        {"T[1,2,2,2] 1 0 0 1 0 0 1 1"}, 0, NULL},
    {"DepthToSpace", 11, "blocksize=2 mode=DCR", {"T[1,8,1,1] 1 0 0 1 0 0 1 1"},
        {"T[1,2,2,2] 1 0 0 1 0 1 0 1"}, 0, NULL},
    {"SpaceToDepth", 1, "blocksize=2", {"T[1,1,2,2] 1 0 0 1"}, {"T[1,4,1,1] 1 0 0 1"}, 0, NULL},
    {"SpaceToDepth", 13, "blocksize=1", {"T[1,1,0,2]"}, {"T[1,1,0,2]"}, 0, NULL},
};

static const op_text refused[] = {
    {"Transpose", 13, "perm=[0]", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "perm has 1 numbers"},
    {"Transpose", 13, "perm=[0,0]", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "named twice"},
    {"Transpose", 13, "perm=[0,2]", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 2"},
    {"DepthToSpace", 13, "blocksize=2", {"f32[1,3,1,1]"}, {NULL}, SY_INVALID_ARGUMENT, "blocks of 2"},
    {"DepthToSpace", 13, NULL, {"f32[1,4,1,1]"}, {NULL}, SY_INVALID_ARGUMENT, "blocksize is 0"},
    {"DepthToSpace", 13, "blocksize=4294967296", {"f32[1,4,1,1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "blocksize is"},
    {"DepthToSpace", 13, "blocksize=2 mode=X", {"f32[1,4,1,1]"}, {NULL}, SY_INVALID_ARGUMENT, "mode is 'X'"},
    {"SpaceToDepth", 13, "blocksize=2", {"f32[1,4,3,2]"}, {NULL}, SY_INVALID_ARGUMENT, "blocks of 2"},
    {"SpaceToDepth", 13, "blocksize=2", {"f32[4,3,2]"}, {NULL}, SY_INVALID_ARGUMENT, "rank 3"},
};

static void dimensions_in_another_order(void **state) {
    (void)state;
    op_text_try_types(turned, sizeof turned / sizeof turned[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

/* Element by element, in the order of the dimensions. */
static void copy_plainly(const sy_net_box *box, size_t size, const char *in, char *out) {
    int64_t count = 1;
    for (uint32_t i = 0; i < box->rank; i++)
        count *= box->dim[i];
    for (int64_t k = 0; k < count; k++) {
        int64_t rest = k, from = 0, to = 0;
        for (uint32_t i = box->rank; i-- > 0; rest /= box->dim[i]) {
            from += rest % box->dim[i] * box->in[i];
            to += rest % box->dim[i] * box->out[i];
        }
        memcpy(out + (size_t)to * size, in + (size_t)from * size, size);
    }
}

static void in_shares(void *ctx, int64_t count, sy_team_fn *fn, void *arg) {
    (void)ctx;
    for (int64_t i = 4; i >= 0; i--)
        fn(arg, count * i / 5, count * (i + 1) / 5);
}

static void check_box(const sy_net_box *box, int64_t first, int64_t in_room, int64_t out_room) {
    sy_team team = {.threads = 5, .parallel = in_shares};
    for (size_t size = 1; size <= 8; size *= 2) {
        char *in = malloc((size_t)in_room * size), *plain = calloc((size_t)out_room, size);
        char *out = calloc((size_t)out_room, size);
        assert_true(in != NULL && plain != NULL && out != NULL);
        for (size_t i = 0; i < (size_t)in_room * size; i++)
            in[i] = (char)(i * 37 + i / 251);
        const char *from = in + (size_t)first * size;
        copy_plainly(box, size, from, plain);
        sy_net_box_copy(box, size, from, out, NULL);
        assert_memory_equal(out, plain, (size_t)out_room * size);
        memset(out, 0, (size_t)out_room * size);
        sy_net_box_copy(box, size, from, out, &team);
        assert_memory_equal(out, plain, (size_t)out_room * size);
        free(in);
        free(plain);
        free(out);
    }
}

/* All orders of four dimensions, lengths below and above a tile. */
static void every_order_of_dimensions(void **state) {
    static const int64_t lengths[3][4] = {{2, 35, 3, 41}, {33, 2, 1, 66}, {5, 4, 70, 3}};
    (void)state;
    for (int64_t code = 0; code < 3 * 256; code++) {
        const int64_t *dim = lengths[code / 256];
        uint32_t order[4], seen = 0;
        for (int i = 0; i < 4; i++) {
            order[i] = (uint32_t)(code >> 2 * i & 3);
            seen |= 1u << order[i];
        }
        if (seen != 15)
            continue;
        int64_t step[4] = {dim[1] * dim[2] * dim[3], dim[2] * dim[3], dim[3], 1}, count = step[0] * dim[0];
        sy_net_box box = {0};
        int64_t to = count;
        for (int i = 0; i < 4; i++) {
            to /= dim[order[i]];
            sy_net_box_add(&box, dim[order[i]], step[order[i]], to);
        }
        check_box(&box, 0, count, count);
    }
}

/* Gaps on both sides, elements that are repeated, and steps backwards. */
static void every_kind_of_stride(void **state) {
    (void)state;
    check_box(&(sy_net_box){3, {3, 40, 7}, {400, 7, 1}, {480, 12, 1}}, 0, 1200, 1440);
    check_box(&(sy_net_box){3, {3, 40, 37}, {1, 3, 120}, {1600, 40, 1}}, 0, 4440, 4800);
    check_box(&(sy_net_box){3, {4, 9, 5}, {0, 5, 1}, {45, 5, 1}}, 0, 45, 180);
    check_box(&(sy_net_box){2, {9, 50}, {1, 0}, {50, 1}}, 0, 9, 450);
    check_box(&(sy_net_box){2, {9, 50}, {50, -1}, {50, 1}}, 49, 450, 450);
    check_box(&(sy_net_box){2, {9, 50}, {-50, 1}, {50, 1}}, 400, 450, 450);
    check_box(&(sy_net_box){1, {10000}, {1}, {1}}, 0, 10000, 10000);
    check_box(&(sy_net_box){1, {5000}, {2}, {1}}, 0, 10000, 5000);
    check_box(&(sy_net_box){2, {50, 9}, {1, 50}, {1, 50}}, 0, 450, 450);
    check_box(&(sy_net_box){0, {0}, {0}, {0}}, 0, 1, 1);
    check_box(&(sy_net_box){2, {3, 0}, {1, 1}, {1, 1}}, 0, 3, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dimensions_in_another_order),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(every_order_of_dimensions),
        cmocka_unit_test(every_kind_of_stride),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
