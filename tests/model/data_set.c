#include "tests/model/data_set.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/model/onnx/onnx.h"

static sy_status load_ports(const char *folder, const char *kind, sy_net_arena *arena, sy_net_tensor *tensor,
    const char **name, uint32_t *out_count, sy_error *err) {
    for (uint32_t i = 0; i < DATA_PORTS_MAX; i++) {
        char path[DATA_PATH_MAX];
        const char *ignored = NULL;
        snprintf(path, sizeof path, "%s/%s_%u.pb", folder, kind, i);
        if (access(path, R_OK) != 0)
            return SY_OK;
        sy_status status =
            sy_onnx_tensor_load(path, arena, name != NULL ? &name[i] : &ignored, &tensor[i], err);
        if (status != SY_OK)
            return status;
        *out_count = i + 1;
    }
    return SY_OK;
}

sy_status data_set_load(const char *folder, data_set *out_set, sy_error *err) {
    *out_set = (data_set){0};
    sy_status status =
        load_ports(folder, "input", &out_set->arena, out_set->in, out_set->in_name, &out_set->n_in, err);
    if (status != SY_OK)
        return status;
    return load_ports(folder, "output", &out_set->arena, out_set->out, NULL, &out_set->n_out, err);
}

bool data_set_find(
    const data_set *set, const char *name, uint32_t dtype, uint32_t index, sy_net_tensor *out_tensor) {
    const sy_net_tensor *found = index < set->n_in ? &set->in[index] : NULL;
    for (uint32_t i = 0; i < set->n_in; i++)
        if (set->in_name[i][0] != '\0' && strcmp(set->in_name[i], name) == 0)
            found = &set->in[i];
    *out_tensor = found != NULL ? *found : (sy_net_tensor){0};
    if (dtype == SY_BF16 && out_tensor->dtype == SY_U16)
        out_tensor->dtype = SY_BF16;
    return found != NULL;
}

static bool is_bound(const sy_net_tensor *tensor, bound_values which) {
    bool is_integer = tensor->dtype == SY_S64 || tensor->dtype == SY_S32 || tensor->dtype == SY_BOOL;
    return which == ALL_VALUES || (which == INTEGERS && is_integer && tensor->rank <= 1);
}

uint32_t data_set_bind(const data_set *set, const sy_net_graph *source, bound_values which,
    sy_network_bind bind[DATA_PORTS_MAX]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < source->n_input && count < DATA_PORTS_MAX; i++) {
        const sy_net_value *input = &source->value[source->input[i]];
        sy_net_tensor tensor;
        if (!data_set_find(set, input->name, input->tensor.dtype, i, &tensor))
            continue;
        bind[count] = (sy_network_bind){.name = input->name, .rank = tensor.rank};
        memcpy(bind[count].dim, tensor.dim, sizeof tensor.dim);
        bind[count++].value = is_bound(&tensor, which) ? tensor.data : NULL;
    }
    return count;
}
