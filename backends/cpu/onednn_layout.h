/*
 * Layouts that oneDNN wanted for tensors it was free to lay out: blocked weights and images. A number stands
 * for one memory descriptor; problems that want the same descriptor share it.
 */
#ifndef BACKENDS_CPU_ONEDNN_LAYOUT_H
#define BACKENDS_CPU_ONEDNN_LAYOUT_H

#include <pthread.h>
#include <stdbool.h>

#include "backends/cpu/onednn_api.h"
#include "steelyard/problem.h"
#include "steelyard/status.h"

/** Bit of a private layout's number that tells oneDNN's from our own kernels'. */
#define SY_ONEDNN_LAYOUT (SY_LAYOUT_PRIVATE | UINT32_C(0x40000000))

/** Whether a layout is one of oneDNN's. */
static inline bool sy_onednn_layout_is(uint32_t layout) {
    return (layout & SY_ONEDNN_LAYOUT) == SY_ONEDNN_LAYOUT;
}

/**
 * One layout: the descriptor, and the tensor it was made for, whose dimensions the descriptor may count in
 * another way: without a batch of 1, with the groups of weights apart, with a height of 1.
 *
 * groups   of the weights of a convolution; 0: no such weights.
 */
typedef struct sy_onednn_layout {
    sy_onednn_md *md;
    uint32_t dtype, rank;
    int64_t dim[SY_MAX_RANK];
    uint32_t op, groups;
} sy_onednn_layout;

/** The list; rows live, and numbers stay valid, until it is released. */
typedef struct sy_onednn_layouts {
    pthread_mutex_t lock;
    sy_onednn_layout *row;
    uint32_t count, capacity;
} sy_onednn_layouts;

/** An empty list. */
void sy_onednn_layouts_init(sy_onednn_layouts *layouts);

/** Free it; `dialect` may be NULL if nothing was ever added. */
void sy_onednn_layouts_release(
    sy_onednn_layouts *layouts, const sy_onednn_calls *call, const sy_onednn_dialect *dialect);

/**
 * Number of the layout `md` of `tensor` in a problem of `op`, made if it is new (the descriptor is copied).
 * Errors: SY_OUT_OF_MEMORY. Any thread.
 */
sy_status sy_onednn_layouts_add(sy_onednn_layouts *layouts, const sy_onednn_calls *call,
    const sy_onednn_dialect *dialect, const sy_onednn_layout *wanted, uint32_t *out_layout, sy_error *err);

/**
 * The layout behind `tensor`'s number; the descriptor in it is borrowed. Errors: SY_INVALID_ARGUMENT: no such
 * number, or it was made for other extents or another type. Any thread.
 */
sy_status sy_onednn_layouts_find(
    sy_onednn_layouts *layouts, const sy_tensor *tensor, sy_onednn_layout *out_layout, sy_error *err);

#endif
