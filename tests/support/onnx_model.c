#include "tests/support/onnx_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sy_status read_all(onnx_writer *writer, sy_onnx_model **out_model, sy_error *err) {
    while (writer->depth > 0)
        onnx_end(writer);
    return sy_onnx_read(writer->bytes, writer->count, out_model, err);
}

sy_onnx_model *onnx_model_of(onnx_writer *writer) {
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    sy_status status = read_all(writer, &model, &err);
    if (status != SY_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    assert_string_equal(err.text, "");
    return model;
}

void onnx_model_refused(onnx_writer *writer, sy_status status, const char *words) {
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    sy_status is = read_all(writer, &model, &err);
    if (is != status || strstr(err.text, words) == NULL)
        print_error("status %d, text '%s'; expected '%s'\n", is, err.text, words);
    assert_int_equal(is, status);
    assert_non_null(strstr(err.text, words));
    assert_null(model);
    onnx_writer_free(writer);
}

uint32_t onnx_value_of(const sy_net_graph *graph, const char *name) {
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (strcmp(graph->value[i].name, name) == 0)
            return i;
    print_error("there is no value '%s'\n", name);
    fail();
    return 0;
}
