/* Pad: more elements, or fewer, before and after each dimension. */
#include <string.h>

#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* Beyond this no pad makes sense; sums of a few stay countable. */
#define PADS_MAX SY_NET_TENSOR_BYTES_MAX

typedef enum pad_mode {
    PAD_CONSTANT,
    PAD_REFLECT,
    PAD_EDGE,
    PAD_WRAP,
} pad_mode;

typedef struct pad {
    pad_mode mode;
    int64_t before[SY_NET_MAX_RANK];
    int64_t value[1]; /* an element, if it is no input */
} pad;

/* Dimensions in the order in which they lie in the result's memory, the row last. */
typedef struct pad_run {
    pad_mode mode;
    uint32_t rank;
    size_t size;
    const char *in, *value;
    char *out;
    int64_t in_dim[SY_NET_MAX_RANK], out_dim[SY_NET_MAX_RANK], before[SY_NET_MAX_RANK];
    int64_t in_step[SY_NET_MAX_RANK], out_step[SY_NET_MAX_RANK];
} pad_run;

static sy_status find_mode(const sy_net_call *call, pad_mode *out, sy_error *err) {
    static const char *const name[] = {"constant", "reflect", "edge", "wrap"};
    const char *mode = sy_net_attr_text(call->node, "mode", "constant");
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (strcmp(mode, name[i]) == 0) {
            *out = (pad_mode)i;
            return SY_OK;
        }
    return sy_net_call_fail(
        call, SY_INVALID_ARGUMENT, err, "mode is '%.40s', must be constant, reflect, edge or wrap", mode);
}

/* Pads of each dimension: all befores, then all afters, of all dimensions or of the axes. */
static sy_status take_pads(sy_net_call *call, pad *state, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    uint32_t axis[SY_NET_MAX_RANK];
    sy_net_list pads, axes;
    sy_status status = sy_net_call_list(call, 1, "pads", &pads, err);
    if (status == SY_OK)
        status = sy_net_call_list(call, 3, "", &axes, err);
    for (uint32_t i = 0; i < out->rank && status == SY_OK && !axes.has; i++)
        axes.item[axes.count++] = (int64_t)i;
    if (status == SY_OK)
        status = sy_net_call_axes(call, &axes, out->rank, axis, err);
    if (status != SY_OK)
        return status;
    if (pads.count != 2 * axes.count)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "%zu pads for %zu dimensions, must be twice as many", pads.count, axes.count);
    for (size_t i = 0; i < axes.count; i++) {
        int64_t before = pads.item[i], after = pads.item[axes.count + i], dim = out->dim[axis[i]], all = 0;
        if (before < -PADS_MAX || before > PADS_MAX || __builtin_add_overflow(dim, before, &all) ||
            __builtin_add_overflow(all, after, &all) || all < 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "pads of %lld and %lld leave nothing sensible of an extent of %lld", (long long)before,
                (long long)after, (long long)dim);
        if (state->mode != PAD_CONSTANT && dim == 0 && all > 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "dimension %u is empty: there is nothing to pad it with", axis[i]);
        state->before[axis[i]] = before;
        out->dim[axis[i]] = all;
    }
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    pad *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    if (sy_net_call_has(call, 2) && (call->in[2].dtype != in->dtype || sy_net_elements(&call->in[2]) != 1))
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 2 must be one %s", sy_net_dtype_name(in->dtype));
    sy_net_tensor value = {.dtype = in->dtype, .data = state->value};
    sy_net_set(&value, 0, (double)sy_net_attr_float(call->node, "value", 0));
    sy_net_shape_like(&call->out[0], in);
    sy_status status = find_mode(call, &state->mode, err);
    return status == SY_OK ? take_pads(call, state, err) : status;
}

/* The element of the input that element `at` of a dimension is taken from; -1: the constant. */
static int64_t source_of(pad_mode mode, int64_t at, int64_t dim) {
    if (at >= 0 && at < dim)
        return at;
    if (mode == PAD_CONSTANT)
        return -1;
    if (mode == PAD_EDGE)
        return at < 0 ? 0 : dim - 1;
    if (mode == PAD_WRAP)
        return (at % dim + dim) % dim;
    if (dim == 1)
        return 0;
    int64_t period = 2 * (dim - 1), turned = (at % period + period) % period;
    return turned < dim ? turned : period - turned;
}

/* Elements begin .. end - 1 of the row, all outside of the input's, or (in NULL) constants. */
static void pad_row(const pad_run *this, const char *in, char *out, int64_t begin, int64_t end) {
    uint32_t last = this->rank - 1;
    for (int64_t i = begin; i < end; i++) {
        int64_t from = in != NULL ? source_of(this->mode, i - this->before[last], this->in_dim[last]) : -1;
        memcpy(out + (size_t)i * this->size, from < 0 ? this->value : in + (size_t)from * this->size,
            this->size);
    }
}

static int64_t clamp(int64_t value, int64_t high) {
    return value < 0 ? 0 : value > high ? high : value;
}

static void make_row(const pad_run *this, const char *in, char *out) {
    uint32_t last = this->rank - 1;
    int64_t dim = this->out_dim[last], before = this->before[last];
    int64_t begin = clamp(before, dim), end = clamp(before + this->in_dim[last], dim);
    if (in == NULL || end <= begin) {
        pad_row(this, in, out, 0, dim);
        return;
    }
    pad_row(this, in, out, 0, begin);
    memcpy(out + (size_t)begin * this->size, in + (size_t)(begin - before) * this->size,
        (size_t)(end - begin) * this->size);
    pad_row(this, in, out, end, dim);
}

static void make_rows(void *arg, int64_t begin, int64_t end) {
    const pad_run *this = arg;
    for (int64_t row = begin; row < end; row++) {
        int64_t rest = row, in = 0, out = 0;
        bool is_constant = false;
        for (uint32_t i = this->rank - 1; i-- > 0; rest /= this->out_dim[i]) {
            int64_t at = rest % this->out_dim[i];
            int64_t from = source_of(this->mode, at - this->before[i], this->in_dim[i]);
            is_constant = is_constant || from < 0;
            in += from * this->in_step[i];
            out += at * this->out_step[i];
        }
        make_row(this, is_constant ? NULL : this->in + in * (int64_t)this->size,
            this->out + out * (int64_t)this->size);
    }
}

static void add_dimension(pad_run *this, const sy_net_call *call, uint32_t dim) {
    const pad *state = call->state;
    int64_t from[SY_NET_MAX_RANK], to[SY_NET_MAX_RANK];
    uint32_t at = this->rank++;
    sy_net_strides(&call->in[0], from);
    sy_net_strides(&call->out[0], to);
    this->in_dim[at] = call->in[0].dim[dim];
    this->out_dim[at] = call->out[0].dim[dim];
    this->before[at] = state->before[dim];
    this->in_step[at] = from[dim];
    this->out_step[at] = to[dim];
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const pad *state = call->state;
    const sy_net_tensor *out = &call->out[0];
    pad_run this = {.mode = state->mode,
        .size = sy_net_dtype_size(out->dtype),
        .in = call->in[0].data,
        .value = sy_net_call_has(call, 2) ? call->in[2].data : (const char *)state->value,
        .out = out->data};
    int64_t count = sy_net_elements(out);
    (void)err;
    for (uint32_t i = 0; i < out->rank; i++)
        if (!out->is_last || i != 1)
            add_dimension(&this, call, i);
    if (out->is_last)
        add_dimension(&this, call, 1);
    if (out->rank == 0)
        memcpy(this.out, this.in, this.size);
    else if (count > 0)
        sy_team_for(
            call->team, count / this.out_dim[this.rank - 1], this.out_dim[this.rank - 1], make_rows, &this);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Pad", "", 2, 10, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
    {"Pad", "", 11, 0, SY_NET_OP_CHANNELS_LAST, 2, 4, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_pad = {row, sizeof row / sizeof row[0]};
