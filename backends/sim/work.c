/* Algorithms, plans and bindings of the simulated device. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backends/sim/sim.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static size_t attr_bytes(uint32_t op) {
    switch (op) {
    case SY_OP_GEMM: return sizeof(sy_gemm_attr);
    case SY_OP_CONV: return sizeof(sy_conv_attr);
    case SY_OP_STREAM: return sizeof(sy_stream_attr);
    case SY_OP_PEAK: return sizeof(sy_peak_attr);
    default: return 0;
    }
}

static bool op_is_known(uint32_t op) {
    return op == SY_OP_GEMM || op == SY_OP_CONV || op == SY_OP_STREAM || op == SY_OP_PEAK ||
           op == SY_OP_REORDER;
}

static sy_status check_tensor(const sy_tensor *tensor, uint32_t index, sy_error *err) {
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
        return SY_OK;
    if (tensor->dtype == SY_DTYPE_NONE || tensor->dtype >= SY_DTYPE_COUNT)
        return sy_error_set(err, SY_UNSUPPORTED, "sim: tensor %u has unknown type %u", index, tensor->dtype);
    if (tensor->rank == 0 || tensor->rank > 4)
        return sy_error_set(
            err, SY_UNSUPPORTED, "sim: tensor %u has rank %u, 1 to 4 is done", index, tensor->rank);
    if ((tensor->layout & SY_LAYOUT_PRIVATE) != 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "sim: tensor %u has a private layout; there is none here", index);
    return SY_OK;
}

/* What every call that takes a problem refuses, with the reason. */
static sy_status check_problem(const sy_problem *problem, sy_error *err) {
    if (problem->must_understand != 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "sim: the problem has fields that this backend does not know");
    if (!op_is_known(problem->op))
        return sy_error_set(err, SY_UNSUPPORTED, "sim: op %u is not done", problem->op);
    if (problem->n_out != 1 || problem->n_in + problem->n_out > SY_MAX_TENSORS ||
        problem->n_post > SY_MAX_POSTS)
        return sy_error_set(err, SY_UNSUPPORTED, "sim: %u inputs, %u outputs, %u posts", problem->n_in,
            problem->n_out, problem->n_post);
    if (problem->op == SY_OP_CONV && ((const sy_conv_attr *)problem->attr)->spatial != 2)
        return sy_error_set(err, SY_UNSUPPORTED, "sim: convolutions of 2 spatial dimensions only");
    if (problem->op == SY_OP_CONV && ((const sy_conv_attr *)problem->attr)->transposed != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "sim: no transposed convolution");
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < problem->n_in + problem->n_out; i++)
        status = check_tensor(&problem->tensor[i], i, err);
    for (uint32_t i = 0; status == SY_OK && i < problem->n_post; i++)
        if (problem->post[i].kind == 0 || problem->post[i].kind > SY_POST_TANH)
            status = sy_error_set(err, SY_UNSUPPORTED, "sim: post %u is not done", problem->post[i].kind);
    return status;
}

static sy_status describe_algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    (void)device;
    uint32_t tile = index > 0 ? sim_variant_tile(problem->op, index - 1) : 0;
    strcpy(out_algorithm->name, "reference-loops");
    sy_status status = check_problem(problem, err);
    if (index > 0 && (tile == 0 || status != SY_OK))
        return sy_error_set(err, SY_UNAVAILABLE, "sim: no candidate %u", index);
    if (status != SY_OK)
        return status;
    out_algorithm->flags = SY_ALGO_DETERMINISTIC | SY_ALGO_CAPTURABLE;
    if (tile > 0) {
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "reference-loops/t%u", tile);
        out_algorithm->flags |= SY_ALGO_VARIANT;
    }
    out_algorithm->math = SY_MATH_STRICT;
    out_algorithm->id = sim_variant_id(tile);
    out_algorithm->workspace_bytes = 0;
    out_algorithm->flop_ratio = 1.0;
    out_algorithm->n_layout = problem->n_in + problem->n_out;
    for (uint32_t i = 0; i < out_algorithm->n_layout; i++) {
        const sy_tensor *tensor = &problem->tensor[i];
        bool is_free_image = tensor->layout == SY_LAYOUT_ANY && tensor->rank == 4;
        out_algorithm->layout[i] = is_free_image ? SY_LAYOUT_CHANNELS_LAST : SY_LAYOUT_STRIDED;
    }
    return SY_OK;
}

/* Extent from the first to the last element that the strides reach. */
static sy_status strided_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device;
    uint64_t extent = 1, step = 0;
    *out_bytes = 0;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0 || tensor->stride[i] < 0)
            return sy_error_set(err, SY_UNSUPPORTED, "sim: a negative dimension or stride");
        if (tensor->dim[i] == 0)
            return SY_OK;
        if (!sy_mul_u64((uint64_t)tensor->dim[i] - 1, (uint64_t)tensor->stride[i], &step) ||
            !sy_add_u64(extent, step, &extent))
            return sy_error_set(err, SY_OVERFLOW, "sim: a tensor beyond 64 bits");
    }
    if (!sy_mul_u64(extent, sy_dtype_size(tensor->dtype), out_bytes))
        return sy_error_set(err, SY_OVERFLOW, "sim: a tensor beyond 64 bits");
    return SY_OK;
}

/* Direct count and compulsory bytes, for the model; doubles would do, but faults are told by the exact count.
 */
static void count_work(sy_plan *plan) {
    const sy_tensor *out = &plan->tensor[plan->n_in], *w = &plan->tensor[1], *a = &plan->tensor[0];
    uint64_t outputs = 1;
    for (uint32_t i = 0; i < out->rank; i++)
        outputs *= (uint64_t)out->dim[i];
    for (uint32_t i = 0; i < plan->n_in + plan->n_out; i++) {
        uint64_t bytes = 0;
        if ((plan->tensor[i].flags & SY_TENSOR_ABSENT) == 0 &&
            strided_bytes(plan->device, &plan->tensor[i], &bytes, NULL) == SY_OK)
            plan->byte += bytes;
    }
    if (plan->op == SY_OP_GEMM)
        plan->flop = 2 * outputs * (uint64_t)a->dim[2];
    else if (plan->op == SY_OP_CONV)
        plan->flop = 2 * outputs * (uint64_t)(w->dim[1] * w->dim[2] * w->dim[3]);
    else if (plan->op == SY_OP_PEAK)
        plan->flop = plan->attr.peak.flop;
}

/* What tells programs apart: kind, tile and work. */
static uint64_t fingerprint(const sy_plan *plan) {
    uint64_t mixed = sy_random_mix((uint64_t)plan->op << 32 | plan->tile);
    return sy_random_mix(sy_random_mix(mixed ^ plan->flop) ^ plan->byte);
}

/* Time passes for a program that the device does not have yet. */
static void compile(sy_device *device, sy_plan *plan) {
    uint64_t wanted = fingerprint(plan);
    if (device->model.compile_ns <= 0.0)
        return;
    for (uint32_t i = 0; i < device->program_count; i++)
        if (device->program[i] == wanted)
            return;
    if (device->program_count < SIM_PROGRAMS_MAX)
        device->program[device->program_count++] = wanted;
    plan->compile_ns = device->model.compile_ns;
    device->state.now_ns += plan->compile_ns;
}

static sy_status create_plan(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    uint32_t tile = 0;
    *out_plan = NULL;
    sy_status status = check_problem(problem, err);
    if (status == SY_OK && !sim_variant_of_id(problem->op, algorithm_id, &tile))
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: no algorithm %llu", (unsigned long long)algorithm_id);
    for (uint32_t i = 0; status == SY_OK && i < problem->n_in + problem->n_out; i++)
        if ((problem->tensor[i].flags & SY_TENSOR_ABSENT) == 0 &&
            problem->tensor[i].layout != SY_LAYOUT_STRIDED)
            status =
                sy_error_set(err, SY_INVALID_ARGUMENT, "sim: the layout of tensor %u is not resolved", i);
    if (status != SY_OK)
        return status;
    sy_plan *plan = sy_mem_calloc(1, sizeof *plan);
    if (plan == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    plan->device = device;
    plan->op = problem->op;
    plan->n_in = problem->n_in;
    plan->n_out = problem->n_out;
    plan->n_post = problem->n_post;
    plan->tile = tile;
    plan->references = 1;
    memcpy(plan->tensor, problem->tensor, (problem->n_in + problem->n_out) * sizeof *plan->tensor);
    if (problem->n_post > 0)
        memcpy(plan->post, problem->post, problem->n_post * sizeof *plan->post);
    if (attr_bytes(problem->op) > 0)
        memcpy(&plan->attr, problem->attr, attr_bytes(problem->op));
    count_work(plan);
    uint32_t dtype = plan->op == SY_OP_PEAK ? plan->attr.peak.dtype_in : plan->tensor[0].dtype;
    plan->load = sim_model_load(&device->model, dtype, plan->flop, plan->byte);
    plan->load.work_ns *= sim_variant_factor(plan);
    sim_lock(device);
    compile(device, plan);
    sim_unlock(device);
    *out_plan = plan;
    return SY_OK;
}

static sy_status plan_compile(sy_plan *plan, uint64_t *out_ns, sy_error *err) {
    (void)err;
    *out_ns = (uint64_t)plan->compile_ns;
    return SY_OK;
}

void sim_plan_release(sy_plan *plan) {
    if (plan != NULL && --plan->references == 0)
        sy_mem_free(plan);
}

static void destroy_plan(sy_plan *plan) {
    if (plan == NULL)
        return;
    sy_device *device = plan->device;
    sim_lock(device);
    sim_plan_release(plan);
    sim_unlock(device);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)plan;
    (void)err;
    *out_bytes = 0;
    return SY_OK;
}

static sy_status check_operand(const sy_plan *plan, uint32_t index, sy_span span, sy_error *err) {
    uint64_t bytes = 0;
    if ((plan->tensor[index].flags & SY_TENSOR_ABSENT) != 0)
        return SY_OK;
    sy_status status = strided_bytes(plan->device, &plan->tensor[index], &bytes, err);
    if (status != SY_OK)
        return status;
    if (span.buffer == NULL || span.bytes < bytes || span.offset > span.buffer->bytes ||
        span.bytes > span.buffer->bytes - span.offset)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: operand %u needs %llu bytes", index, (unsigned long long)bytes);
    if (span.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: operand %u is not in device memory", index);
    return SY_OK;
}

static sy_status create_binding(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    (void)workspace;
    *out_binding = NULL;
    sy_status status = SY_OK;
    if (count != plan->n_in + plan->n_out)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %u operands, the plan has %u", count, plan->n_in + plan->n_out);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_operand(plan, i, operands[i], err);
    if (status != SY_OK)
        return status;
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (binding == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    binding->plan = plan;
    binding->queue = queue;
    sim_lock(plan->device);
    plan->references++;
    sim_unlock(plan->device);
    memcpy(binding->operand, operands, count * sizeof *operands);
    *out_binding = binding;
    return SY_OK;
}

static void destroy_binding(sy_binding *binding) {
    while (binding != NULL) {
        sy_binding *next = binding->next;
        destroy_plan(binding->plan);
        sy_mem_free(binding);
        binding = next;
    }
}

/* What a driver may do to the process that called it. */
static sy_status misbehave(sy_queue *queue, uint32_t fault) {
    switch (fault) {
    case SIM_FAULT_CRASH: raise(SIGSEGV); return SY_OK;
    case SIM_FAULT_HANG:
        for (;;)
            pause();
    case SIM_FAULT_EXIT: exit(3);
    case SIM_FAULT_ABORT: abort();
    case SIM_FAULT_ERROR:
        queue->failure = SY_INTERNAL;
        snprintf(queue->failure_text, sizeof queue->failure_text, "sim: the fault that was asked for");
        return SY_OK;
    default: return SY_OK;
    }
}

bool sim_plan_is_faulty(const sy_plan *plan) {
    const sim_model *model = &plan->device->model;
    return model->fault != SIM_FAULT_NONE && model->fault_flop == plan->flop &&
           (model->fault_tile == 0 || model->fault_tile == plan->tile);
}

/* The lie that the model may ask for: inputs like those of the launch before take no time. */
static sim_load remember(sy_binding *binding) {
    sy_device *device = binding->queue->device;
    sim_load load = binding->plan->load;
    if (device->model.fault != SIM_FAULT_REMEMBER || !sim_plan_is_faulty(binding->plan))
        return load;
    uint64_t mixed = 1;
    for (const sy_binding *each = binding; each != NULL; each = each->next) {
        if (each->operand[0].bytes == 0)
            continue;
        sim_notes_before_read(device, each->operand[0]);
        const unsigned char *byte = (const unsigned char *)sim_span_open(each->operand[0]);
        for (uint64_t i = 0; i < each->operand[0].bytes; i++)
            mixed = sy_random_mix(mixed ^ byte[i]);
        sim_span_close(each->operand[0]);
    }
    if (mixed == binding->seen)
        load.work_ns = 0.0;
    binding->seen = mixed;
    return load;
}

sy_status sim_launch(sy_binding *binding, bool is_next_of_graph) {
    sy_device *device = binding->queue->device;
    if (sim_plan_is_faulty(binding->plan)) {
        if (device->model.fault <= SIM_FAULT_ABORT) /* the others go on, launch after launch */
            fprintf(stderr, "sim: about to misbehave\n");
        misbehave(binding->queue, device->model.fault);
    }
    sim_lock(device);
    sim_load load = remember(binding);
    if (is_next_of_graph)
        sim_enqueue_next(&device->model, &device->state, load);
    else
        sim_enqueue(&device->model, &device->state, load);
    sy_status status = SY_OK;
    for (sy_binding *each = binding; status == SY_OK && each != NULL; each = each->next)
        if (each->plan->op != SIM_OP_SCALE || each->plan->tensor[0].dim[0] > 0)
            status = sim_note_launch(each->queue, each);
    sim_unlock(device);
    return status;
}

static sy_status run_binding(sy_binding *binding) {
    sy_graph *recording = binding->queue->recording;
    return recording != NULL ? sim_graph_add(recording, binding) : sim_launch(binding, false);
}

const sy_work_api sim_work = {.size = sizeof sim_work,
    .algorithm = describe_algorithm,
    .layout_bytes = strided_bytes,
    .plan_create = create_plan,
    .plan_destroy = destroy_plan,
    .plan_workspace = plan_workspace,
    .binding_create = create_binding,
    .binding_destroy = destroy_binding,
    .run = run_binding,
    .capture_begin = sim_capture_begin,
    .capture_end = sim_capture_end,
    .graph_run = sim_graph_run,
    .graph_destroy = sim_graph_destroy,
    .plan_compile = plan_compile};
