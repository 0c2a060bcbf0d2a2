/* Rows for columns. */
#include "backends/opencl/contraction.h"

static void mirror_matrix(ocl_matrix *matrix) {
    int64_t row_stride = matrix->row_stride;
    matrix->row_stride = matrix->col_stride;
    matrix->col_stride = row_stride;
}

void ocl_contraction_mirror(ocl_contraction *c) {
    ocl_side left = c->left;
    int64_t rows = c->rows;
    c->left = c->right;
    c->right = left;
    c->rows = c->cols;
    c->cols = rows;
    c->rows_are_channels = !c->rows_are_channels;
    mirror_matrix(&c->d);
    mirror_matrix(&c->c);
    for (uint32_t i = 0; i < c->n_post; i++)
        mirror_matrix(&c->post[i].operand);
}
