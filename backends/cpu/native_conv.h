/* Convolution on our own kernels, by direct sums or by Winograd's tiles: what the rows of both share. */
#ifndef BACKENDS_CPU_NATIVE_CONV_H
#define BACKENDS_CPU_NATIVE_CONV_H

#include "backends/cpu/conv_variants.h"
#include "backends/cpu/product.h"
#include "backends/cpu/work.h"
#include "kernels/winograd/winograd.h"

/** State of a plan. tile: 2 or 4 by Winograd, 0 by direct sums; it says which member of `plan` holds.
 * name: what a variant sets, "": none. */
typedef struct sy_cpu_native_conv_state {
    int tile;
    char name[SY_CPU_CONV_VARIANT_NAME_MAX];
    uint32_t post_tensor[SY_MAX_POSTS];
    union {
        sy_conv_plan direct;
        sy_winograd_plan winograd;
    } plan;
} sy_cpu_native_conv_state;

/** What a row's offer, prepare, bind and run do (work.h), for the given tile (variants are of direct sums,
 * whatever it is); state: the struct above, and sy_conv_args for a binding. */
sy_status sy_cpu_native_conv_offer(
    sy_device *device, const sy_task *task, int tile, sy_algorithm *out_algorithm, sy_error *err);
sy_status sy_cpu_native_conv_prepare(sy_device *device, const sy_task *task, int tile, void *plan_state,
    uint64_t *out_workspace_bytes, sy_error *err);
sy_status sy_cpu_native_conv_bind(sy_binding *binding, sy_error *err);
void sy_cpu_native_conv_run(sy_binding *binding);

#endif
