/* Extents and values of inputs: bound by symbol, by input, not at all; contradictions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/passes/specialise.h"
#include "tests/support/net_text.h"

/* Two inputs that share a symbol, one of them with an extent that nobody names. */
static const char plain[] = "in x f32[n,3]\n"
                            "in y f32[n,?]\n"
                            "node Concat:13 x y -> z | axis=1\n"
                            "out z\n";

typedef struct net {
    sy_net_arena source, arena;
    sy_net_graph *from, *graph;
    sy_error err;
} net;

static sy_status bind(net *this, const char *text, const sy_network_bind *list, uint32_t count) {
    *this = (net){.err = SY_ERROR_INIT};
    this->from = net_text_graph(&this->source, text, NULL);
    return sy_net_specialise(this->from, list, count, NULL, &this->arena, &this->graph, &this->err);
}

static void close(net *this) {
    sy_net_arena_release(&this->source);
    sy_net_arena_release(&this->arena);
}

static void expect(const char *text, const sy_network_bind *list, uint32_t count, const char *wanted) {
    char found[SY_NET_TENSOR_TEXT_MAX];
    net this;
    if (bind(&this, text, list, count) != SY_OK)
        fail_msg("%s", this.err.text);
    assert_int_equal(this.graph->n_output, 1);
    assert_string_equal(sy_net_tensor_print(&this.graph->value[this.graph->output[0]].tensor, found), wanted);
    close(&this);
}

static void refuse(const char *text, const sy_network_bind *list, uint32_t count, const char *words) {
    net this;
    assert_int_equal(bind(&this, text, list, count), SY_INVALID_ARGUMENT);
    assert_null(this.graph);
    if (strstr(this.err.text, words) == NULL)
        fail_msg("'%s' is not in: %s", words, this.err.text);
    close(&this);
}

#define ONE(...) ((const sy_network_bind[]){{__VA_ARGS__}}), 1

static void extents_follow_what_is_bound(void **state) {
    (void)state;
    expect(plain, NULL, 0, "f32[1,4]");
    expect(plain, ONE(.name = "n", .dim = {5}), "f32[5,4]");
    expect(plain, ONE(.name = "n", .dim = {0}), "f32[0,4]");
    expect(plain, ONE(.name = "y", .rank = 2, .dim = {2, 7}), "f32[2,10]");
    const sy_network_bind both[] = {{.name = "x", .rank = 2, .dim = {6, 3}}, {.name = "n", .dim = {6}}};
    expect(plain, both, 2, "f32[6,4]");
    expect("in x f32\nnode Identity:13 x -> y\nout y\n", ONE(.name = "x", .rank = 1, .dim = {4}), "f32[4]");
}

static void contradictions_are_told(void **state) {
    (void)state;
    refuse(plain, ONE(.name = "m", .dim = {5}), "extents: n; inputs: x, y");
    refuse(plain, ONE(.name = "n", .dim = {-1}), "bound to");
    refuse(plain, ONE(.name = "x", .rank = 1, .dim = {5}), "1 extents are bound, the network says 2");
    refuse(plain, ONE(.name = "x", .rank = 9, .dim = {5}), "9 extents");
    refuse(plain, ONE(.name = "x", .rank = 2, .dim = {5, 4}), "the network says 3");
    refuse(plain, ONE(.name = "x", .rank = 2, .dim = {-5, 3}), "must be at least 0");
    refuse(plain, ONE(.name = NULL), "has no name");
    net this;
    assert_int_equal(bind(&this, plain, ONE(.name = "n", .dim = {INT64_MAX})), SY_OVERFLOW);
    assert_non_null(strstr(this.err.text, "input 'x': a tensor of more than"));
    close(&this);
    const sy_network_bind two[] = {{.name = "x", .rank = 2, .dim = {6, 3}}, {.name = "n", .dim = {5}}};
    refuse(plain, two, 2, "is bound to 6 and to 5");
    const sy_network_bind other[] = {
        {.name = "x", .rank = 2, .dim = {6, 3}}, {.name = "y", .rank = 2, .dim = {5, 1}}};
    refuse(plain, other, 2, "is bound to 5 and to 6");
    refuse("in x f32\nnode Identity:13 x -> y\nout y\n", NULL, 0, "how many extents");
}

static void a_value_makes_the_input_a_constant(void **state) {
    float value[2] = {3, 4};
    const sy_network_bind list[] = {{.name = "x", .rank = 1, .dim = {2}, .value = value}};
    net this;
    (void)state;
    assert_int_equal(
        bind(&this, "in x f32[n]\nin s f32[]\nnode Concat:13 x x -> y | axis=0\nout y\n", list, 1), SY_OK);
    value[0] = 9; /* it was copied */
    assert_int_equal(this.graph->n_input, 1);
    assert_string_equal(this.graph->value[this.graph->input[0]].name, "s");
    net_text_assert_output(this.graph, 0, "f32[4] 3 4 3 4");
    close(&this);
    const sy_network_bind scalar[] = {{.name = "s", .value = value}};
    assert_int_equal(bind(&this, "in s f32[]\nnode Identity:13 s -> y\nout y\n", scalar, 1), SY_OK);
    net_text_assert_output(this.graph, 0, "f32[] 9");
    close(&this);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extents_follow_what_is_bound),
        cmocka_unit_test(contradictions_are_told),
        cmocka_unit_test(a_value_makes_the_input_a_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
