/* Descriptors of tensors: numbers of types, extents of 64 bits or of 32. */
#include "backends/cambricon/tensor.h"

#include <limits.h>

#include "backends/cambricon/words.h"
#include "runtime/base/checked.h"

int cambricon_dtype(uint32_t dtype) {
    static const int numbers[SY_DTYPE_COUNT] = {
        [SY_F16] = 1, [SY_F32] = 2, [SY_S8] = 3, [SY_S32] = 6, [SY_BF16] = 17};
    return dtype < SY_DTYPE_COUNT ? numbers[dtype] : 0;
}

/* Where extents are ints, so are offsets: a tensor has to end before 2 GiB. */
static int set_short(const cambricon_cnnl *api, const cambricon_shape *shape, int dtype, void *desc) {
    int dim[CAMBRICON_RANK_MAX] = {0};
    int64_t bytes = (int64_t)sy_dtype_size(shape->dtype);
    for (uint32_t i = 0; i < shape->rank; i++) {
        if (shape->dim[i] > INT_MAX || !sy_mul_i64(bytes, shape->dim[i], &bytes) || bytes > INT_MAX)
            return CAMBRICON_OWN_TOO_LARGE;
        dim[i] = (int)shape->dim[i];
    }
    return cambricon_cnnl_code(api->SetTensorDescriptor(desc, shape->layout, dtype, (int)shape->rank, dim));
}

int cambricon_tensor_make(
    const cambricon_libraries *libraries, const cambricon_shape *shape, void **out_desc) {
    const cambricon_cnnl *api = &libraries->cnnl;
    int dtype = cambricon_dtype(shape->dtype);
    *out_desc = NULL;
    if (dtype == 0)
        return CAMBRICON_OWN_NO_TYPE;
    int code = cambricon_cnnl_code(api->CreateTensorDescriptor(out_desc));
    if (code == 0)
        code = api->SetTensorDescriptor_v2 != NULL
                   ? cambricon_cnnl_code(api->SetTensorDescriptor_v2(
                         *out_desc, shape->layout, dtype, (int)shape->rank, shape->dim))
                   : set_short(api, shape, dtype, *out_desc);
    if (code == 0 && shape->dtype == SY_S8 && api->SetTensorDescriptorPositionAndScale != NULL)
        code = cambricon_cnnl_code(api->SetTensorDescriptorPositionAndScale(*out_desc, 0, 1.0f));
    return code;
}

int cambricon_tensor_sum_f32(const cambricon_libraries *libraries, void *desc) {
    const cambricon_cnnl *api = &libraries->cnnl;
    if (api->SetTensorDescriptorOnchipDataType == NULL)
        return 0;
    return cambricon_cnnl_code(api->SetTensorDescriptorOnchipDataType(desc, cambricon_dtype(SY_F32)));
}

void cambricon_tensor_free(const cambricon_libraries *libraries, void *desc) {
    if (desc != NULL)
        (void)libraries->cnnl.DestroyTensorDescriptor(desc);
}
