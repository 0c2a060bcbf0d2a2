#include "tests/vendor_sim/cuda_family/gemm.h"

verdict blas_queue_of(const blas_handle *handle, family_queue *out_queue) {
    if (!family_queue_of(handle->stream, out_queue))
        return VERDICT_EXECUTION;
    if (handle->device == family_device() && sim_stream_device(out_queue->stream) == handle->device)
        return VERDICT_OK;
    sim_misuse("wrong_device_on_thread");
    return VERDICT_EXECUTION;
}

/* 0: as it is, 1: transposed, -1: no such operation. Conjugation changes nothing in real numbers. */
static int transposition(int op) {
    if (op == family_number("op.n"))
        return 0;
    return op == family_number("op.t") || op == family_number("op.c") ? 1 : -1;
}

/* rows x columns as they lie in memory. */
static verdict operand_of(const gemm_call *call, const blas_handle *handle, const passed_matrix *passed,
    int64_t rows, int64_t columns, int is_transposed, sim_tensor *out) {
    uint32_t dtype = family_dtype(call->types, passed->type);
    if (dtype == SY_DTYPE_NONE || passed->ld < rows || passed->ld < 1 || passed->stride < 0)
        return VERDICT_INVALID;
    const int64_t dim[3] = {call->batch, rows, columns}, stride[3] = {passed->stride, 1, passed->ld};
    *out = (sim_tensor){.dtype = dtype, .stride = {passed->stride, 1, passed->ld}};
    if (is_transposed) {
        out->stride[1] = passed->ld;
        out->stride[2] = 1;
    }
    uint64_t bytes = sim_extent(dtype, 3, dim, stride);
    return family_operand(handle->device, passed->address, bytes, &out->data) ? VERDICT_OK : VERDICT_INVALID;
}

static verdict operands(const blas_handle *handle, const gemm_call *call, sim_gemm *gemm) {
    int t_a = transposition(call->op_a), t_b = transposition(call->op_b);
    if (t_a < 0 || t_b < 0)
        return VERDICT_INVALID;
    verdict said =
        operand_of(call, handle, &call->a, t_a ? call->k : call->m, t_a ? call->m : call->k, t_a, &gemm->a);
    if (said == VERDICT_OK)
        said = operand_of(
            call, handle, &call->b, t_b ? call->n : call->k, t_b ? call->k : call->n, t_b, &gemm->b);
    if (said == VERDICT_OK)
        said = operand_of(call, handle, &call->d, call->m, call->n, 0, &gemm->d);
    if (said == VERDICT_OK && gemm->beta != 0)
        said = operand_of(call, handle, &call->c, call->m, call->n, 0, &gemm->c);
    return said;
}

/* Integers go by words of four. */
static bool is_aligned(const gemm_call *call, const sim_gemm *gemm) {
    return gemm->a.dtype != SY_S8 || (call->k % 4 == 0 && call->a.ld % 4 == 0 && call->b.ld % 4 == 0);
}

static verdict fill_in(const blas_handle *handle, const gemm_call *call, sim_gemm *gemm) {
    compute_kind compute = compute_of(call->computes, call->types, call->compute);
    if (compute == COMPUTE_NONE || call->m < 0 || call->n < 0 || call->k < 0 || call->batch < 0)
        return VERDICT_INVALID;
    if (call->alpha == NULL || call->beta == NULL)
        return VERDICT_INVALID;
    gemm->alpha = sim_element_get(scalar_dtype(compute), call->alpha);
    gemm->beta = sim_element_get(scalar_dtype(compute), call->beta);
    verdict said = operands(handle, call, gemm);
    if (said != VERDICT_OK)
        return said;
    if (!types_go_together(gemm->a.dtype, gemm->b.dtype, gemm->d.dtype, compute) ||
        call->c.type != call->d.type || !is_aligned(call, gemm) || is_refused("refuse", gemm->a.dtype))
        return VERDICT_UNSUPPORTED;
    bool is_tf32 = compute == COMPUTE_TF32 ||
                   (compute == COMPUTE_F32 && (handle->math == 3 || family_number("f32_is_tf32") == 1));
    gemm->rounding = is_tf32 ? SIM_ROUND_TF32 : SIM_ROUND_NONE;
    gemm->wraps = compute == COMPUTE_S32;
    return VERDICT_OK;
}

verdict gemm_enqueue(const blas_handle *handle, const gemm_call *call) {
    sim_gemm gemm = {.batch = call->batch, .m = call->m, .n = call->n, .k = call->k};
    family_queue queue;
    verdict said = blas_queue_of(handle, &queue);
    if (said == VERDICT_OK)
        said = fill_in(handle, call, &gemm);
    if (said != VERDICT_OK || call->m == 0 || call->n == 0 || call->batch == 0)
        return said;
    family_enqueue(&queue,
        &(sim_work){.run = sim_gemm_run, .args = &gemm, .bytes = sizeof gemm, .flop = sim_gemm_flop(&gemm)});
    return VERDICT_OK;
}
