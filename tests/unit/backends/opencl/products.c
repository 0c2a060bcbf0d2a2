#include "tests/unit/backends/opencl/products.h"

#include <math.h>

#include "backends/opencl/contraction.h"
#include "backends/opencl/panels.h"
#include "backends/opencl/plan.h"
#include "tests/unit/backends/opencl/tasks.h"

static ocl_recipe recipe; /* large; tests run one after another */

/* Of a whole number that a half holds. */
static uint16_t half_of(double value) {
    if (value == 0.0)
        return 0;
    int exponent = ilogb(value);
    double fraction = ldexp(fabs(value), 10 - exponent) - 1024.0;
    return (uint16_t)((value < 0.0 ? 0x8000u : 0u) | (uint32_t)(exponent + 15) << 10 | (uint32_t)fraction);
}

static double of_half(uint16_t bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = exponent == 0    ? ldexp(fraction, -24)
                   : exponent == 31 ? (fraction == 0 ? (double)INFINITY : (double)NAN)
                                    : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 != 0 ? -value : value;
}

double product_get(const product *p, uint32_t tensor, int64_t index) {
    const void *data = p->data[tensor];
    float value;
    switch (p->task.tensor[tensor].dtype) {
    case SY_F64: return ((const double *)data)[index];
    case SY_F32: return ((const float *)data)[index];
    case SY_F16: return of_half(((const uint16_t *)data)[index]);
    case SY_S8: return ((const int8_t *)data)[index];
    case SY_U8: return ((const uint8_t *)data)[index];
    case SY_S32: return ((const int32_t *)data)[index];
    default: break;
    }
    uint32_t bits = (uint32_t)((const uint16_t *)data)[index] << 16;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void product_put(product *p, uint32_t tensor, int64_t index, double number) {
    void *data = p->data[tensor];
    float value = (float)number;
    uint32_t bits;
    switch (p->task.tensor[tensor].dtype) {
    case SY_F64: ((double *)data)[index] = number; return;
    case SY_F32: ((float *)data)[index] = value; return;
    case SY_F16: ((uint16_t *)data)[index] = half_of(number); return;
    case SY_S8: ((int8_t *)data)[index] = (int8_t)number; return;
    case SY_U8: ((uint8_t *)data)[index] = (uint8_t)number; return;
    default: break;
    }
    memcpy(&bits, &value, sizeof bits);
    ((uint16_t *)data)[index] = (uint16_t)(bits >> 16);
}

/* Packed strides in the order that the tensor has, with gaps. */
static void spread(sy_tensor *tensor, int64_t gap) {
    uint32_t order[SY_MAX_RANK];
    for (uint32_t i = 0; i < tensor->rank; i++)
        order[i] = i;
    for (uint32_t i = 1; i < tensor->rank; i++) /* by falling stride */
        for (uint32_t j = i; j > 0 && tensor->stride[order[j - 1]] < tensor->stride[order[j]]; j--) {
            uint32_t swapped = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swapped;
        }
    int64_t step = 1;
    for (uint32_t i = tensor->rank; i-- > 0;) {
        tensor->stride[order[i]] = step;
        step *= tensor->dim[order[i]] > 1 ? tensor->dim[order[i]] : 1;
        step += i + 1 == tensor->rank && tensor->rank > 1 ? gap : 0;
    }
}

static int64_t offset_of(const product *p, uint32_t tensor, const int64_t *at) {
    int64_t offset = 0;
    for (uint32_t i = 0; i < p->task.tensor[tensor].rank; i++)
        offset += at[i] * p->task.tensor[tensor].stride[i];
    return offset;
}

static double small_number(uint64_t *state, bool is_unsigned) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return is_unsigned ? (double)(*state >> 40 & 3) : (double)(*state >> 40 & 7) - 3.0;
}

void product_open(product *p, const char *problem, int64_t gap) {
    uint64_t state = 1;
    *p = (product){0};
    task_of(problem, &p->task);
    sy_task_settle(&p->task);
    for (uint32_t i = 0; i < p->task.n_in + 1; i++) {
        sy_tensor *tensor = &p->task.tensor[i];
        if (sy_task_tensor_is_absent(tensor))
            continue;
        spread(tensor, gap);
        p->bytes[i] = sy_task_tensor_bytes(tensor);
        p->data[i] = malloc(p->bytes[i] + 1);
        assert_non_null(p->data[i]);
        memset(p->data[i], 0xff, p->bytes[i]);
        for (int64_t j = 0; i < p->task.n_in && j < (int64_t)(p->bytes[i] / sy_dtype_size(tensor->dtype));
             j++)
            product_put(p, i, j, small_number(&state, tensor->dtype == SY_U8));
    }
}

void product_close(product *p) {
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        free(p->data[i]);
}

/* Where element `at` of the weights lies in panels. */
static uint64_t panel_place(
    const ocl_panels *panels, const ocl_panels_extent *extent, const int64_t *at, uint32_t rank) {
    uint64_t member = (uint64_t)at[0], line = (uint64_t)at[rank - 1], k = (uint64_t)at[1];
    if (panels->groups > 0) {
        uint64_t c = (uint64_t)at[1], r = rank == 4 ? (uint64_t)at[2] : 0, s = (uint64_t)at[rank - 1];
        line = member % extent->lines;
        member /= extent->lines;
        k = panels->order == OCL_CHANNELS_OUTSIDE ? (c * extent->height + r) * extent->width_taps + s
                                                  : (r * extent->width_taps + s) * extent->channels + c;
    }
    uint64_t panel = member * extent->panels + line / panels->width;
    return (panel * extent->depth + k) * panels->width + line % panels->width;
}

/* Weights in a private layout, zeros behind the last lines. */
static void *pack(const product *p, uint32_t layout, uint64_t *out_bytes) {
    const sy_tensor *w = &p->task.tensor[1];
    ocl_panels panels;
    ocl_panels_extent extent;
    assert_true(ocl_panels_read(layout, &panels));
    assert_int_equal(ocl_panels_extent_of(&panels, w, &extent, NULL), SY_OK);
    product packed = *p;
    *out_bytes = extent.elements * sy_dtype_size(w->dtype);
    packed.data[1] = calloc(1, *out_bytes + 1);
    assert_non_null(packed.data[1]);
    for (uint64_t i = 0; i < sy_task_tensor_elements(w); i++) {
        int64_t at[SY_MAX_RANK] = {0}, rest = (int64_t)i;
        for (uint32_t j = w->rank; j-- > 0; rest /= w->dim[j])
            at[j] = rest % w->dim[j];
        product_put(&packed, 1, (int64_t)panel_place(&panels, &extent, at, w->rank),
            product_get(p, 1, offset_of(p, 1, at)));
    }
    return packed.data[1];
}

static void cook(
    const world *w, const sy_task *task, const ocl_family *family, const char *parameters, bool is_final) {
    sy_error error = SY_ERROR_INIT;
    ocl_request request = {
        .traits = &w->device->traits, .task = task, .is_final = is_final, .parameters = parameters};
    recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .n_layout = task->n_in + task->n_out};
    snprintf(recipe.name, sizeof recipe.name, "%s", family->name);
    ocl_wish_layouts(task, recipe.layout);
    if (family->cook(&request, &recipe, &error) != SY_OK)
        fail_msg("%s %s: %s", family->name, parameters, error.text);
    assert_int_equal(recipe.failed, 0);
    if (parameters[0] != '\0' && strstr(recipe.implementation, parameters) == NULL)
        fail_msg("%s instead of %s", recipe.implementation, parameters);
    /* What is compiled for a second runs for a millisecond. */
    snprintf(recipe.options, sizeof recipe.options, "-cl-opt-disable");
}

/* Bind copies of the operands, run once and fetch the output. */
static void launch(product *p, world *w, sy_plan *plan, void *const *data, const uint64_t *bytes) {
    sy_span operand[SY_MAX_TENSORS] = {0};
    sy_binding *binding = NULL;
    sy_error error = SY_ERROR_INIT;
    uint32_t count = p->task.n_in + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t before = p->offset * sy_dtype_size(p->task.tensor[i].dtype);
        if (bytes[i] == 0)
            continue;
        operand[i] = world_span(world_alloc(w, SY_MEMORY_DEVICE, before + bytes[i]), before, bytes[i]);
        world_put(w, operand[i], data[i]);
    }
    sy_buffer *workspace = world_alloc(w, SY_MEMORY_DEVICE, recipe.workspace_bytes + 1);
    if (w->api->work->binding_create(plan, w->queue, operand, count,
            world_span(workspace, 0, recipe.workspace_bytes + 1), &binding, &error) != SY_OK)
        fail_msg("%s", error.text);
    assert_int_equal(w->api->work->run(binding), SY_OK);
    world_get(w, operand[count - 1], p->data[count - 1]);
    w->api->work->binding_destroy(binding);
    for (uint32_t i = 0; i < count; i++)
        w->api->memory->free(operand[i].buffer);
    w->api->memory->free(workspace);
}

void product_run(product *p, world *w, const ocl_family *family, const char *parameters) {
    sy_plan *plan = NULL;
    sy_error error = SY_ERROR_INIT;
    sy_task task = p->task;
    void *data[SY_MAX_TENSORS];
    uint64_t bytes[SY_MAX_TENSORS];
    memcpy(data, p->data, sizeof data);
    memcpy(bytes, p->bytes, sizeof bytes);
    cook(w, &task, family, parameters, false);
    bool is_packed = sy_layout_is_private(recipe.layout[1]);
    if (is_packed) {
        task.tensor[1].layout = recipe.layout[1];
        data[1] = pack(p, recipe.layout[1], &bytes[1]);
    }
    cook(w, &task, family, parameters, true);
    if (ocl_plan_create(w->device, &task, &recipe, &plan, &error) != SY_OK)
        fail_msg("%s %s: %s", family->name, parameters, error.text);
    launch(p, w, plan, data, bytes);
    w->api->work->plan_destroy(plan);
    if (is_packed)
        free(data[1]);
}

static double product_sum(const product *p, const int64_t *at) {
    const sy_tensor *a = &p->task.tensor[0];
    double sum = 0.0;
    for (int64_t k = 0; k < a->dim[2]; k++) {
        const int64_t of_a[] = {at[0], at[1], k}, of_b[] = {at[0], k, at[2]};
        sum += product_get(p, 0, offset_of(p, 0, of_a)) * product_get(p, 1, offset_of(p, 1, of_b));
    }
    sum *= p->task.attr.gemm.alpha;
    if (p->task.attr.gemm.beta != 0.0)
        sum += p->task.attr.gemm.beta * product_get(p, 2, offset_of(p, 2, at));
    return sum;
}

static double window_sum(const product *p, const int64_t *at) {
    const sy_conv_attr *v = &p->task.attr.conv;
    const sy_tensor *x = &p->task.tensor[0], *w = &p->task.tensor[1];
    int64_t group = at[1] / (w->dim[0] / v->groups);
    double sum = 0.0;
    for (int64_t c = 0; c < w->dim[1]; c++)
        for (int64_t r = 0; r < w->dim[2]; r++)
            for (int64_t s = 0; s < w->dim[3]; s++) {
                const int64_t y = at[2] * v->stride[0] - v->pad_lo[0] + r * v->dilation[0],
                              z = at[3] * v->stride[1] - v->pad_lo[1] + s * v->dilation[1];
                const int64_t of_x[] = {at[0], group * w->dim[1] + c, y, z}, of_w[] = {at[1], c, r, s};
                if (y >= 0 && y < x->dim[2] && z >= 0 && z < x->dim[3])
                    sum +=
                        product_get(p, 0, offset_of(p, 0, of_x)) * product_get(p, 1, offset_of(p, 1, of_w));
            }
    return sum;
}

static double finished(const product *p, const int64_t *at, double value) {
    bool is_conv = p->task.op == SY_OP_CONV;
    for (uint32_t i = 0; i < p->task.n_post; i++) {
        const sy_post *post = &p->task.post[i];
        const int64_t row = at[is_conv ? 0 : 1], col = at[is_conv ? 1 : 2];
        switch (post->kind) {
        case SY_POST_BIAS: value += product_get(p, post->operand, offset_of(p, post->operand, &col)); break;
        case SY_POST_ADD: value += product_get(p, post->operand, offset_of(p, post->operand, at)); break;
        case SY_POST_SCALE_ROW:
            value *= product_get(p, post->operand, offset_of(p, post->operand, &row));
            break;
        case SY_POST_SCALE_COL:
            value *= product_get(p, post->operand, offset_of(p, post->operand, &col));
            break;
        case SY_POST_RELU: value = value < 0.0 ? 0.0 : value; break;
        default: fail_msg("post %u is not known to this test", post->kind);
        }
    }
    return value;
}

void product_check(const product *p, const char *what) {
    uint32_t output = p->task.n_in;
    const sy_tensor *y = &p->task.tensor[output];
    product rest = *p;
    rest.data[output] = malloc(p->bytes[output] + 1);
    assert_non_null(rest.data[output]);
    memcpy(rest.data[output], p->data[output], p->bytes[output]);
    size_t size = sy_dtype_size(y->dtype);
    double tolerance = y->dtype == SY_BF16 ? 0x1p-8 : y->dtype == SY_F16 ? 0x1p-11 : 0.0;
    for (uint64_t i = 0; i < sy_task_tensor_elements(y); i++) {
        int64_t at[SY_MAX_RANK] = {0}, left = (int64_t)i;
        for (uint32_t j = y->rank; j-- > 0; left /= y->dim[j])
            at[j] = left % y->dim[j];
        int64_t place = offset_of(p, output, at);
        double wanted = finished(p, at, p->task.op == SY_OP_CONV ? window_sum(p, at) : product_sum(p, at));
        double got = product_get(p, output, place);
        bool is_right =
            isnan(wanted) ? isnan(got) : got == wanted || fabs(got - wanted) <= tolerance * fabs(wanted);
        if (!is_right)
            fail_msg("%s: element %lld is %g, not %g", what, (long long)i, got, wanted);
        memset((char *)rest.data[output] + (size_t)place * size, 0xff, size);
    }
    for (uint64_t i = 0; i < p->bytes[output]; i++)
        if (((const unsigned char *)rest.data[output])[i] != 0xff)
            fail_msg("%s: byte %llu, which belongs to no element, was written", what, (unsigned long long)i);
    free(rest.data[output]);
}
