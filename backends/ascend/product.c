/* Matrices as views. */
#include "backends/ascend/product.h"

#include "backends/ascend/numbers.h"

ascend_view ascend_view_matrix(int slot, const sy_card_matrix *matrix, uint32_t rank, int64_t batch) {
    ascend_view view = {
        .slot = slot, .type = ascend_type_of(matrix->dtype), .format = ACL_ORDER_ND, .rank = rank};
    uint32_t at = rank - 2;
    view.dim[at] = matrix->rows;
    view.dim[at + 1] = matrix->columns;
    view.stride[at] = matrix->is_transposed ? 1 : matrix->ld;
    view.stride[at + 1] = matrix->is_transposed ? matrix->ld : 1;
    if (rank == 3) {
        bool is_repeated = batch > 1 && matrix->batch_stride == 0;
        view.dim[0] = is_repeated ? 1 : batch;
        view.stride[0] = matrix->batch_stride != 0 ? matrix->batch_stride : matrix->rows * matrix->columns;
    }
    return view;
}

bool ascend_matrix_is_packed(const sy_card_matrix *matrix, int64_t batch) {
    int64_t inner = matrix->is_transposed ? matrix->rows : matrix->columns;
    return matrix->ld == inner && (batch == 1 || matrix->batch_stride == matrix->rows * matrix->columns);
}
