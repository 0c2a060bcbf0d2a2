#include "tests/vendor_sim/cuda_family/lt.h"

static bool is_f8(uint32_t dtype) {
    return dtype == SY_F8E4M3 || dtype == SY_F8E5M2;
}

/* 0, 1, -1: as it is, transposed, neither. */
static int transposition(int op) {
    if (op == family_number("op.n"))
        return 0;
    return op == family_number("op.t") || op == family_number("op.c") ? 1 : -1;
}

static bool shape(const lt_layout *layout, int is_transposed, sim_tensor *out, int64_t out_dim[2]) {
    bool is_row_major = layout->order == 1;
    uint64_t inner = is_row_major ? layout->cols : layout->rows;
    if (layout->order < 0 || layout->order > 1 || (uint64_t)layout->ld < inner || layout->batch < 1 ||
        layout->rows > INT32_MAX || layout->cols > INT32_MAX || layout->stride < 0)
        return false;
    int64_t row = is_row_major ? layout->ld : 1, column = is_row_major ? 1 : layout->ld;
    *out =
        (sim_tensor){.dtype = family_dtype(LT_TYPES, layout->type), .stride = {layout->stride, row, column}};
    out_dim[0] = (int64_t)layout->rows;
    out_dim[1] = (int64_t)layout->cols;
    if (is_transposed) {
        out->stride[1] = column;
        out->stride[2] = row;
        out_dim[0] = (int64_t)layout->cols;
        out_dim[1] = (int64_t)layout->rows;
    }
    return true;
}

/* Extents that go together, and all batches of one size. */
static bool shapes(const lt_problem *problem, sim_gemm *gemm) {
    int64_t a[2], b[2], c[2], d[2];
    int t_a = transposition(problem->desc->transa), t_b = transposition(problem->desc->transb);
    if (t_a < 0 || t_b < 0 || !shape(problem->a, t_a, &gemm->a, a) || !shape(problem->b, t_b, &gemm->b, b) ||
        !shape(problem->c, 0, &gemm->c, c) || !shape(problem->d, 0, &gemm->d, d))
        return false;
    gemm->m = a[0];
    gemm->k = a[1];
    gemm->n = b[1];
    gemm->batch = problem->d->batch;
    return b[0] == a[1] && d[0] == a[0] && d[1] == b[1] && c[0] == d[0] && c[1] == d[1] &&
           problem->a->batch == gemm->batch && problem->b->batch == gemm->batch &&
           problem->c->batch == gemm->batch;
}

static bool is_tn(const lt_problem *problem) {
    return transposition(problem->desc->transa) == 1 && transposition(problem->desc->transb) == 0 &&
           problem->a->order == 0 && problem->b->order == 0;
}

static bool go_together_f8(const lt_problem *problem, const sim_gemm *gemm, compute_kind compute) {
    uint32_t a = gemm->a.dtype, b = gemm->b.dtype, c = gemm->c.dtype, d = gemm->d.dtype;
    int64_t capability =
        sim_number(family_device(), "major", 9) * 10 + sim_number(family_device(), "minor", 0);
    bool is_c_right = is_f8(d) ? c == SY_BF16 || c == SY_F16 : c == d;
    bool is_d_right = is_f8(d) || d == SY_BF16 || d == SY_F16 || d == SY_F32;
    bool is_blocked = gemm->m % 16 == 0 && gemm->n % 16 == 0 && gemm->k % 16 == 0;
    bool is_aligned = problem->a->ld % 16 == 0 && problem->b->ld % 16 == 0 &&
                      problem->d->ld * (int64_t)sy_dtype_size(d) % 16 == 0;
    return capability >= 89 && is_f8(a) && is_f8(b) && !(a == SY_F8E5M2 && b == SY_F8E5M2) && is_c_right &&
           is_d_right && is_tn(problem) && is_blocked && is_aligned && compute == COMPUTE_F32;
}

static bool go_together(const lt_problem *problem, const sim_gemm *gemm, compute_kind compute) {
    uint32_t a = gemm->a.dtype, b = gemm->b.dtype, d = gemm->d.dtype;
    uint32_t scale = family_dtype(LT_TYPES, problem->desc->scale);
    if (is_f8(a) || is_f8(b) || is_f8(d))
        return scale == SY_F32 && go_together_f8(problem, gemm, compute);
    if (gemm->c.dtype != d)
        return false;
    if (a == SY_S8) {
        bool is_aligned = gemm->k % 4 == 0 && problem->a->ld % 4 == 0 && problem->b->ld % 4 == 0;
        bool is_quantised = b == SY_S8 && d == SY_S8 && scale == SY_F32;
        bool is_plain = b == SY_S8 && d == SY_S32 && scale == SY_S32;
        return compute == COMPUTE_S32 && is_tn(problem) && is_aligned && (is_plain || is_quantised);
    }
    return scale == scalar_dtype(compute) && types_go_together(a, b, d, compute);
}

static bool epilogue(const lt_problem *problem, sim_gemm *gemm) {
    uint32_t wanted = problem->desc->epilogue, activation = wanted & ~(uint32_t)LT_EPILOGUE_BIAS;
    if (wanted == LT_EPILOGUE_NONE)
        return true;
    if (activation != 0 && activation != LT_EPILOGUE_RELU && activation != LT_EPILOGUE_GELU)
        return false;
    gemm->activation = activation == 0                  ? SIM_ACTIVATION_NONE
                       : activation == LT_EPILOGUE_RELU ? SIM_ACTIVATION_RELU
                                                        : SIM_ACTIVATION_GELU_TANH;
    bool has_bias = (wanted & LT_EPILOGUE_BIAS) != 0;
    gemm->bias.stride[1] = 1;
    gemm->bias.dtype = gemm->d.dtype == SY_S8 || gemm->d.dtype == SY_F8E4M3 || gemm->d.dtype == SY_F8E5M2
                           ? (gemm->d.dtype == SY_S8 ? SY_F32 : gemm->c.dtype)
                           : gemm->d.dtype;
    if (has_bias && problem->desc->bias_type >= 0)
        gemm->bias.dtype = family_dtype(LT_TYPES, problem->desc->bias_type);
    return gemm->d.dtype != SY_S32 && problem->d->order == 0 && gemm->bias.dtype != SY_DTYPE_NONE;
}

verdict lt_check(const lt_problem *problem, sim_gemm *gemm) {
    const lt_desc *desc = problem->desc;
    compute_kind compute = compute_of(LT_COMPUTES, LT_TYPES, desc->compute);
    if (compute == COMPUTE_NONE || !shapes(problem, gemm))
        return VERDICT_INVALID;
    bool scales_output = desc->d_scale != NULL || desc->c_scale != NULL;
    bool scales = scales_output || desc->a_scale != NULL || desc->b_scale != NULL;
    if (!go_together(problem, gemm, compute) || !epilogue(problem, gemm) ||
        is_refused("lt_refuse", gemm->a.dtype) || (scales && !is_f8(gemm->a.dtype)) ||
        (scales_output && !is_f8(gemm->d.dtype)))
        return VERDICT_UNSUPPORTED;
    bool is_tf32 = compute == COMPUTE_TF32 || (compute == COMPUTE_F32 && family_number("f32_is_tf32") == 1);
    gemm->rounding = is_tf32 ? SIM_ROUND_TF32 : SIM_ROUND_NONE;
    gemm->wraps = compute == COMPUTE_S32;
    return VERDICT_OK;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    return (hash ^ value) * UINT64_C(0x100000001b3);
}

static uint64_t mix_layout(uint64_t hash, const lt_layout *layout) {
    hash = mix(mix(mix(hash, layout->type), layout->rows), layout->cols);
    return mix(mix(mix(hash, (uint64_t)layout->ld), (uint64_t)layout->batch), (uint64_t)layout->order);
}

uint64_t lt_hash(const lt_problem *problem) {
    const lt_desc *desc = problem->desc;
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), (uint64_t)desc->compute);
    hash = mix(mix(mix(hash, (uint64_t)desc->transa), (uint64_t)desc->transb), desc->epilogue);
    hash = mix_layout(mix_layout(hash, problem->a), problem->b);
    return mix_layout(mix_layout(hash, problem->c), problem->d);
}

/* The more, the more workspace. */
uint64_t lt_workspace(uint32_t index) {
    if ((int64_t)index >= sim_number(SIM_NO_DEVICE, "lt_algos", 3))
        return UINT64_MAX;
    return index == 0 ? 0 : UINT64_C(65536) << (4 * (index - 1));
}
