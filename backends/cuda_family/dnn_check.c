#include "backends/cuda_family/dnn_check.h"

#include <limits.h>

#include "runtime/base/error.h"

sy_status cf_dnn_check_types(const cf_dnn_row *row, const sy_task *task, sy_error *err) {
    uint32_t x = task->tensor[0].dtype, w = task->tensor[1].dtype, y = sy_task_output(task, 0)->dtype;
    bool is_float = x == SY_F32 || x == SY_F64 || x == SY_F16 || x == SY_BF16;
    uint32_t acc = x == SY_F64 ? SY_F64 : SY_F32;
    if (!is_float || w != x || y != x || row->dtype[x] == CF_NONE || task->acc_dtype != acc)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: no convolution of %s and %s into %s summed in %s",
            row->library.option, sy_dtype_name(x), sy_dtype_name(w), sy_dtype_name(y),
            sy_dtype_name(task->acc_dtype));
    return SY_OK;
}

sy_status cf_dnn_check_sizes(const sy_card_convolution *conv, const char *name, sy_error *err) {
    const int64_t all[] = {conv->n * conv->c, conv->h * conv->w, conv->k * conv->r * conv->s,
        conv->p * conv->q, conv->pad_lo[0], conv->pad_lo[1]};
    for (uint32_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] > INT_MAX)
            return sy_error_set(err, SY_UNSUPPORTED, "%s: an extent beyond 32 bits", name);
    if (conv->n == 0 || conv->k == 0 || conv->c == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: an extent of 0", name);
    if (conv->pad_lo[0] != conv->pad_hi[0] || conv->pad_lo[1] != conv->pad_hi[1])
        return sy_error_set(err, SY_UNSUPPORTED, "%s: this call pads both sides alike", name);
    return SY_OK;
}
