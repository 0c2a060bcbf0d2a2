/* Checks of everything that crosses the plugin interface in a sy_problem. */
#include "runtime/task/task.h"

#include <string.h>

#include "runtime/base/error.h"

#define KNOWN_TENSOR_FLAGS (SY_TENSOR_CONST | SY_TENSOR_ABSENT | SY_TENSOR_MAY_ALIAS)

/* What each op has; ops that are not here are not done by this backend. */
static const struct {
    uint32_t op, inputs, is_extended; /* is_extended: operands of posts may follow the inputs */
    size_t attr_bytes;
} rows[] = {
    {SY_OP_GEMM, 3, 1, sizeof(sy_gemm_attr)},
    {SY_OP_CONV, 2, 1, sizeof(sy_conv_attr)},
    {SY_OP_STREAM, 0, 1, sizeof(sy_stream_attr)},
    {SY_OP_PEAK, 0, 0, sizeof(sy_peak_attr)},
    {SY_OP_REORDER, 1, 0, 0},
};

static sy_status check_strided(const sy_tensor *tensor, sy_error *err) {
    int64_t span = 0, size = (int64_t)sy_dtype_size(tensor->dtype);
    for (uint32_t i = 0; i < tensor->rank; i++) {
        int64_t reach = 0;
        if (tensor->stride[i] < 0)
            return sy_error_set(
                err, SY_UNSUPPORTED, "negative stride %lld of dimension %u", (long long)tensor->stride[i], i);
        if (tensor->dim[i] > 1 && (__builtin_mul_overflow(tensor->dim[i] - 1, tensor->stride[i], &reach) ||
                                      __builtin_add_overflow(span, reach, &span)))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "strides exceed 64 bits");
    }
    if (span >= SY_TASK_TENSOR_BYTES_MAX / size)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "spans more than 2^60 bytes");
    return SY_OK;
}

/* Every element of an output must have a place of its own: taken from the smallest stride up, each stride
 * must step over all that lies below it. */
static bool overlaps_itself(const sy_tensor *tensor) {
    int64_t below = 0;
    uint32_t done = 0;
    for (uint32_t round = 0; round < tensor->rank; round++) {
        uint32_t next = SY_MAX_RANK;
        for (uint32_t i = 0; i < tensor->rank; i++)
            if ((done >> i & 1u) == 0 && (next == SY_MAX_RANK || tensor->stride[i] < tensor->stride[next]))
                next = i;
        done |= 1u << next;
        if (tensor->dim[next] <= 1)
            continue;
        if (tensor->stride[next] <= below)
            return true;
        below += (tensor->dim[next] - 1) * tensor->stride[next];
    }
    return false;
}

static sy_status check_extents(const sy_tensor *tensor, sy_error *err) {
    int64_t elements = 1;
    if (tensor->rank > SY_MAX_RANK)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "rank %u, at most %u", tensor->rank, SY_MAX_RANK);
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "negative extent of dimension %u", i);
        if (__builtin_mul_overflow(elements, tensor->dim[i] > 0 ? tensor->dim[i] : 1, &elements) ||
            elements >= SY_TASK_TENSOR_BYTES_MAX / 8)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "more than 2^57 elements");
    }
    return SY_OK;
}

static sy_status check_tensor(const sy_tensor *tensor, bool is_output, sy_error *err) {
    if ((tensor->flags & ~(uint32_t)KNOWN_TENSOR_FLAGS) != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown flags 0x%x", tensor->flags);
    if (sy_task_tensor_is_absent(tensor))
        return is_output ? sy_error_set(err, SY_UNSUPPORTED, "an output is absent") : SY_OK;
    if (sy_dtype_size(tensor->dtype) == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown dtype %u", tensor->dtype);
    sy_status status = check_extents(tensor, err);
    if (status != SY_OK || sy_layout_is_private(tensor->layout) || tensor->layout == SY_LAYOUT_ANY)
        return status;
    if (tensor->layout != SY_LAYOUT_STRIDED)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown layout %u", tensor->layout);
    status = check_strided(tensor, err);
    if (status == SY_OK && is_output && overlaps_itself(tensor))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "an output overlaps itself");
    return status;
}

sy_status sy_task_tensor_read(const sy_tensor *tensor, bool is_output, sy_tensor *out_tensor, sy_error *err) {
    *out_tensor = (sy_tensor){0};
    memcpy(out_tensor, tensor, tensor->size < sizeof *out_tensor ? tensor->size : sizeof *out_tensor);
    out_tensor->size = sizeof *out_tensor;
    out_tensor->host_value = NULL;
    return check_tensor(out_tensor, is_output, err);
}

uint64_t sy_task_tensor_elements(const sy_tensor *tensor) {
    uint64_t elements = sy_task_tensor_is_absent(tensor) ? 0 : 1;
    for (uint32_t i = 0; elements > 0 && i < tensor->rank; i++)
        elements *= (uint64_t)tensor->dim[i];
    return elements;
}

uint64_t sy_task_tensor_bytes(const sy_tensor *tensor) {
    uint64_t last = 0;
    if (sy_task_tensor_elements(tensor) == 0)
        return 0;
    for (uint32_t i = 0; i < tensor->rank; i++)
        last += (uint64_t)(tensor->dim[i] - 1) * (uint64_t)tensor->stride[i];
    return (last + 1) * sy_dtype_size(tensor->dtype);
}

/* Tensors lie `tensor->size` bytes apart: a newer host has longer ones. */
static sy_status read_tensors(const sy_problem *problem, sy_task *task, sy_error *err) {
    if (task->n_in > SY_MAX_TENSORS || task->n_out > SY_MAX_TENSORS ||
        task->n_in + task->n_out > SY_MAX_TENSORS ||
        (task->n_in + task->n_out > 0 && problem->tensor == NULL))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u inputs and %u outputs, at most %u tensors",
            task->n_in, task->n_out, SY_MAX_TENSORS);
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        uint32_t step = problem->tensor->size;
        if (step < offsetof(sy_tensor, stride) || step % _Alignof(sy_tensor) != 0 || step > 4096)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "a tensor of %u bytes is none", step);
        const unsigned char *place = (const unsigned char *)problem->tensor + (size_t)i * step;
        sy_status status = sy_task_tensor_read(
            (const sy_tensor *)(const void *)place, i >= task->n_in, &task->tensor[i], err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "tensor %u", i);
    }
    return SY_OK;
}

static bool post_has_operand(uint32_t kind) {
    return kind == SY_POST_BIAS || kind == SY_POST_ADD || kind == SY_POST_SCALE_ROW ||
           kind == SY_POST_SCALE_COL;
}

static sy_status read_posts(const sy_problem *problem, uint32_t own_inputs, sy_task *task, sy_error *err) {
    if (task->n_post > SY_MAX_POSTS || (task->n_post > 0 && problem->post == NULL))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u posts, at most %u", task->n_post, SY_MAX_POSTS);
    for (uint32_t i = 0; i < task->n_post; i++) {
        const sy_post *post = &problem->post[i];
        task->post[i] = *post;
        if (post->kind < SY_POST_BIAS || post->kind > SY_POST_TANH)
            return sy_error_set(err, SY_UNSUPPORTED, "post %u has unknown kind %u", i, post->kind);
        if (!post_has_operand(post->kind))
            continue;
        if (post->operand < own_inputs || post->operand >= task->n_in)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "post %u names operand %u, must be %u to %u", i,
                post->operand, own_inputs, task->n_in - 1);
        if (sy_task_tensor_is_absent(&task->tensor[post->operand]))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "the operand of post %u is absent", i);
    }
    return SY_OK;
}

static sy_status read_attr(const sy_problem *problem, size_t bytes, sy_task *task, sy_error *err) {
    uint32_t size = 0;
    if (bytes == 0)
        return SY_OK;
    if (problem->attr != NULL)
        memcpy(&size, problem->attr, sizeof size);
    if (size < sizeof size)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the problem has no attributes");
    memcpy(&task->attr, problem->attr, size < bytes ? size : bytes);
    return SY_OK;
}

static sy_status check_header(const sy_problem *problem, sy_error *err) {
    if (problem->must_understand != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "the problem uses extensions 0x%llx, none is known here",
            (unsigned long long)problem->must_understand);
    if ((problem->flags & ~(uint32_t)SY_PROBLEM_DETERMINISTIC) != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown problem flags 0x%x", problem->flags);
    if (problem->math > SY_MATH_ANY)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown math mode %u", problem->math);
    return SY_OK;
}

sy_status sy_task_read(const sy_problem *problem, sy_task *out_task, sy_error *err) {
    sy_problem mine = {0};
    *out_task = (sy_task){0};
    if (problem == NULL || problem->size < offsetof(sy_problem, n_post))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no problem, or one of too few bytes");
    memcpy(&mine, problem, problem->size < sizeof mine ? problem->size : sizeof mine);
    out_task->op = mine.op;
    out_task->n_in = mine.n_in;
    out_task->n_out = mine.n_out;
    out_task->n_post = mine.n_post;
    out_task->acc_dtype = mine.acc_dtype;
    out_task->math = mine.math;
    out_task->is_deterministic = (mine.flags & SY_PROBLEM_DETERMINISTIC) != 0;
    size_t row = 0, count = sizeof rows / sizeof rows[0];
    while (row < count && rows[row].op != mine.op)
        row++;
    if (row == count)
        return sy_error_set(err, SY_UNSUPPORTED, "op %u is not done here", mine.op);
    if (mine.n_out != 1 || mine.n_in < rows[row].inputs ||
        (mine.n_in > rows[row].inputs && !rows[row].is_extended))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "op %u with %u inputs and %u outputs", mine.op, mine.n_in, mine.n_out);
    sy_status status = check_header(&mine, err);
    if (status == SY_OK)
        status = read_tensors(&mine, out_task, err);
    if (status == SY_OK)
        status = read_posts(&mine, rows[row].inputs, out_task, err);
    return status == SY_OK ? read_attr(&mine, rows[row].attr_bytes, out_task, err) : status;
}

bool sy_task_is_image(const sy_task *task, uint32_t index) {
    return task->op == SY_OP_CONV && index != 1 && task->tensor[index].rank == 4;
}

void sy_task_settle(sy_task *task) {
    static const uint32_t last[4] = {1, 3, 2, 0}; /* N C H W, innermost first */
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        sy_tensor *tensor = &task->tensor[i];
        int64_t stride = 1;
        if (tensor->layout != SY_LAYOUT_ANY || sy_task_tensor_is_absent(tensor))
            continue;
        tensor->layout = SY_LAYOUT_STRIDED;
        for (uint32_t j = 0; j < tensor->rank; j++) {
            uint32_t axis = sy_task_is_image(task, i) ? last[j] : tensor->rank - 1 - j;
            tensor->stride[axis] = stride;
            stride *= tensor->dim[axis] > 1 ? tensor->dim[axis] : 1;
        }
    }
}
