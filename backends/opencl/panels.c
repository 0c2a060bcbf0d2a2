/* Numbers of the layout: bits 0..15 groups, 16..25 width - 1, 26 the order, 27..30 the mark of panels. */
#include "backends/opencl/panels.h"

#include "backends/opencl/contraction.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "steelyard/types.h"

#define GROUPS_BITS 16u
#define WIDTH_BITS 10u
#define ORDER_SHIFT (GROUPS_BITS + WIDTH_BITS)
#define MARK (SY_LAYOUT_PRIVATE | (UINT32_C(5) << (ORDER_SHIFT + 1u)))
#define MARK_MASK (UINT32_C(31) << (ORDER_SHIFT + 1u))

uint32_t ocl_panels_layout(uint32_t width, uint32_t order, uint32_t groups) {
    if (width == 0 || width > OCL_PANELS_WIDTH_MAX || order > OCL_CHANNELS_INSIDE ||
        groups > OCL_PANELS_GROUPS_MAX)
        return 0;
    return MARK | (order << ORDER_SHIFT) | ((width - 1u) << GROUPS_BITS) | groups;
}

bool ocl_panels_read(uint32_t layout, ocl_panels *out_panels) {
    if ((layout & MARK_MASK) != MARK)
        return false;
    *out_panels = (ocl_panels){
        .width = ((layout >> GROUPS_BITS) & ((1u << WIDTH_BITS) - 1u)) + 1u,
        .order = (layout >> ORDER_SHIFT) & 1u,
        .groups = layout & ((1u << GROUPS_BITS) - 1u),
    };
    return true;
}

static sy_status refuse(const ocl_panels *panels, const sy_tensor *tensor, sy_error *err) {
    if (panels->groups == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "panels of a product want B[batch, k, n], this tensor has rank %u", tensor->rank);
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "panels of weights in %u groups want W[k, c/g, r, s] with k a multiple of them, this tensor "
        "has "
        "rank %u and k = %lld",
        panels->groups, tensor->rank, tensor->rank > 0 ? (long long)tensor->dim[0] : 0);
}

/* Extents before they are multiplied; false: no such tensor. */
static bool cut(const ocl_panels *panels, const sy_tensor *tensor, ocl_panels_extent *e) {
    for (uint32_t i = 0; i < tensor->rank && i < SY_MAX_RANK; i++)
        if (tensor->dim[i] < 0)
            return false;
    if (panels->groups == 0) {
        if (tensor->rank != 3)
            return false;
        e->members = (uint64_t)tensor->dim[0];
        e->channels = (uint64_t)tensor->dim[1];
        e->lines = (uint64_t)tensor->dim[2];
        e->height = e->width_taps = 1;
        return true;
    }
    if ((tensor->rank != 3 && tensor->rank != 4) || tensor->dim[0] % panels->groups != 0)
        return false;
    e->members = panels->groups;
    e->lines = (uint64_t)tensor->dim[0] / panels->groups;
    e->channels = (uint64_t)tensor->dim[1];
    e->height = tensor->rank == 4 ? (uint64_t)tensor->dim[2] : 1;
    e->width_taps = (uint64_t)tensor->dim[tensor->rank - 1];
    return true;
}

sy_status ocl_panels_extent_of(
    const ocl_panels *panels, const sy_tensor *tensor, ocl_panels_extent *out_extent, sy_error *err) {
    ocl_panels_extent e = {0};
    if (!cut(panels, tensor, &e))
        return refuse(panels, tensor, err);
    e.panels = e.lines / panels->width + (e.lines % panels->width != 0);
    uint64_t panel_elements;
    if (!sy_mul_u64(e.channels, e.height, &e.depth) || !sy_mul_u64(e.depth, e.width_taps, &e.depth) ||
        !sy_mul_u64(e.depth, panels->width, &panel_elements) ||
        !sy_mul_u64(panel_elements, e.panels, &e.elements) || !sy_mul_u64(e.elements, e.members, &e.elements))
        return sy_error_set(
            err, SY_UNSUPPORTED, "the tensor is too large for panels of %u lines", panels->width);
    *out_extent = e;
    return SY_OK;
}

sy_status ocl_panels_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    ocl_panels panels;
    if (!ocl_panels_read(tensor->layout, &panels))
        return sy_error_set(err, SY_UNSUPPORTED, "layout 0x%x is no layout of this backend", tensor->layout);
    uint64_t element = sy_dtype_size(tensor->dtype);
    if (element == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown type %u of a tensor in panels", tensor->dtype);
    ocl_panels_extent extent;
    sy_status status = ocl_panels_extent_of(&panels, tensor, &extent, err);
    if (status == SY_OK && !sy_mul_u64(extent.elements, element, out_bytes))
        return sy_error_set(
            err, SY_UNSUPPORTED, "the tensor is too large for panels of %u lines", panels.width);
    return status;
}
