#include "bench/networks/shapes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"
#include "runtime/model/ops/cost.h"

static json_t *pair(const int64_t *number) {
    return json_pack("[I,I]", (json_int_t)number[0], (json_int_t)number[1]);
}

static json_t *conv_fields(const sy_problem_storage *storage) {
    const sy_tensor *x = &storage->tensor[0], *w = &storage->tensor[1];
    const sy_conv_attr *attr = &storage->attr.conv;
    json_t *pads = json_pack("[I,I,I,I]", (json_int_t)attr->pad_lo[0], (json_int_t)attr->pad_lo[1],
        (json_int_t)attr->pad_hi[0], (json_int_t)attr->pad_hi[1]);
    return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:I}", "op", "conv2d", "n",
        (json_int_t)x->dim[0], "c", (json_int_t)x->dim[1], "h", (json_int_t)x->dim[2], "w",
        (json_int_t)x->dim[3], "k", (json_int_t)w->dim[0], "r", (json_int_t)w->dim[2], "s",
        (json_int_t)w->dim[3], "stride", pair(attr->stride), "pad", pads, "dilation", pair(attr->dilation),
        "groups", (json_int_t)attr->groups);
}

static json_t *gemm_fields(const sy_problem_storage *storage) {
    const sy_tensor *a = &storage->tensor[0], *b = &storage->tensor[1];
    json_t *fields = json_pack("{s:s,s:I,s:I,s:I,s:I,s:s}", "op", "gemm", "m", (json_int_t)a->dim[1], "n",
        (json_int_t)b->dim[2], "k", (json_int_t)a->dim[2], "batch", (json_int_t)a->dim[0], "phase", "encode");
    if (fields != NULL && (b->flags & SY_TENSOR_CONST) == 0)
        json_object_set_new(fields, "weights", json_string("dynamic"));
    return fields;
}

/* The problem of the same fields that is there already; its count grows. */
static bool count_again(json_t *problems, const json_t *fields) {
    size_t index;
    json_t *problem, *value;
    const char *key;
    json_array_foreach(problems, index, problem) {
        bool is_same = true;
        json_object_foreach((json_t *)(uintptr_t)fields, key, value) is_same =
            is_same && json_equal(json_object_get(problem, key), value);
        is_same = is_same && (json_object_get(problem, "weights") != NULL) ==
                                 (json_object_get(fields, "weights") != NULL);
        if (!is_same)
            continue;
        json_object_set_new(
            problem, "count", json_integer(json_integer_value(json_object_get(problem, "count")) + 1));
        return true;
    }
    return false;
}

static sy_status add_problem(json_t *problems, const char *name, json_t *fields, sy_error *err) {
    char label[160];
    bool is_known = fields != NULL && count_again(problems, fields);
    if (is_known) {
        json_decref(fields);
        return SY_OK;
    }
    snprintf(label, sizeof label, "%s.%s%zu", name,
        fields != NULL ? json_string_value(json_object_get(fields, "op")) : "",
        json_array_size(problems) + 1);
    bool is_added =
        fields != NULL && json_object_set_new(fields, "name", json_string(label)) == 0 &&
        json_object_set_new(fields, "count", json_integer(1)) == 0 &&
        json_object_set_new(fields, "dtype_hint", json_pack("[s,s,s]", "f32", "bf16", "f16")) == 0 &&
        json_array_append(problems, fields) == 0;
    json_decref(fields);
    return is_added ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a suite");
}

static sy_status take_node(const sy_look *look, const sy_net_node *node, const char *name, json_t *problems,
    bool *out_is_left, sy_error *err) {
    sy_exec_work *work = sy_mem_calloc(1, sizeof *work);
    if (work == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a problem");
    sy_status status = sy_exec_lower(look->graph, node, SY_MATH_STRICT, work, NULL);
    *out_is_left = status != SY_OK && sy_net_node_flop(look->graph, node) > 0;
    if (status == SY_OK)
        status = add_problem(problems, name,
            work->storage.problem.op == SY_OP_CONV ? conv_fields(&work->storage)
                                                   : gemm_fields(&work->storage),
            err);
    else
        status = SY_OK;
    sy_mem_free(work);
    return status;
}

/* Lower case, and nothing that names in suites do not have. */
static void clean_name(const char *name, char out[64]) {
    size_t length = 0;
    for (; name[length] != '\0' && length < 63; length++) {
        unsigned char c = (unsigned char)name[length];
        out[length] = isalnum(c) && c < 128 ? (char)tolower(c) : c == '.' || c == '_' ? (char)c : '-';
    }
    out[length] = '\0';
    if (length == 0 || !isalnum((unsigned char)out[0]))
        snprintf(out, 64, "network");
}

sy_status sy_network_shapes(const sy_look *look, const char *name, json_t **out_suite, uint32_t *out_left_out,
    sy_text *out_names, sy_error *err) {
    char label[64];
    json_t *problems = json_array();
    sy_status status =
        problems != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a suite");
    clean_name(name, label);
    *out_left_out = 0;
    for (uint32_t i = 0; status == SY_OK && i < look->graph->n_node; i++) {
        bool is_left = false;
        status = take_node(look, &look->graph->node[i], label, problems, &is_left, err);
        if (is_left)
            sy_text_printf(out_names, "%s%s", (*out_left_out)++ > 0 ? "; " : "", look->graph->node[i].name);
    }
    *out_suite = status == SY_OK ? json_pack("{s:s,s:s,s:O}", "name", label, "title",
                                       "matrix work of a network", "problems", problems)
                                 : NULL;
    json_decref(problems);
    if (status == SY_OK && *out_suite == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a suite");
    return status;
}
