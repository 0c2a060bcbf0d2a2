/* FLOP, bytes, output extents, hashes and tensor extents of known problems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "steelyard/spec.h"

static const struct {
    const char *text;
    uint64_t flop, bytes;
} known[] = {
    {"gemm:m=2,n=3,k=5", 60, 4 * (10 + 15 + 6)},
    {"gemm:m=2,n=3,k=5,batch=7", 420, 4 * 7 * (10 + 15 + 6)},
    {"gemm:m=2,n=3,k=5,beta=0.5", 60, 4 * (10 + 15 + 6 + 6)},
    {"gemm:m=2,n=3,k=0", 0, 4 * 6},
    {"gemm:m=2,n=3,k=5,dtype=bf16", 60, 2 * (10 + 15 + 6)},
    {"gemm:m=2,n=3,k=5,dtype=bf16,epilogue=bias_gelu_erf", 60, 2 * (10 + 15 + 6) + 4 * 3},
    {"gemm:m=2,n=3,k=5,dtype=f64,epilogue=bias", 60, 8 * (10 + 15 + 6 + 3)},
    {"gemm:m=2,n=3,k=5,dtype=f16,epilogue=residual_relu", 60, 2 * (10 + 15 + 6 + 6)},
    {"gemm:m=2,n=3,k=5,dtype=s8", 60, 10 + 15 + 24},
    {"gemm:m=2,n=3,k=5,dtype=s8:s8:bf16,epilogue=dequant", 60, 10 + 15 + 12 + 4 * (2 + 3)},
    {"gemm:m=2,n=3,k=5,dtype=f8e4m3", 60, 10 + 15 + 12},
    {"gemm:m=7680,n=64,k=500000", 491520000000, 4 * (7680ull * 500000 + 64ull * 500000 + 7680 * 64)},
    {"conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1", 231211008, 4 * (200704 + 36864 + 200704)},
    {"conv2d:n=2,c=8,h=9,w=7,k=16,r=3,s=2,stride=2x1,pad=1x0,groups=4", 2 * 2 * 16 * 5 * 6 * 2 * 6,
        4 * (2 * 8 * 63 + 16 * 2 * 6 + 2 * 16 * 30)},
    {"conv2d:n=1,c=32,h=112,w=112,k=32,r=3,s=3,stride=2,pad=0x0x1x1,groups=32", 2 * 32 * 56 * 56 * 9,
        4 * (32 * 112 * 112 + 32 * 9 + 32 * 56 * 56)},
    {"conv2d:n=1,c=3,h=5,w=5,k=2,r=1,s=1,epilogue=residual_relu", 2 * 2 * 25 * 3, 4 * (75 + 6 + 50 + 50)},
    {"conv2d:n=3,c=3,h=5,w=5,k=2,r=1,s=1,dtype=u8:s8:f32,epilogue=dequant", 2 * 3 * 2 * 25 * 3,
        225 + 6 + 4 * (3 + 2) + 4 * 150},
    {"copy:bytes=64K,kind=d2h", 0, 65536},
    {"stream:bytes=4K,kind=read", 0, 4096},
    {"stream:bytes=4K,kind=triad", 0, 3 * 4096},
    {"stream:bytes=4K,kind=fill", 0, 4096},
    {"peak:flop=3G,dtype=f16", 3000000000, 0},
};

static void work_of_known_problems(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sy_spec spec;
        sy_error err = SY_ERROR_INIT;
        uint64_t flop = 0, bytes = 0;
        if (sy_spec_parse(known[i].text, NULL, &spec, &err) != SY_OK)
            fail_msg("%s: %s", known[i].text, err.text);
        assert_int_equal(sy_spec_flop(&spec, &flop, NULL), SY_OK);
        assert_int_equal(sy_spec_bytes(&spec, &bytes, NULL), SY_OK);
        if (flop != known[i].flop || bytes != known[i].bytes)
            fail_msg("%s: %llu FLOP, %llu bytes", known[i].text, (unsigned long long)flop,
                (unsigned long long)bytes);
    }
}

/* Just within and just beyond 2^62 FLOP and bytes. */
static void limits_are_where_they_are_said(void **state) {
    static const struct {
        const char *text;
        sy_status status;
    } rows[] = {{"gemm:m=1048576,n=1048576,k=2097152", SY_OK},
        {"gemm:m=1048576,n=1048576,k=2097153", SY_OVERFLOW}, {"copy:bytes=4194304T,kind=h2d", SY_OK},
        {"copy:bytes=4194305T,kind=h2d", SY_OVERFLOW}, {"peak:flop=4611686018427387904", SY_OK},
        {"peak:flop=4611686018427387905", SY_OVERFLOW},
        {"stream:bytes=4611686018427387904,kind=fill", SY_OK}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_spec spec;
        assert_int_equal(sy_spec_parse(rows[i].text, NULL, &spec, NULL), rows[i].status);
    }
}

/* FIPS 180-2, appendix B.1, and the empty message. */
static void hash_is_sha256(void **state) {
    char hex[SY_HASH_HEX_MAX], key[SY_KEY_HEX_MAX];
    (void)state;
    sy_hash_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sy_hash_key("abc", key);
    assert_string_equal(key, "ba7816bf8f01cfea");
    sy_hash_sha256(NULL, 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void extents_of_tensors(void **state) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = SY_F16, .rank = 3, .dim = {2, 3, 5}};
    uint64_t elements = 7, bytes = 7;
    (void)state;
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OK);
    assert_true(elements == 30 && bytes == 60);
    tensor.rank = 0;
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OK);
    assert_true(elements == 1 && bytes == 2);
    tensor = (sy_tensor){.dtype = SY_F64, .rank = 4, .dim = {INT64_MAX, INT64_MAX, INT64_MAX, 0}};
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OK);
    assert_true(elements == 0 && bytes == 0);
    tensor.dim[3] = 1;
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OVERFLOW);
    tensor = (sy_tensor){.dtype = SY_F64, .rank = 1, .dim = {INT64_C(1) << 61}};
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OVERFLOW);
    assert_true(elements == 0 && bytes == 0);
    tensor.dim[0] = -1;
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_INVALID_ARGUMENT);
    tensor = (sy_tensor){.dtype = SY_F64, .rank = SY_MAX_RANK + 1};
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_INVALID_ARGUMENT);
    tensor = (sy_tensor){.dtype = 99, .rank = 1, .dim = {1}};
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_INVALID_ARGUMENT);
    tensor.flags = SY_TENSOR_ABSENT;
    assert_int_equal(sy_tensor_extent(&tensor, &elements, &bytes, NULL), SY_OK);
    assert_true(elements == 0 && bytes == 0);
}

static void strides_follow_the_layout(void **state) {
    sy_tensor image = {.dtype = SY_F32, .rank = 4, .dim = {2, 3, 5, 7}};
    static const int64_t nhwc[4] = {105, 1, 21, 3}, nchw[4] = {105, 35, 7, 1};
    (void)state;
    sy_tensor_set_strides(&image, SY_IMAGE_NHWC);
    assert_memory_equal(image.stride, nhwc, sizeof nhwc);
    sy_tensor_set_strides(&image, SY_IMAGE_NCHW);
    assert_memory_equal(image.stride, nchw, sizeof nchw);
    assert_int_equal(image.layout, SY_LAYOUT_STRIDED);
    sy_tensor matrix = {.dtype = SY_F32, .layout = SY_LAYOUT_ANY, .rank = 2, .dim = {0, 7}};
    sy_tensor_set_strides(&matrix, SY_IMAGE_NHWC);
    assert_true(matrix.stride[0] == 7 && matrix.stride[1] == 1);
    assert_int_equal(matrix.layout, SY_LAYOUT_STRIDED);
}

static void names_read_back(void **state) {
    uint32_t value = 9;
    (void)state;
    for (uint32_t layout = SY_IMAGE_ANY; layout <= SY_IMAGE_NCHW; layout++) {
        assert_true(sy_spec_layout_parse(sy_spec_layout_name(layout), &value));
        assert_int_equal(value, layout);
    }
    for (uint32_t weights = SY_WEIGHTS_CONST; weights <= SY_WEIGHTS_DYNAMIC; weights++) {
        assert_true(sy_spec_weights_parse(sy_spec_weights_name(weights), &value));
        assert_int_equal(value, weights);
    }
    value = 9;
    assert_false(sy_spec_layout_parse("NHWC", &value));
    assert_false(sy_spec_weights_parse("?", &value));
    assert_int_equal(value, 9);
    assert_string_equal(sy_spec_op_name(SY_SPEC_CONV2D), "conv2d");
    assert_string_equal(sy_spec_op_name(0), "?");
    assert_string_equal(sy_spec_op_name(6), "?");
    assert_string_equal(sy_spec_epilogue_name(8), "?");
    assert_string_equal(sy_spec_copy_name(0), "?");
    assert_string_equal(sy_spec_stream_name(UINT32_MAX), "?");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_of_known_problems),
        cmocka_unit_test(limits_are_where_they_are_said),
        cmocka_unit_test(hash_is_sha256),
        cmocka_unit_test(extents_of_tensors),
        cmocka_unit_test(strides_follow_the_layout),
        cmocka_unit_test(names_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
