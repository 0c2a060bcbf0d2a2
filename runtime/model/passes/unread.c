#include "runtime/model/passes/unread.h"

#include <stdlib.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Values that are read, and in order the memory of those: several values may share it. */
typedef struct reading {
    bool *is_read;
    uintptr_t *data;
    size_t n_data;
} reading;

static int by_address(const void *a, const void *b) {
    const uintptr_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void mark(const sy_net_graph *graph, reading *this) {
    for (uint32_t i = 0; i < graph->n_node; i++)
        for (uint32_t k = 0; k < graph->node[i].n_in; k++)
            if (graph->node[i].in[k] != SY_NET_NONE)
                this->is_read[graph->node[i].in[k]] = true;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        this->is_read[i] = this->is_read[i] || (graph->value[i].flags & SY_NET_OUTPUT) != 0;
        if (this->is_read[i] && graph->value[i].tensor.data != NULL)
            this->data[this->n_data++] = (uintptr_t)graph->value[i].tensor.data;
    }
    qsort(this->data, this->n_data, sizeof *this->data, by_address);
}

static void drop(sy_net_graph *graph, const reading *this) {
    for (uint32_t i = 0; i < graph->n_value; i++) {
        sy_net_value *value = &graph->value[i];
        uintptr_t data = (uintptr_t)value->tensor.data;
        bool is_kept = this->is_read[i] || (value->flags & SY_NET_CONST) == 0 ||
                       bsearch(&data, this->data, this->n_data, sizeof data, by_address) != NULL;
        if (is_kept)
            continue;
        sy_net_arena_drop(graph->arena, value->tensor.data);
        value->tensor.data = NULL;
        value->flags &= ~(uint32_t)SY_NET_CONST;
    }
}

sy_status sy_net_drop_unread(sy_net_graph *graph, sy_error *err) {
    reading this = {.is_read = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *this.is_read),
        .data = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *this.data)};
    bool has_memory = this.is_read != NULL && this.data != NULL;
    if (has_memory) {
        mark(graph, &this);
        drop(graph, &this);
    }
    sy_mem_free(this.is_read);
    sy_mem_free(this.data);
    return has_memory ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for looking at constants");
}
