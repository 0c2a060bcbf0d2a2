/* Reorder between strided layouts of every element size, and into packed ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "runtime/dispatch/dispatch.h"
#include "tests/unit/backends/cpu/rig.h"

static int open_rig(void **state) {
    static rig r;
    r = (rig){0};
    rig_open(&r, "");
    *state = &r;
    return 0;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

/* Packed strides with the axes in the order `order`, outermost first. */
static sy_tensor make_tensor(uint32_t dtype, uint32_t rank, const int64_t *dim, const uint32_t *order) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = dtype, .rank = rank};
    int64_t stride = 1;
    memcpy(tensor.dim, dim, rank * sizeof dim[0]);
    for (uint32_t i = rank; i-- > 0;) {
        tensor.stride[order[i]] = stride;
        stride *= dim[order[i]];
    }
    return tensor;
}

static int64_t count_of(const sy_tensor *tensor) {
    int64_t count = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        count *= tensor->dim[i];
    return count;
}

static int64_t place_of(const sy_tensor *tensor, int64_t index) {
    int64_t place = 0;
    for (uint32_t i = tensor->rank; i-- > 0; index /= tensor->dim[i])
        place += index % tensor->dim[i] * tensor->stride[i];
    return place;
}

static void check(rig *r, const sy_tensor *from, const sy_tensor *to) {
    int64_t count = count_of(from);
    uint64_t bytes = (uint64_t)count * sy_dtype_size(from->dtype);
    sy_buffer *source = NULL, *target = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes, &source, NULL), SY_OK);
    assert_int_equal(r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes, &target, NULL), SY_OK);
    unsigned char *a = r->api->memory->host_ptr(source), *b = r->api->memory->host_ptr(target);
    for (uint64_t i = 0; i < bytes; i++)
        a[i] = (unsigned char)(i * 31 + i / 251);
    sy_status status = sy_dispatch_reorder(r->api, r->device, r->queue, from, (sy_span){source, 0, bytes}, to,
        (sy_span){target, 0, bytes}, &err);
    if (status != SY_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    size_t size = sy_dtype_size(from->dtype);
    for (int64_t i = 0; i < count; i++)
        assert_memory_equal(b + (size_t)place_of(to, i) * size, a + (size_t)place_of(from, i) * size, size);
    r->api->memory->free(source);
    r->api->memory->free(target);
}

static void any_strides_to_any_strides(void **state) {
    static const uint32_t dtypes[] = {SY_S8, SY_BF16, SY_F32, SY_F64};
    static const int64_t dims[][4] = {
        {1, 1, 1, 1}, {2, 3, 5, 7}, {1, 33, 31, 32}, {3, 64, 1, 65}, {40, 1, 1, 3}};
    static const uint32_t orders[][4] = {{0, 1, 2, 3}, {0, 2, 3, 1}, {3, 2, 1, 0}, {1, 0, 3, 2}};
    for (size_t t = 0; t < 4; t++)
        for (size_t d = 0; d < 5; d++)
            for (size_t i = 0; i < 16; i++) {
                sy_tensor from = make_tensor(dtypes[t], 4, dims[d], orders[i % 4]);
                sy_tensor to = make_tensor(dtypes[t], 4, dims[d], orders[i / 4]);
                check(*state, &from, &to);
            }
}

static void high_ranks(void **state) {
    static const int64_t dim[] = {2, 1, 3, 2, 1, 5, 2, 3};
    static const uint32_t forth[] = {0, 1, 2, 3, 4, 5, 6, 7}, back[] = {7, 5, 3, 1, 0, 2, 4, 6};
    sy_tensor from = make_tensor(SY_F16, 8, dim, forth), to = make_tensor(SY_F16, 8, dim, back);
    check(*state, &from, &to);
}

static sy_status offer_reorder(rig *r, const sy_tensor *from, const sy_tensor *to, sy_error *err) {
    sy_tensor pair[2] = {*from, *to};
    sy_problem problem = {.size = sizeof problem, .op = SY_OP_REORDER, .tensor = pair, .n_in = 1, .n_out = 1};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    return r->api->work->algorithm(r->device, &problem, 0, &algorithm, err);
}

static void refuses_what_does_not_match(void **state) {
    static const int64_t dim[] = {2, 3}, other[] = {2, 4};
    static const uint32_t order[] = {0, 1};
    sy_error err = SY_ERROR_INIT;
    sy_tensor from = make_tensor(SY_F32, 2, dim, order), to = make_tensor(SY_F32, 2, dim, order);
    assert_int_equal(offer_reorder(*state, &from, &to, &err), SY_OK);
    sy_tensor wrong = make_tensor(SY_F32, 2, other, order);
    assert_int_not_equal(offer_reorder(*state, &from, &wrong, &err), SY_OK);
    wrong = make_tensor(SY_F16, 2, dim, order);
    assert_int_not_equal(offer_reorder(*state, &from, &wrong, &err), SY_OK);
    wrong = to;
    wrong.layout = SY_LAYOUT_PRIVATE | 12345;
    assert_int_not_equal(offer_reorder(*state, &from, &wrong, &err), SY_OK);
    assert_non_null(strstr(err.text, "never offered"));
    assert_int_equal(offer_reorder(*state, &wrong, &from, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "unpacked"));
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_rig, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        OPENED(any_strides_to_any_strides),
        OPENED(high_ranks),
        OPENED(refuses_what_does_not_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
