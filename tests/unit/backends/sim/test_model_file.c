/* The text of a compiled model: what it may hold, what is refused with the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/model_file.h"
#include "runtime/base/error.h"

static sim_model_file file;

static void a_text_is_read(void **state) {
    static const char text[] = "simmodel 1\r\n# a comment\n\ninput x f32 1,?,3\n input\tz u8 -\n"
                               "output y scale x -2.5\noutput w copy z\nflop 2G\nbyte 17";
    (void)state;
    assert_int_equal(sim_model_file_read(text, sizeof text - 1, &file, NULL), SY_OK);
    assert_int_equal(file.n_in, 2);
    assert_int_equal(file.n_out, 2);
    assert_string_equal(file.port[0].known.name, "x");
    assert_int_equal(file.port[0].known.dtype, SY_F32);
    assert_int_equal(file.port[0].known.rank, 3);
    assert_int_equal(file.port[0].known.dim[1], -1);
    assert_int_equal(file.port[1].known.rank, 0);
    assert_int_equal(file.port[2].source, 0);
    assert_true(file.port[2].factor == -2.5);
    assert_int_equal(file.port[3].source, 1);
    assert_true(file.port[3].factor == 1.0);
    assert_int_equal(file.port[3].known.is_output, 1);
    assert_int_equal(file.flop, 2000000000);
    assert_int_equal(file.byte, 17);
}

static void another_kind_of_file_is_told_apart(void **state) {
    static const char *const rows[] = {
        "", "simmodel", "simmodel 12", "\x08\x07onnx", " simmodel 1\ninput x f32 1"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(sim_model_file_read(rows[i], strlen(rows[i]), &file, &err), SY_INCOMPATIBLE);
        assert_non_null(strstr(err.text, "\"simmodel 1\""));
    }
}

static void what_is_wrong_is_told_with_its_line(void **state) {
    static const struct {
        const char *text, *says;
    } rows[] = {{"\nfrobnicate", "line 2 of the model: an unknown word"},
        {"\n\ninput", "line 3 of the model: no name"}, {"\ninput x", "input NAME TYPE EXTENTS"},
        {"\ninput x f33 1", "an unknown type"}, {"\ninput x f32 1,-1", "an extent is no number"},
        {"\ninput x f32 1,,2", "an extent is no number"}, {"\ninput x f32 99999999999999999999", "no number"},
        {"\ninput x f32 1,1,1,1,1,1,1,1,1", "at most 8"}, {"\ninput x f32 1\ninput x f32 1", "twice"},
        {"\ninput x f32 1\noutput y scale x", "output NAME copy"},
        {"\ninput x f32 1\noutput y scale x two", "output NAME copy"},
        {"\ninput x f32 1\noutput y copy z", "an unknown input"},
        {"\ninput x f32 1\noutput y copy x\ninput z f32 1", "before all outputs"},
        {"\nflop many", "flop COUNT"}, {"\nbyte", "no number"}, {"\na b c d e f g", "too long"},
        {"\ninput x f32 1", "without outputs"}, {"", "without outputs"},
        {"\ninput x f32 4294967296,4294967296\noutput y copy x", "input x of the model is beyond"}};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        int count = snprintf(text, sizeof text, "simmodel 1%s", rows[i].text);
        assert_int_equal(sim_model_file_read(text, (size_t)count, &file, &err), SY_INVALID_ARGUMENT);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("'%s' says '%s'", rows[i].text, err.text);
    }
}

static void lines_and_names_have_an_end(void **state) {
    char text[2048];
    (void)state;
    for (size_t bytes = 100; bytes < 1000; bytes += 100) {
        memset(text, 'x', sizeof text);
        memcpy(text, "simmodel 1\ninput ", 17);
        memcpy(text + 17 + bytes, " f32 1\noutput y copy x\n", 23);
        sy_status status = sim_model_file_read(text, 17 + bytes + 23, &file, NULL);
        assert_int_equal(status, SY_INVALID_ARGUMENT);
    }
    assert_int_equal(sim_model_file_read("simmodel 1\nin\0put", 17, &file, NULL), SY_INVALID_ARGUMENT);
    int used = snprintf(text, sizeof text, "simmodel 1\n");
    for (int i = 0; i < SIM_PORTS_MAX + 1; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "input x%d f32 1\n", i);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sim_model_file_read(text, (size_t)used, &file, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "at most 32"));
}

/* Every prefix is a model or is refused. */
static void cut_texts_are_survived(void **state) {
    static const char text[] = "simmodel 1\ninput x f32 1,2\noutput y scale x 2\nflop 7\n";
    (void)state;
    for (size_t count = 0; count < sizeof text; count++) {
        sy_status status = sim_model_file_read(text, count, &file, NULL);
        assert_true(status == SY_OK || status == SY_INCOMPATIBLE || status == SY_INVALID_ARGUMENT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_text_is_read),
        cmocka_unit_test(another_kind_of_file_is_told_apart),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line), cmocka_unit_test(lines_and_names_have_an_end),
        cmocka_unit_test(cut_texts_are_survived)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
