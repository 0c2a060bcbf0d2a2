/* The list of private layouts of a device. */
#include "backends/cpu/packed.h"

#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

void sy_cpu_packed_init(sy_cpu_packed *packed) {
    *packed = (sy_cpu_packed){0};
    pthread_mutex_init(&packed->lock, NULL);
}

void sy_cpu_packed_release(sy_cpu_packed *packed) {
    pthread_mutex_destroy(&packed->lock);
    sy_mem_free(packed->row);
    *packed = (sy_cpu_packed){0};
}

static bool append(sy_cpu_packed *packed, const sy_cpu_packing *packing) {
    if (packed->count == packed->capacity) {
        uint32_t capacity = packed->capacity == 0 ? 16 : packed->capacity * 2;
        sy_cpu_packing *row = sy_mem_realloc(packed->row, (size_t)capacity * sizeof *row);
        if (row == NULL)
            return false;
        packed->row = row;
        packed->capacity = capacity;
    }
    packed->row[packed->count++] = *packing;
    return true;
}

static sy_status intern(sy_cpu_packed *packed, sy_cpu_packing *packing, uint32_t *out_layout, sy_error *err) {
    for (int i = 0; i < SY_CPU_PACKING_WORDS; i++)
        packing->hash = sy_random_mix(packing->hash ^ (uint64_t)packing->word[i]);
    pthread_mutex_lock(&packed->lock);
    uint32_t i = 0;
    while (i < packed->count && (packed->row[i].hash != packing->hash ||
                                    memcmp(packed->row[i].word, packing->word, sizeof packing->word) != 0))
        i++;
    bool is_there = i < packed->count || append(packed, packing);
    pthread_mutex_unlock(&packed->lock);
    if (!is_there)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a layout's description");
    *out_layout = SY_LAYOUT_PRIVATE | i;
    return SY_OK;
}

sy_status sy_cpu_packed_gemm(
    sy_cpu_packed *packed, const sy_gemm_desc *desc, uint32_t *out_layout, sy_error *err) {
    sy_cpu_packing packing = {.op = SY_OP_GEMM,
        .word = {SY_OP_GEMM, desc->isa, desc->dtype_a, desc->dtype_b, desc->n, desc->k},
        .desc.gemm = *desc};
    packing.desc.gemm.n_post = 0;
    packing.desc.gemm.flags |= SY_GEMM_B_CONST;
    return intern(packed, &packing, out_layout, err);
}

sy_status sy_cpu_packed_conv(
    sy_cpu_packed *packed, const sy_conv_desc *desc, uint32_t *out_layout, sy_error *err) {
    sy_conv_plan plan;
    sy_conv_desc plain = *desc; /* blocks and threads make no difference to the form */
    plain.tuning = (sy_conv_tuning){.path = desc->tuning.path};
    const char *why = sy_conv_plan_init(&plain, 1, &plan);
    if (why != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why);
    sy_cpu_packing packing = {.op = SY_OP_CONV,
        .word = {SY_OP_CONV, desc->isa, desc->dtype_x, desc->dtype_w, desc->c, desc->k, desc->r, desc->s,
            desc->groups, desc->stride[0], desc->stride[1], desc->dilation[0], desc->dilation[1],
            desc->pad[0], desc->pad[1], desc->pad[2], desc->pad[3], desc->x_stride[1] == 1,
            desc->y_stride[1] == 1, plan.path},
        .desc.conv = plain};
    packing.desc.conv.n_post = 0;
    packing.desc.conv.tuning.path = plan.path; /* posts may have had a say in it */
    packing.desc.conv.flags |= SY_CONV_W_CONST;
    return intern(packed, &packing, out_layout, err);
}

sy_status sy_cpu_packed_winograd(
    sy_cpu_packed *packed, const sy_conv_desc *desc, int tile, uint32_t *out_layout, sy_error *err) {
    sy_cpu_packing packing = {.op = SY_OP_CONV,
        .word = {SY_OP_CONV, desc->isa, desc->c, desc->k, desc->groups, [SY_CPU_PACKING_WORDS - 1] = tile},
        .tile = tile,
        .desc.conv = *desc};
    packing.desc.conv.n_post = 0;
    packing.desc.conv.flags |= SY_CONV_W_CONST;
    return intern(packed, &packing, out_layout, err);
}

static bool fits(const sy_cpu_packing *packing, const sy_tensor *tensor) {
    const int64_t *dim = tensor->dim;
    if (packing->op == SY_OP_GEMM) {
        const sy_gemm_desc *gemm = &packing->desc.gemm;
        return tensor->dtype == gemm->dtype_b && tensor->rank == 3 && dim[1] == gemm->k && dim[2] == gemm->n;
    }
    const sy_conv_desc *conv = &packing->desc.conv;
    bool is_flat = tensor->rank == 3; /* one-dimensional: r is 1 */
    return tensor->dtype == conv->dtype_w && (is_flat || tensor->rank == 4) && dim[0] == conv->k &&
           dim[1] == conv->c / conv->groups && (is_flat ? 1 : dim[2]) == conv->r &&
           dim[is_flat ? 2 : 3] == conv->s;
}

sy_status sy_cpu_packed_find(
    sy_cpu_packed *packed, const sy_tensor *tensor, sy_cpu_packing *out_packing, sy_error *err) {
    uint32_t index = tensor->layout & ~SY_LAYOUT_PRIVATE;
    pthread_mutex_lock(&packed->lock);
    bool is_there = index < packed->count;
    if (is_there)
        *out_packing = packed->row[index];
    pthread_mutex_unlock(&packed->lock);
    if (!is_there)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cpu: layout 0x%x was never offered by this device", tensor->layout);
    if (!fits(out_packing, tensor))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: layout 0x%x was made for weights of other extents or another type", tensor->layout);
    return SY_OK;
}

static const char *gemm_bytes_of(const sy_cpu_packing *packing, uint64_t *out_bytes) {
    sy_gemm_plan plan;
    const char *why = sy_gemm_plan_init(&packing->desc.gemm, 1, &plan);
    *out_bytes = plan.weights_bytes;
    return why;
}

static const char *conv_bytes_of(const sy_cpu_packing *packing, uint64_t *out_bytes) {
    sy_winograd_plan winograd;
    sy_conv_plan conv;
    const char *why = packing->tile != 0
                          ? sy_winograd_plan_init(&packing->desc.conv, packing->tile, 1, &winograd)
                          : sy_conv_plan_init(&packing->desc.conv, 1, &conv);
    *out_bytes = packing->tile != 0 ? winograd.conv.weights_bytes : conv.weights_bytes;
    return why;
}

sy_status sy_cpu_packing_bytes(
    const sy_cpu_packing *packing, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    bool is_gemm = packing->op == SY_OP_GEMM;
    uint64_t each = 0;
    *out_bytes = 0;
    const char *why = is_gemm ? gemm_bytes_of(packing, &each) : conv_bytes_of(packing, &each);
    if (why != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why);
    if (!sy_mul_u64(is_gemm ? (uint64_t)tensor->dim[0] : 1, each, out_bytes))
        return sy_error_set(err, SY_OVERFLOW, "cpu: packed weights exceed 64 bits");
    return SY_OK;
}
