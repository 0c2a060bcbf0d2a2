/* Places in memory: properties of the result for random lives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "runtime/model/passes/place.h"

enum { MOST = 300, SPACES = 2 };

static bool overlap(const sy_net_item *a, const sy_net_item *b) {
    bool in_time = a->first <= b->last && b->first <= a->last;
    bool in_space =
        a->offset_bytes < b->offset_bytes + b->bytes && b->offset_bytes < a->offset_bytes + a->bytes;
    return a->space == b->space && in_time && in_space && a->bytes > 0 && b->bytes > 0;
}

/* No plan is better than what lives at once. */
static uint64_t most_alive(const sy_net_item *item, uint32_t count, uint32_t space, uint32_t steps) {
    uint64_t most = 0;
    for (uint32_t t = 0; t < steps; t++) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < count; i++)
            if (item[i].space == space && item[i].first <= t && t <= item[i].last)
                sum += (item[i].bytes + SY_NET_PLACE_ALIGN - 1) / SY_NET_PLACE_ALIGN * SY_NET_PLACE_ALIGN;
        most = sum > most ? sum : most;
    }
    return most;
}

static void check(const sy_net_item *item, uint32_t count, const uint64_t *peak_bytes, uint32_t steps) {
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(item[i].offset_bytes % SY_NET_PLACE_ALIGN, 0);
        assert_true(item[i].offset_bytes + item[i].bytes <= peak_bytes[item[i].space]);
        for (uint32_t j = 0; j < i; j++)
            assert_false(overlap(&item[i], &item[j]));
    }
    for (uint32_t s = 0; s < SPACES; s++) {
        uint64_t least = most_alive(item, count, s, steps);
        assert_true(peak_bytes[s] >= least);
        assert_true(peak_bytes[s] <= 2 * least); /* far from it, something is wrong */
    }
}

static void nothing_alive_at_once_overlaps(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 200; round++) {
        sy_net_item item[MOST];
        uint64_t peak_bytes[SPACES];
        sy_random random;
        sy_random_seed(&random, 3, round);
        uint32_t count = (uint32_t)sy_random_below(&random, MOST), steps = 1 + count / 2;
        for (uint32_t i = 0; i < count; i++) {
            item[i] = (sy_net_item){.bytes = sy_random_below(&random, 1000), .offset_bytes = 77};
            item[i].first = (uint32_t)sy_random_below(&random, steps);
            item[i].last = item[i].first + (uint32_t)sy_random_below(&random, steps - item[i].first);
            item[i].space = (uint32_t)sy_random_below(&random, SPACES);
        }
        assert_int_equal(sy_net_place(item, count, SPACES, peak_bytes, NULL), SY_OK);
        check(item, count, peak_bytes, steps);
    }
}

static void a_chain_takes_two_places(void **state) {
    (void)state;
    sy_net_item item[MOST];
    uint64_t peak_bytes = 0;
    for (uint32_t i = 0; i < MOST; i++)
        item[i] = (sy_net_item){.bytes = 128, .first = i, .last = i + 1};
    assert_int_equal(sy_net_place(item, MOST, 1, &peak_bytes, NULL), SY_OK);
    assert_int_equal(peak_bytes, 256);
}

static void many_are_placed_in_time(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    static sy_net_item item[COUNT];
    uint64_t peak_bytes = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        item[i] = (sy_net_item){.bytes = 64 + i % 3 * 64, .first = i, .last = i + 2};
    assert_int_equal(sy_net_place(item, COUNT, 1, &peak_bytes, NULL), SY_OK);
    assert_in_range(peak_bytes, 384, 768);
    for (uint32_t i = 2; i < COUNT; i++)
        assert_false(overlap(&item[i], &item[i - 1]) || overlap(&item[i], &item[i - 2]));
}

static void very_many_at_once_are_placed(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    static sy_net_item item[COUNT];
    uint64_t peak_bytes = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        item[i] = (sy_net_item){.bytes = 64, .first = i, .last = COUNT};
    assert_int_equal(sy_net_place(item, COUNT, 1, &peak_bytes, NULL), SY_OK);
    assert_int_equal(peak_bytes, (uint64_t)COUNT * 64);
    for (uint32_t i = 1; i < COUNT; i++)
        assert_int_equal(item[i].offset_bytes, (uint64_t)i * 64);
}

static void nothing_takes_nothing(void **state) {
    (void)state;
    sy_net_item item = {.bytes = 0, .first = 0, .last = 1};
    uint64_t peak_bytes = 9;
    assert_int_equal(sy_net_place(&item, 0, 1, &peak_bytes, NULL), SY_OK);
    assert_int_equal(peak_bytes, 0);
    assert_int_equal(sy_net_place(&item, 1, 1, &peak_bytes, NULL), SY_OK);
    assert_int_equal(peak_bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_alive_at_once_overlaps),
        cmocka_unit_test(a_chain_takes_two_places),
        cmocka_unit_test(many_are_placed_in_time),
        cmocka_unit_test(very_many_at_once_are_placed),
        cmocka_unit_test(nothing_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
