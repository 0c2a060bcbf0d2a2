/* Which epilogues register kernels can do themselves. */
#include "kernels/gemm/gemm_ending.h"

#include <math.h>
#include <stddef.h>

static bool is_f32_along_columns(const gemm_view *view) {
    return view->dtype == SY_ELEMENT_F32 && view->col == 1;
}

static bool read_bias(const gemm_view *view, gemm_ending *out) {
    if (out->bias || out->add || !is_f32_along_columns(view) || (view->row[0] | view->row[1] | view->row[2]))
        return false;
    out->bias = view->base;
    return true;
}

static bool read_add(const gemm_finish *finish, const gemm_view *view, gemm_ending *out) {
    if (out->add || !is_f32_along_columns(view))
        return false;
    for (int i = 0; i < 3; i++)
        if (view->row[i] != finish->d.row[i])
            return false;
    out->add = view->base;
    return true;
}

/* A bound ends the list: nothing may be added after it. */
static bool read_post(const gemm_finish *finish, uint32_t index, gemm_ending *out) {
    const sy_kernel_post *post = &finish->post[index];
    const bool is_end = index + 1 == finish->n_post;
    switch (post->kind) {
    case SY_KERNEL_POST_BIAS: return read_bias(&finish->operand[index], out);
    case SY_KERNEL_POST_ADD: return read_add(finish, &finish->operand[index], out);
    case SY_KERNEL_POST_RELU: out->low = 0; return is_end;
    case SY_KERNEL_POST_CLIP:
        out->low = post->a;
        out->high = post->b;
        return is_end;
    default: return false;
    }
}

bool gemm_ending_read(const gemm_finish *finish, gemm_ending *out_ending) {
    gemm_ending ending = {.out = finish->out, .low = -INFINITY, .high = INFINITY};
    if (finish->alpha != 1 || finish->beta != 0 || !is_f32_along_columns(&finish->d))
        return false;
    for (uint32_t i = 0; i < finish->n_post; i++)
        if (!read_post(finish, i, &ending))
            return false;
    *out_ending = ending;
    return true;
}
