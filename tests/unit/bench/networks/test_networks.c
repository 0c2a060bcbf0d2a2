/* Networks that are made: read back whole, the same for the same seed, and their work as a suite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/networks/networks.h"
#include "bench/networks/shapes.h"
#include "runtime/base/seam.h"

/* Known of the networks' papers: million parameters, GFLOP (2 x multiply-adds) of one run with its bindings.
 */
typedef struct known {
    const char *name, *bind[2];
    size_t n_bind;
    double parameters, gflop;
} known;

static const known rows[] = {
    {"squeezenet", {NULL, NULL}, 0, 1.235, 0.70},
    {"mobilenetv2", {NULL, NULL}, 0, 3.54, 0.60},
    {"resnet50", {NULL, NULL}, 0, 25.6, 8.18},
    {"tiny-llm", {"tokens=1", NULL}, 1, 2.82, 0.006},
    {"whisper-base-encoder", {NULL, NULL}, 0, 20.6, 87.4},
};

static char folder[] = "/tmp/steelyard-networks-XXXXXX";

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static void path_of(const char *name, char out[256]) {
    snprintf(out, 256, "%s/%s.onnx", folder, name);
}

static uint64_t make(const char *name, uint64_t seed, const char *path) {
    const sy_made_network *row = sy_made_network_find(name);
    sy_error err = SY_ERROR_INIT;
    sy_drawing drawing;
    assert_non_null(row);
    sy_drawing_begin(&drawing, row->name);
    row->draw(&drawing);
    uint64_t parameters = sy_drawing_parameters(&drawing);
    if (sy_drawing_write(&drawing, seed, path, &err) != SY_OK)
        fail_msg("%s", err.text);
    sy_drawing_release(&drawing);
    return parameters;
}

static void are_as_their_papers_have_them(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[256];
        sy_look look;
        sy_error err = SY_ERROR_INIT;
        path_of(rows[i].name, path);
        uint64_t drawn = make(rows[i].name, 1, path);
        if (sy_look_open(path, rows[i].bind, rows[i].n_bind, &look, &err) != SY_OK)
            fail_msg("%s", err.text);
        double parameters = (double)look.parameters / 1e6, gflop = look.flop / 1e9;
        assert_true(parameters > 0.99 * rows[i].parameters && parameters < 1.01 * rows[i].parameters);
        assert_true(gflop > 0.98 * rows[i].gflop && gflop < 1.02 * rows[i].gflop + 0.001);
        assert_true(look.parameters <= drawn && look.parameters + 4096 > drawn); /* scalars may be folded */
        sy_look_release(&look);
        unlink(path);
    }
}

static void read_all(const char *path, char **out, size_t *out_count) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *out_count = (size_t)ftell(file);
    rewind(file);
    *out = malloc(*out_count);
    assert_int_equal(fread(*out, 1, *out_count, file), *out_count);
    fclose(file);
}

static void a_seed_gives_the_same_bytes(void **state) {
    (void)state;
    char path[256], *first = NULL, *again = NULL, *other = NULL;
    size_t n_first = 0, n_again = 0, n_other = 0;
    path_of("seeded", path);
    make("squeezenet", 7, path);
    read_all(path, &first, &n_first);
    make("squeezenet", 7, path);
    read_all(path, &again, &n_again);
    make("squeezenet", 8, path);
    read_all(path, &other, &n_other);
    assert_true(n_first == n_again && memcmp(first, again, n_first) == 0);
    assert_true(n_first == n_other && memcmp(first, other, n_first) != 0);
    free(first);
    free(again);
    free(other);
    unlink(path);
}

static void weights_lie_aligned(void **state) {
    (void)state;
    char path[256];
    sy_look look;
    path_of("aligned", path);
    make("squeezenet", 1, path);
    assert_int_equal(sy_look_open(path, NULL, 0, &look, NULL), SY_OK);
    uint32_t seen = 0;
    for (uint32_t i = 0; i < look.graph->n_value; i++) {
        const sy_net_value *value = &look.graph->value[i];
        if ((value->flags & SY_NET_CONST) == 0 || value->tensor.dtype != SY_F32)
            continue;
        assert_int_equal((uintptr_t)value->tensor.data % 64, 0);
        seen++;
    }
    assert_true(seen >= 52);
    sy_look_release(&look);
    unlink(path);
}

static void a_failed_write_leaves_nothing(void **state) {
    (void)state;
    char path[256], part[272];
    path_of("failed", path);
    snprintf(part, sizeof part, "%s.part", path);
    for (uint64_t k = 1; k < 400; k += 37) {
        const sy_made_network *row = sy_made_network_find("squeezenet");
        sy_error err = SY_ERROR_INIT;
        sy_drawing drawing;
        sy_drawing_begin(&drawing, row->name);
        row->draw(&drawing);
        sy_seam_arm(SY_SEAM_FILE, k);
        sy_status status = sy_drawing_write(&drawing, 1, path, &err);
        bool has_struck = sy_seam_disarm() >= k;
        assert_true((status == SY_OK) == !has_struck);
        if (has_struck) {
            assert_true(err.text[0] != '\0');
            assert_true(access(path, F_OK) != 0 && access(part, F_OK) != 0);
        }
        unlink(path);
        sy_drawing_release(&drawing);
    }
}

static void shapes_count_what_is_alike(void **state) {
    (void)state;
    char path[256];
    sy_look look;
    json_t *suite = NULL;
    uint32_t left_out = 0;
    sy_text names = {0};
    path_of("shapes", path);
    make("squeezenet", 1, path);
    assert_int_equal(sy_look_open(path, NULL, 0, &look, NULL), SY_OK);
    assert_int_equal(sy_network_shapes(&look, "Squeeze Net", &suite, &left_out, &names, NULL), SY_OK);
    assert_int_equal(left_out, 0);
    assert_string_equal(json_string_value(json_object_get(suite, "name")), "squeeze-net");
    json_t *problems = json_object_get(suite, "problems"), *problem = NULL;
    size_t index = 0;
    json_int_t convolutions = 0;
    json_array_foreach(problems, index, problem) {
        assert_string_equal(json_string_value(json_object_get(problem, "op")), "conv2d");
        convolutions += json_integer_value(json_object_get(problem, "count"));
    }
    assert_int_equal(convolutions, 26);
    assert_true(json_array_size(problems) < 26);
    json_decref(suite);
    sy_text_release(&names);
    sy_look_release(&look);
    unlink(path);
}

static void bindings_are_read_or_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {"batch", "=4", "batch=", "batch=x", "batch=-1", "batch=1.5"};
    char name[SY_LOOK_NAME_MAX];
    sy_network_bind bind;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_look_bind_parse("a=b=12", name, &bind, &err), SY_OK);
    assert_string_equal(bind.name, "a=b");
    assert_true(bind.rank == 0 && bind.dim[0] == 12);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(sy_look_bind_parse(wrong[i], name, &bind, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "batch=4"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_as_their_papers_have_them),
        cmocka_unit_test(a_seed_gives_the_same_bytes),
        cmocka_unit_test(weights_lie_aligned),
        cmocka_unit_test(a_failed_write_leaves_nothing),
        cmocka_unit_test(shapes_count_what_is_alike),
        cmocka_unit_test(bindings_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
