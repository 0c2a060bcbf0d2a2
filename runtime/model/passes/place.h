/* Places of things in memory that live for a while: those that live at once do not overlap. Pure. */
#ifndef RUNTIME_MODEL_PASSES_PLACE_H
#define RUNTIME_MODEL_PASSES_PLACE_H

#include "runtime/model/graph/arena.h"
#include "steelyard/status.h"

/** Places begin at multiples of this. */
#define SY_NET_PLACE_ALIGN UINT64_C(64)

/**
 * A thing of `bytes` bytes that lives from step `first` to step `last`, both included, in space `space`.
 * offset_bytes  set by sy_net_place(): where it begins in its space.
 */
typedef struct sy_net_item {
    uint64_t bytes;
    uint32_t first, last, space;
    uint64_t offset_bytes;
} sy_net_item;

/**
 * Set all offsets. peak_bytes: n_space entries, what each space comes to, a multiple of SY_NET_PLACE_ALIGN.
 *
 * Method  each item goes into the smallest gap it fits in among those that live at once; largest items first,
 *         or in the order of their lives, whichever comes out smaller (for many items only the latter).
 *         Largest first: Pisarchyk and Lee, "Efficient memory management for deep neural net inference",
 *         2020.
 * Work    quadratic in the items for at most SY_NET_PLACE_MANY of them, else items times those alive at once
 *         (at most 16,384: beyond, items are put after each other).
 * Errors  SY_OUT_OF_MEMORY.
 */
#define SY_NET_PLACE_MANY 4096u
sy_status sy_net_place(
    sy_net_item *item, uint32_t count, uint32_t n_space, uint64_t *peak_bytes, sy_error *err);

#endif
