/* Trials of products. */
#include <math.h>

#include "backends/cambricon/product.h"
#include "backends/cambricon/trial_memory.h"
#include "runtime/base/convert.h"
#include "runtime/base/error.h"

enum { ELEMENTS_MAX = 512, ELEMENT_BYTES_MAX = 4 };

/* Values in packed order, as they lie. */
typedef struct problem {
    uint32_t in, out;
    int64_t m, n, k;
    bool is_transposed; /* both operands */
    double alpha, beta, a[ELEMENTS_MAX], b[ELEMENTS_MAX], c[ELEMENTS_MAX], d[ELEMENTS_MAX];
} problem;

static void *give(cambricon_trial_memory *memory, uint32_t dtype, const double *values, int64_t count) {
    char bytes[ELEMENTS_MAX * ELEMENT_BYTES_MAX];
    sy_convert_from_f64(dtype, values, (uint64_t)count, bytes);
    return cambricon_trial_give(memory, bytes, (size_t)count * sy_dtype_size(dtype));
}

static void describe(const problem *p, sy_card_product *out) {
    bool t = p->is_transposed;
    *out = (sy_card_product){.m = p->m,
        .n = p->n,
        .k = p->k,
        .batch = 1,
        .a = {.dtype = p->in, .is_transposed = t, .rows = p->m, .columns = p->k, .ld = t ? p->m : p->k},
        .b = {.dtype = p->in, .is_transposed = t, .rows = p->k, .columns = p->n, .ld = t ? p->k : p->n},
        .c = {.dtype = p->out, .rows = p->m, .columns = p->n, .ld = p->n},
        .d = {.dtype = p->out, .rows = p->m, .columns = p->n, .ld = p->n},
        .alpha = p->alpha,
        .beta = p->beta,
        .has_c = p->beta != 0.0};
}

/* Run it into p->d. */
static sy_status multiply(sy_device *device, problem *p, sy_error *err) {
    sy_card_product product;
    cambricon_product made;
    cambricon_trial_memory memory;
    char bytes[ELEMENTS_MAX * ELEMENT_BYTES_MAX];
    describe(p, &product);
    cambricon_trial_begin(device, &memory);
    sy_status status = cambricon_product_make(device, &product, false, 0, &made, err);
    if (status == SY_OK) {
        void *a = give(&memory, p->in, p->a, p->m * p->k), *b = give(&memory, p->in, p->b, p->k * p->n);
        void *c = give(&memory, p->out, p->c, p->m * p->n), *d = give(&memory, p->out, p->c, p->m * p->n);
        void *workspace = cambricon_trial_give(&memory, NULL, made.workspace_bytes);
        if (memory.code == 0)
            memory.code = cambricon_product_run(
                device, cambricon_device_of(device)->asker, &made, a, b, c, d, workspace);
        cambricon_trial_take(&memory, bytes, d, (size_t)(p->m * p->n) * sy_dtype_size(p->out));
        int code = cambricon_trial_end(&memory);
        if (code != 0)
            status = sy_card_code_error(device, code, err, "a product");
        else
            sy_convert_to_f64(p->out, bytes, (uint64_t)(p->m * p->n), p->d);
    }
    cambricon_product_free(device, &made);
    return status;
}

/* Whether p->d is what comes out where a[0] is taken for `first`. */
static bool is_right(const problem *p, double first) {
    for (int64_t i = 0; i < p->m; i++)
        for (int64_t j = 0; j < p->n; j++) {
            double sum = 0.0;
            for (int64_t l = 0; l < p->k; l++) {
                int64_t at_a = p->is_transposed ? l * p->m + i : i * p->k + l;
                int64_t at_b = p->is_transposed ? j * p->k + l : l * p->n + j;
                sum += (at_a == 0 ? first : p->a[at_a]) * p->b[at_b];
            }
            double value = p->alpha * sum + p->beta * p->c[i * p->n + j];
            if (p->d[i * p->n + j] != sy_convert_round(p->out, value))
                return false;
        }
    return true;
}

/* Transposes, factors, and one value that tf32 cannot hold: attributes with other numbers than these would
 * show. */
static void fill_f32(problem *p) {
    *p = (problem){.in = SY_F32,
        .out = SY_F32,
        .m = 2,
        .n = 3,
        .k = 4,
        .is_transposed = true,
        .alpha = 2.0,
        .beta = 3.0};
    for (int i = 0; i < 12; i++) {
        p->a[i] = i % 5 - 2;
        p->b[i] = i * 3 % 7 - 3;
        p->c[i] = i - 2;
    }
    p->a[0] = 1.0 + ldexp(1.0, -13);
}

/* Sums in half stay at the first product: what follows is less than half of a step each time. */
static void fill_f16(problem *p) {
    *p = (problem){.in = SY_F16, .out = SY_F16, .m = 2, .n = 2, .k = 256, .alpha = 1.0};
    for (int i = 0; i < ELEMENTS_MAX; i++) {
        p->a[i] = i % 256 == 0 ? 16384.0 : 0.25;
        p->b[i] = 1.0;
    }
}

static void fill_s8(problem *p, uint32_t out) {
    *p = (problem){.in = SY_S8, .out = out, .m = 2, .n = 3, .k = 32, .alpha = 1.0};
    for (int i = 0; i < 96; i++) {
        p->a[i] = i % 9 == 0 ? -128.0 : 127 - i;
        p->b[i] = i % 2 == 0 ? 127.0 : 11 * (i % 13) - 64;
    }
}

sy_status cambricon_try_product(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err) {
    problem p;
    if (question == CAMBRICON_PRODUCT_F32)
        fill_f32(&p);
    else if (question == CAMBRICON_PRODUCT_F16)
        fill_f16(&p);
    else
        fill_s8(&p, question == CAMBRICON_PRODUCT_S8_S32 ? SY_S32 : SY_F32);
    sy_status status = multiply(device, &p, err);
    if (status != SY_OK)
        return status;
    bool is_strict = is_right(&p, p.a[0]);
    out_finding->is_rounded = !is_strict && question == CAMBRICON_PRODUCT_F32 && is_right(&p, 1.0);
    if (is_strict || out_finding->is_rounded)
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED,
        question == CAMBRICON_PRODUCT_F16
            ? "products of f16 are not summed in f32, though that was asked for"
            : "a small product comes out wrong: this CNNL counts otherwise than those that are known");
}
