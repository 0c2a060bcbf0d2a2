/* Convolution. */
#include "tests/vendor_sim/cuda_family/dnn.h"

/* One call, with or without the operands of the fused form. */
typedef struct forward {
    dnn_problem problem;
    const void *x, *w, *z, *bias;
    void *y, *workspace;
    size_t workspace_bytes;
    int algorithm;
    const void *alpha, *beta;
    const dnn_tensor *z_desc, *bias_desc; /* NULL: not fused */
    const dnn_activation *activation;
} forward;

static verdict check_workspace(int device, const forward *call, uint64_t wanted) {
    void *view;
    if (wanted > call->workspace_bytes) {
        sim_misuse("workspace_too_small");
        return VERDICT_INVALID;
    }
    return family_operand(device, call->workspace, wanted, &view) ? VERDICT_OK : VERDICT_INVALID;
}

/* The bias is a value a channel, in the output's type but for integers. */
static verdict fuse(int device, const forward *call, sim_conv *conv) {
    const dnn_tensor *bias = call->bias_desc, *z = call->z_desc;
    uint32_t dtype = conv->x.dtype == SY_S8 ? SY_F32 : conv->y.dtype;
    if (bias->dtype != dtype || bias->dim[0] != 1 || bias->dim[1] != conv->k || bias->dim[2] != 1 ||
        bias->dim[3] != 1 || z->dtype != conv->y.dtype)
        return VERDICT_INVALID;
    bool is_relu = call->activation->mode == DNN_ACTIVATION_RELU;
    if (!is_relu && (call->activation->mode != DNN_ACTIVATION_IDENTITY || call->algorithm != 1))
        return VERDICT_UNSUPPORTED;
    conv->activation = is_relu ? SIM_ACTIVATION_RELU : SIM_ACTIVATION_NONE;
    conv->bias = (sim_tensor){.dtype = dtype, .stride = {1}};
    conv->z = (sim_tensor){.dtype = z->dtype};
    for (int i = 0; i < 4; i++) {
        conv->z.stride[i] = z->stride[i];
        if (z->dim[i] != call->problem.y->dim[i])
            return VERDICT_INVALID;
    }
    bool is_there =
        family_operand(device, call->bias, (uint64_t)conv->k * sy_dtype_size(dtype), &conv->bias.data) &&
        (conv->beta == 0 || dnn_find(device, call->z, z->dim, &conv->z));
    return is_there ? VERDICT_OK : VERDICT_INVALID;
}

static verdict prepare(int device, const forward *call, sim_conv *conv) {
    uint64_t workspace;
    if (call->alpha == NULL || call->beta == NULL)
        return VERDICT_INVALID;
    verdict said = dnn_check(&call->problem, conv);
    if (said == VERDICT_OK)
        said = dnn_check_algorithm(&call->problem, call->algorithm, &workspace);
    if (said == VERDICT_OK)
        said = check_workspace(device, call, workspace);
    if (said != VERDICT_OK)
        return said;
    uint32_t scalar = conv->x.dtype == SY_F64 ? SY_F64 : SY_F32;
    conv->alpha = sim_element_get(scalar, call->alpha);
    conv->beta = sim_element_get(scalar, call->beta);
    const int64_t *w = call->problem.w->dim;
    if (!dnn_find(device, call->x, call->problem.x->dim, &conv->x) ||
        !dnn_find(device, call->w, w, &conv->filter) ||
        !dnn_find(device, call->y, call->problem.y->dim, &conv->y))
        return VERDICT_INVALID;
    conv->z = conv->y;
    return call->bias_desc != NULL ? fuse(device, call, conv) : VERDICT_OK;
}

static verdict enqueue(const dnn_handle *handle, const forward *call) {
    family_queue queue;
    sim_conv conv;
    verdict said = dnn_queue_of(handle, &queue);
    if (said == VERDICT_OK)
        said = prepare(handle->device, call, &conv);
    if (said == VERDICT_OK)
        family_enqueue(&queue,
            &(sim_work){
                .run = sim_conv_run, .args = &conv, .bytes = sizeof conv, .flop = sim_conv_flop(&conv)});
    return said;
}

SIM_API int DNN(ConvolutionForward)(void *handle, const void *alpha, void *x_desc, const void *x,
    void *w_desc, const void *w, void *conv_desc, int algorithm, void *workspace, size_t workspace_bytes,
    const void *beta, void *y_desc, void *y) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const dnn_handle *one = sim_handle_get(handle, DNN_HANDLE);
    forward call = {.x = x,
        .w = w,
        .y = y,
        .workspace = workspace,
        .workspace_bytes = workspace_bytes,
        .algorithm = algorithm,
        .alpha = alpha,
        .beta = beta};
    if (one == NULL || !dnn_problem_of(x_desc, w_desc, conv_desc, y_desc, &call.problem))
        return sim_leave(status_of("dnn", VERDICT_INVALID));
    return sim_leave(status_of("dnn", enqueue(one, &call)));
}

SIM_API int DNN(ConvolutionBiasActivationForward)(void *handle, const void *alpha, void *x_desc,
    const void *x, void *w_desc, const void *w, void *conv_desc, int algorithm, void *workspace,
    size_t workspace_bytes, const void *beta, void *z_desc, const void *z, void *bias_desc, const void *bias,
    void *activation_desc, void *y_desc, void *y) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const dnn_handle *one = sim_handle_get(handle, DNN_HANDLE);
    forward call = {.x = x,
        .w = w,
        .z = z,
        .bias = bias,
        .y = y,
        .workspace = workspace,
        .workspace_bytes = workspace_bytes,
        .algorithm = algorithm,
        .alpha = alpha,
        .beta = beta,
        .z_desc = sim_handle_get(z_desc, DNN_TENSOR),
        .bias_desc = sim_handle_get(bias_desc, DNN_TENSOR),
        .activation = sim_handle_get(activation_desc, DNN_ACTIVATION)};
    bool is_right = one != NULL && dnn_problem_of(x_desc, w_desc, conv_desc, y_desc, &call.problem) &&
                    call.z_desc != NULL && call.bias_desc != NULL && call.activation != NULL &&
                    call.activation->is_set && call.bias_desc->dtype != SY_DTYPE_NONE;
    return sim_leave(status_of("dnn", is_right ? enqueue(one, &call) : VERDICT_INVALID));
}

/* C = alpha A + beta C; an extent of 1 of A goes for all of C. */
SIM_API int DNN(AddTensor)(
    void *handle, const void *alpha, void *a_desc, const void *a, const void *beta, void *c_desc, void *c) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const dnn_handle *one = sim_handle_get(handle, DNN_HANDLE);
    const dnn_tensor *from = sim_handle_get(a_desc, DNN_TENSOR), *to = sim_handle_get(c_desc, DNN_TENSOR);
    family_queue queue;
    bool is_right = one != NULL && from != NULL && to != NULL && alpha != NULL && beta != NULL &&
                    from->dtype == to->dtype && to->dtype != SY_DTYPE_NONE;
    verdict said = is_right ? dnn_queue_of(one, &queue) : VERDICT_INVALID;
    if (said != VERDICT_OK)
        return sim_leave(status_of("dnn", said));
    uint32_t scalar = from->dtype == SY_F64 ? SY_F64 : SY_F32;
    sim_copy copy = {.dst = {.dtype = to->dtype},
        .src = {.dtype = from->dtype},
        .alpha = sim_element_get(scalar, alpha),
        .beta = sim_element_get(scalar, beta)};
    for (int i = 0; i < 4; i++) {
        copy.dim[i] = to->dim[i];
        copy.dst.stride[i] = to->stride[i];
        copy.src.stride[i] = from->dim[i] == 1 ? 0 : from->stride[i];
        is_right = is_right && (from->dim[i] == 1 || from->dim[i] == to->dim[i]);
    }
    is_right = is_right && dnn_find(one->device, a, from->dim, &copy.src) &&
               dnn_find(one->device, c, to->dim, &copy.dst);
    if (is_right)
        family_enqueue(&queue, &(sim_work){.run = sim_copy_run, .args = &copy, .bytes = sizeof copy});
    return sim_leave(status_of("dnn", is_right ? VERDICT_OK : VERDICT_INVALID));
}
