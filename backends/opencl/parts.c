/* The workspace of partial sums, and the step that adds them. */
#include "backends/opencl/parts.h"

#include "backends/opencl/post.h"

enum { ITEMS = 64 };

static uint64_t sum_bytes(const ocl_contraction *c) {
    return c->acc_dtype == SY_F64 ? 8 : 4;
}

static double elements_of(const ocl_contraction *c) {
    return (double)c->outer * (double)c->inner * (double)c->rows * (double)c->cols;
}

bool ocl_parts_fit(const ocl_traits *traits, const ocl_contraction *c, uint32_t parts) {
    double elements = elements_of(c), bytes = elements * parts * (double)sum_bytes(c);
    bool is_counted = elements < 2147483000.0 && bytes <= (double)traits->max_alloc_bytes;
    return parts == 1 || (parts <= OCL_PARTS_MAX && is_counted);
}

void ocl_parts_args(ocl_step *step, const ocl_contraction *c, uint32_t parts) {
    if (parts > 1)
        ocl_arg_scratch(step, 0, sum_bytes(c));
    else
        ocl_finish_args(step, c);
}

void ocl_parts_step(ocl_recipe *recipe, const ocl_traits *traits, const ocl_contraction *c, uint32_t parts) {
    uint64_t batch = (uint64_t)(c->outer * c->inner), elements = batch * (uint64_t)(c->rows * c->cols);
    uint64_t items = traits->max_work_group >= ITEMS && traits->max_items[0] >= ITEMS ? ITEMS : 1;
    const uint64_t groups[3] = {(elements + items - 1) / items, 1, 1}, local[3] = {items, 1, 1};
    if (parts == 1)
        return;
    ocl_source(recipe, "parts");
    recipe->workspace_bytes = elements * parts * sum_bytes(c);
    ocl_step *step = ocl_step_add(recipe, "sum_parts");
    ocl_step_groups(step, groups, local);
    ocl_parts_args(step, c, parts);
    ocl_arg_int(step, c->rows);
    ocl_arg_int(step, c->cols);
    ocl_arg_int(step, c->inner);
    ocl_arg_int(step, (int64_t)batch);
    ocl_finish_args(step, c);
}
