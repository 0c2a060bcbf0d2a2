/* Plans and bindings: arguments, launches, and every check of what is handed in. */
#include "backends/opencl/program.h"
#include "tests/unit/backends/opencl/world.h"

static ocl_recipe recipe; /* large; tests run one after another */

static sy_plan *plan_of(world *w, const sy_task *task) {
    sy_plan *plan = NULL;
    sy_error error = SY_ERROR_INIT;
    if (ocl_plan_create(w->device, task, &recipe, &plan, &error) != SY_OK)
        fail_msg("%s", error.text);
    return plan;
}

static sy_binding *bind(world *w, sy_plan *plan, const sy_span *operands, uint32_t count, sy_span workspace) {
    sy_binding *binding = NULL;
    sy_error error = SY_ERROR_INIT;
    if (w->api->work->binding_create(plan, w->queue, operands, count, workspace, &binding, &error) != SY_OK)
        fail_msg("%s", error.text);
    return binding;
}

/* One kernel that takes every kind of argument and writes what it saw; its group shares local memory. */
static const char ALL_KINDS[] =
    "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n"
    "__kernel void k(__global float *y, ulong y0, __global int *s, ulong s0, int i, long l, float f, double "
    "d,"
    " __local int *shared) {"
    " size_t me = get_local_id(0); shared[me] = (int)me; barrier(CLK_LOCAL_MEM_FENCE);"
    " if (me == 0) { s[s0] = shared[3]; y[y0] = (float)i; y[y0 + 1] = (float)l; y[y0 + 2] = f; y[y0 + 3] = d;"
    " y[y0 + 4] = (float)s[s0]; y[y0 + 5] = (float)s0; } }\n";

static void arguments_of_all_kinds_arrive(void **state) {
    world w = {0};
    sy_task task;
    float seen[8] = {0};
    (void)state;
    world_open(&w, "");
    if (!w.device->traits.fp64) {
        world_close(&w);
        skip();
    }
    ocl_step *step = world_recipe(&recipe, ALL_KINDS, 4, 4);
    ocl_arg_operand(step, 0, SY_F32);
    ocl_arg_scratch(step, 64, 4);
    ocl_arg_int(step, -7);
    ocl_arg_long(step, INT64_C(1) << 40);
    ocl_arg_float(step, 0.5);
    ocl_arg_double(step, -0.125);
    ocl_arg_local(step, 4 * sizeof(cl_int));
    recipe.workspace_bytes = 128;
    world_task(&task, 1, 6);
    sy_plan *plan = plan_of(&w, &task);
    uint64_t workspace_bytes = 0;
    assert_int_equal(w.api->work->plan_workspace(plan, &workspace_bytes, NULL), SY_OK);
    assert_int_equal(workspace_bytes, 128);
    sy_buffer *out = world_alloc(&w, SY_MEMORY_DEVICE, 32), *work = world_alloc(&w, SY_MEMORY_DEVICE, 256);
    const sy_span operand = world_span(out, 8, 24);
    sy_binding *binding = bind(&w, plan, &operand, 1, world_span(work, 32, 128));
    w.api->work->plan_destroy(plan); /* the binding keeps it */
    assert_int_equal(w.api->work->run(binding), SY_OK);
    world_get(&w, world_span(out, 0, 32), seen);
    const float expected[6] = {-7.0f, 1099511627776.0f, 0.5f, -0.125f, 3.0f, (32 + 64) / 4};
    assert_memory_equal(seen + 2, expected, sizeof expected);
    w.api->work->binding_destroy(binding);
    w.api->memory->free(out);
    w.api->memory->free(work);
    world_close(&w);
}

static void steps_follow_one_another(void **state) {
    world w = {0};
    sy_task task;
    int seen[4] = {0};
    (void)state;
    world_open(&w, "");
    ocl_step *first = world_recipe(&recipe,
        "__kernel void k(__global int *y, ulong y0) { y[y0 + get_global_id(0)] = 1 + (int)get_global_id(0); "
        "}\n"
        "__kernel void twice(__global int *y, ulong y0) { y[y0 + get_global_id(1)] *= 2; }\n"
        "__kernel void never(__global int *y, ulong y0) { y[y0] = 99; }\n",
        4, 2);
    ocl_arg_operand(first, 0, SY_S32);
    ocl_step *second = ocl_step_add(&recipe, "twice");
    ocl_step_groups(second, (const uint64_t[3]){1, 2, 1}, (const uint64_t[3]){1, 2, 1});
    ocl_arg_operand(second, 0, SY_S32);
    ocl_step *third = ocl_step_add(&recipe, "never");
    ocl_step_groups(third, (const uint64_t[3]){1, 1, 0}, (const uint64_t[3]){1, 1, 1});
    ocl_arg_operand(third, 0, SY_S32);
    world_task(&task, 1, 4);
    sy_plan *plan = plan_of(&w, &task);
    sy_buffer *out = world_alloc(&w, SY_MEMORY_DEVICE, 16);
    const sy_span operand = world_span(out, 0, 16);
    sy_binding *binding = bind(&w, plan, &operand, 1, (sy_span){0});
    assert_int_equal(w.api->work->run(binding), SY_OK);
    world_get(&w, operand, seen);
    const int expected[4] = {2, 4, 6, 8};
    assert_memory_equal(seen, expected, sizeof expected);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(out);
    world_close(&w);
}

static void absent_and_empty_operands_are_no_buffers(void **state) {
    world w = {0};
    sy_task task;
    int seen = 0;
    (void)state;
    world_open(&w, "");
    ocl_step *step = world_recipe(&recipe,
        "__kernel void k(__global float *a, ulong a0, __global float *b, ulong b0, __global int *y, ulong "
        "y0) {"
        " y[y0] = (a == 0) + 2 * (b == 0) + 4 * (a0 == 0 && b0 == 0); }\n",
        1, 1);
    for (uint32_t i = 0; i < 3; i++)
        ocl_arg_operand(step, i, SY_F32);
    world_task(&task, 3, 1);
    task.tensor[0].flags = SY_TENSOR_ABSENT;
    task.tensor[1].dim[0] = 0;
    sy_plan *plan = plan_of(&w, &task);
    sy_buffer *out = world_alloc(&w, SY_MEMORY_DEVICE, 4);
    const sy_span operands[] = {{0}, {0}, world_span(out, 0, 4)};
    sy_binding *binding = bind(&w, plan, operands, 3, (sy_span){0});
    assert_int_equal(w.api->work->run(binding), SY_OK);
    world_get(&w, operands[2], &seen);
    assert_int_equal(seen, 7);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(out);
    world_close(&w);
}

static void launches_that_cannot_be_are_refused(void **state) {
    world w = {0};
    sy_task task;
    sy_plan *plan = NULL;
    (void)state;
    world_open(&w, "");
    world_task(&task, 1, 1);
    const uint64_t most = w.device->traits.max_work_group;
    ocl_step *step = world_recipe(&recipe, WORLD_ADD_ONE, 2 * most, 2 * most);
    world_refused(ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_UNSUPPORTED, "k wants");
    assert_null(plan);
    w.device->traits.max_work_group = 8;
    ocl_step_groups(step, (const uint64_t[3]){1, 1, 1}, (const uint64_t[3]){3, 3, 1});
    world_refused(ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_UNSUPPORTED, "work-groups of 9");
    w.device->traits.max_items[1] = 2;
    world_refused(ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_UNSUPPORTED,
        "3 work-items in dimension 1, the device allows 2");
    step = world_recipe(&recipe, WORLD_ADD_ONE, 7, 2);
    world_refused(
        ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_INTERNAL, "7 work-items in groups of 2");
    step = world_recipe(&recipe, WORLD_ADD_ONE, 1, 1);
    step->args = OCL_ARGS_MAX + 1;
    world_refused(ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_INTERNAL, "arguments");
    step = world_recipe(&recipe, WORLD_ADD_ONE, 1, 1);
    snprintf(step->kernel, sizeof step->kernel, "nobody");
    world_refused(
        ocl_plan_create(w.device, &task, &recipe, &plan, err), SY_INTERNAL, "nobody: CL_INVALID_KERNEL_NAME");
    assert_int_equal(w.device->programs->references, 0); /* nothing is left behind */
    world_close(&w);
}

/* A plan with two operands of 4 elements and a workspace, and what may be wrong with a binding. */
typedef struct bound {
    world w;
    sy_device *second;
    sy_queue *foreign;
    sy_plan *plan;
    sy_buffer *in, *out, *work, *pinned, *far_away;
    sy_span operand[2], workspace;
} bound;

static void open_bound(bound *b) {
    sy_task task;
    *b = (bound){0};
    world *w = &b->w;
    world_open(w, "");
    ocl_step *step = world_recipe(&recipe, WORLD_ADD_ONE, 4, 0);
    ocl_arg_operand(step, 0, SY_F32);
    ocl_arg_operand(step, 1, SY_F32);
    recipe.workspace_bytes = 64;
    world_task(&task, 2, 4);
    b->plan = plan_of(w, &task);
    assert_int_equal(w->api->device->open(w->backend, 0, "", &b->second, NULL), SY_OK);
    assert_int_equal(w->api->queue->create(b->second, &b->foreign, NULL), SY_OK);
    b->in = world_alloc(w, SY_MEMORY_DEVICE, 64);
    b->out = world_alloc(w, SY_MEMORY_DEVICE, 16);
    b->work = world_alloc(w, SY_MEMORY_DEVICE, 64);
    b->pinned = world_alloc(w, SY_MEMORY_PINNED, 64);
    assert_int_equal(w->api->memory->alloc(b->second, SY_MEMORY_DEVICE, 64, &b->far_away, NULL), SY_OK);
    b->operand[0] = world_span(b->in, 4, 16);
    b->operand[1] = world_span(b->out, 0, 16);
    b->workspace = world_span(b->work, 0, 64);
}

static void close_bound(bound *b) {
    sy_buffer *buffers[] = {b->in, b->out, b->work, b->pinned, b->far_away};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        b->w.api->memory->free(buffers[i]);
    b->w.api->work->plan_destroy(b->plan);
    b->w.api->queue->destroy(b->foreign);
    b->w.api->device->close(b->second);
    world_close(&b->w);
}

static void operands_are_checked(void **state) {
    bound b;
    sy_binding *binding = NULL;
    (void)state;
    open_bound(&b);
    const struct {
        sy_span operand;
        const char *words;
    } bad[] = {
        {{0}, "operand 0 must have 16 bytes"},
        {world_span(b.in, 4, 15), "operand 0 must have 16 bytes"},
        {world_span(b.in, 52, 16), "operand 0 must have 16 bytes"},
        {world_span(b.in, UINT64_MAX - 3, 16), "operand 0 must have 16 bytes"},
        {world_span(b.in, 2, 16), "operand 0 is at byte 2, no multiple of its 4-byte elements"},
        {world_span(b.pinned, 0, 16), "operand 0 is not in memory of the plan's device"},
        {world_span(b.far_away, 0, 16), "operand 0 is not in memory of the plan's device"},
        {world_span(b.out, 0, 16), "operand 0 overlaps the output"},
    };
    const sy_work_api *api = b.w.api->work;
    const sy_span good = b.operand[0];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        b.operand[0] = bad[i].operand;
        world_refused(api->binding_create(b.plan, b.w.queue, b.operand, 2, b.workspace, &binding, err),
            SY_INVALID_ARGUMENT, bad[i].words);
        assert_null(binding);
    }
    b.operand[0] = good;
    world_refused(api->binding_create(b.plan, b.w.queue, b.operand, 1, b.workspace, &binding, err),
        SY_INVALID_ARGUMENT, "1 operands, must be 2");
    world_refused(api->binding_create(b.plan, b.foreign, b.operand, 2, b.workspace, &binding, err),
        SY_INVALID_ARGUMENT, "on a queue of the plan's device");
    api->binding_destroy(bind(&b.w, b.plan, b.operand, 2, b.workspace));
    api->binding_destroy(NULL);
    api->plan_destroy(NULL);
    close_bound(&b);
}

static void the_workspace_is_checked(void **state) {
    bound b;
    sy_binding *binding = NULL;
    (void)state;
    open_bound(&b);
    const struct {
        sy_span workspace;
        const char *words;
    } bad[] = {
        {{0}, "the workspace must have 64 bytes"},
        {world_span(b.work, 0, 63), "the workspace must have 64 bytes"},
        {world_span(b.work, 1, 64), "the workspace must have 64 bytes"},
        {world_span(b.pinned, 0, 64), "the workspace is not in memory of the plan's device"},
        {world_span(b.far_away, 0, 64), "the workspace is not in memory of the plan's device"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        world_refused(
            b.w.api->work->binding_create(b.plan, b.w.queue, b.operand, 2, bad[i].workspace, &binding, err),
            SY_INVALID_ARGUMENT, bad[i].words);
    close_bound(&b);
}

/* A sum that is added in place: C of a product may be D itself, at the same place alone. */
static void only_c_may_be_the_output(void **state) {
    bound b;
    sy_binding *binding = NULL;
    (void)state;
    open_bound(&b);
    b.plan->task.op = SY_OP_GEMM;
    b.plan->task.n_in = 3;
    for (uint32_t i = 2; i < 4; i++)
        b.plan->task.tensor[i] = b.plan->task.tensor[0];
    sy_span operand[4] = {world_span(b.out, 0, 16), world_span(b.far_away, 0, 16), world_span(b.in, 0, 16),
        world_span(b.in, 0, 16)};
    operand[1] = world_span(b.out, 0, 16);
    b.w.api->work->binding_destroy(bind(&b.w, b.plan, operand, 4, b.workspace));
    operand[2] = world_span(b.in, 4, 16);
    world_refused(b.w.api->work->binding_create(b.plan, b.w.queue, operand, 4, b.workspace, &binding, err),
        SY_INVALID_ARGUMENT, "operand 2 overlaps");
    operand[2] = world_span(b.in, 16, 16); /* beside it */
    b.w.api->work->binding_destroy(bind(&b.w, b.plan, operand, 4, b.workspace));
    operand[1] = operand[3];
    world_refused(b.w.api->work->binding_create(b.plan, b.w.queue, operand, 4, b.workspace, &binding, err),
        SY_INVALID_ARGUMENT, "operand 1 overlaps");
    close_bound(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_of_all_kinds_arrive),
        cmocka_unit_test(steps_follow_one_another),
        cmocka_unit_test(absent_and_empty_operands_are_no_buffers),
        cmocka_unit_test(launches_that_cannot_be_are_refused),
        cmocka_unit_test(operands_are_checked),
        cmocka_unit_test(the_workspace_is_checked),
        cmocka_unit_test(only_c_may_be_the_output),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
