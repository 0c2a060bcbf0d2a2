#include "tests/model/case.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/model/exec/reference.h"
#include "runtime/model/onnx/onnx.h"
#include "runtime/model/passes/specialise.h"

#define MAX_PORTS 64u
#define PATH_MAX_BYTES 1024u

/* Tensors of a data set: given by the index in the file's name. */
typedef struct data_set {
    sy_net_arena arena;
    sy_net_tensor in[MAX_PORTS], out[MAX_PORTS];
    const char *in_name[MAX_PORTS];
    uint32_t n_in, n_out;
} data_set;

/* What is fixed when the network is compiled, tried in this order: what an extent hangs on has to be. */
typedef enum bound_values { NO_VALUES, INTEGERS, ALL_VALUES } bound_values;

static uint32_t load_ports(const char *folder, const char *kind, sy_net_arena *arena, sy_net_tensor *tensor,
    const char **name, sy_error *err) {
    char path[PATH_MAX_BYTES];
    uint32_t count = 0;
    for (; count < MAX_PORTS; count++) {
        const char *ignored = NULL;
        snprintf(path, sizeof path, "%s/%s_%u.pb", folder, kind, count);
        if (access(path, R_OK) != 0)
            break;
        if (sy_onnx_tensor_load(path, arena, name != NULL ? &name[count] : &ignored, &tensor[count], err) !=
            SY_OK)
            return UINT32_MAX;
    }
    return count;
}

/* The tensor for an input of the network: by its name, else by its place. */
static const sy_net_tensor *given_for(const data_set *set, const char *name, uint32_t index) {
    for (uint32_t i = 0; i < set->n_in; i++)
        if (set->in_name[i][0] != '\0' && strcmp(set->in_name[i], name) == 0)
            return &set->in[i];
    return index < set->n_in ? &set->in[index] : NULL;
}

/* As given_for(), of the input's type: test data of before ONNX 1.13 has the bits of bf16 as u16. */
static bool find_given(const data_set *set, const sy_net_value *input, uint32_t index, sy_net_tensor *out) {
    const sy_net_tensor *tensor = given_for(set, input->name, index);
    *out = tensor != NULL ? *tensor : (sy_net_tensor){0};
    if (input->tensor.dtype == SY_BF16 && out->dtype == SY_U16)
        out->dtype = SY_BF16;
    return tensor != NULL;
}

static bool is_bound(const sy_net_tensor *tensor, bound_values which) {
    bool is_integer = tensor->dtype == SY_S64 || tensor->dtype == SY_S32 || tensor->dtype == SY_BOOL;
    return which == ALL_VALUES || (which == INTEGERS && is_integer && tensor->rank <= 1);
}

static sy_status specialise(const sy_net_graph *source, const data_set *set, bound_values which,
    sy_net_arena *arena, sy_net_graph **out_graph, sy_error *err) {
    sy_network_bind bind[MAX_PORTS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < source->n_input && count < MAX_PORTS; i++) {
        const sy_net_value *input = &source->value[source->input[i]];
        sy_net_tensor tensor;
        if (!find_given(set, input, i, &tensor))
            continue;
        bind[count] = (sy_network_bind){.name = input->name, .rank = tensor.rank};
        memcpy(bind[count].dim, tensor.dim, sizeof tensor.dim);
        bind[count++].value = is_bound(&tensor, which) ? tensor.data : NULL;
    }
    return sy_net_specialise(source, bind, count, NULL, arena, out_graph, err);
}

static sy_status evaluate(const sy_net_graph *source, const sy_net_graph *graph, const data_set *set,
    sy_net_tensor *out, sy_net_arena *arena, sy_error *err) {
    sy_net_tensor in[MAX_PORTS];
    for (uint32_t i = 0; i < graph->n_input && i < MAX_PORTS; i++) {
        const sy_net_value *input = &graph->value[graph->input[i]];
        uint32_t index = 0;
        while (index < source->n_input && strcmp(source->value[source->input[index]].name, input->name) != 0)
            index++;
        find_given(set, input, index, &in[i]);
    }
    return sy_net_evaluate(graph, in, graph->n_input, out, graph->n_output, arena, NULL, err);
}

static case_verdict check(const data_set *set, const sy_net_graph *graph, const sy_net_tensor *out,
    case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    for (uint32_t i = 0; i < set->n_out; i++) {
        char what[256];
        if (i >= graph->n_output || !tensors_agree(&out[i], &set->out[i], tolerance, what, sizeof what)) {
            snprintf(reason, CASE_REASON_MAX, "output %u: %s", i, i < graph->n_output ? what : "missing");
            return CASE_WRONG;
        }
    }
    return CASE_PASSED;
}

static case_verdict run_set(
    const sy_net_graph *source, data_set *set, case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    sy_error err = SY_ERROR_INIT;
    sy_net_tensor out[MAX_PORTS];
    sy_net_graph *graph = NULL;
    sy_net_arena arena = {0};
    sy_status status = SY_UNSUPPORTED;
    for (int which = NO_VALUES; which <= ALL_VALUES && status != SY_OK; which++)
        status = specialise(source, set, (bound_values)which, &arena, &graph, &err);
    if (status == SY_OK && graph->n_input <= MAX_PORTS && graph->n_output <= MAX_PORTS)
        status = evaluate(source, graph, set, out, &arena, &err);
    case_verdict verdict = CASE_REFUSED;
    if (status == SY_OK)
        verdict = check(set, graph, out, tolerance, reason);
    else
        snprintf(reason, CASE_REASON_MAX, "%s", err.text);
    sy_net_arena_release(&arena);
    return verdict;
}

static case_verdict run_sets(
    const char *folder, const sy_net_graph *source, case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    case_verdict verdict = CASE_PASSED;
    uint32_t sets = 0;
    for (; verdict == CASE_PASSED; sets++) {
        char path[PATH_MAX_BYTES];
        sy_error err = SY_ERROR_INIT;
        data_set set = {0};
        snprintf(path, sizeof path, "%s/test_data_set_%u", folder, sets);
        if (access(path, X_OK) != 0)
            break;
        set.n_in = load_ports(path, "input", &set.arena, set.in, set.in_name, &err);
        set.n_out = load_ports(path, "output", &set.arena, set.out, NULL, &err);
        if (set.n_in == UINT32_MAX || set.n_out == UINT32_MAX) {
            snprintf(reason, CASE_REASON_MAX, "%s", err.text);
            verdict = CASE_REFUSED;
        } else {
            verdict = run_set(source, &set, tolerance, reason);
        }
        sy_net_arena_release(&set.arena);
    }
    if (sets > 0)
        return verdict;
    snprintf(reason, CASE_REASON_MAX, "no test_data_set_0");
    return CASE_REFUSED;
}

case_verdict case_run(const char *folder, case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    char path[PATH_MAX_BYTES];
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    reason[0] = '\0';
    snprintf(path, sizeof path, "%s/model.onnx", folder);
    if (sy_onnx_load(path, &model, &err) != SY_OK) {
        snprintf(reason, CASE_REASON_MAX, "%s", err.text);
        return CASE_REFUSED;
    }
    case_verdict verdict = run_sets(folder, sy_onnx_graph(model), tolerance, reason);
    sy_onnx_destroy(model);
    return verdict;
}
