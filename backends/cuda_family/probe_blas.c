/*
 * Which numbers a BLAS goes by. CUDA 10 passed a data type where CUDA 11 passes a compute type; hipBLAS
 * changed all of its numbers under names that stayed; on one stack f32 is rounded to tf32 unless it is asked
 * pedantically.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/compute.h"
#include "backends/cuda_family/probe.h"
#include "backends/cuda_family/words.h"
#include "runtime/base/error.h"

enum { SIZE = 64 };

/* Column-major, as the library takes them: D = A B. B is 1, 0 or -1, and neither is its own transpose. */
typedef struct product {
    float a[SIZE * SIZE], b[SIZE * SIZE], d[SIZE * SIZE];
} product;

static void make(product *out) {
    for (int i = 0; i < SIZE * SIZE; i++) {
        out->a[i] = (float)(4097 + 2 * ((i * 37 + i / SIZE * 11) % 2000));
        out->b[i] = (float)((i * 7 + i / SIZE * 5) % 3 - 1);
    }
    for (int column = 0; column < SIZE; column++)
        for (int row = 0; row < SIZE; row++) {
            float sum = 0.0f;
            for (int k = 0; k < SIZE; k++)
                sum += out->a[k * SIZE + row] * out->b[column * SIZE + k];
            out->d[column * SIZE + row] = sum;
        }
}

/* Rounded to 11 bits an element of A is off by 4 at most. */
static const double SLACK = 4.0 * SIZE;

/* A convention: a compute type of the library's own or a data type; for f32 alone, or for what it is lowered
 * from as well. */
typedef struct convention {
    int number;
    bool is_type, is_lowered;
} convention;

static uint32_t list_conventions(const cf_blas_row *row, convention out[3]) {
    uint32_t count = 0;
    if (row->style != CF_COMPUTE_IS_TYPE)
        out[count++] =
            (convention){row->is_f32_lowered ? row->compute_pedantic : row->compute_f32, false, false};
    if (row->style != CF_COMPUTE_OWN)
        out[count++] = (convention){row->dtype[SY_F32], true, false};
    if (row->is_f32_lowered)
        out[count++] = (convention){row->compute_f32, false, true};
    return count;
}

static cf_outcome attempt(
    const cf_probe *probe, uint32_t which, const cf_blas_row *row, int number, const product *wanted) {
    sy_device *device = probe->device;
    const cf_blas *blas = &cf_libraries_of(device)->blas[which];
    const float one = 1.0f, zero = 0.0f;
    int type = row->dtype[SY_F32], code = cf_probe_clear(probe);
    if (code == 0)
        code = blas->api.GemmEx(cf_device_of(device)->blas[which], row->op_n, row->op_n, SIZE, SIZE, SIZE,
            &one, probe->address[0], type, SIZE, probe->address[1], type, SIZE, &zero, probe->address[2],
            type, SIZE, number, row->algo);
    if (code != 0)
        cf_forget_error(cf_libraries_of(device));
    cf_outcome outcome = cf_probe_compare(probe, wanted->d, SIZE * SIZE, SLACK);
    return code != 0 ? CF_REFUSED : outcome;
}

/* One row's conventions, its own first: the first that is right, else the first that is at least rounded. */
static bool find_in(const cf_probe *probe, uint32_t which, const cf_blas_row *row, const product *wanted,
    cf_numbers *numbers, char *tried, size_t capacity) {
    static const char *const words[] = {"right", "rounded to tf32", "wrong", "refused"};
    convention known[3];
    uint32_t count = list_conventions(row, known);
    for (uint32_t i = 0; i < count; i++) {
        cf_outcome outcome = attempt(probe, which, row, known[i].number, wanted);
        size_t used = strlen(tried);
        snprintf(
            tried + used, capacity - used, "%s%d %s", used > 0 ? ", " : "", known[i].number, words[outcome]);
        bool is_right = outcome == CF_RIGHT && !known[i].is_lowered;
        bool is_rounded = (outcome == CF_ROUNDED || outcome == CF_RIGHT) && numbers->status != SY_OK;
        if (is_right || is_rounded)
            *numbers = (cf_numbers){.row = row,
                .is_type = known[i].is_type,
                .is_f32_rounded = !is_right,
                .status = SY_OK,
                .reason = SY_ERROR_INIT};
        if (is_right)
            return true;
    }
    return false;
}

/* Whether a small product of a type is refused; its result is not looked at, and its operands are not either.
 */
static bool is_refused(const cf_probe *probe, uint32_t which, uint32_t in, uint32_t out, uint32_t acc) {
    enum { SMALL = 32 };
    const cf_libraries *libraries = cf_libraries_of(probe->device);
    const cf_numbers *numbers = &cf_device_of(probe->device)->numbers[which];
    const cf_blas_row *row = numbers->row;
    const int type = row->dtype[in];
    cf_scalar one, zero;
    cf_compute compute;
    sy_task task = {.acc_dtype = acc, .tensor = {{.dtype = in}}};
    if (cf_compute_choose(row, numbers->is_type, &task, false, &compute, NULL) != SY_OK)
        return true;
    cf_scalar_set(&one, 1.0);
    cf_scalar_set(&zero, 0.0);
    int code = libraries->blas[which].api.GemmEx(cf_device_of(probe->device)->blas[which], row->op_n,
        row->op_n, SMALL, SMALL, SMALL, cf_scalar_of(&one, acc), probe->address[0], type, SMALL,
        probe->address[1], type, SMALL, cf_scalar_of(&zero, acc), probe->address[2], row->dtype[out], SMALL,
        compute.number, row->algo);
    if (code != 0)
        cf_forget_error(libraries);
    const sy_card_runtime *runtime = probe->device->model->runtime;
    return runtime->stream_sync(probe->device->stack, probe->stream) != 0 || code != 0;
}

static void try_types(const cf_probe *probe, uint32_t which) {
    static const struct {
        uint32_t in, out, acc;
    } kinds[] = {{SY_F64, SY_F64, SY_F64}, {SY_F16, SY_F16, SY_F32}, {SY_BF16, SY_BF16, SY_F32},
        {SY_S8, SY_S32, SY_S32}};
    cf_numbers *numbers = &cf_device_of(probe->device)->numbers[which];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (numbers->row->dtype[kinds[i].in] != CF_NONE &&
            is_refused(probe, which, kinds[i].in, kinds[i].out, kinds[i].acc))
            numbers->refused |= SY_DTYPE_BIT(kinds[i].in);
    numbers->is_f16_sum_refused =
        numbers->row->dtype[SY_F16] != CF_NONE && is_refused(probe, which, SY_F16, SY_F16, SY_F16);
}

static sy_status find(sy_device *device, uint32_t which, const product *wanted, sy_error *err) {
    cf_numbers *numbers = &cf_device_of(device)->numbers[which];
    const cf_blas_row *first = numbers->row;
    char tried[160] = "";
    cf_probe probe;
    bool is_found = false;
    sy_status status = cf_probe_open(device, wanted->a, wanted->b, SIZE * SIZE, &probe, err);
    if (status == SY_OK && cf_blas_stream_set(device, which, probe.stream) == 0) {
        numbers->status = SY_UNSUPPORTED;
        for (const cf_blas_row *row = first; row != NULL && !is_found; row = row->or_else)
            is_found = find_in(&probe, which, row, wanted, numbers, tried, sizeof tried);
    }
    if (status == SY_OK && numbers->status == SY_OK)
        try_types(&probe, which);
    if (numbers->status != SY_OK)
        sy_error_set(&numbers->reason, numbers->status,
            "%s: no product in f32 by the compute types known is right (%s): this version goes by other "
            "numbers",
            numbers->row->library.option, tried);
    (void)cf_blas_stream_set(device, which, NULL);
    cf_probe_close(&probe);
    return status;
}

sy_status cf_blas_probe(sy_device *device, uint32_t which, sy_error *err) {
    const cf_blas *blas = &cf_libraries_of(device)->blas[which];
    cf_numbers *numbers = &cf_device_of(device)->numbers[which];
    *numbers = (cf_numbers){.row = blas->row,
        .is_type = blas->row != NULL && blas->row->style == CF_COMPUTE_IS_TYPE,
        .status = SY_OK,
        .reason = SY_ERROR_INIT};
    if (blas->row == NULL || blas->status != SY_OK || blas->row->is_rocblas ||
        (blas->row->style != CF_COMPUTE_PROBED && !blas->row->is_f32_lowered && blas->row->or_else == NULL))
        return SY_OK;
    product wanted;
    make(&wanted);
    return find(device, which, &wanted, err);
}
