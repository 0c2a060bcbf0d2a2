/* Matrices as views, and what products of any kind check. */
#ifndef BACKENDS_ASCEND_PRODUCT_H
#define BACKENDS_ASCEND_PRODUCT_H

#include "backends/ascend/call.h"
#include "runtime/card/product.h"

/** A matrix of a batch as a view of `rank` 2 (the first of the batch) or 3. A batch that is one matrix has
 * extent 1. */
ascend_view ascend_view_matrix(int slot, const sy_card_matrix *matrix, uint32_t rank, int64_t batch);

/** Whether rows, or columns of a transposed one, lie without gaps, and so does the batch. */
bool ascend_matrix_is_packed(const sy_card_matrix *matrix, int64_t batch);

/** Slot of the output of a task. */
static inline int ascend_output_slot(const sy_task *task) {
    return (int)task->n_in;
}

#endif
