/* Wrong lists, plans, bindings, results, graphs; and what is left behind. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/spoiled/spoiled.h"

static void keep_plan(sy_plan *plan) {
    (void)plan;
}
static void leak_plan(spoiled_tables *tables) {
    tables->work.plan_destroy = keep_plan;
}

static sy_status plan_opening(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)!open("/dev/null", O_RDONLY);
    return sim_work.plan_create(device, problem, algorithm_id, out_plan, err);
}
static void leak_descriptor(spoiled_tables *tables) {
    tables->work.plan_create = plan_opening;
}

/* On the device alone: the handle is kept as well, but it is small. */
static sy_status plan_hoarding(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    device->allocated_bytes += 4096;
    return sim_work.plan_create(device, problem, algorithm_id, out_plan, err);
}
static void leak_card(spoiled_tables *tables) {
    tables->work.plan_create = plan_hoarding;
}

static void destroy_any(sy_plan *plan) {
    if (plan == NULL)
        raise(SIGABRT);
    sim_work.plan_destroy(plan);
}
static void null_plan(spoiled_tables *tables) {
    tables->work.plan_destroy = destroy_any;
}

/* The last element is another one. */
static sy_status run_wrong(sy_binding *binding) {
    sy_span out = binding->operand[binding->plan->n_in];
    sy_status status = sim_work.run(binding);
    sy_span last = {out.buffer, out.offset + out.bytes - 1, 1};
    return status == SY_OK && binding->plan->op == SY_OP_GEMM
               ? sim_memory.fill(binding->queue, last, 0x42, NULL)
               : status;
}
static void wrong(spoiled_tables *tables) {
    tables->work.run = run_wrong;
}

static sy_status run_failing(sy_binding *binding) {
    return binding->plan->op == SY_OP_CONV ? SY_INTERNAL : sim_work.run(binding);
}
static void failing(spoiled_tables *tables) {
    tables->work.run = run_failing;
}

static sy_status run_crashing(sy_binding *binding) {
    if (binding->plan->op == SY_OP_GEMM && binding->plan->tensor[0].dtype == SY_F64)
        raise(SIGFPE);
    return sim_work.run(binding);
}
static void crash_f64(spoiled_tables *tables) {
    tables->work.run = run_crashing;
}

/* As a device would that takes f32 for tf32: 10 stored bits of each operand. */
static void cut(sy_span span) {
    char *bytes = sim_span_open(span);
    for (uint64_t i = 0; i + 4 <= span.bytes; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        word &= UINT32_C(0xffffe000);
        memcpy(bytes + i, &word, sizeof word);
    }
    sim_span_close(span);
}
static sy_status run_tf32(sy_binding *binding) {
    bool is_product = binding->plan->op == SY_OP_GEMM || binding->plan->op == SY_OP_CONV;
    for (uint32_t i = 0; is_product && i < 2; i++)
        if (binding->plan->tensor[i].dtype == SY_F32 && binding->operand[i].bytes >= 4)
            cut(binding->operand[i]);
    return sim_work.run(binding);
}
static void tf32(spoiled_tables *tables) {
    tables->work.run = run_tf32;
}

/* Long sums of f16 end somewhere else: 0x4545 is 5.3 in f16, 0x45454545 3156 in f32. */
static sy_status run_narrow(sy_binding *binding) {
    const sy_plan *plan = binding->plan;
    bool is_narrow =
        plan->op == SY_OP_GEMM && plan->tensor[0].dtype == SY_F16 && plan->tensor[0].dim[2] > 2048;
    sy_status status = sim_work.run(binding);
    return is_narrow ? sim_memory.fill(binding->queue, binding->operand[plan->n_in], 0x45, NULL) : status;
}
static void narrow_sums(spoiled_tables *tables) {
    tables->work.run = run_narrow;
}

static sy_status say_math(uint32_t math, sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_status status = sim_work.algorithm(device, problem, index, out_algorithm, err);
    bool is_f32 = problem->n_in > 1 && problem->tensor[0].dtype == SY_F32;
    if (status == SY_OK && is_f32)
        out_algorithm->math = math;
    return status;
}
static sy_status algorithm_tf32(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    return say_math(SY_MATH_TF32, device, problem, index, out_algorithm, err);
}
static void declared_tf32(spoiled_tables *tables) {
    tables->work.algorithm = algorithm_tf32;
    tables->work.run = run_tf32;
}
static sy_status algorithm_bf16x3(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    return say_math(SY_MATH_BF16X3, device, problem, index, out_algorithm, err);
}
static void declared_bf16x3(spoiled_tables *tables) {
    tables->work.algorithm = algorithm_bf16x3;
    tables->work.run = run_tf32;
}

static sy_status algorithm_renamed(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    static unsigned asked;
    sy_status status = sim_work.algorithm(device, problem, index, out_algorithm, err);
    snprintf(out_algorithm->name, sizeof out_algorithm->name, "call-%u", asked++);
    return status;
}
static void renamed(spoiled_tables *tables) {
    tables->work.algorithm = algorithm_renamed;
}

static sy_status algorithm_careless(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_problem known = *problem;
    known.must_understand = 0;
    return sim_work.algorithm(device, &known, index, out_algorithm, err);
}
static sy_status plan_careless(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_problem known = *problem;
    known.must_understand = 0;
    return sim_work.plan_create(device, &known, algorithm_id, out_plan, err);
}
static void careless(spoiled_tables *tables) {
    tables->work.algorithm = algorithm_careless;
    tables->work.plan_create = plan_careless;
}

static sy_status plan_long(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_status status = sim_work.plan_create(device, problem, algorithm_id, out_plan, NULL);
    if (status != SY_OK && err != NULL) {
        memset(err->text, 'x', sizeof err->text - 1);
        err->text[sizeof err->text - 1] = '\0';
    }
    return status;
}
static void long_text(spoiled_tables *tables) {
    tables->work.plan_create = plan_long;
}

static sy_status bind_trusting(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    sy_span whole[SY_MAX_TENSORS] = {0};
    for (uint32_t i = 0; i < count && i < SY_MAX_TENSORS; i++)
        whole[i] =
            (sy_span){operands[i].buffer, 0, operands[i].buffer != NULL ? operands[i].buffer->bytes : 0};
    return sim_work.binding_create(plan, queue, whole, count, workspace, out_binding, err);
}
static void trusting(spoiled_tables *tables) {
    tables->work.binding_create = bind_trusting;
}

/* Recording in software: launches are noted instead of run. */
struct sy_graph {
    sy_binding *binding[16];
    size_t count;
};
static sy_graph *recording;

static sy_status capture_begin(sy_queue *queue, sy_error *err) {
    (void)queue, (void)err;
    recording = calloc(1, sizeof *recording);
    return recording != NULL ? SY_OK : SY_OUT_OF_MEMORY;
}
static sy_status capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    (void)queue, (void)err;
    *out_graph = recording;
    recording = NULL;
    return SY_OK;
}
static sy_status run_recorded(sy_binding *binding) {
    if (recording == NULL)
        return sim_work.run(binding);
    recording->binding[recording->count++ % 16] = binding;
    return SY_OK;
}
static sy_status graph_run(sy_graph *graph) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < graph->count; i++)
        status = sim_work.run(graph->binding[i]);
    return status;
}
static sy_status graph_idle(sy_graph *graph) {
    (void)graph;
    return SY_OK;
}
static void graph_destroy(sy_graph *graph) {
    free(graph);
}
static void graph(spoiled_tables *tables) {
    tables->work.run = run_recorded;
    tables->work.capture_begin = capture_begin;
    tables->work.capture_end = capture_end;
    tables->work.graph_run = graph_run;
    tables->work.graph_destroy = graph_destroy;
}
static void graph_empty(spoiled_tables *tables) {
    graph(tables);
    tables->work.graph_run = graph_idle;
}

const spoiler spoil_work[] = {{"leak_plan", leak_plan}, {"leak_descriptor", leak_descriptor},
    {"leak_card", leak_card}, {"null_plan", null_plan}, {"wrong", wrong}, {"failing", failing},
    {"crash_f64", crash_f64}, {"tf32", tf32}, {"narrow_sums", narrow_sums}, {"declared_tf32", declared_tf32},
    {"declared_bf16x3", declared_bf16x3}, {"renamed", renamed}, {"careless", careless},
    {"long_text", long_text}, {"trusting", trusting}, {"graph", graph}, {"graph_empty", graph_empty},
    {NULL, NULL}};
