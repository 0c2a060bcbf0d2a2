/* The list of oneDNN's layouts. */
#include "backends/cpu/onednn_layout.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

void sy_onednn_layouts_init(sy_onednn_layouts *layouts) {
    *layouts = (sy_onednn_layouts){0};
    pthread_mutex_init(&layouts->lock, NULL);
}

void sy_onednn_layouts_release(
    sy_onednn_layouts *layouts, const sy_onednn_calls *call, const sy_onednn_dialect *dialect) {
    for (uint32_t i = 0; i < layouts->count; i++)
        dialect->md_destroy(call, layouts->row[i].md);
    pthread_mutex_destroy(&layouts->lock);
    sy_mem_free(layouts->row);
    *layouts = (sy_onednn_layouts){0};
}

static bool is_for(const sy_onednn_layout *layout, uint32_t dtype, uint32_t rank, const int64_t *dim) {
    return layout->dtype == dtype && layout->rank == rank &&
           memcmp(layout->dim, dim, rank * sizeof dim[0]) == 0;
}

static bool is_same(
    const sy_onednn_calls *call, const sy_onednn_layout *layout, const sy_onednn_layout *wanted) {
    return is_for(layout, wanted->dtype, wanted->rank, wanted->dim) && layout->op == wanted->op &&
           layout->groups == wanted->groups && call->md_equal(layout->md, wanted->md) != 0;
}

static bool append(sy_onednn_layouts *layouts, const sy_onednn_calls *call, const sy_onednn_dialect *dialect,
    const sy_onednn_layout *wanted) {
    if (layouts->count == layouts->capacity) {
        uint32_t capacity = layouts->capacity == 0 ? 16 : layouts->capacity * 2;
        sy_onednn_layout *row = sy_mem_realloc(layouts->row, (size_t)capacity * sizeof *row);
        if (row == NULL)
            return false;
        layouts->row = row;
        layouts->capacity = capacity;
    }
    sy_onednn_layout *added = &layouts->row[layouts->count];
    *added = *wanted;
    if (dialect->md_clone(call, wanted->md, &added->md) != SY_ONEDNN_OK)
        return false;
    layouts->count++;
    return true;
}

sy_status sy_onednn_layouts_add(sy_onednn_layouts *layouts, const sy_onednn_calls *call,
    const sy_onednn_dialect *dialect, const sy_onednn_layout *wanted, uint32_t *out_layout, sy_error *err) {
    pthread_mutex_lock(&layouts->lock);
    uint32_t i = 0;
    while (i < layouts->count && !is_same(call, &layouts->row[i], wanted))
        i++;
    bool is_there = i < layouts->count || append(layouts, call, dialect, wanted);
    pthread_mutex_unlock(&layouts->lock);
    if (!is_there)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onednn: no host memory for a layout's description");
    *out_layout = SY_ONEDNN_LAYOUT | i;
    return SY_OK;
}

sy_status sy_onednn_layouts_find(
    sy_onednn_layouts *layouts, const sy_tensor *tensor, sy_onednn_layout *out_layout, sy_error *err) {
    uint32_t index = tensor->layout & ~SY_ONEDNN_LAYOUT;
    pthread_mutex_lock(&layouts->lock);
    bool is_there = sy_onednn_layout_is(tensor->layout) && index < layouts->count;
    if (is_there)
        *out_layout = layouts->row[index];
    pthread_mutex_unlock(&layouts->lock);
    if (!is_there)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cpu: layout 0x%x was never offered by this device", tensor->layout);
    if (!is_for(out_layout, tensor->dtype, tensor->rank, tensor->dim))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: layout 0x%x was made for a tensor of other extents or another type", tensor->layout);
    return SY_OK;
}
