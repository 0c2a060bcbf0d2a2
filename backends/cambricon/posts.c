/* Calls that follow a product or a convolution. */
#include "backends/cambricon/posts.h"

#include <stdio.h>
#include <string.h>

#include "backends/cambricon/op_tensor.h"
#include "backends/cambricon/words.h"
#include "runtime/base/error.h"

/* What making steps needs. */
typedef struct maker {
    sy_device *device;
    const sy_task *task;
    const cambricon_shape *result;
    cambricon_posts *posts;
} maker;

static sy_status code_error(const maker *m, int code, sy_error *err) {
    return code == 0 ? SY_OK : sy_card_code_error(m->device, code, err, "describing what follows");
}

static cambricon_step *begin_step(maker *m, uint32_t index, const char *name) {
    cambricon_posts *posts = m->posts;
    cambricon_step *step = &posts->step[posts->count++];
    size_t length = strlen(posts->suffix);
    snprintf(posts->suffix + length, sizeof posts->suffix - length, "+%s", name);
    step->index = index;
    return step;
}

/* A vector along dimension `along` of the result (rank or more: the whole of it). */
static sy_status check_operand(const maker *m, uint32_t index, uint32_t along, sy_error *err) {
    const sy_tensor *tensor = &m->task->tensor[index];
    const cambricon_shape *result = m->result;
    uint64_t elements = 1;
    for (uint32_t i = 0; i < result->rank; i++)
        if (along >= result->rank || i == along)
            elements *= (uint64_t)result->dim[i];
    bool is_vector = tensor->rank == 1 && (tensor->dim[0] <= 1 || tensor->stride[0] == 1);
    if (tensor->dtype != SY_F32 || sy_task_tensor_elements(tensor) != elements ||
        (along < result->rank && !is_vector))
        return sy_error_set(err, SY_UNSUPPORTED,
            "tensor %u: an operand behind the result must be dense, of f32, with %llu elements", index,
            (unsigned long long)elements);
    return SY_OK;
}

static sy_status add_op(
    maker *m, cambricon_question question, uint32_t index, uint32_t along, const char *name, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(m->device);
    const cambricon_finding *finding;
    cambricon_shape shape = *m->result;
    size_t bytes = 0;
    if (shape.dtype != SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s would follow in a call of its own, on a result that was already rounded to %s", name,
            sy_dtype_name(shape.dtype));
    sy_status status = cambricon_cnnl_has(libraries, CAMBRICON_OP_TENSOR, err);
    if (status == SY_OK)
        status = check_operand(m, index, along, err);
    if (status == SY_OK)
        status = cambricon_try(m->device, question, &finding, err);
    if (status != SY_OK)
        return status;
    for (uint32_t i = 0; i < shape.rank && along < shape.rank; i++)
        shape.dim[i] = i == along ? shape.dim[i] : 1;
    cambricon_step *step = begin_step(m, index, name);
    int code = cambricon_tensor_make(libraries, &shape, &step->tensor);
    if (code == 0)
        code = cambricon_op_tensor_make(libraries, finding->number, &step->desc);
    if (code == 0)
        code = cambricon_op_tensor_workspace(libraries, cambricon_device_of(m->device)->asker, step->desc,
            m->posts->result, step->tensor, m->posts->result, &bytes);
    if (bytes > m->posts->workspace_bytes)
        m->posts->workspace_bytes = bytes;
    return code_error(m, code, err);
}

/* Of a rounded result it is what it was before: max(x, 0) rounds nothing. */
static sy_status add_relu(maker *m, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(m->device);
    const cambricon_finding *finding;
    sy_status status = cambricon_cnnl_has(libraries, CAMBRICON_ACTIVATION, err);
    if (status == SY_OK)
        status = cambricon_try(m->device, CAMBRICON_RELU, &finding, err);
    if (status != SY_OK)
        return status;
    cambricon_step *step = begin_step(m, SY_NO_OPERAND, "relu");
    step->is_relu = true;
    return code_error(m, cambricon_activation_make(libraries, finding->number, &step->desc), err);
}

static sy_status check_epilogue(const sy_card_epilogue *epilogue, sy_error *err) {
    bool has_scale = epilogue->scale_row != SY_NO_OPERAND || epilogue->scale_column != SY_NO_OPERAND;
    bool has_sum = epilogue->bias != SY_NO_OPERAND || epilogue->residual != SY_NO_OPERAND;
    if (has_scale && (has_sum || epilogue->activation != SY_CARD_NO_ACTIVATION))
        return sy_error_set(err, SY_UNSUPPORTED, "scales together with other posts");
    if (epilogue->activation != SY_CARD_NO_ACTIVATION && epilogue->activation != SY_CARD_RELU)
        return sy_error_set(err, SY_UNSUPPORTED,
            "of activations there is relu alone: the numbers of CNNL's others, and which gelu it has, are "
            "not "
            "public");
    return SY_OK;
}

static sy_status add_steps(
    maker *m, const sy_card_epilogue *epilogue, uint32_t row, uint32_t column, sy_error *err) {
    const struct {
        uint32_t index, along;
        cambricon_question question;
        const char *name;
    } ops[] = {{epilogue->scale_row, row, CAMBRICON_MULTIPLY, "scale_row"},
        {epilogue->scale_column, column, CAMBRICON_MULTIPLY, "scale_column"},
        {epilogue->bias, column, CAMBRICON_ADD, "bias"},
        {epilogue->residual, CAMBRICON_RANK_MAX, CAMBRICON_ADD, "residual"}};
    sy_status status = SY_OK;
    for (size_t i = 0; i < sizeof ops / sizeof *ops && status == SY_OK; i++)
        if (ops[i].index != SY_NO_OPERAND)
            status = add_op(m, ops[i].question, ops[i].index, ops[i].along, ops[i].name, err);
    if (status == SY_OK && epilogue->activation == SY_CARD_RELU)
        status = add_relu(m, err);
    return status;
}

sy_status cambricon_posts_make(sy_device *device, const sy_task *task, const sy_card_epilogue *epilogue,
    const cambricon_shape *result, uint32_t row, uint32_t column, cambricon_posts *out_posts, sy_error *err) {
    maker m = {device, task, result, out_posts};
    *out_posts = (cambricon_posts){0};
    if (sy_card_epilogue_is_empty(epilogue))
        return SY_OK;
    sy_status status = check_epilogue(epilogue, err);
    if (status == SY_OK)
        status = code_error(
            &m, cambricon_tensor_make(cambricon_libraries_of(device), result, &out_posts->result), err);
    return status == SY_OK ? add_steps(&m, epilogue, row, column, err) : status;
}

void cambricon_posts_free(const sy_device *device, cambricon_posts *posts) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    for (uint32_t i = 0; i < posts->count; i++) {
        cambricon_tensor_free(libraries, posts->step[i].tensor);
        if (posts->step[i].is_relu)
            cambricon_activation_free(libraries, posts->step[i].desc);
        else
            cambricon_op_tensor_free(libraries, posts->step[i].desc);
    }
    cambricon_tensor_free(libraries, posts->result);
    *posts = (cambricon_posts){0};
}

int cambricon_posts_run(const sy_device *device, void *handle, const cambricon_posts *posts,
    void *const *address, void *result, void *workspace) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    int code = 0;
    for (uint32_t i = 0; i < posts->count && code == 0; i++) {
        const cambricon_step *step = &posts->step[i];
        if (step->is_relu)
            code = cambricon_activation_run(libraries, handle, step->desc, posts->result, result);
        else
            code = cambricon_op_tensor_run(libraries, handle,
                &(cambricon_op_tensor){.desc = step->desc,
                    .a_desc = posts->result,
                    .b_desc = step->tensor,
                    .c_desc = posts->result,
                    .a = result,
                    .b = address[step->index],
                    .c = result,
                    .workspace = workspace,
                    .workspace_bytes = posts->workspace_bytes,
                    .factor = 1.0f});
    }
    return code;
}
