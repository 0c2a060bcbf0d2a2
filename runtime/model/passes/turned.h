/* Values that are transposed, themselves or through elementwise operators, and how to undo that. */
#ifndef RUNTIME_MODEL_PASSES_TURNED_H
#define RUNTIME_MODEL_PASSES_TURNED_H

#include "runtime/model/passes/edit.h"

/** Dimension i of the result is dimension axis[i] of what is transposed. */
typedef struct sy_net_perm {
    uint32_t rank, axis[SY_NET_MAX_RANK];
} sy_net_perm;

/** That of a Transpose; false for another node or a bad attribute. */
bool sy_net_perm_read(const sy_net_graph *graph, const sy_net_node *node, sy_net_perm *out_perm);

/** `second` after `first`, of the same rank, as one. */
sy_net_perm sy_net_perm_after(const sy_net_perm *first, const sy_net_perm *second);

/** Whether it moves nothing; whether it keeps the order of the elements of `tensor` (moves only extents of
 * 1).
 */
bool sy_net_perm_is_none(const sy_net_perm *perm);
bool sy_net_perm_keeps(const sy_net_perm *perm, const sy_net_tensor *tensor);

/**
 * Whether a value comes out of elementwise operators, whose outputs nobody else reads, of values that are all
 * transposed in the same way (which goes to *out_perm), or constants that can be.
 */
bool sy_net_turned(sy_net_edit *edit, uint32_t value, sy_net_perm *out_perm);

/** Let those operators work on what is not transposed: *value is then what `perm` turns into what it was.
 * SY_OUT_OF_MEMORY. */
sy_status sy_net_unturn(sy_net_edit *edit, uint32_t *value, const sy_net_perm *perm, sy_error *err);

#endif
