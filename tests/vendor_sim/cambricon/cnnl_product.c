#include "tests/vendor_sim/cambricon/cnnl_product.h"

#include <string.h>

#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNNL_SIM_1
enum { HAS_S8 = 1, IS_1 = 1 };
#else
enum { HAS_S8 = 0, IS_1 = 0 };
#endif

/* How many sums a unit that accumulates in half adds before it rounds. */
enum { HALF_CHUNK = 16 };

static bool setting(const char *key, int64_t fallback) {
    return sim_number(SIM_NO_DEVICE, key, fallback) != 0;
}

/* Whether a combination of types is one, and the library has it. */
static cnnlStatus_t check_combination(const cnnl_operands *operands, uint32_t a, uint32_t b, uint32_t d) {
    bool is_half = a == SY_F16 || a == SY_BF16, is_known = false;
    if (!cnnl_is_quantized(operands->a) || !cnnl_is_quantized(operands->b))
        return CNNL_STATUS_BAD_PARAM;
    if (a == SY_F32 || is_half)
        is_known = d == a || (is_half && d == SY_F32 && setting("half_f32", 1));
    else if (a == SY_S8)
        is_known = d == SY_S32 ? setting("s8_s32", 0) : (d == SY_F16 || d == SY_F32) && setting("s8", HAS_S8);
    return is_known && a == b ? CNNL_STATUS_SUCCESS : CNNL_STATUS_NOT_SUPPORTED;
}

static cnnlStatus_t check_types(const cnnl_handle *handle, const cnnl_matmul *desc,
    const cnnl_operands *operands, cnnl_problem *out_problem) {
    uint32_t a, b, c, d;
    cnnlStatus_t status = cnnl_type(handle->device, operands->a->dtype, &a);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(handle->device, operands->b->dtype, &b);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(handle->device, operands->c->dtype, &c);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(handle->device, operands->d->dtype, &d);
    if (status != CNNL_STATUS_SUCCESS)
        return status;
    int32_t compute = desc->value[CNNL_MATMUL_DESC_COMPUTE_TYPE];
    bool is_float = compute == CNNL_DTYPE_FLOAT || (compute == CNNL_DTYPE_HALF && a == SY_F16) ||
                    (compute == CNNL_DTYPE_INT32 && a == SY_S8);
    if (c != d || (desc->has[CNNL_MATMUL_DESC_COMPUTE_TYPE] && !is_float))
        return CNNL_STATUS_BAD_PARAM;
    out_problem->type_a = a;
    out_problem->type_b = b;
    out_problem->type_d = d;
    return check_combination(operands, a, b, d);
}

static bool is_matrix(const cnnl_tensor *tensor, int count, bool may_stride) {
    bool is_packed = cnnl_is_dense(tensor) || (may_stride && tensor->stride[count - 1] == 1);
    return tensor->layout == CNNL_LAYOUT_ARRAY && tensor->count == count && is_packed;
}

/* Dims before the last two: those of d, or 1 where a or b are repeated. */
static bool check_batches(const cnnl_operands *operands, cnnl_problem *out_problem) {
    int count = operands->d->count - 2;
    out_problem->batches = count;
    for (int i = 0; i < count; i++) {
        int64_t a = operands->a->dim[i], b = operands->b->dim[i], d = operands->d->dim[i];
        out_problem->batch[i] = d;
        if ((a != d && a != 1) || (b != d && b != 1) || (a == 1 && b == 1 && d != 1))
            return false;
    }
    return true;
}

cnnlStatus_t cnnl_problem_of(const cnnl_handle *handle, const cnnl_matmul *desc,
    const cnnl_operands *operands, bool is_batched, cnnl_problem *out_problem) {
    const cnnl_tensor *a = operands->a, *b = operands->b, *c = operands->c, *d = operands->d;
    memset(out_problem, 0, sizeof *out_problem);
    if (a == NULL || b == NULL || c == NULL || d == NULL)
        return CNNL_STATUS_BAD_PARAM;
    int count = d->count;
    bool may_stride = desc->value[CNNL_MATMUL_DESC_USE_STRIDE] != 0;
    if ((is_batched ? count < 3 : count != 2) || !is_matrix(a, count, may_stride) ||
        !is_matrix(b, count, may_stride) || !is_matrix(c, count, may_stride) ||
        !is_matrix(d, count, may_stride))
        return CNNL_STATUS_BAD_PARAM;
    int trans_a = desc->value[CNNL_MATMUL_DESC_TRANSA] != 0,
        trans_b = desc->value[CNNL_MATMUL_DESC_TRANSB] != 0;
    const int64_t *a_dim = a->dim + count - 2, *b_dim = b->dim + count - 2, *d_dim = d->dim + count - 2;
    out_problem->m = d_dim[0];
    out_problem->n = d_dim[1];
    out_problem->k = a_dim[!trans_a];
    out_problem->trans_a = trans_a;
    out_problem->trans_b = trans_b;
    bool is_right = a_dim[trans_a] == d_dim[0] && b_dim[!trans_b] == d_dim[1] &&
                    b_dim[trans_b] == out_problem->k && cnnl_is_alike(c, d) &&
                    check_batches(operands, out_problem);
    return is_right ? check_types(handle, desc, operands, out_problem) : CNNL_STATUS_BAD_PARAM;
}

/* A product for each index of the batch dims but the last, which is the batch of `gemm`. */
typedef struct product {
    sim_gemm gemm;
    bool in_half;
    int outer;
    int64_t dim[CNNL_DIM_MAX], a[CNNL_DIM_MAX], b[CNNL_DIM_MAX], c[CNNL_DIM_MAX], d[CNNL_DIM_MAX];
} product;

static void shift(sim_tensor *tensor, int64_t elements) {
    tensor->data = (char *)tensor->data + elements * (int64_t)sy_dtype_size(tensor->dtype);
}

/* A sum in half is rounded again and again. */
static int run_in_half(const sim_gemm *gemm) {
    int code = 0;
    for (int64_t at = 0; at < gemm->k && code == 0; at += HALF_CHUNK) {
        sim_gemm part = *gemm;
        part.k = gemm->k - at < HALF_CHUNK ? gemm->k - at : HALF_CHUNK;
        shift(&part.a, at * gemm->a.stride[2]);
        shift(&part.b, at * gemm->b.stride[1]);
        if (at > 0) {
            part.c = part.d;
            part.beta = 1;
        }
        code = sim_gemm_run(&part);
    }
    return code;
}

static int run(void *args) {
    const product *all = args;
    int64_t total = 1;
    int code = 0;
    for (int i = 0; i < all->outer; i++)
        total *= all->dim[i];
    for (int64_t index = 0; index < total && code == 0; index++) {
        sim_gemm one = all->gemm;
        int64_t rest = index;
        for (int i = all->outer - 1; i >= 0; rest /= all->dim[i--]) {
            int64_t at = rest % all->dim[i];
            shift(&one.a, at * all->a[i]);
            shift(&one.b, at * all->b[i]);
            shift(&one.c, at * all->c[i]);
            shift(&one.d, at * all->d[i]);
        }
        code = all->in_half ? run_in_half(&one) : sim_gemm_run(&one);
    }
    return code;
}

/* Strides of the last two dimensions, and of the batch before them; of the outer dims into `out_outer`. */
static void lay(const cnnl_tensor *tensor, bool is_transposed, sim_tensor *out, int64_t *out_outer) {
    int last = tensor->count - 1;
    out->stride[1] = tensor->stride[is_transposed ? last : last - 1];
    out->stride[2] = tensor->stride[is_transposed ? last - 1 : last];
    for (int i = 0; i < last - 1; i++) {
        int64_t stride = tensor->dim[i] == 1 ? 0 : tensor->stride[i];
        if (i < last - 2)
            out_outer[i] = stride;
        else
            out->stride[0] = stride;
    }
}

static bool rounds_to_tf32(const cnnl_handle *handle, const cnnl_matmul *desc, const cnnl_problem *problem) {
    bool is_allowed = desc->has[CNNL_MATMUL_ALLOW_TF32] ? desc->value[CNNL_MATMUL_ALLOW_TF32] != 0
                                                        : setting("tf32_default", 1);
    return problem->type_a == SY_F32 && is_allowed && mlu_fact(handle->device, "tf32") != 0;
}

/* Sums of half are of half, unless they were asked to be of float: 1.x by the type on chip, 2.x by the
 * compute type. */
static bool sums_in_half(const cnnl_matmul *desc, const cnnl_problem *problem, const cnnl_tensor *d) {
    bool is_float =
        IS_1 ? d->onchip == CNNL_DTYPE_FLOAT : desc->value[CNNL_MATMUL_DESC_COMPUTE_TYPE] == CNNL_DTYPE_FLOAT;
    return problem->type_a == SY_F16 && problem->type_d == SY_F16 && !is_float &&
           setting("half_accumulate", 1);
}

static cnnlStatus_t find_views(
    const cnnl_handle *handle, const cnnl_operands *operands, const cnnl_pointers *pointers, sim_gemm *gemm) {
    int device = handle->device;
    cnnlStatus_t status = cnnl_view(device, operands->a, pointers->a, &gemm->a.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_view(device, operands->b, pointers->b, &gemm->b.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_view(device, operands->c, pointers->c, &gemm->c.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_view(device, operands->d, pointers->d, &gemm->d.data);
    return status;
}

static void shape(const cnnl_problem *problem, const cnnl_operands *operands, product *all) {
    sim_gemm *gemm = &all->gemm;
    gemm->batch = problem->batches > 0 ? problem->batch[problem->batches - 1] : 1;
    gemm->m = problem->m;
    gemm->n = problem->n;
    gemm->k = problem->k;
    gemm->a.dtype = (uint32_t)problem->type_a;
    gemm->b.dtype = (uint32_t)problem->type_b;
    gemm->c.dtype = gemm->d.dtype = (uint32_t)problem->type_d;
    lay(operands->a, problem->trans_a != 0, &gemm->a, all->a);
    lay(operands->b, problem->trans_b != 0, &gemm->b, all->b);
    lay(operands->c, false, &gemm->c, all->c);
    lay(operands->d, false, &gemm->d, all->d);
    for (int i = 0; i < all->outer; i++)
        all->dim[i] = problem->batch[i];
}

cnnlStatus_t cnnl_multiply(const cnnl_handle *handle, const cnnl_matmul *desc, const cnnl_problem *problem,
    const cnnl_operands *operands, const cnnl_pointers *pointers) {
    bool uses_beta = desc->value[CNNL_MATMUL_USE_BETA] != 0;
    product all = {.outer = problem->batches > 1 ? (int)problem->batches - 1 : 0};
    sim_gemm *gemm = &all.gemm;
    cnnlStatus_t status = cnnl_factor(pointers->alpha, &gemm->alpha);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_factor(pointers->beta, &gemm->beta);
    if (status == CNNL_STATUS_SUCCESS)
        status = find_views(handle, operands, pointers, gemm);
    if (status != CNNL_STATUS_SUCCESS)
        return status;
    if (!uses_beta && gemm->beta != 0)
        sim_misuse("beta_without_use_beta");
    gemm->beta = uses_beta ? gemm->beta : 0;
    gemm->alpha *= problem->type_a == SY_S8 ? cnnl_unit(operands->a) * cnnl_unit(operands->b) : 1;
    gemm->rounding = rounds_to_tf32(handle, desc, problem) ? SIM_ROUND_TF32 : SIM_ROUND_NONE;
    all.in_half = sums_in_half(desc, problem, operands->d);
    shape(problem, operands, &all);
    double outer = 1;
    for (int i = 0; i < all.outer; i++)
        outer *= (double)all.dim[i];
    sim_work work = {.run = run, .args = &all, .bytes = sizeof all};
    work.flop = sim_gemm_flop(gemm) * outer;
    work.moved = sim_gemm_moved(gemm) * outer;
    return cnnl_enqueue(handle, &work);
}
