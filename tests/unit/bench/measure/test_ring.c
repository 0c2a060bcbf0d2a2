/* Ring arithmetic: sets per class, partial rings, slots for beta, sizes at their limits. */
#include "bench/measure/ring.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MIB (UINT64_C(1) << 20)

static sy_ring_request layer(int cache) {
    return (sy_ring_request){.cache = cache,
        .weights_bytes = 16 * MIB,
        .activation_bytes = 2 * MIB,
        .output_bytes = 1 * MIB,
        .cache_bytes = 32 * MIB,
        .memory_bytes = 4096 * MIB};
}

static sy_ring plan(const sy_ring_request *request) {
    sy_ring ring;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(SY_OK, sy_ring_plan(request, &ring, &err));
    assert_true(ring.total_bytes <= request->memory_bytes);
    assert_true(ring.weights >= 1 && ring.activations >= 1 && ring.outputs >= 2);
    assert_true(
        ring.period >= ring.weights && ring.period >= ring.activations && ring.period >= ring.outputs);
    return ring;
}

static void hot_has_one_input_set(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_HOT);
    sy_ring ring = plan(&request);
    assert_int_equal(1, ring.weights);
    assert_int_equal(1, ring.activations);
    assert_int_equal(2, ring.outputs);
    assert_int_equal(2, ring.period);
    assert_int_equal(20 * MIB, ring.total_bytes);
    assert_int_equal(0, ring.rotating_bytes);
    assert_int_equal(0, ring.max_launches);
    assert_false(ring.is_partial);
}

static void weights_rotate_through_three_caches(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_WEIGHTS);
    sy_ring ring = plan(&request);
    assert_int_equal(6, ring.weights); /* 6 x 16 = 96 MiB */
    assert_int_equal(1, ring.activations);
    assert_int_equal(2, ring.outputs);
    assert_int_equal(96 * MIB, ring.rotating_bytes);
    assert_false(ring.is_partial);
    request.weights_bytes = 16 * MIB - 1;
    assert_int_equal(7, plan(&request).weights);
    request.weights_bytes = 200 * MIB; /* one set is more than three caches */
    assert_int_equal(1, plan(&request).weights);
    assert_false(plan(&request).is_partial);
    request.weights_bytes = 0; /* a problem without weights: nothing rotates */
    assert_int_equal(1, plan(&request).weights);
    assert_false(plan(&request).is_partial);
}

static void cold_rotates_everything(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_COLD);
    sy_ring ring = plan(&request);
    assert_int_equal(6, ring.weights); /* 6 x 19 = 114 MiB */
    assert_int_equal(6, ring.activations);
    assert_int_equal(6, ring.outputs);
    assert_int_equal(114 * MIB, ring.rotating_bytes);
    assert_int_equal(114 * MIB, ring.total_bytes);
    request.weights_bytes = 0;
    ring = plan(&request);
    assert_int_equal(1, ring.weights);
    assert_int_equal(32, ring.activations);
}

static void too_little_memory_is_partial(void **state) {
    (void)state;
    static const int modes[] = {SY_CACHE_WEIGHTS, SY_CACHE_COLD};
    for (size_t i = 0; i < 2; i++) {
        sy_ring_request request = layer(modes[i]);
        request.memory_bytes = 60 * MIB;
        sy_ring ring = plan(&request);
        assert_true(ring.is_partial);
        assert_int_equal(3, ring.weights);
        request.memory_bytes = 20 * MIB; /* the least there is */
        ring = plan(&request);
        assert_true(ring.is_partial);
        assert_int_equal(20 * MIB, ring.total_bytes);
        assert_int_equal(1, ring.weights);
    }
}

/* At every memory limit the plan fits; one more set would not have, if it is partial. */
static void partial_rings_use_what_there_is(void **state) {
    (void)state;
    for (uint64_t mib = 20; mib <= 140; mib++) {
        sy_ring_request request = layer(SY_CACHE_COLD);
        request.memory_bytes = mib * MIB;
        sy_ring ring = plan(&request);
        if (ring.is_partial)
            assert_true(ring.total_bytes + 19 * MIB > request.memory_bytes);
        else
            assert_true(ring.rotating_bytes >= 96 * MIB);
    }
}

static void not_even_one_set_is_an_error(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_COLD);
    request.memory_bytes = 20 * MIB - 1;
    sy_ring ring;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(SY_OUT_OF_MEMORY, sy_ring_plan(&request, &ring, &err));
    assert_string_equal("one set of inputs and two outputs need 20971520 bytes, 20971519 are free", err.text);
    assert_int_equal(0, ring.outputs);
}

static void tiny_operands_stop_at_the_most_sets(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_WEIGHTS);
    request.weights_bytes = 4;
    sy_ring ring = plan(&request);
    assert_int_equal(SY_RING_MAX_SETS, ring.weights);
    assert_true(ring.is_partial);
}

static void beta_gets_a_slot_for_each_launch(void **state) {
    (void)state;
    sy_ring_request request = layer(SY_CACHE_HOT);
    request.reads_output = true;
    request.launches = 100;
    sy_ring ring = plan(&request);
    assert_int_equal(100, ring.outputs);
    assert_int_equal(100, ring.max_launches);
    assert_int_equal(118 * MIB, ring.total_bytes);
    request.memory_bytes = 50 * MIB;
    ring = plan(&request);
    assert_int_equal(32, ring.outputs);
    assert_int_equal(32, ring.max_launches);
    request.launches = 0;
    assert_int_equal(2, plan(&request).max_launches);
    request.launches = UINT64_MAX;
    request.memory_bytes = UINT64_MAX;
    assert_int_equal(SY_RING_MAX_SETS, plan(&request).outputs);
}

static void sizes_at_the_limit_are_refused_or_right(void **state) {
    (void)state;
    sy_ring ring;
    sy_ring_request request = layer(SY_CACHE_COLD);
    request.output_bytes = UINT64_MAX / 2 + 1;
    assert_int_equal(SY_OVERFLOW, sy_ring_plan(&request, &ring, NULL));
    request = layer(SY_CACHE_COLD);
    request.weights_bytes = UINT64_MAX;
    assert_int_equal(SY_OVERFLOW, sy_ring_plan(&request, &ring, NULL));
    request = layer(SY_CACHE_COLD);
    request.cache_bytes = UINT64_MAX / 2;
    assert_int_equal(SY_OVERFLOW, sy_ring_plan(&request, &ring, NULL));
    request = layer(SY_CACHE_COLD);
    request.memory_bytes = UINT64_MAX;
    request.cache_bytes = UINT64_MAX / 3;
    ring = plan(&request);
    assert_int_equal(SY_RING_MAX_SETS, ring.weights);
    assert_true(ring.is_partial);
}

static void bad_requests_are_refused(void **state) {
    (void)state;
    sy_ring ring;
    sy_ring_request request = layer(3);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_ring_plan(&request, &ring, NULL));
    request = layer(-1);
    assert_int_equal(SY_INVALID_ARGUMENT, sy_ring_plan(&request, &ring, NULL));
    request = layer(SY_CACHE_HOT);
    request.cache_bytes = 0;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_ring_plan(&request, &ring, NULL));
    request = (sy_ring_request){.cache_bytes = 1, .memory_bytes = 1};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_ring_plan(&request, &ring, NULL));
}

static void names_go_both_ways(void **state) {
    (void)state;
    for (int cache = SY_CACHE_HOT; cache <= SY_CACHE_COLD; cache++)
        assert_int_equal(cache, sy_cache_parse(sy_cache_name(cache)));
    assert_string_equal("?", sy_cache_name(3));
    assert_string_equal("?", sy_cache_name(-1));
    assert_int_equal(-1, sy_cache_parse("warm"));
    assert_int_equal(-1, sy_cache_parse(""));
    assert_int_equal(-1, sy_cache_parse(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hot_has_one_input_set),
        cmocka_unit_test(weights_rotate_through_three_caches),
        cmocka_unit_test(cold_rotates_everything),
        cmocka_unit_test(too_little_memory_is_partial),
        cmocka_unit_test(partial_rings_use_what_there_is),
        cmocka_unit_test(not_even_one_set_is_an_error),
        cmocka_unit_test(tiny_operands_stop_at_the_most_sets),
        cmocka_unit_test(beta_gets_a_slot_for_each_launch),
        cmocka_unit_test(sizes_at_the_limit_are_refused_or_right),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(names_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
