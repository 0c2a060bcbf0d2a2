/*
 * Constants on their way to the device. Weights are there twice while they are packed, so the largest goes
 * first, while little else is packed, and what was made for it in memory is freed at once.
 */
#include <stdlib.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

/* A step and the bytes of its constants. */
typedef struct load {
    uint64_t bytes;
    uint32_t step;
} load;

static int larger_first(const void *a, const void *b) {
    const load *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x->step < y->step ? -1 : 1;
}

static bool is_constant(const sy_compiled *compiled, uint32_t value) {
    return value != SY_NET_NONE && (compiled->graph->value[value].flags & SY_NET_CONST) != 0;
}

static uint64_t bytes_of(const sy_compiled *compiled, const sy_exec_work *work) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < work->storage.problem.n_in; i++)
        if (is_constant(compiled, work->value[i]))
            bytes += sy_net_bytes(&compiled->graph->value[work->value[i]].tensor);
    return bytes;
}

static void count_reads(const sy_net_graph *graph, uint32_t *reads) {
    for (uint32_t i = 0; i < graph->n_node; i++)
        for (uint32_t k = 0; k < graph->node[i].n_in; k++)
            if (graph->node[i].in[k] != SY_NET_NONE)
                reads[graph->node[i].in[k]]++;
    for (uint32_t i = 0; i < graph->n_output; i++)
        reads[graph->output[i]]++;
}

/* Several values may share memory. */
static bool is_read_elsewhere(const sy_net_graph *graph, const uint32_t *reads, const void *data) {
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (reads[i] > 0 && graph->value[i].tensor.data == data)
            return true;
    return false;
}

/* What the work has in a form of its own, it does not read in the graph any more. */
static void free_read(sy_compiled *compiled, sy_exec_work *work, uint32_t *reads) {
    sy_net_graph *graph = compiled->graph;
    for (uint32_t i = 0; i < work->storage.problem.n_in; i++) {
        const uint32_t value = work->value[i];
        if (work->constant[i].buffer == NULL || work->is_in_place[i])
            continue;
        if (value == SY_NET_NONE) {
            sy_net_arena_drop(graph->arena, work->made[i].data);
            continue;
        }
        sy_net_tensor *tensor = &graph->value[value].tensor;
        if (reads[value] > 0 && --reads[value] == 0 && !is_read_elsewhere(graph, reads, tensor->data) &&
            sy_net_arena_drop(graph->arena, tensor->data))
            tensor->data = NULL;
    }
}

static sy_status take_all(sy_compiled *compiled, load *loads, uint32_t *reads, sy_error *err) {
    size_t count = 0;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < compiled->n_step; i++)
        if (compiled->step[i].work != NULL)
            loads[count++] = (load){bytes_of(compiled, compiled->step[i].work), i};
    qsort(loads, count, sizeof *loads, larger_first);
    count_reads(compiled->graph, reads);
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        status = sy_exec_work_constants(compiled, loads[i].step, err);
        if (status == SY_OK)
            free_read(compiled, compiled->step[loads[i].step].work, reads);
    }
    return status;
}

sy_status sy_exec_constants(sy_compiled *compiled, sy_error *err) {
    load *loads = sy_mem_calloc((size_t)compiled->n_step + 1, sizeof *loads);
    uint32_t *reads = sy_mem_calloc((size_t)compiled->graph->n_value + 1, sizeof *reads);
    sy_status status = loads != NULL && reads != NULL
                           ? take_all(compiled, loads, reads, err)
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the order of constants");
    sy_mem_free(loads);
    sy_mem_free(reads);
    return status;
}
