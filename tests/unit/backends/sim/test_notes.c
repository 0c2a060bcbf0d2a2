/* Launches are computed late, and nobody may notice: random programs against the same steps done at once. */
#include "tests/unit/backends/sim/world.h"

#include "runtime/base/random.h"

/* D[1,1] = A[1,1] B[1,1]: numbers in floats, so that chains of dependence are easy to follow. */
static const char PRODUCT[] = "gemm:m=1,n=1,k=1,dtype=f32";
static const char SUM[] = "gemm:m=1,n=1,k=1,beta=1,dtype=f32";

/* A product into `to`; a binding that nobody keeps. */
static void multiply(world *w, sy_plan *plan, sy_span a, sy_span b, sy_span to) {
    sy_binding *binding = bind(w, plan, (sy_span[]){a, b, {0}, to}, 4);
    assert_int_equal(w->api->work->run(binding), SY_OK);
    w->api->work->binding_destroy(binding);
}

static void accumulate(world *w, sy_plan *plan, sy_span a, sy_span b, sy_span in_out) {
    sy_binding *binding = bind(w, plan, (sy_span[]){a, b, in_out, in_out}, 4);
    assert_int_equal(w->api->work->run(binding), SY_OK);
    w->api->work->binding_destroy(binding);
}

static void a_result_is_there_when_it_is_read(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 4), (float[]){3, 5, 0, 0});
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    assert_int_equal(w.device->note_count, 1);
    assert_true(get_one(&w, x, 3) == 0.0f);
    assert_int_equal(w.device->note_count, 1); /* reading elsewhere computes nothing */
    assert_true(get_one(&w, x, 2) == 15.0f);
    assert_int_equal(w.device->note_count, 0);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void inputs_changed_later_do_not_matter(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 2), (float[]){3, 5});
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    put(&w, span_of(x, 0, 1), (float[]){100});
    assert_true(get_one(&w, x, 2) == 15.0f);
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    multiply(&w, plan, span_of(x, 1, 1), span_of(x, 1, 1), span_of(x, 0, 1)); /* another launch changes it */
    assert_true(get_one(&w, x, 2) == 500.0f);
    assert_true(get_one(&w, x, 0) == 25.0f);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void what_is_written_over_is_never_computed(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 2), (float[]){3, 5});
    sy_binding *binding =
        bind(&w, plan, (sy_span[]){span_of(x, 0, 1), span_of(x, 1, 1), {0}, span_of(x, 2, 1)}, 4);
    for (int i = 0; i < 100000; i++) /* would take long if each were computed, and overflow the notes */
        assert_int_equal(w.api->work->run(binding), SY_OK);
    assert_int_equal(w.device->note_count, 1);
    assert_int_equal(w.api->memory->fill(w.queue, span_of(x, 2, 1), 0, NULL), SY_OK);
    assert_int_equal(w.device->note_count, 0);
    assert_true(get_one(&w, x, 2) == 0.0f);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void sets_in_turn_are_noted_once_each(void **state) {
    (void)state;
    enum { SETS = 40, ROUNDS = 500 };
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 3 * SETS * sizeof(float));
    sy_plan *plan = plan_of(&w, PRODUCT);
    sy_binding *binding[SETS];
    for (uint64_t i = 0; i < SETS; i++) {
        put(&w, span_of(x, 3 * i, 2), (float[]){(float)i, 2});
        binding[i] = bind(&w, plan,
            (sy_span[]){span_of(x, 3 * i, 1), span_of(x, 3 * i + 1, 1), {0}, span_of(x, 3 * i + 2, 1)}, 4);
    }
    for (uint64_t i = 0; i < SETS * ROUNDS; i++)
        assert_int_equal(w.api->work->run(binding[i % SETS]), SY_OK);
    assert_int_equal(w.device->note_count, SETS);
    assert_true(binding[0]->repeat_epoch == w.device->note_epoch); /* and looked for no more */
    put(&w, span_of(x, 3 * 7, 1), (float[]){100});
    assert_true(get_one(&w, x, 3 * 7 + 2) == 14.0f); /* of the value that it had when it was launched */
    for (uint64_t i = 0; i < SETS; i++)
        assert_int_equal(w.api->work->run(binding[i]), SY_OK);
    for (uint64_t i = 0; i < SETS; i++)
        assert_true(get_one(&w, x, 3 * i + 2) == (i == 7 ? 200.0f : 2.0f * (float)i));
    for (uint64_t i = 0; i < SETS; i++)
        w.api->work->binding_destroy(binding[i]);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void a_chain_repeated_is_done_each_time(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 4), (float[]){2, 3, 1, 1});
    sy_binding *there =
        bind(&w, plan, (sy_span[]){span_of(x, 0, 1), span_of(x, 2, 1), {0}, span_of(x, 3, 1)}, 4);
    sy_binding *back =
        bind(&w, plan, (sy_span[]){span_of(x, 1, 1), span_of(x, 3, 1), {0}, span_of(x, 2, 1)}, 4);
    for (int i = 0; i < 5; i++) { /* times 2, times 3, in turn */
        assert_int_equal(w.api->work->run(there), SY_OK);
        assert_int_equal(w.api->work->run(back), SY_OK);
    }
    assert_true(get_one(&w, x, 2) == 7776.0f && get_one(&w, x, 3) == 2592.0f);
    w.api->work->binding_destroy(there);
    w.api->work->binding_destroy(back);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void sums_in_place_add_up(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *sum = plan_of(&w, SUM), *product = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 4), (float[]){3, 5, 1, 0});
    for (int i = 0; i < 10; i++)
        accumulate(&w, sum, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    assert_true(get_one(&w, x, 2) == 151.0f);
    accumulate(&w, sum, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    multiply(
        &w, product, span_of(x, 2, 1), span_of(x, 0, 1), span_of(x, 3, 1)); /* in the middle of the chain */
    accumulate(&w, sum, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    assert_true(get_one(&w, x, 2) == 181.0f);
    assert_true(get_one(&w, x, 3) == 498.0f);
    w.api->work->plan_destroy(sum);
    w.api->work->plan_destroy(product);
    w.api->memory->free(x);
    close_world(&w);
}

static void many_notes_are_computed_in_order(void **state) {
    (void)state;
    enum { CELLS = SIM_NOTES_MAX + 100 };
    world w = open_world("");
    sy_buffer *x = device_memory(&w, (CELLS + 2) * sizeof(float));
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 2), (float[]){1, 3});
    for (uint64_t i = 0; i < CELLS; i++) /* each from the one before: a chain longer than the notes */
        multiply(&w, plan, span_of(x, 0, 1), span_of(x, i + 1, 1), span_of(x, i + 2, 1));
    assert_true(get_one(&w, x, CELLS + 1) == 3.0f);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void freeing_an_input_keeps_its_result(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64), *y = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 2), (float[]){3, 5});
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(y, 0, 1));
    w.api->memory->free(x);
    assert_true(get_one(&w, y, 0) == 15.0f);
    multiply(&w, plan, span_of(y, 0, 1), span_of(y, 0, 1), span_of(y, 1, 1));
    w.api->memory->free(y); /* an output that nobody will read */
    assert_int_equal(w.device->note_count, 0);
    w.api->work->plan_destroy(plan);
    close_world(&w);
}

static void a_plan_destroyed_early_still_gives_its_result(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    put(&w, span_of(x, 0, 2), (float[]){3, 5});
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    w.api->work->plan_destroy(plan);
    assert_true(get_one(&w, x, 2) == 15.0f);
    w.api->memory->free(x);
    close_world(&w);
}

static void an_empty_operand_may_be_freed(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *a = device_memory(&w, 64), *y = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, "gemm:m=1,n=1,k=0,dtype=f32");
    multiply(&w, plan, (sy_span){a, 0, 0}, (sy_span){a, 0, 0}, span_of(y, 0, 1));
    w.api->memory->free(a);
    assert_true(get_one(&w, y, 0) == 0.0f);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(y);
    close_world(&w);
}

static void a_device_closed_with_notes_leaves_nothing(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, PRODUCT);
    multiply(&w, plan, span_of(x, 0, 1), span_of(x, 1, 1), span_of(x, 2, 1));
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

/* What a random program does to its cells, at once. */
typedef struct machine {
    float cell[24];
} machine;

static void do_product(machine *m, uint64_t a, uint64_t b, uint64_t to) {
    m->cell[to] = m->cell[a] * m->cell[b];
}

/* Four by one times one by four: outputs of 16 cells that overlap others in part. */
static void do_outer(machine *m, uint64_t a, uint64_t b, uint64_t to) {
    float left[2], right[2];
    memcpy(left, m->cell + a, sizeof left);
    memcpy(right, m->cell + b, sizeof right);
    for (uint64_t i = 0; i < 4; i++)
        m->cell[to + i] = left[i / 2] * right[i % 2];
}

static bool apart(uint64_t a, uint64_t a_count, uint64_t b, uint64_t b_count) {
    return a + a_count <= b || b + b_count <= a;
}

/* One step of a program on both; values stay small integers, so that every product is exact. */
static void step(world *w, sy_buffer *x, sy_plan *const plans[3], machine *m, sy_random *random) {
    uint64_t a = sy_random_below(random, 20), b = sy_random_below(random, 20),
             to = sy_random_below(random, 20);
    switch (sy_random_below(random, 6)) {
    case 0:
    case 1:
        if (to == a || to == b)
            break;
        multiply(w, plans[0], span_of(x, a, 1), span_of(x, b, 1), span_of(x, to, 1));
        do_product(m, a, b, to);
        break;
    case 2:
        if (!apart(a, 2, to, 4) || !apart(b, 2, to, 4))
            break;
        multiply(w, plans[1], span_of(x, a, 2), span_of(x, b, 2), span_of(x, to, 4));
        do_outer(m, a, b, to);
        break;
    case 3:
        if (to == a || to == b)
            break;
        accumulate(w, plans[2], span_of(x, a, 1), span_of(x, b, 1), span_of(x, to, 1));
        m->cell[to] += m->cell[a] * m->cell[b];
        break;
    case 4: {
        float value = (float)sy_random_below(random, 3) - 1.0f;
        put(w, span_of(x, to, 1), &value);
        m->cell[to] = value;
        break;
    }
    default:
        if (!apart(a, 4, to, 4))
            break;
        assert_int_equal(w->api->memory->copy(w->queue, span_of(x, to, 4), span_of(x, a, 4), NULL), SY_OK);
        memmove(m->cell + to, m->cell + a, 4 * sizeof(float));
        break;
    }
}

static void keep_small(world *w, sy_buffer *x, machine *m) {
    for (uint64_t i = 0; i < 24; i++)
        if (m->cell[i] > 1000.0f || m->cell[i] < -1000.0f) {
            m->cell[i] = 1.0f;
            put(w, span_of(x, i, 1), &m->cell[i]);
        }
}

static void random_programs_end_as_if_done_at_once(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 24 * sizeof(float));
    sy_plan *plans[] = {plan_of(&w, PRODUCT), plan_of(&w, "gemm:m=2,n=2,k=1,dtype=f32"), plan_of(&w, SUM)};
    for (uint64_t program = 0; program < 400; program++) {
        sy_random random;
        machine m;
        float cells[24];
        sy_random_seed(&random, 11, program);
        for (uint64_t i = 0; i < 24; i++)
            m.cell[i] = (float)sy_random_below(&random, 5) - 2.0f;
        put(&w, span_of(x, 0, 24), m.cell);
        for (int i = 0; i < 60; i++) {
            step(&w, x, plans, &m, &random);
            keep_small(&w, x, &m);
            uint64_t looked_at = sy_random_below(&random, 24);
            if (sy_random_below(&random, 10) == 0 && get_one(&w, x, looked_at) != m.cell[looked_at])
                fail_msg("program %d, step %d, cell %d", (int)program, i, (int)looked_at);
        }
        get(&w, span_of(x, 0, 24), cells);
        for (int i = 0; i < 24; i++)
            if (cells[i] != m.cell[i])
                fail_msg("program %d ends with %g in cell %d, should be %g", (int)program, (double)cells[i],
                    i, (double)m.cell[i]);
    }
    for (size_t i = 0; i < 3; i++)
        w.api->work->plan_destroy(plans[i]);
    w.api->memory->free(x);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_result_is_there_when_it_is_read),
        cmocka_unit_test(inputs_changed_later_do_not_matter),
        cmocka_unit_test(what_is_written_over_is_never_computed),
        cmocka_unit_test(sets_in_turn_are_noted_once_each),
        cmocka_unit_test(a_chain_repeated_is_done_each_time), cmocka_unit_test(sums_in_place_add_up),
        cmocka_unit_test(many_notes_are_computed_in_order),
        cmocka_unit_test(freeing_an_input_keeps_its_result),
        cmocka_unit_test(a_plan_destroyed_early_still_gives_its_result),
        cmocka_unit_test(an_empty_operand_may_be_freed),
        cmocka_unit_test(a_device_closed_with_notes_leaves_nothing),
        cmocka_unit_test(random_programs_end_as_if_done_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
