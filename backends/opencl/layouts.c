/* Layouts: what open ones become, and constant weights in panels. */
#include "backends/opencl/contraction.h"
#include "backends/opencl/panels.h"
#include "runtime/base/error.h"
#include "steelyard/backend.h"

void ocl_wish_layouts(const sy_task *task, uint32_t out_layout[SY_MAX_TENSORS]) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        bool is_open = task->tensor[i].layout == SY_LAYOUT_ANY;
        out_layout[i] = !is_open                    ? task->tensor[i].layout
                        : sy_task_is_image(task, i) ? (uint32_t)SY_LAYOUT_CHANNELS_LAST
                                                    : (uint32_t)SY_LAYOUT_STRIDED;
    }
}

static void set_panels(const ocl_panels *panels, const ocl_panels_extent *extent, ocl_contraction *c) {
    ocl_side *side = ocl_contraction_weights(c);
    int64_t member = (int64_t)(extent->panels * extent->depth * panels->width);
    side->form = OCL_PANELS;
    side->width = panels->width;
    side->line_stride = side->depth_stride = 0;
    side->outer_stride = c->is_conv ? 0 : member;
    side->inner_stride = c->is_conv ? member : 0;
    c->image.order = panels->order;
}

sy_status ocl_contraction_take_panels(const sy_task *task, ocl_contraction *c, sy_error *err) {
    ocl_panels panels;
    ocl_panels_extent extent;
    uint32_t groups = c->is_conv ? task->attr.conv.groups : 0;
    if (!ocl_panels_read(task->tensor[1].layout, &panels) || panels.groups != groups)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "weights in layout 0x%x, which was not offered for this problem", task->tensor[1].layout);
    sy_status status = ocl_panels_extent_of(&panels, &task->tensor[1], &extent, err);
    if (status == SY_OK)
        set_panels(&panels, &extent, c);
    return status;
}

uint32_t ocl_contraction_wish_panels(const sy_task *task, uint32_t width, ocl_contraction *c) {
    bool is_window = c->is_conv && c->image.r * c->image.s > 1;
    ocl_panels panels = {.width = width,
        .order = is_window && c->image.c_stride == 1 ? OCL_CHANNELS_INSIDE : OCL_CHANNELS_OUTSIDE,
        .groups = c->is_conv ? task->attr.conv.groups : 0};
    ocl_panels_extent extent;
    uint32_t layout = ocl_panels_layout(panels.width, panels.order, panels.groups);
    if (layout == 0 || ocl_panels_extent_of(&panels, &task->tensor[1], &extent, NULL) != SY_OK)
        return 0;
    set_panels(&panels, &extent, c);
    return layout;
}
