/* Operations element by element, in the spellings of the versions. */
#include "backends/cambricon/op_tensor.h"

#include "backends/cambricon/tensor.h"
#include "backends/cambricon/words.h"

static const float one = 1.0f, zero = 0.0f;

int cambricon_op_tensor_make(const cambricon_libraries *libraries, int operation, void **out_desc) {
    const cambricon_cnnl *api = &libraries->cnnl;
    int status = api->CreateOpTensorDescriptor(out_desc);
    if (status == 0)
        status = api->SetOpTensorDescriptor(
            *out_desc, operation, cambricon_dtype(SY_F32), CAMBRICON_PROPAGATE_NAN);
    return cambricon_cnnl_code(status);
}

void cambricon_op_tensor_free(const cambricon_libraries *libraries, void *desc) {
    if (desc != NULL)
        (void)libraries->cnnl.DestroyOpTensorDescriptor(desc);
}

int cambricon_op_tensor_workspace(const cambricon_libraries *libraries, void *handle, void *desc, void *a,
    void *b, void *c, size_t *out_bytes) {
    const cambricon_cnnl *api = &libraries->cnnl;
    *out_bytes = 0;
    if (api->GetOpTensorWorkspaceSize_v3 != NULL)
        return cambricon_cnnl_code(
            api->GetOpTensorWorkspaceSize_v3(handle, &one, a, &one, b, &zero, c, out_bytes));
    return cambricon_cnnl_code(api->GetOpTensorWorkspaceSize_v2(
        handle, desc, &one, a, NULL, &one, b, NULL, &zero, c, NULL, out_bytes));
}

int cambricon_op_tensor_run(
    const cambricon_libraries *libraries, void *handle, const cambricon_op_tensor *call) {
    return cambricon_cnnl_code(
        libraries->cnnl.OpTensor(handle, call->desc, &one, call->a_desc, call->a, &call->factor, call->b_desc,
            call->b, call->workspace, call->workspace_bytes, &zero, call->c_desc, call->c));
}

int cambricon_activation_make(const cambricon_libraries *libraries, int mode, void **out_desc) {
    const cambricon_cnnl *api = &libraries->cnnl;
    int status = api->CreateActivationDescriptor(out_desc);
    if (status != 0)
        return cambricon_cnnl_code(status);
    if (api->SetActivationDescriptor_v6 != NULL)
        status = api->SetActivationDescriptor_v6(*out_desc, mode, CAMBRICON_HIGH_PRECISION,
            CAMBRICON_PROPAGATE_NAN, 0.0f, 0, 0.0f, 0.0f, false, false);
    else
        status = api->SetActivationDescriptor_v5(
            *out_desc, mode, CAMBRICON_HIGH_PRECISION, CAMBRICON_PROPAGATE_NAN, 0.0f, 0, 0.0f, 0.0f, false);
    return cambricon_cnnl_code(status);
}

void cambricon_activation_free(const cambricon_libraries *libraries, void *desc) {
    if (desc != NULL)
        (void)libraries->cnnl.DestroyActivationDescriptor(desc);
}

int cambricon_activation_run(
    const cambricon_libraries *libraries, void *handle, void *desc, void *tensor, void *data) {
    return cambricon_cnnl_code(
        libraries->cnnl.ActivationForward(handle, desc, NULL, tensor, data, NULL, tensor, data));
}
