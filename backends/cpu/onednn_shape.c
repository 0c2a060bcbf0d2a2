/* Views of operands. */
#include "backends/cpu/onednn_shape.h"

#include "runtime/base/error.h"

int sy_onednn_type(uint32_t dtype) {
    switch (dtype) {
    case SY_F64: return SY_ONEDNN_F64;
    case SY_F32: return SY_ONEDNN_F32;
    case SY_F16: return SY_ONEDNN_F16;
    case SY_BF16: return SY_ONEDNN_BF16;
    case SY_S32: return SY_ONEDNN_S32;
    case SY_S8: return SY_ONEDNN_S8;
    case SY_U8: return SY_ONEDNN_U8;
    default: return 0;
    }
}

sy_status sy_onednn_view_make(
    int rank, const int64_t *dim, const int64_t *stride, sy_onednn_view *out_view, sy_error *err) {
    int64_t around = 1;
    *out_view = (sy_onednn_view){.rank = rank};
    for (int i = 0; i < rank; i++) {
        if (dim[i] == 0)
            return sy_error_set(err, SY_UNSUPPORTED, "onednn: does nothing with an extent of 0");
        if (dim[i] > 1 && stride[i] == 0)
            return sy_error_set(err, SY_UNSUPPORTED, "onednn: an operand that repeats by a stride of 0");
        if (dim[i] > 1 && stride[i] * dim[i] > around) /* within int64: the task was checked */
            around = stride[i] * dim[i];
    }
    for (int i = 0; i < rank; i++) {
        out_view->dim[i] = dim[i];
        out_view->stride[i] = dim[i] > 1 ? stride[i] : around;
    }
    return SY_OK;
}
