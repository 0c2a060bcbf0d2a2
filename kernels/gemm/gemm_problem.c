/* From the caller's description to the one the algorithms use, and what is checked on the way. */
#include "kernels/gemm/gemm_problem.h"

static gemm_view plain_view(const void *base, uint32_t dtype, const int64_t stride[2], bool is_swapped) {
    return (gemm_view){.base = base, .dtype = dtype, .row = {stride[is_swapped]}, .col = stride[!is_swapped]};
}

/* Which strides of a post's operand count: a bias has one per column only, a row scale one per row only. */
static gemm_view post_view(const sy_kernel_post *post, const void *base, bool is_swapped) {
    int64_t stride[2] = {post->stride[0], post->stride[1]};
    if (post->kind == SY_KERNEL_POST_BIAS || post->kind == SY_KERNEL_POST_SCALE_COL)
        stride[0] = 0;
    if (post->kind == SY_KERNEL_POST_SCALE_ROW)
        stride[1] = 0;
    return plain_view(base, post->dtype, stride, is_swapped);
}

void gemm_problem_init(const sy_gemm_plan *plan, const sy_gemm_args *args, gemm_problem *out_problem) {
    static const sy_gemm_args none = {0};
    const sy_gemm_desc *desc = &plan->desc;
    const sy_gemm_args *from = args ? args : &none;
    const bool swap = plan->is_swapped;
    const uint32_t sum = gemm_sum_type(desc->dtype_a, desc->dtype_b);
    const gemm_matrix a = {from->a, desc->dtype_a, desc->a_stride[0], desc->a_stride[1]};
    const gemm_matrix b = {from->b, desc->dtype_b, desc->b_stride[1], desc->b_stride[0]};
    const bool is_const = (desc->flags & SY_GEMM_B_CONST) != 0;
    gemm_problem problem = {
        .kernel = gemm_kernel_choose(desc->isa, swap ? b.dtype : a.dtype, swap ? a.dtype : b.dtype, is_const),
        .m = swap ? desc->n : desc->m,
        .n = swap ? desc->m : desc->n,
        .k = desc->k,
        .a = swap ? b : a,
        .b = swap ? a : b};
    problem.zero_a = gemm_form_zero(&problem.kernel->a, problem.a.dtype);
    problem.zero_b = gemm_form_zero(&problem.kernel->b, problem.b.dtype);
    gemm_finish *finish = &problem.finish;
    finish->alpha = desc->alpha;
    finish->beta = desc->beta;
    finish->n_post = desc->n_post;
    finish->post = desc->post;
    finish->inner = finish->mid = INT64_MAX;
    finish->c = plain_view(from->c, desc->dtype_c, desc->c_stride, swap);
    finish->d = plain_view(NULL, desc->dtype_d, desc->d_stride, swap);
    finish->out = from->d;
    for (uint32_t i = 0; i < desc->n_post; i++)
        finish->operand[i] = post_view(&desc->post[i], from->post_operand[i], swap);
    problem.is_direct = desc->alpha == 1 && desc->beta == 0 && desc->n_post == 0 && desc->dtype_d == sum &&
                        finish->d.col == 1;
    *out_problem = problem;
}

gemm_work gemm_problem_work(
    const sy_gemm_plan *plan, const gemm_problem *problem, const void *packed, void *scratch) {
    const int64_t units = gemm_form_units(&problem->kernel->b, problem->k);
    const uint32_t zeros = (uint32_t)(problem->zero_a * problem->zero_b);
    return (gemm_work){.blocking = {.kernel = problem->kernel,
                           .m = problem->m,
                           .k = problem->k,
                           .units = units,
                           .block_units = plan->block_units,
                           .block_n = plan->block_n,
                           .block_panels = plan->block_panels,
                           .is_direct = problem->is_direct},
        .a = {.bare = plan->is_bare ? &problem->a : NULL,
            .pack = gemm_source_matrix,
            .context = &problem->a,
            .zero_other = problem->zero_b,
            .constant = (int32_t)(zeros * (uint32_t)problem->k)},
        .b = {.packed = packed,
            .bare = plan->is_b_bare ? &problem->b : NULL,
            .pack = gemm_source_matrix,
            .context = &problem->b,
            .matrix = problem->kernel->b.header == 0 ? &problem->b : NULL},
        .finish = &problem->finish,
        .unit_end = units,
        .scratch = scratch};
}

bool gemm_bytes(int64_t a, int64_t b, int64_t c, size_t *out_bytes) {
    size_t product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_mul_overflow(product, c, out_bytes) &&
           *out_bytes <= SIZE_MAX / 4;
}

static const char *check_post(uint32_t sum, const sy_kernel_post *post) {
    if (post->kind < SY_KERNEL_POST_BIAS || post->kind > SY_KERNEL_POST_TANH)
        return "unknown post-operation";
    if (!gemm_post_has_operand(post->kind))
        return NULL;
    if (sy_element_bytes(post->dtype) == 0)
        return "post-operand of unknown type";
    if (post->dtype == SY_ELEMENT_F64 && sum == SY_ELEMENT_F32)
        return "post-operand is f64 beside f32 sums";
    return post->stride[0] < 0 || post->stride[1] < 0 ? "negative stride" : NULL;
}

const char *gemm_check_finish(uint32_t sum, uint32_t dtype_d, uint32_t n_post, const sy_kernel_post *post) {
    if (sum == 0)
        return "element types of the operands do not go together";
    const bool is_narrow_float = dtype_d >= SY_ELEMENT_F32 && dtype_d <= SY_ELEMENT_F8E5M2;
    const bool is_integer = dtype_d >= SY_ELEMENT_S8 && dtype_d <= SY_ELEMENT_S32;
    const bool is_right = sum == SY_ELEMENT_F64   ? dtype_d == SY_ELEMENT_F64
                          : sum == SY_ELEMENT_F32 ? is_narrow_float
                                                  : is_integer || is_narrow_float;
    if (!is_right)
        return "type of the result does not fit the type of the sums";
    if (n_post > SY_KERNEL_MAX_POSTS)
        return "more than 8 post-operations";
    for (uint32_t i = 0; i < n_post; i++) {
        const char *why = check_post(sum, &post[i]);
        if (why)
            return why;
    }
    return NULL;
}
