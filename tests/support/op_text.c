#include "tests/support/op_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST_ATTRS 12u

/* Elements between the channels of one pixel and the next. */
#define GAP 3

static const uint32_t types[] = {
    SY_F32, SY_F64, SY_F16, SY_BF16, SY_S8, SY_U8, SY_S16, SY_U16, SY_S32, SY_U32, SY_S64, SY_U64, SY_BOOL};

static void *take(sy_net_arena *arena, size_t bytes) {
    void *memory = sy_net_arena_alloc(arena, bytes);
    assert_non_null(memory);
    return memory;
}

static uint32_t find_type(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const char *known = sy_net_dtype_name(types[i]);
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return types[i];
    }
    fail_msg("no type in '%s'", name);
    return 0;
}

bool op_text_tensor(sy_net_arena *arena, const char *text, sy_net_tensor *out) {
    bool is_constant = text[0] == '@';
    const char *name = text + is_constant, *at = strchr(name, '[');
    if (at == NULL)
        fail_msg("no extents in '%s'", text);
    *out = (sy_net_tensor){.dtype = find_type(name, (size_t)(at - name))};
    for (at++; *at != ']'; at += *at == ',')
        out->dim[out->rank++] = strtoll(at, (char **)(uintptr_t)&at, 10);
    int64_t count = sy_net_elements(out);
    out->data = take(arena, sy_net_bytes(out));
    at++;
    double value = 0;
    for (int64_t i = 0; i < count; i++) {
        char *end = NULL;
        double next = strtod(at, &end);
        int64_t whole = strtoll(at, NULL, 10);
        bool is_more = end != at && *at != '\0' && *at != '}';
        value = is_more ? next : value;
        sy_net_set(out, i, value);
        if (is_more && out->dtype == SY_S64) /* beyond what a double holds */
            ((int64_t *)out->data)[i] = whole;
        at = is_more ? end : at;
    }
    return is_constant;
}

static void parse_numbers(sy_net_arena *arena, const char *text, sy_net_attr *attr) {
    bool is_list = text[0] == '[', is_float = strpbrk(text, ".n") != NULL;
    const char *at = text + is_list;
    int64_t *whole = take(arena, 64 * sizeof *whole);
    float *number = take(arena, 64 * sizeof *number);
    for (; *at != '\0' && *at != ']' && attr->count < 64; at += *at == ',') {
        whole[attr->count] = strtoll(at, NULL, 10);
        number[attr->count++] = strtof(at, (char **)(uintptr_t)&at);
    }
    attr->kind = is_float ? (is_list ? SY_NET_FLOATS : SY_NET_FLOAT) : (is_list ? SY_NET_INTS : SY_NET_INT);
    attr->f = is_float ? number : NULL;
    attr->i = is_float ? NULL : whole;
}

static void parse_value(sy_net_arena *arena, char *text, sy_net_attr *attr) {
    if (text[0] == '{') {
        sy_net_tensor *tensor = take(arena, sizeof *tensor);
        op_text_tensor(arena, text + 1, tensor);
        *attr = (sy_net_attr){.name = attr->name, .kind = SY_NET_TENSOR, .count = 1, .tensor = tensor};
    } else if (strchr("-0123456789[", text[0]) != NULL && text[0] != '\0') {
        parse_numbers(arena, text, attr);
    } else {
        const char **list = take(arena, sizeof *list);
        list[0] = text;
        *attr = (sy_net_attr){.name = attr->name, .kind = SY_NET_TEXT, .count = 1, .text = list};
    }
}

sy_net_attr *op_text_attrs(sy_net_arena *arena, const char *text, uint32_t *out_count) {
    sy_net_attr *attr = take(arena, MOST_ATTRS * sizeof *attr);
    *out_count = 0;
    if (text == NULL)
        return attr;
    char *at = sy_net_arena_text(arena, text, strlen(text));
    assert_non_null(at);
    while (at != NULL && *at != '\0') {
        char *value = strchr(at, '=');
        assert_non_null(value);
        assert_true(*out_count < MOST_ATTRS);
        *value++ = '\0';
        char *end = strchr(value[0] == '{' ? strchr(value, '}') : value, ' ');
        if (end != NULL)
            *end++ = '\0';
        attr[*out_count].name = at;
        parse_value(arena, value, &attr[(*out_count)++]);
        at = end;
    }
    return attr;
}

/* One row under way. */
typedef struct attempt {
    const op_text *row;
    sy_net_arena arena;
    sy_net_node node;
    sy_net_tensor in[OP_TEXT_PORTS], seen[OP_TEXT_PORTS], out[OP_TEXT_PORTS], wanted[OP_TEXT_PORTS];
    sy_net_call call;
    sy_error err;
    uint32_t type;
} attempt;

static void parse_port(attempt *this, const char *text, sy_net_tensor *out, bool *out_constant) {
    char name[512];
    *out_constant = false;
    if (strcmp(text, "-") == 0)
        return;
    const char *place = strchr(text, 'T');
    if (place != NULL) {
        snprintf(name, sizeof name, "%.*s%s%s", (int)(place - text), text, sy_net_dtype_name(this->type),
            place + 1);
        text = name;
    }
    *out_constant = op_text_tensor(&this->arena, text, out);
}

static void begin(attempt *this, const op_text *row, uint32_t type) {
    *this = (attempt){.row = row, .err = SY_ERROR_INIT, .type = type};
    sy_net_node *node = &this->node;
    node->op = sy_net_op_find("", row->op, row->opset);
    if (node->op == NULL)
        fail_msg("no operator %s of opset %u", row->op, row->opset);
    node->name = "tried";
    node->opset = row->opset;
    node->attr = op_text_attrs(&this->arena, row->attr, &node->n_attr);
    node->out = take(&this->arena, OP_TEXT_PORTS * sizeof *node->out);
    for (bool is_constant; node->n_in < OP_TEXT_PORTS && row->in[node->n_in] != NULL; node->n_in++) {
        uint32_t i = node->n_in;
        parse_port(this, row->in[i], &this->in[i], &is_constant);
        this->seen[i] = this->in[i];
        if (!is_constant)
            this->seen[i].data = NULL;
    }
    for (bool is_constant; node->n_out < OP_TEXT_PORTS && row->out[node->n_out] != NULL; node->n_out++)
        parse_port(this, row->out[node->n_out], &this->wanted[node->n_out], &is_constant);
    if (row->status != SY_OK && node->n_out == 0)
        node->n_out = 1;
    this->call = (sy_net_call){.node = node,
        .in = this->seen,
        .out = this->out,
        .n_in = node->n_in,
        .n_out = node->n_out,
        .arena = &this->arena};
}

static void fail_row(const attempt *this, const char *what) {
    fail_msg("%s (opset %u, %s; %s): %s: %s", this->row->op, this->row->opset,
        this->row->attr != NULL ? this->row->attr : "", this->row->in[0] != NULL ? this->row->in[0] : "",
        what, this->err.text);
}

static bool is_near(double a, double b) {
    return (isnan(a) && isnan(b)) || a == b || fabs(a - b) <= 1e-5 * fmax(1, fabs(a));
}

/* Where element `index` (row-major) lies. */
static int64_t place_of(const sy_net_tensor *tensor, int64_t index) {
    if (!tensor->is_last)
        return index;
    int64_t pixels = 1;
    for (uint32_t i = 2; i < tensor->rank; i++)
        pixels *= tensor->dim[i];
    int64_t pixel = index % pixels, channel = index / pixels % tensor->dim[1];
    return (index / pixels / tensor->dim[1] * pixels + pixel) * tensor->pitch + channel;
}

static int64_t room_of(const sy_net_tensor *tensor) {
    int64_t count = sy_net_elements(tensor);
    return tensor->is_last && count > 0 ? count / tensor->dim[1] * tensor->pitch : count;
}

/* A tensor in memory of its own, elements copied from `packed` (NULL: not), laid out as asked. */
static sy_net_tensor place(const sy_net_tensor *shape, const sy_net_tensor *packed, bool is_last) {
    sy_net_tensor tensor = *shape;
    size_t size = sy_net_dtype_size(shape->dtype);
    tensor.is_last = is_last && shape->rank >= 3 && shape->rank <= 5 && shape->dtype != 0;
    tensor.pitch = tensor.is_last ? shape->dim[1] + GAP : 0;
    if (shape->dtype == 0)
        return tensor;
    size_t bytes = (size_t)room_of(&tensor) * size;
    tensor.data = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(tensor.data);
    memset(tensor.data, 0x5a, bytes);
    for (int64_t i = 0; i < sy_net_elements(shape) && packed != NULL; i++)
        memcpy((char *)tensor.data + (size_t)place_of(&tensor, i) * size,
            (char *)packed->data + (size_t)i * size, size);
    return tensor;
}

static void compare(const attempt *this, const sy_net_tensor *found) {
    for (uint32_t i = 0; i < this->node.n_out; i++) {
        const sy_net_tensor *wanted = &this->wanted[i];
        for (int64_t k = 0; k < sy_net_elements(wanted) && wanted->dtype != 0; k++) {
            double a = sy_net_get(wanted, k), b = sy_net_get(&found[i], place_of(&found[i], k));
            if (!is_near(a, b))
                fail_msg("%s (opset %u, %s; %s): output %u, element %lld is %g, must be %g", this->row->op,
                    this->row->opset, this->row->attr != NULL ? this->row->attr : "", this->row->in[0], i,
                    (long long)k, b, a);
        }
    }
}

static sy_status run(attempt *this, const sy_team *team, bool is_last, bool is_compared) {
    sy_net_tensor in[OP_TEXT_PORTS], out[OP_TEXT_PORTS];
    sy_net_call call = this->call;
    for (uint32_t i = 0; i < this->node.n_in; i++)
        in[i] = place(&this->in[i], &this->in[i], is_last);
    for (uint32_t i = 0; i < this->node.n_out; i++)
        out[i] = place(&this->out[i], NULL, is_last);
    call.in = in;
    call.out = out;
    call.team = team;
    size_t scratch = this->node.op->scratch_bytes != NULL ? this->node.op->scratch_bytes(&call) : 0;
    call.scratch = scratch > 0 ? malloc(scratch) : NULL;
    sy_status status = this->node.op->run(&call, &this->err);
    if (is_compared && status != SY_OK)
        fail_row(this, "run");
    if (is_compared)
        compare(this, out);
    free(call.scratch);
    for (uint32_t i = 0; i < this->node.n_in; i++)
        free(in[i].data);
    for (uint32_t i = 0; i < this->node.n_out; i++)
        free(out[i].data);
    return status;
}

/* Shares of three, the last one first. */
static void in_shares(void *ctx, int64_t count, sy_team_fn *fn, void *arg) {
    (void)ctx;
    for (int64_t i = 2; i >= 0; i--)
        fn(arg, count * i / 3, count * (i + 1) / 3);
}

static void try_run(attempt *this) {
    sy_team team = {.threads = 3, .parallel = in_shares};
    for (uint32_t i = 0; i < this->node.n_out; i++) {
        if (strcmp(this->row->out[i], "-") == 0)
            this->out[i] = (sy_net_tensor){0};
        else if (this->out[i].dtype != this->wanted[i].dtype ||
                 !sy_net_same_shape(&this->out[i], &this->wanted[i]))
            fail_row(this, "extents or type of an output");
    }
    run(this, NULL, false, true);
    run(this, &team, false, true);
    if ((this->node.op->flags & SY_NET_OP_CHANNELS_LAST) != 0)
        run(this, NULL, true, true);
}

static void try_row(const op_text *row, uint32_t type) {
    attempt this;
    begin(&this, row, type);
    sy_status status = this.node.op->infer(&this.call, &this.err);
    for (uint32_t i = 0; i < this.node.n_out && status == SY_OK; i++)
        status = sy_net_tensor_check(&this.out[i], &this.err);
    if (row->status == SY_OK && status != SY_OK)
        fail_row(&this, "infer");
    if (row->status == SY_OK)
        try_run(&this);
    else if (status == SY_OK)
        status = run(&this, NULL, false, false);
    if (status != row->status || (row->words != NULL && strstr(this.err.text, row->words) == NULL))
        fail_row(&this, "another outcome");
    sy_net_arena_release(&this.arena);
}

void op_text_try(const op_text *row, size_t count) {
    for (size_t i = 0; i < count; i++)
        try_row(&row[i], SY_F32);
}

void op_text_try_types(const op_text *row, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
            try_row(&row[i], types[k]);
}
