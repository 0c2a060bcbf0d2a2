/* The first pass: what is left in the skeleton, where the elements are, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/schema.h"
#include "runtime/model/onnx/survey.h"
#include "tests/support/onnx_writer.h"

static sy_error err;

static sy_status survey_of(onnx_writer *writer, sy_onnx_message root, sy_onnx_survey *out) {
    err = SY_ERROR_INIT;
    return sy_onnx_survey_make(writer->bytes, writer->count, root, out, &err);
}

/* Refused with a status and words; the writer is freed. */
static void refuse(onnx_writer *writer, sy_onnx_message root, sy_status wanted, const char *words) {
    sy_onnx_survey survey;
    assert_int_equal(survey_of(writer, root, &survey), wanted);
    assert_non_null(strstr(err.text, words));
    assert_null(survey.skeleton);
    assert_null(survey.run);
    onnx_writer_free(writer);
}

static void elements_stay_behind(void **state) {
    (void)state;
    static const uint8_t raw[4096];
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    SyPb__Tensor *tensor = NULL;
    onnx_tensor(&writer, 5, "w", 1, "32,32", raw, sizeof raw);
    onnx_writer inner = {.bytes = writer.bytes + 6, .count = writer.count - 6};
    assert_int_equal(survey_of(&inner, SY_ONNX_TENSOR, &survey), SY_OK);
    assert_true(survey.skeleton_bytes < 100);
    assert_int_equal(survey.n_run, 1);
    assert_true(survey.run[0].is_packed && survey.run[0].field == 9 && survey.run[0].length == sizeof raw);
    assert_int_equal(survey.run[0].offset + sizeof raw, inner.count);
    assert_int_equal(sy_schema_tensor(&survey, &tensor, &err), SY_OK);
    assert_true(
        tensor->n_dims == 2 && tensor->dims[1] == 32 && tensor->runs_begin == 0 && tensor->runs_count == 1);
    assert_string_equal(tensor->name, "w");
    sy_schema_free_tensor(tensor);
    sy_onnx_survey_release(&survey);
    onnx_writer_free(&writer);
}

static void fields_of_our_own_cannot_be_forged(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    SyPb__Tensor *tensor = NULL;
    onnx_number(&writer, 1000, 77);
    onnx_number(&writer, 1001, 99);
    assert_int_equal(survey_of(&writer, SY_ONNX_TENSOR, &survey), SY_OK);
    assert_int_equal(sy_schema_tensor(&survey, &tensor, &err), SY_OK);
    assert_true(tensor->runs_begin == 0 && tensor->runs_count == 0);
    sy_schema_free_tensor(tensor);
    sy_onnx_survey_release(&survey);
    onnx_writer_free(&writer);
}

static void single_elements_are_one_run(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    for (int i = 0; i < 100; i++)
        onnx_number(&writer, 5, i);
    onnx_number(&writer, 2, 6);
    onnx_number(&writer, 5, 7);
    assert_int_equal(survey_of(&writer, SY_ONNX_TENSOR, &survey), SY_OK);
    assert_int_equal(survey.n_run, 2);
    assert_true(!survey.run[0].is_packed && survey.run[0].length == 200 && survey.run[1].length == 2);
    sy_onnx_survey_release(&survey);
    onnx_writer_free(&writer);
}

static void what_nobody_reads_is_left_out(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    char text[5000];
    memset(text, 'x', sizeof text);
    onnx_bytes(&writer, 6, text, sizeof text); /* doc_string */
    onnx_begin(&writer, 20);                   /* training_info */
    onnx_bytes(&writer, 1, text, sizeof text);
    onnx_end(&writer);
    assert_int_equal(survey_of(&writer, SY_ONNX_MODEL, &survey), SY_OK);
    assert_int_equal(survey.skeleton_bytes, 0);
    sy_onnx_survey_release(&survey);
    onnx_writer_free(&writer);
}

static void singular_fields_come_once(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin(&writer, 7);
    onnx_end(&writer);
    onnx_begin(&writer, 7);
    onnx_end(&writer);
    refuse(&writer, SY_ONNX_MODEL, SY_INVALID_ARGUMENT, "a field is there twice");
    onnx_number(&writer, 2, 1);
    onnx_number(&writer, 2, 1);
    refuse(&writer, SY_ONNX_TENSOR, SY_INVALID_ARGUMENT, "byte 2, in a tensor: a field is there twice");
}

static void fields_are_of_their_type(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_number(&writer, 7, 1);
    refuse(&writer, SY_ONNX_MODEL, SY_INVALID_ARGUMENT, "a field is not of its type");
    onnx_text(&writer, 2, "float");
    refuse(&writer, SY_ONNX_TENSOR, SY_INVALID_ARGUMENT, "a field is not of its type");
    onnx_bytes(&writer, 1, "\x80", 1);
    refuse(&writer, SY_ONNX_TENSOR, SY_INVALID_ARGUMENT, "a field is not of its type");
    onnx_float(&writer, 1, 1.0f);
    refuse(&writer, SY_ONNX_TENSOR, SY_INVALID_ARGUMENT, "a field is not of its type");
}

static void a_message_ends_where_it_says(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_put(&writer, "\x3a\x05\x0a\x09xyz", 7); /* a node longer than its graph */
    refuse(&writer, SY_ONNX_MODEL, SY_INVALID_ARGUMENT, "in a graph: a field is longer than what it is in");
}

/* Graphs in nodes of graphs: three messages each. */
static void nest(onnx_writer *writer, unsigned graphs) {
    onnx_begin(writer, 7);
    for (unsigned i = 1; i < graphs; i++) {
        onnx_begin(writer, 1);
        onnx_begin(writer, 5);
        onnx_begin(writer, 6);
    }
    while (writer->depth > 0)
        onnx_end(writer);
}

static void depth_is_limited(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    nest(&writer, 21); /* 1 + 1 + 3 * 20 = 62 messages */
    assert_int_equal(survey_of(&writer, SY_ONNX_MODEL, &survey), SY_OK);
    sy_onnx_survey_release(&survey);
    onnx_writer_free(&writer);
    nest(&writer, 22);
    refuse(&writer, SY_ONNX_MODEL, SY_OVERFLOW, "more than 64 messages within each other");
    nest(&writer, 3000); /* what ends parsers that call themselves */
    refuse(&writer, SY_ONNX_MODEL, SY_OVERFLOW, "more than 64 messages within each other");
}

static void counts_are_limited(void **state) {
    (void)state;
    onnx_writer writer = {0};
    for (unsigned i = 0; i <= SY_ONNX_MAX_FUNCTIONS; i++)
        onnx_bytes(&writer, 25, "", 0);
    refuse(&writer, SY_ONNX_MODEL, SY_OVERFLOW, "more than 1024 functions");
    for (unsigned i = 0; i <= SY_ONNX_MAX_DIMS; i++)
        onnx_number(&writer, 1, 1);
    refuse(&writer, SY_ONNX_TENSOR, SY_OVERFLOW, "more than 64 entries in field 1 of a tensor");
    onnx_begin(&writer, 7);
    onnx_begin(&writer, 1);
    for (unsigned i = 0; i <= SY_ONNX_MAX_NODE_ATTRIBUTES; i++)
        onnx_bytes(&writer, 5, "", 0);
    onnx_end(&writer);
    onnx_end(&writer);
    refuse(&writer, SY_ONNX_MODEL, SY_OVERFLOW, "more than 256 entries in field 5 of a node");
    onnx_begin(&writer, 7);
    for (unsigned i = 0; i <= SY_ONNX_MAX_NODES; i++)
        onnx_bytes(&writer, 1, "", 0);
    onnx_end(&writer);
    refuse(&writer, SY_ONNX_MODEL, SY_OVERFLOW, "more than 262144 nodes");
    onnx_bytes(&writer, 1, "", 0);
    char packed[SY_ONNX_MAX_DIMS + 1] = {0};
    onnx_bytes(&writer, 1, packed, sizeof packed);
    refuse(&writer, SY_ONNX_TENSOR, SY_OVERFLOW, "more than 64 entries");
}

static void texts_are_limited(void **state) {
    (void)state;
    static char text[SY_ONNX_MAX_TEXT + 1];
    onnx_writer writer = {0};
    onnx_bytes(&writer, 8, text, sizeof text);
    refuse(&writer, SY_ONNX_TENSOR, SY_OVERFLOW, "a text of more than 65536 bytes");
}

static void each_allocation_may_fail(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_onnx_survey survey;
    onnx_begin_model(&writer, 13);
    for (int i = 0; i < 300; i++)
        onnx_tensor(&writer, 5, "constant", 1, "1", "abcd", 4);
    onnx_end(&writer);
    uint64_t calls = 0;
    for (uint64_t k = 1;; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = survey_of(&writer, SY_ONNX_MODEL, &survey);
        calls = sy_seam_disarm();
        assert_int_equal(status, k <= calls ? SY_OUT_OF_MEMORY : SY_OK);
        sy_onnx_survey_release(&survey);
        if (k > calls)
            break;
    }
    assert_true(calls >= 6);
    onnx_writer_free(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stay_behind),
        cmocka_unit_test(fields_of_our_own_cannot_be_forged),
        cmocka_unit_test(single_elements_are_one_run),
        cmocka_unit_test(what_nobody_reads_is_left_out),
        cmocka_unit_test(singular_fields_come_once),
        cmocka_unit_test(fields_are_of_their_type),
        cmocka_unit_test(a_message_ends_where_it_says),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(counts_are_limited),
        cmocka_unit_test(texts_are_limited),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
