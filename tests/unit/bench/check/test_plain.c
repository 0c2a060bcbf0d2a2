/* Copies, streams and ceilings: right is right, and each kind of fault is seen. */
#include "bench/check/plain.h"
#include "runtime/base/convert.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sy_data_block *block;

static int set_up(void **state) {
    (void)state;
    return sy_data_block_create(SY_DATA_UNIFORM, 3, &block, NULL);
}

static int tear_down(void **state) {
    (void)state;
    sy_data_block_destroy(block);
    return 0;
}

static void bytes_must_all_agree(void **state) {
    (void)state;
    enum { BYTES = 5000 };
    unsigned char want[BYTES], have[BYTES];
    sy_check_result result;
    for (size_t i = 0; i < BYTES; i++)
        want[i] = have[i] = (unsigned char)(i * 31);
    sy_check_bytes(want, have, BYTES, &result);
    assert_true(result.status == SY_OK && result.verified);
    for (size_t at = 0; at < BYTES; at += 4999) {
        have[at] ^= 0x80;
        sy_check_bytes(want, have, BYTES, &result);
        assert_int_equal(result.status, SY_WRONG_RESULT);
        assert_false(result.verified);
        assert_non_null(strstr(result.reason, at == 0 ? "byte 0 of 5000" : "byte 4999 of 5000"));
        have[at] ^= 0x80;
    }
    memset(want, 0, BYTES);
    sy_check_bytes(want, want, BYTES, &result); /* nothing may have been copied at all */
    assert_true(result.status == SY_OK && !result.verified);
    sy_check_bytes(NULL, NULL, 0, &result);
    assert_true(result.status == SY_OK && !result.verified);
}

typedef struct stream {
    sy_spec spec;
    sy_problem_storage storage;
    uint64_t set[SY_MAX_TENSORS], elements;
    sy_check_request request;
    float *output;
} stream;

static void open_stream(const char *text, stream *at) {
    memset(at, 0, sizeof *at);
    assert_int_equal(sy_spec_parse(text, NULL, &at->spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&at->spec, &at->storage, NULL), SY_OK);
    at->set[0] = 4;
    at->set[1] = 9;
    at->request = (sy_check_request){.spec = &at->spec,
        .block = block,
        .key = 1,
        .seed = 2,
        .set = at->set,
        .math = SY_MATH_STRICT,
        .algorithm_bound_factor = 1.0};
    assert_int_equal(sy_check_output_bytes(&at->spec, &at->request.output_bytes, NULL), SY_OK);
    at->elements = at->request.output_bytes / 4;
    at->output = calloc(at->elements, sizeof(float));
    assert_non_null(at->output);
    at->request.output = at->output;
}

static sy_check_result check_stream(const stream *at) {
    sy_check_result result;
    assert_int_equal(sy_check_run(&at->request, &result, NULL), SY_OK);
    return result;
}

static float *load_input(const stream *at, uint32_t index, uint64_t elements) {
    float *values = malloc(elements * sizeof *values);
    assert_non_null(values);
    sy_data_fill(block, &at->storage, 1, index, at->set[index], 0, elements, values);
    return values;
}

static void triad_is_checked(void **state) {
    (void)state;
    stream at;
    open_stream("stream:bytes=40012,kind=triad", &at);
    float *b = load_input(&at, 0, at.elements), *c = load_input(&at, 1, at.elements);
    for (uint64_t i = 0; i < at.elements; i++) /* with and without a fused multiply-add */
        at.output[i] = i % 2 != 0 ? fmaf(3.0f, c[i], b[i]) : b[i] + 3.0f * c[i];
    sy_check_result result = check_stream(&at);
    assert_true(result.status == SY_OK && result.verified);
    float last = at.output[at.elements - 1];
    at.output[at.elements - 1] += 1e-4f;
    result = check_stream(&at);
    assert_true(result.status == SY_WRONG_RESULT && !result.verified);
    assert_non_null(strstr(result.reason, "element 10002 "));
    at.output[at.elements - 1] = last;
    at.output[7] = NAN;
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    free(b);
    free(c);
    free(at.output);
}

static void fill_is_checked_at_pieces_when_large(void **state) {
    (void)state;
    stream at;
    open_stream("stream:bytes=136M,kind=fill", &at);
    for (uint64_t i = 0; i < at.elements; i++)
        at.output[i] = 1.5f;
    sy_check_result result = check_stream(&at);
    assert_true(result.status == SY_OK && result.verified && result.one_in > 1.0);
    at.output[at.elements - 1] = 1.4999999f; /* the last is always looked at */
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    memset(at.output, 0, at.request.output_bytes);
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    free(at.output);
}

static void sums_of_a_read_must_be_complete(void **state) {
    (void)state;
    stream at;
    open_stream("stream:bytes=4M,kind=read", &at);
    enum { COUNT = 1 << 20, SHARES = 4 };
    float *x = load_input(&at, 0, COUNT);
    for (uint64_t i = 0; i < COUNT; i++)
        at.output[i / (COUNT / SHARES)] += x[i];
    sy_check_result result = check_stream(&at);
    if (result.status != SY_OK || !result.verified)
        fail_msg("%s", result.reason);
    at.output[2] = 0.0f;
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    at.output[2] = INFINITY;
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    free(x);
    free(at.output);
}

static void sums_of_a_ceiling_are_only_numbers(void **state) {
    (void)state;
    stream at;
    open_stream("peak:flop=1M,dtype=f32", &at);
    sy_check_result result = check_stream(&at);
    assert_true(result.status == SY_OK && !result.verified && result.reason[0] != '\0');
    at.output[at.elements - 1] = NAN;
    assert_int_equal(check_stream(&at).status, SY_WRONG_RESULT);
    free(at.output);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_must_all_agree),
        cmocka_unit_test(triad_is_checked), cmocka_unit_test(fill_is_checked_at_pieces_when_large),
        cmocka_unit_test(sums_of_a_read_must_be_complete),
        cmocka_unit_test(sums_of_a_ceiling_are_only_numbers)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
