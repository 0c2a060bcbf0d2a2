#include "tests/unit/runtime/model/ops/trial.h"

#include <string.h>

#include "tests/unit/kernels/gemm/elements.h"

enum { ZONE_BYTES = 64, ZONE = 0xa5, GAP = 3 };

static void *take(trial *t, size_t bytes) {
    void *memory = sy_net_arena_alloc(&t->arena, bytes);
    assert_non_null(memory);
    return memory;
}

void trial_open_in(trial *t, const char *domain, const char *op, uint32_t opset) {
    *t = (trial){.err = SY_ERROR_INIT};
    t->node =
        (sy_net_node){.op = sy_net_op_find(domain, op, opset), .name = "it", .opset = opset, .n_out = 1};
    if (t->node.op == NULL)
        print_error("no row for %s at opset %u\n", op, opset);
    assert_non_null(t->node.op);
    t->node.attr = t->attr;
    t->node.in = t->value_in;
    t->node.out = t->value_out;
}

void trial_open(trial *t, const char *op, uint32_t opset) {
    trial_open_in(t, "", op, opset);
}

void trial_close(trial *t) {
    sy_net_arena_release(&t->arena);
}

static void set_shape(sy_net_tensor *tensor, uint32_t dtype, trial_dims dims) {
    *tensor = (sy_net_tensor){.dtype = dtype, .rank = dims.rank};
    for (uint32_t i = 0; i < dims.rank; i++)
        tensor->dim[i] = dims.dim[i];
}

void trial_in(trial *t, uint32_t dtype, trial_dims dims, trial_numbers numbers) {
    sy_net_tensor *in = &t->in[t->node.n_in++];
    set_shape(in, dtype, dims);
    int64_t count = sy_net_elements(in);
    if (count != 0 && numbers.count == 0)
        return;
    in->data = take(t, sy_net_bytes(in) + 1);
    assert_true(count == 0 || numbers.count == 1 || numbers.count == (size_t)count);
    for (int64_t i = 0; i < count; i++)
        sy_net_set(in, i, numbers.number[numbers.count == 1 ? 0 : i]);
}

void trial_in_left_out(trial *t) {
    t->node.n_in++;
}

static sy_net_attr *add_attr(trial *t, const char *name, uint32_t kind, size_t count) {
    sy_net_attr *attr = &t->attr[t->node.n_attr++];
    *attr = (sy_net_attr){.name = name, .kind = kind, .count = count};
    return attr;
}

void trial_int(trial *t, const char *name, int64_t value) {
    trial_ints(t, name, DIMS(value));
    t->attr[t->node.n_attr - 1].kind = SY_NET_INT;
}

void trial_float(trial *t, const char *name, float value) {
    float *copy = take(t, sizeof *copy);
    *copy = value;
    add_attr(t, name, SY_NET_FLOAT, 1)->f = copy;
}

void trial_text(trial *t, const char *name, const char *value) {
    const char **copy = take(t, sizeof *copy);
    *copy = value;
    add_attr(t, name, SY_NET_TEXT, 1)->text = copy;
}

void trial_ints(trial *t, const char *name, trial_dims list) {
    int64_t *copy = take(t, (list.rank + 1) * sizeof *copy);
    memcpy(copy, list.dim, list.rank * sizeof *copy);
    add_attr(t, name, SY_NET_INTS, list.rank)->i = copy;
}

void trial_outputs(trial *t, uint32_t count) {
    t->node.n_out = count;
}

sy_status trial_infer(trial *t) {
    assert_true(t->node.n_in >= t->node.op->min_in && t->node.n_in <= t->node.op->max_in);
    assert_true(t->node.n_out >= t->node.op->min_out && t->node.n_out <= t->node.op->max_out);
    t->call = (sy_net_call){.node = &t->node,
        .in = t->in,
        .out = t->out,
        .n_in = t->node.n_in,
        .n_out = t->node.n_out,
        .arena = &t->arena};
    memset(t->out, 0, sizeof t->out);
    for (uint32_t i = 0; i < TRIAL_PORTS; i++) {
        t->value_in[i] = t->in[i].dtype != 0 ? i : SY_NET_NONE;
        t->value_out[i] = TRIAL_PORTS + i;
    }
    return t->node.op->infer(&t->call, &t->err);
}

static void *guarded_memory(trial *t, size_t bytes) {
    unsigned char *memory = take(t, bytes + 2 * ZONE_BYTES);
    memset(memory, ZONE, bytes + 2 * ZONE_BYTES);
    return memory + ZONE_BYTES;
}

static void check_zones(const void *memory, size_t bytes) {
    const unsigned char *byte = memory;
    for (size_t i = 0; i < ZONE_BYTES; i++) {
        assert_int_equal(byte[bytes + i], ZONE);
        assert_int_equal(byte[(ptrdiff_t)i - ZONE_BYTES], ZONE);
    }
}

/* Shares of two items, last first, so that no item can lean on one before it. */
static void in_shares(void *ctx, int64_t count, sy_team_fn *fn, void *arg) {
    (void)ctx;
    for (int64_t end = count; end > 0; end -= 2)
        fn(arg, end < 2 ? 0 : end - 2, end);
}

static sy_status run_packed(trial *t, const sy_team *team) {
    for (uint32_t i = 0; i < t->node.n_out; i++) {
        assert_int_equal(sy_net_tensor_check(&t->out[i], NULL), SY_OK);
        assert_true(sy_net_is_known(&t->out[i]));
        t->out[i].data = guarded_memory(t, sy_net_bytes(&t->out[i]));
    }
    t->call.team = team;
    if (t->node.op->scratch_bytes != NULL)
        t->call.scratch = take(t, t->node.op->scratch_bytes(&t->call));
    sy_status status = t->node.op->run(&t->call, &t->err);
    for (uint32_t i = 0; i < t->node.n_out; i++)
        check_zones(t->out[i].data, sy_net_bytes(&t->out[i]));
    return status;
}

sy_status trial_run(trial *t) {
    return run_packed(t, NULL);
}

static void compare(const sy_net_tensor *found, uint32_t dtype, trial_dims dims, trial_numbers numbers,
    double tolerance, const char *how) {
    sy_net_tensor expected;
    char text[2][SY_NET_TENSOR_TEXT_MAX];
    set_shape(&expected, dtype, dims);
    if (found->dtype != dtype || !sy_net_same_shape(found, &expected))
        fail_msg("%s: %s, expected %s", how, sy_net_tensor_print(found, text[0]),
            sy_net_tensor_print(&expected, text[1]));
    for (int64_t i = 0; i < sy_net_elements(found); i++) {
        double value = sy_net_get(found, i), wanted = numbers.number[numbers.count == 1 ? 0 : i];
        bool is_near = fabs(value - wanted) <= tolerance * fmax(1, fabs(wanted));
        if (!(is_near || value == wanted || (isnan(value) && isnan(wanted))))
            fail_msg("%s: element %lld is %.9g, expected %.9g", how, (long long)i, value, wanted);
    }
}

/* Offset of element `index` (packed, row-major order) of an image whose channels are innermost. */
static int64_t last_offset(const sy_net_tensor *image, int64_t index) {
    int64_t at[SY_NET_MAX_RANK], pixel = 0;
    for (uint32_t d = image->rank; d-- > 0;) {
        at[d] = index % image->dim[d];
        index /= image->dim[d];
    }
    for (uint32_t d = 0; d < image->rank; d++)
        pixel = d == 1 ? pixel : pixel * image->dim[d] + at[d];
    return pixel * image->pitch + at[1];
}

/* Elements of `from` to where they lie in `to`; one of both is packed. */
static void copy_layout(const sy_net_tensor *from, sy_net_tensor *to) {
    size_t size = sy_net_dtype_size(from->dtype);
    for (int64_t i = 0; i < sy_net_elements(from); i++) {
        int64_t source = from->is_last ? last_offset(from, i) : i;
        int64_t target = to->is_last ? last_offset(to, i) : i;
        memcpy((char *)to->data + (size_t)target * size, (char *)from->data + (size_t)source * size, size);
    }
}

static bool is_image(const sy_net_tensor *tensor) {
    return tensor->dtype != 0 && tensor->rank >= 3 && tensor->rank <= 5;
}

/* The same tensor with channels innermost, in memory of its own. */
static sy_net_tensor turned(trial *t, const sy_net_tensor *packed) {
    sy_net_tensor image = *packed;
    image.is_last = true;
    image.pitch = image.dim[1] + GAP;
    int64_t pixels = image.dim[1] > 0 ? sy_net_elements(packed) / image.dim[1] : 0;
    image.data = guarded_memory(t, (size_t)(pixels * image.pitch) * sy_net_dtype_size(image.dtype));
    return image;
}

/* Images with channels innermost, all or (is_mixed) output 0 and the last that has its shape; output 0 comes
 * back packed. False if some tensor cannot be turned. */
static bool run_channels_last(trial *t, bool is_mixed, sy_net_tensor *back) {
    sy_net_tensor in[TRIAL_PORTS], out[TRIAL_PORTS];
    memcpy(in, t->in, sizeof in);
    memcpy(out, t->out, sizeof out);
    bool has_turned = false;
    for (uint32_t i = t->node.n_in; i-- > 0;) {
        bool is_left = is_mixed && (has_turned || !sy_net_same_shape(&in[i], &out[0]));
        if (in[i].dtype == 0 || in[i].rank < 3 || is_left)
            continue;
        if (!is_image(&in[i]))
            return false;
        has_turned = true;
        in[i] = turned(t, &t->in[i]);
        copy_layout(&t->in[i], &in[i]);
    }
    if (!is_image(&out[0]))
        return false;
    out[0] = turned(t, &t->out[0]);
    sy_net_call call = t->call;
    call.in = in;
    call.out = out;
    assert_int_equal(t->node.op->run(&call, &t->err), SY_OK);
    *back = t->out[0];
    back->data = take(t, sy_net_bytes(back) + 1);
    copy_layout(&out[0], back);
    return true;
}

/* Output 0 where input `index` is. */
static void run_in_place(trial *t, uint32_t index, sy_net_tensor *result) {
    sy_net_tensor in[TRIAL_PORTS], out[TRIAL_PORTS];
    memcpy(in, t->in, sizeof in);
    memcpy(out, t->out, sizeof out);
    size_t bytes = sy_net_bytes(&in[index]);
    in[index].data = guarded_memory(t, bytes);
    if (bytes > 0)
        memcpy(in[index].data, t->in[index].data, bytes);
    out[0].data = in[index].data;
    sy_net_call call = t->call;
    call.in = in;
    call.out = out;
    assert_int_equal(t->node.op->run(&call, &t->err), SY_OK);
    check_zones(out[0].data, bytes);
    *result = out[0];
}

void trial_gives(trial *t, uint32_t dtype, trial_dims dims, trial_numbers numbers, double tolerance) {
    sy_net_tensor result;
    sy_status status = trial_infer(t);
    if (status != SY_OK)
        fail_msg("%s", t->err.text);
    for (size_t i = 0; i < MAX_ISAS; i++) {
        if (!sy_isa_is_built(known_isas[i]) || !processor_has(known_isas[i]))
            continue;
        sy_team team = {.threads = 2, .isa = known_isas[i], .parallel = in_shares};
        assert_int_equal(run_packed(t, &team), SY_OK);
        compare(&t->out[0], dtype, dims, numbers, tolerance, "in shares");
    }
    assert_int_equal(run_packed(t, NULL), SY_OK);
    compare(&t->out[0], dtype, dims, numbers, tolerance, "packed");
    uint32_t flags = t->node.op->flags;
    for (uint32_t i = 0; i < t->node.n_in && (flags & SY_NET_OP_IN_PLACE) != 0; i++)
        if (t->in[i].dtype == dtype && sy_net_same_shape(&t->in[i], &t->out[0])) {
            run_in_place(t, i, &result);
            compare(&result, dtype, dims, numbers, tolerance, "in place");
        }
    if ((flags & SY_NET_OP_CHANNELS_LAST) != 0 && run_channels_last(t, false, &result))
        compare(&result, dtype, dims, numbers, tolerance, "channels innermost");
    if ((flags & SY_NET_OP_CHANNELS_LAST) != 0 && (flags & SY_NET_OP_ELEMENTWISE) != 0 &&
        run_channels_last(t, true, &result))
        compare(&result, dtype, dims, numbers, tolerance, "some with channels innermost");
}

void trial_gives_too(
    trial *t, uint32_t index, uint32_t dtype, trial_dims dims, trial_numbers numbers, double tolerance) {
    compare(&t->out[index], dtype, dims, numbers, tolerance, "further output");
}

static void check_words(const trial *t, const char *words) {
    if (strstr(t->err.text, words) == NULL)
        fail_msg("the error is \"%s\", expected words \"%s\"", t->err.text, words);
    assert_null(strchr(t->err.text, '\n'));
}

void trial_refused(trial *t, sy_status status, const char *words) {
    assert_int_equal(trial_infer(t), status);
    check_words(t, words);
}

void trial_fails(trial *t, sy_status status, const char *words) {
    assert_int_equal(trial_infer(t), SY_OK);
    assert_int_equal(run_packed(t, NULL), status);
    check_words(t, words);
}
