/* Which published peak a row's arithmetic is of. */
#include <math.h>

#include "bench/catalogue/catalogue.h"
#include "steelyard/types.h"

#define NONE SY_PEAK_COUNT

/* What a type is called in data sheets, and what its products are summed in there. */
static uint32_t sheet_type(uint32_t dtype, uint32_t *out_acc) {
    *out_acc = SY_F32;
    switch (dtype) {
    case SY_F64: *out_acc = SY_F64; return SY_PEAK_F64;
    case SY_F32: return SY_PEAK_F32;
    case SY_BF16: return SY_PEAK_BF16;
    case SY_F16: return SY_PEAK_F16;
    case SY_F8E4M3:
    case SY_F8E5M2: return SY_PEAK_F8;
    case SY_S8:
    case SY_U8: *out_acc = SY_S32; return SY_PEAK_S8;
    default: return NONE;
    }
}

const sy_figure *sy_catalogue_peak(const sy_catalogue_device *device, uint32_t dtype_a, uint32_t dtype_b,
    uint32_t dtype_acc, uint32_t math) {
    uint32_t acc, acc_b, type = sheet_type(dtype_a, &acc);
    if (type == NONE || type != sheet_type(dtype_b, &acc_b) || acc != dtype_acc)
        return NULL;
    if (type == SY_PEAK_F32 && math == SY_MATH_TF32)
        type = SY_PEAK_TF32;
    else if (math != SY_MATH_STRICT)
        return NULL;
    return isnan(device->peak[type].value) ? NULL : &device->peak[type];
}
