#include "tests/support/one_op.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"

static void *take(one_op *op, size_t bytes) {
    void *memory = sy_net_arena_alloc(&op->arena, bytes);
    assert_non_null(memory);
    return memory;
}

void one_op_open(one_op *op, const char *name, uint32_t opset) {
    *op = (one_op){.name = name, .domain = "", .opset = opset, .n_out = 1};
    for (uint32_t i = 0; i < ONE_OP_OUTPUTS; i++)
        op->index_out[i] = 100 + i;
}

void one_op_close(one_op *op) {
    sy_net_arena_release(&op->arena);
}

sy_net_tensor *one_op_in(one_op *op, uint32_t dtype, one_list dim, one_list value) {
    sy_random random;
    assert_true(op->n_in < ONE_OP_INPUTS);
    sy_net_tensor *tensor = &op->in[op->n_in];
    op->index_in[op->n_in] = op->n_in;
    *tensor = (sy_net_tensor){.dtype = dtype, .rank = (uint32_t)dim.count};
    for (size_t i = 0; i < dim.count; i++)
        tensor->dim[i] = (int64_t)dim.number[i];
    tensor->data = take(op, sy_net_bytes(tensor));
    sy_random_seed(&random, 5, op->n_in++);
    for (int64_t i = 0; i < sy_net_elements(tensor); i++)
        sy_net_set(tensor, i,
            value.count > 0 ? value.number[(size_t)i % value.count] : floor(9 * sy_random_unit(&random)) - 4);
    return tensor;
}

void one_op_skip(one_op *op) {
    assert_true(op->n_in < ONE_OP_INPUTS);
    op->index_in[op->n_in++] = SY_NET_NONE;
}

static sy_net_attr *next(one_op *op, const char *name, uint32_t kind, size_t count) {
    assert_true(op->n_attr < ONE_OP_ATTRS);
    sy_net_attr *attr = &op->attr[op->n_attr++];
    *attr = (sy_net_attr){.name = name, .kind = kind, .count = count};
    return attr;
}

void one_op_ints(one_op *op, const char *name, one_list list) {
    int64_t *copy = take(op, list.count * sizeof *copy);
    for (size_t i = 0; i < list.count; i++)
        copy[i] = (int64_t)list.number[i];
    next(op, name, SY_NET_INTS, list.count)->i = copy;
}

void one_op_int(one_op *op, const char *name, int64_t number) {
    int64_t *copy = take(op, sizeof *copy);
    *copy = number;
    next(op, name, SY_NET_INT, 1)->i = copy;
}

void one_op_floats(one_op *op, const char *name, one_list list) {
    float *copy = take(op, list.count * sizeof *copy);
    for (size_t i = 0; i < list.count; i++)
        copy[i] = (float)list.number[i];
    next(op, name, SY_NET_FLOATS, list.count)->f = copy;
}

void one_op_float(one_op *op, const char *name, double number) {
    float *copy = take(op, sizeof *copy);
    *copy = (float)number;
    next(op, name, SY_NET_FLOAT, 1)->f = copy;
}

void one_op_texts(one_op *op, const char *name, const char *const *text, size_t count) {
    next(op, name, SY_NET_TEXTS, count)->text = text;
}

void one_op_text(one_op *op, const char *name, const char *text) {
    const char **copy = take(op, sizeof *copy);
    *copy = text;
    next(op, name, SY_NET_TEXT, 1)->text = copy;
}

void one_op_post(one_op *op, uint32_t kind, uint32_t operand, double a, double b) {
    assert_true(op->node.n_post < SY_MAX_POSTS);
    op->node.post[op->node.n_post++] =
        (sy_net_post){.kind = kind, .value = operand, .a = (float)a, .b = (float)b};
}

/* Shares out of order, of odd sizes. */
static void in_shares(void *ctx, int64_t count, sy_team_fn *fn, void *arg) {
    int64_t share = count / 3 + 1;
    (void)ctx;
    for (int64_t end = count; end > 0; end -= share)
        fn(arg, end > share ? end - share : 0, end);
}

static const sy_team team = {.threads = 3, .parallel = in_shares};

static sy_net_call call_of(one_op *op) {
    const sy_net_op *row = sy_net_op_find(op->domain, op->name, op->opset);
    assert_non_null(row);
    op->node.op = row;
    op->node.name = "under test";
    op->node.opset = op->opset;
    op->node.n_in = op->n_in;
    op->node.n_out = op->n_out;
    op->node.n_attr = op->n_attr;
    op->node.in = op->index_in;
    op->node.out = op->index_out;
    op->node.attr = op->attr;
    return (sy_net_call){.node = &op->node,
        .in = op->in,
        .out = op->out,
        .n_in = op->n_in,
        .n_out = op->n_out,
        .state = op->state,
        .arena = &op->arena,
        .team = &team};
}

static sy_status infer(one_op *op, sy_error *err) {
    for (uint32_t i = 0; i < op->n_out; i++)
        op->out[i] = (sy_net_tensor){.rank = SY_NET_UNKNOWN_RANK};
    sy_net_call call = call_of(op);
    sy_status status = op->node.op->infer(&call, err);
    op->state = call.state;
    for (uint32_t i = 0; i < op->n_out && status == SY_OK; i++)
        if (sy_net_elements(&op->out[i]) < 0 || op->out[i].dtype == 0)
            fail_msg("output %u is not inferred", i);
    return status;
}

/* Element `index` of a packed tensor, in one that is channels last. */
static int64_t last_index(const sy_net_tensor *tensor, int64_t index) {
    int64_t pixels = 1;
    for (uint32_t i = 2; i < tensor->rank; i++)
        pixels *= tensor->dim[i];
    int64_t pixel = index % pixels, channel = index / pixels % tensor->dim[1];
    return (index / pixels / tensor->dim[1] * pixels + pixel) * tensor->pitch + channel;
}

/* Another tensor of the same extents, channels last, with memory that holds a pattern. */
static sy_net_tensor last_like(one_op *op, const sy_net_tensor *tensor) {
    sy_net_tensor last = *tensor;
    last.is_last = true;
    last.pitch = last.dim[1] + op->pitch_more;
    int64_t pixels = last.dim[1] > 0 ? sy_net_elements(&last) / last.dim[1] : 0;
    size_t bytes = (size_t)(pixels * last.pitch) * sy_net_dtype_size(last.dtype);
    last.data = take(op, bytes);
    memset(last.data, 0x5a, bytes);
    return last;
}

/* Weights stay: whatever has the extents of images before the run is one. */
static bool is_image(const one_op *op, uint32_t index) {
    const sy_net_tensor *tensor = &op->in[index];
    return tensor->rank >= 3 && (index == 0 || index >= op->node.op->max_in);
}

static sy_status run(one_op *op, sy_error *err) {
    sy_net_call call = call_of(op);
    sy_net_tensor in[ONE_OP_INPUTS], out[ONE_OP_OUTPUTS];
    memcpy(in, op->in, sizeof in);
    for (uint32_t i = 0; i < op->n_in && op->is_last; i++)
        if (is_image(op, i)) {
            in[i] = last_like(op, &op->in[i]);
            for (int64_t j = 0; j < sy_net_elements(&in[i]); j++)
                sy_net_set(&in[i], last_index(&in[i], j), sy_net_get(&op->in[i], j));
        }
    for (uint32_t i = 0; i < op->n_out; i++) {
        op->out[i].data = take(op, sy_net_bytes(&op->out[i]));
        memset(op->out[i].data, 0x5a, sy_net_bytes(&op->out[i]));
        out[i] = op->is_last ? last_like(op, &op->out[i]) : op->out[i];
    }
    call.in = in;
    call.out = out;
    size_t scratch = op->node.op->scratch_bytes != NULL ? op->node.op->scratch_bytes(&call) : 0;
    call.scratch = take(op, scratch);
    sy_status status = op->node.op->run(&call, err);
    for (uint32_t i = 0; i < op->n_out && op->is_last; i++)
        for (int64_t j = 0; j < sy_net_elements(&out[i]); j++)
            sy_net_set(&op->out[i], j, sy_net_get(&out[i], last_index(&out[i], j)));
    return status;
}

void one_op_run(one_op *op) {
    sy_error err = SY_ERROR_INIT;
    if (infer(op, &err) != SY_OK || run(op, &err) != SY_OK)
        fail_msg("%s", err.text);
}

void one_op_refused(one_op *op, sy_status status, const char *words) {
    sy_error err = SY_ERROR_INIT;
    sy_status found = infer(op, &err);
    if (found == SY_OK)
        found = run(op, &err);
    if (found != status || strstr(err.text, words) == NULL || strstr(err.text, op->name) != err.text)
        fail_msg("status %d, \"%s\", not %d with \"%s\"", (int)found, err.text, (int)status, words);
}

void one_op_shape(const one_op *op, uint32_t index, one_list dim) {
    char text[SY_NET_TENSOR_TEXT_MAX];
    const sy_net_tensor *out = &op->out[index];
    bool is_same = out->rank == dim.count;
    for (size_t i = 0; is_same && i < dim.count; i++)
        is_same = out->dim[i] == (int64_t)dim.number[i];
    if (!is_same)
        fail_msg("output %u is %s", index, sy_net_tensor_print(out, text));
}

static bool is_near(double a, double b, double tolerance) {
    if (isnan(a) || isnan(b) || isinf(a) || isinf(b))
        return a == b || (isnan(a) && isnan(b));
    return fabs(a - b) <= tolerance * (1 + fabs(a));
}

void one_op_expect(const one_op *op, uint32_t index, one_list value, double tolerance) {
    const sy_net_tensor *out = &op->out[index];
    assert_int_equal(sy_net_elements(out), value.count);
    for (size_t i = 0; i < value.count; i++)
        if (!is_near(value.number[i], sy_net_get(out, (int64_t)i), tolerance))
            fail_msg("element %zu is %.9g, not %.9g", i, sy_net_get(out, (int64_t)i), value.number[i]);
}

void one_op_same(const one_op *expected, const one_op *found, double tolerance) {
    const sy_net_tensor *a = &expected->out[0], *b = &found->out[0];
    assert_true(sy_net_same_shape(a, b));
    for (int64_t i = 0; i < sy_net_elements(a); i++)
        if (!is_near(sy_net_get(a, i), sy_net_get(b, i), tolerance))
            fail_msg("element %lld is %.9g, not %.9g", (long long)i, sy_net_get(b, i), sy_net_get(a, i));
}
