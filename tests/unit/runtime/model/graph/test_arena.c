/* Memory given out piece by piece: aligned, zeroed, apart; dropped early; failing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/graph/arena.h"

#define LARGE ((size_t)100000)

static void pieces_are_aligned_zeroed_and_apart(void **state) {
    static const size_t bytes[] = {1, 64, 0, 65, LARGE, 3, 65536, 65537, 10, LARGE};
    unsigned char *piece[200];
    sy_net_arena arena = {0};
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        size_t size = bytes[i % 10];
        piece[i] = sy_net_arena_alloc(&arena, size);
        assert_non_null(piece[i]);
        assert_int_equal((uintptr_t)piece[i] % 64, 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(piece[i][k], 0);
        memset(piece[i], (int)i + 1, size);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < bytes[i % 10]; k++)
            assert_int_equal(piece[i][k], (unsigned char)(i + 1));
    sy_net_arena_release(&arena);
    assert_null(arena.block);
}

static void large_pieces_can_be_dropped(void **state) {
    sy_net_arena arena = {0};
    (void)state;
    assert_false(sy_net_arena_drop(&arena, &arena));
    char *small = sy_net_arena_alloc(&arena, 10), *one = sy_net_arena_alloc(&arena, LARGE);
    char *two = sy_net_arena_alloc(&arena, LARGE), *after = sy_net_arena_alloc(&arena, 10);
    assert_true(small != NULL && one != NULL && two != NULL && after != NULL);
    memset(two, 7, LARGE);
    assert_false(sy_net_arena_drop(&arena, small));
    assert_false(sy_net_arena_drop(&arena, one + 64));
    assert_true(sy_net_arena_drop(&arena, one));
    assert_false(sy_net_arena_drop(&arena, one));
    assert_int_equal(two[LARGE - 1], 7);
    assert_true(sy_net_arena_drop(&arena, two));
    after[9] = 1;
    sy_net_arena_release(&arena);
}

static void sizes_that_do_not_fit_are_refused(void **state) {
    sy_net_arena arena = {0};
    (void)state;
    assert_null(sy_net_arena_alloc(&arena, SIZE_MAX));
    assert_null(sy_net_arena_alloc(&arena, SIZE_MAX - 64));
    assert_null(sy_net_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(sy_net_arena_text(&arena, "", SIZE_MAX));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_null(sy_net_arena_alloc(&arena, 1));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_null(sy_net_arena_alloc(&arena, LARGE));
    sy_seam_disarm();
    assert_string_equal(sy_net_arena_text(&arena, "abc", 2), "ab");
    sy_net_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(large_pieces_can_be_dropped),
        cmocka_unit_test(sizes_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
