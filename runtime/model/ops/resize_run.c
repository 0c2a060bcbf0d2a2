/* Resizing on the host: `nearest` copies elements, the others add up rows, one dimension after the other. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/resize.h"

/*
 * Elements in memory: rows of dim[rank - 1] elements, `pitch` from one to the next; axis[] are the dimensions
 * in this order (channels last where the tensor is).
 */
typedef struct lines {
    uint32_t rank;
    int64_t dim[SY_NET_MAX_RANK], pitch;
    const sy_net_resize_axis *axis[SY_NET_MAX_RANK];
} lines;

/* One pass along dimension `at`, or all of them (nearest). */
typedef struct pass {
    lines in, out;
    uint32_t at;
    int64_t inner, row; /* rows below one element of the dimension, elements of a row */
    const char *from;
    char *to;
    size_t size;
    float extrapolation;
    bool may_be_outside;
    const char *outside; /* nearest: one element */
} pass;

static int64_t count_rows(const lines *this) {
    int64_t count = 1;
    for (uint32_t i = 0; i + 1 < this->rank; i++)
        count *= this->dim[i];
    return count;
}

static lines lines_of(const sy_net_resize *state, const sy_net_tensor *tensor) {
    lines this = {.rank = tensor->rank};
    for (uint32_t i = 0; i < tensor->rank; i++) {
        uint32_t from = !tensor->is_last || i == 0 ? i : i + 1 < tensor->rank ? i + 1 : 1;
        this.dim[i] = tensor->dim[from];
        this.axis[i] = &state->axis[from];
    }
    this.pitch = tensor->is_last ? tensor->pitch : this.dim[tensor->rank - 1];
    return this;
}

/* Row `row` of a result of `nearest`: where in the input it comes from; -1: outside. */
static int64_t source_row(const pass *this, int64_t row) {
    int64_t from = 0, step = 1;
    for (uint32_t i = this->in.rank - 1; i-- > 0; row /= this->out.dim[i]) {
        int64_t at = row % this->out.dim[i];
        int64_t index = this->in.axis[i]->is_same ? at : this->in.axis[i]->index[at];
        if (index < 0)
            return -1;
        from += index * step;
        step *= this->in.dim[i];
    }
    return from;
}

static void pick_row(const pass *this, const char *in, char *out) {
    const sy_net_resize_axis *axis = this->in.axis[this->in.rank - 1];
    if (this->size == 4 && this->outside == NULL) {
        for (int64_t j = 0; j < axis->out; j++)
            memcpy(out + j * 4, in + (int64_t)axis->index[j] * 4, 4);
        return;
    }
    for (int64_t j = 0; j < axis->out; j++) {
        int32_t index = in != NULL ? axis->index[j] : -1;
        memcpy(out + (size_t)j * this->size, index < 0 ? this->outside : in + (size_t)index * this->size,
            this->size);
    }
}

static void pick_rows(void *arg, int64_t begin, int64_t end) {
    const pass *this = arg;
    const sy_net_resize_axis *axis = this->in.axis[this->in.rank - 1];
    int64_t width = this->out.dim[this->out.rank - 1];
    for (int64_t row = begin; row < end; row++) {
        int64_t from = source_row(this, row);
        const char *in = from < 0 ? NULL : this->from + (size_t)(from * this->in.pitch) * this->size;
        char *out = this->to + (size_t)(row * this->out.pitch) * this->size;
        if (!axis->is_same)
            pick_row(this, in, out);
        else if (in != NULL)
            memcpy(out, in, (size_t)width * this->size);
        for (int64_t j = 0; j < width && axis->is_same && in == NULL; j++)
            memcpy(out + (size_t)j * this->size, this->outside, this->size);
    }
}

/* Whether a table points outside; only then is there an element for it. */
static bool has_outside(const sy_net_resize *state) {
    return state->rule.coordinate == SY_NET_TF_CROP_AND_RESIZE;
}

static sy_status run_nearest(const sy_net_call *call) {
    const sy_net_resize *state = call->state;
    const sy_net_tensor *in = &call->in[0], *out = &call->out[0];
    int64_t element[1] = {0};
    sy_net_tensor outside = {.dtype = in->dtype, .data = element};
    sy_net_set(&outside, 0, (double)state->rule.extrapolation);
    pass this = {.in = lines_of(state, in),
        .out = lines_of(state, out),
        .from = in->data,
        .to = out->data,
        .size = sy_net_dtype_size(in->dtype),
        .outside = has_outside(state) ? (const char *)element : NULL};
    sy_team_for(call->team, count_rows(&this.out), this.out.dim[out->rank - 1], pick_rows, &this);
    return SY_OK;
}

/* out = sum of weighted rows. */
static void add_rows(
    const pass *this, const sy_net_resize_axis *axis, int64_t j, const float *in, float *out) {
    int64_t step = this->inner * this->in.pitch, row = this->row;
    const int32_t *index = axis->index + j * axis->taps;
    const float *weight = axis->weight + j * axis->taps;
    const float *a = in + index[0] * step, *b = in + index[1] * step;
    float u = weight[0], v = weight[1];
    for (int64_t x = 0; x < row; x++)
        out[x] = u * a[x] + v * b[x];
    for (int64_t t = 2; t < axis->taps; t++) {
        a = in + index[t] * step;
        u = weight[t];
        for (int64_t x = 0; x < row; x++)
            out[x] += u * a[x];
    }
}

static void fill(float *out, int64_t count, float value) {
    for (int64_t x = 0; x < count; x++)
        out[x] = value;
}

/* Items: elements of the dimension, each of `inner` rows. */
static void resize_outer(void *arg, int64_t begin, int64_t end) {
    const pass *this = arg;
    const sy_net_resize_axis *axis = this->in.axis[this->at];
    for (int64_t item = begin; item < end; item++) {
        int64_t outer = item / axis->out, j = item % axis->out;
        const float *in = (const float *)this->from + outer * axis->in * this->inner * this->in.pitch;
        float *out = (float *)this->to + item * this->inner * this->out.pitch;
        for (int64_t q = 0; q < this->inner; q++, in += this->in.pitch, out += this->out.pitch) {
            if (axis->index[j * axis->taps] < 0)
                fill(out, this->row, this->extrapolation);
            else
                add_rows(this, axis, j, in, out);
        }
    }
}

/* One row along its own dimension. */
static void resize_along(const pass *this, const sy_net_resize_axis *axis, const float *in, float *out) {
    for (int64_t j = 0; j < axis->out; j++) {
        const int32_t *index = axis->index + j * axis->taps;
        const float *weight = axis->weight + j * axis->taps;
        float sum = index[0] < 0 ? this->extrapolation : 0;
        for (int64_t t = 0; t < axis->taps && index[0] >= 0; t++)
            sum += weight[t] * in[index[t]];
        out[j] = sum;
    }
}

/* The same with two taps, none of them outside. */
static void resize_linear(const sy_net_resize_axis *axis, const float *in, float *out) {
    const int32_t *index = axis->index;
    const float *weight = axis->weight;
    for (int64_t j = 0; j < axis->out; j++)
        out[j] = weight[2 * j] * in[index[2 * j]] + weight[2 * j + 1] * in[index[2 * j + 1]];
}

/* Items: rows; the dimension is the row itself. */
static void resize_row(void *arg, int64_t begin, int64_t end) {
    const pass *this = arg;
    const sy_net_resize_axis *axis = this->in.axis[this->at];
    for (int64_t row = begin; row < end; row++) {
        const float *in = (const float *)this->from + row * this->in.pitch;
        float *out = (float *)this->to + row * this->out.pitch;
        if (axis->taps == 2 && !this->may_be_outside)
            resize_linear(axis, in, out);
        else
            resize_along(this, axis, in, out);
    }
}

static void run_pass(const sy_net_call *call, pass *this) {
    const sy_net_resize_axis *axis = this->in.axis[this->at];
    uint32_t last = this->in.rank - 1;
    this->inner = 1;
    this->row = this->in.dim[last];
    if (this->at == last) {
        sy_team_for(call->team, count_rows(&this->out), axis->out * axis->taps, resize_row, this);
        return;
    }
    for (uint32_t i = this->at + 1; i < last; i++)
        this->inner *= this->in.dim[i];
    if (this->in.pitch == this->row && this->out.pitch == this->row) {
        this->row *= this->inner;
        this->inner = 1;
        this->in.pitch = this->out.pitch = this->row;
    }
    int64_t items = axis->out;
    for (uint32_t i = 0; i < this->at; i++)
        items *= this->in.dim[i];
    sy_team_for(call->team, items, this->inner * this->row * axis->taps, resize_outer, this);
}

/* The dimensions to resize, those that become smaller first: nothing on the way is larger than both ends. */
static uint32_t order_passes(const lines *this, uint32_t order[SY_NET_MAX_RANK]) {
    uint32_t count = 0;
    for (uint32_t i = this->rank; i-- > 0;) {
        if (this->axis[i]->is_same)
            continue;
        double growth = (double)this->axis[i]->out / (double)this->axis[i]->in;
        uint32_t at = count++;
        for (; at > 0; at--) {
            const sy_net_resize_axis *other = this->axis[order[at - 1]];
            if ((double)other->out / (double)other->in <= growth)
                break;
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    return count;
}

static size_t largest(const sy_net_call *call) {
    int64_t in = sy_net_elements(&call->in[0]), out = sy_net_elements(&call->out[0]);
    size_t count = (size_t)(in > out ? in : out);
    return (count + 15) / 16 * 16; /* both halves begin aligned */
}

size_t sy_net_resize_scratch(const sy_net_call *call) {
    const sy_net_resize *state = call->state;
    return state->rule.mode == SY_NET_RESIZE_NEAREST ? 0 : largest(call) * 2 * sizeof(float);
}

/* Elements of any type to f32, packed; or back. */
static void convert(const sy_net_tensor *tensor, const lines *shape, float *packed, bool is_back) {
    int64_t rows = count_rows(shape), row = shape->dim[shape->rank - 1];
    sy_net_tensor target = *tensor;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t x = 0; x < row; x++) {
            if (is_back)
                sy_net_set(&target, i * shape->pitch + x, (double)packed[i * row + x]);
            else
                packed[i * row + x] = (float)sy_net_get(tensor, i * shape->pitch + x);
        }
}

static void run_passes(const sy_net_call *call, const lines *first, const lines *last, const float *from,
    float *to, float *half[2]) {
    const sy_net_resize *state = call->state;
    uint32_t order[SY_NET_MAX_RANK], count = order_passes(first, order), at = from == half[0] ? 1 : 0;
    pass this = {
        .in = *first, .extrapolation = state->rule.extrapolation, .may_be_outside = has_outside(state)};
    lines shape = *first;
    for (uint32_t i = 0; i < count; i++) {
        shape.dim[order[i]] = first->axis[order[i]]->out;
        shape.pitch = i + 1 == count ? last->pitch : shape.dim[shape.rank - 1];
        this.out = shape;
        this.at = order[i];
        this.from = (const char *)from;
        this.to = (char *)(i + 1 == count ? to : half[at]);
        run_pass(call, &this);
        this.in = shape;
        from = half[at];
        at = 1 - at;
    }
}

static void copy_rows(const lines *in, const lines *out, const char *from, char *to, size_t size) {
    int64_t rows = count_rows(in), row = in->dim[in->rank - 1];
    for (int64_t i = 0; i < rows; i++)
        memcpy(
            to + (size_t)(i * out->pitch) * size, from + (size_t)(i * in->pitch) * size, (size_t)row * size);
}

sy_status sy_net_resize_run(const sy_net_call *call, sy_error *err) {
    const sy_net_resize *state = call->state;
    const sy_net_tensor *in = &call->in[0], *out = &call->out[0];
    lines first = lines_of(state, in), last = lines_of(state, out);
    uint32_t order[SY_NET_MAX_RANK];
    float *half[2] = {call->scratch, NULL};
    (void)err;
    if (sy_net_elements(out) == 0)
        return SY_OK;
    if (order_passes(&first, order) == 0) {
        copy_rows(&first, &last, in->data, out->data, sy_net_dtype_size(in->dtype));
        return SY_OK;
    }
    if (state->rule.mode == SY_NET_RESIZE_NEAREST)
        return run_nearest(call);
    half[1] = half[0] + largest(call);
    if (in->dtype == SY_F32) {
        run_passes(call, &first, &last, in->data, out->data, half);
        return SY_OK;
    }
    lines packed = first, result = last;
    packed.pitch = packed.dim[packed.rank - 1];
    result.pitch = result.dim[result.rank - 1];
    convert(in, &first, half[0], false);
    /* Passes go to and fro between the halves; the last one ends in the half its input is not in. */
    float *end = order_passes(&first, order) % 2 == 1 ? half[1] : half[0];
    run_passes(call, &packed, &result, half[0], end, half);
    convert(out, &last, end, true);
    return SY_OK;
}
