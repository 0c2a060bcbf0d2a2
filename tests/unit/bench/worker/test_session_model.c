/* A worker's answers about networks, on a backend that takes them as they are: order of calls, shapes,
 * traffic, its log and outputs in the shared memory, energy. */
#include "tests/unit/bench/worker/sitting.h"

#include "bench/traffic/traffic.h"
#include "tests/unit/bench/worker/whole.h"

static const sy_builtin builtins[] = {{"sim", whole_query}};
static char path[64];

static sitting begin(void) {
    sitting s = {.memory_fd = memfd_create("outputs", MFD_CLOEXEC)};
    snprintf(path, sizeof path, "/tmp/steelyard-whole-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("copy", file);
    fclose(file);
    assert_int_equal(sy_session_create(builtins, 1, s.memory_fd, &s.session, NULL), SY_OK);
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    return s;
}

static void finish(sitting *s) {
    stand_up(s);
    unlink(path);
}

/* `{"call":"model","path":...,MORE}`. */
static json_t *open_model(sitting *s, const char *more) {
    char request[512];
    snprintf(request, sizeof request, "{\"call\":\"model\",\"path\":\"%s\"%s}", path, more);
    return ask(s, request);
}

static void expect_model(sitting *s, const char *more, sy_status wanted, const char *says) {
    sy_error error = SY_ERROR_INIT;
    json_t *reply = open_model(s, more);
    sy_status status = sy_protocol_status(reply, &error);
    if (status != wanted || (says != NULL && strstr(error.text, says) == NULL))
        fail_msg("%s: status %d '%s'", more, (int)status, error.text);
    json_decref(reply);
}

#define TRAFFIC "{\"call\":\"traffic\",\"scenario\":1,\"min_queries\":20,\"seed\":\"5\"}"

static void calls_have_an_order(void **state) {
    (void)state;
    sitting s = begin();
    expect(&s, "{\"call\":\"model_check\"}", SY_INVALID_ARGUMENT, "model comes before");
    expect(&s, TRAFFIC, SY_INVALID_ARGUMENT, "model comes before");
    expect(&s, "{\"call\":\"model_profile\"}", SY_INVALID_ARGUMENT, "model comes before");
    expect(&s, "{\"call\":\"energy\",\"jobs\":[{\"is_model\":true}]}", SY_INVALID_ARGUMENT,
        "model comes before");
    expect(&s, "{\"call\":\"model_end\"}", SY_OK, NULL);
    expect_model(&s, "", SY_OK, NULL);
    expect(&s, "{\"call\":\"model_end\"}", SY_OK, NULL);
    expect(&s, TRAFFIC, SY_INVALID_ARGUMENT, "model comes before");
    expect_model(&s, "", SY_OK, NULL);
    expect(&s, SITTING_OPEN, SY_OK, NULL); /* another device: the network is gone with the first */
    expect(&s, TRAFFIC, SY_INVALID_ARGUMENT, "model comes before");
    finish(&s);
}

static void a_model_says_what_it_is(void **state) {
    (void)state;
    sitting s = begin();
    json_t *reply = open_model(&s, ",\"batch\":4");
    const json_t *x = json_array_get(json_object_get(reply, "ports"), 0);
    assert_string_equal("x", sy_protocol_text(x, "name", ""));
    assert_int_equal(4, json_integer_value(json_array_get(json_object_get(x, "dim"), 0)));
    assert_true(sy_protocol_bool(reply, "whole", false));
    assert_true(sy_protocol_u64(reply, "first_run_ns", 0) > 0);
    json_decref(reply);
    reply = open_model(&s, ",\"binds\":[{\"name\":\"x\",\"dim\":[7,3]}]");
    x = json_array_get(json_object_get(reply, "ports"), 0);
    assert_int_equal(7, json_integer_value(json_array_get(json_object_get(x, "dim"), 0)));
    json_decref(reply);
    finish(&s);
}

static void what_cannot_be_is_told(void **state) {
    (void)state;
    sitting s = begin();
    expect_model(
        &s, ",\"binds\":[{\"name\":\"z\",\"dim\":[7,3]}]", SY_INVALID_ARGUMENT, "no input of that name");
    expect_model(
        &s, ",\"binds\":[{\"name\":\"x\",\"dim\":[7]}]", SY_INVALID_ARGUMENT, "2 extents, --bind gives 1");
    expect_model(&s, ",\"binds\":[{\"name\":\"x\",\"dim\":[7,4]}]", SY_INVALID_ARGUMENT, "x is ?x3");
    expect_model(&s, ",\"dtype\":4", SY_UNSUPPORTED, "no --dtype");
    expect_model(&s, ",\"is_reference\":true", SY_UNSUPPORTED, "no reference");
    expect_model(&s, ",\"instances\":0", SY_INVALID_ARGUMENT, "instances");
    expect_model(&s, ",\"instances\":2", SY_UNSUPPORTED, "simulated");
    expect_model(&s, ",\"sets\":100000", SY_INVALID_ARGUMENT, "sets");
    expect(&s, "{\"call\":\"model\",\"path\":\"/nowhere/x.onnx\"}", SY_INVALID_ARGUMENT, "not a model");
    expect(&s, TRAFFIC, SY_INVALID_ARGUMENT, "model comes before");
    finish(&s);
}

static void wrong_types_are_survived(void **state) {
    (void)state;
    static const char *const odd[] = {
        "\"text\"", "[]", "{}", "[[]]", "null", "-5", "1e300", "[{\"name\":[]}]"};
    static const char *const fields[] = {
        "dtype", "math", "batch", "binds", "sets", "data", "seed", "ranges", "inputs", "instances"};
    sitting s = begin();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        for (size_t j = 0; j < sizeof odd / sizeof odd[0]; j++) {
            char more[128];
            snprintf(more, sizeof more, ",\"%s\":%s", fields[i], odd[j]);
            json_decref(open_model(&s, more));
        }
    expect_model(&s, "", SY_OK, NULL);
    for (size_t j = 0; j < sizeof odd / sizeof odd[0]; j++) {
        char request[128];
        snprintf(request, sizeof request, "{\"call\":\"traffic\",\"scenario\":%s}", odd[j]);
        expect(&s, request, SY_INVALID_ARGUMENT, NULL);
        snprintf(request, sizeof request, "{\"call\":\"model_check\",\"sets\":%s}", odd[j]);
        json_decref(ask(&s, request));
    }
    finish(&s);
}

static void read_memory(const sitting *s, uint64_t offset, void *out, size_t bytes) {
    assert_int_equal((ssize_t)bytes, pread(s->memory_fd, out, bytes, (off_t)offset));
}

/* The output is the input, so what is handed over for a set is the same whenever it ran. */
static void outputs_are_handed_over(void **state) {
    (void)state;
    sitting s = begin();
    float checked[3][3], timed[3];
    expect_model(&s, ",\"sets\":3", SY_OK, NULL);
    json_t *reply = ask(&s, "{\"call\":\"model_check\"}");
    assert_int_equal(3, json_array_size(json_object_get(reply, "outputs")));
    for (size_t i = 0; i < 3; i++) {
        const json_t *each = json_array_get(json_object_get(reply, "outputs"), i);
        assert_int_equal(i, sy_protocol_u64(each, "set", 99));
        read_memory(&s, sy_protocol_u64(each, "offset", 0), checked[i], sizeof checked[i]);
    }
    assert_memory_not_equal(checked[0], checked[1], sizeof checked[0]);
    json_decref(reply);
    reply = ask(&s, TRAFFIC);
    uint64_t count = sy_protocol_u64(reply, "queries", 0);
    assert_int_equal(20, count);
    sy_traffic_query query[20];
    read_memory(&s, 0, query, sizeof query);
    for (size_t i = 0; i < 20; i++)
        assert_true(query[i].end_ns > query[i].due_ns && query[i].runs == 1);
    const json_t *outputs = json_object_get(reply, "outputs");
    assert_int_equal(4, json_array_size(outputs));
    for (size_t i = 0; i < 4; i++) {
        const json_t *each = json_array_get(outputs, i);
        read_memory(&s, sy_protocol_u64(each, "offset", 0), timed, sizeof timed);
        assert_memory_equal(checked[sy_protocol_u64(each, "set", 9)], timed, sizeof timed);
    }
    assert_true(sy_protocol_u64(reply, "peak_rss_bytes", 0) > 1000000);
    json_decref(reply);
    finish(&s);
}

static void a_whole_has_no_steps(void **state) {
    (void)state;
    sitting s = begin();
    expect_model(&s, "", SY_OK, NULL);
    expect(&s, "{\"call\":\"model_profile\"}", SY_UNSUPPORTED, "as a whole");
    finish(&s);
}

static void its_load_is_one_of_energy(void **state) {
    (void)state;
    sitting s = begin();
    expect_model(&s, "", SY_OK, NULL);
    json_t *reply =
        ask(&s, "{\"call\":\"energy\",\"jobs\":[{\"is_model\":true,\"runs\":2}],\"meters\":[],"
                "\"load_ns\":100000,\"window_ns\":400000,\"tail_ns\":100000,\"phase_seed\":\"1\"}");
    assert_int_equal(SY_OK, sy_protocol_status(reply, NULL));
    assert_true(sy_protocol_u64(json_object_get(reply, "window"), "launches", 0) > 0);
    json_decref(reply);
    finish(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_have_an_order),
        cmocka_unit_test(a_model_says_what_it_is),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(wrong_types_are_survived),
        cmocka_unit_test(outputs_are_handed_over),
        cmocka_unit_test(a_whole_has_no_steps),
        cmocka_unit_test(its_load_is_one_of_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
