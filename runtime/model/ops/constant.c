/* Constant and ConstantOfShape: values out of attributes. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* Elements that ConstantOfShape writes in one item of work. */
#define PIECE INT64_C(16384)

/* The attribute that holds the value; NULL if there is none that is known. */
static const sy_net_attr *find_value(const sy_net_node *node) {
    static const char *const name[] = {"value", "value_float", "value_int", "value_floats", "value_ints"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        const sy_net_attr *attr = sy_net_attr_find(node, name[i]);
        if (attr != NULL)
            return attr;
    }
    return NULL;
}

static sy_status infer_constant(sy_net_call *call, sy_error *err) {
    const sy_net_attr *attr = find_value(call->node);
    sy_net_tensor *out = &call->out[0];
    uint32_t kind = attr != NULL ? attr->kind : 0;
    bool is_list = kind == SY_NET_FLOATS || kind == SY_NET_INTS;
    *out = (sy_net_tensor){.rank = is_list ? 1 : 0};
    out->dim[0] = is_list && attr->count <= INT64_MAX ? (int64_t)attr->count : 0;
    if (kind == SY_NET_TENSOR) {
        *out = *attr->tensor;
    } else if (kind == SY_NET_FLOAT || kind == SY_NET_FLOATS) {
        out->dtype = SY_F32;
        /* Borrowed and never written to. */
        out->data = (void *)(uintptr_t)attr->f;
    } else if (kind == SY_NET_INT || kind == SY_NET_INTS) {
        out->dtype = SY_S64;
        out->data = (void *)(uintptr_t)attr->i;
    } else {
        return sy_net_call_fail(call, SY_UNSUPPORTED, err,
            "it must have one of value, value_float(s), value_int(s); texts and sparse values are not done");
    }
    return sy_net_dtype_size(out->dtype) > 0 ? SY_OK
                                             : sy_net_call_fail(call, SY_UNSUPPORTED, err,
                                                   "values of type %s", sy_net_dtype_name(out->dtype));
}

static sy_status run_constant(const sy_net_call *call, sy_error *err) {
    const sy_net_attr *attr = find_value(call->node);
    (void)err;
    const void *value = attr->kind == SY_NET_TENSOR                                 ? attr->tensor->data
                        : attr->kind == SY_NET_FLOAT || attr->kind == SY_NET_FLOATS ? (const void *)attr->f
                                                                                    : (const void *)attr->i;
    size_t bytes = sy_net_bytes(&call->out[0]);
    if (bytes > 0 && call->out[0].data != value)
        memcpy(call->out[0].data, value, bytes);
    return SY_OK;
}

/* The element that fills: f32 0 if the node has none. */
static sy_net_tensor filling(const sy_net_node *node) {
    static const float zero = 0;
    const sy_net_attr *attr = sy_net_attr_find(node, "value");
    if (attr != NULL && attr->kind == SY_NET_TENSOR)
        return *attr->tensor;
    return (sy_net_tensor){.dtype = SY_F32, .data = (void *)(uintptr_t)&zero};
}

static sy_status infer_filled(sy_net_call *call, sy_error *err) {
    sy_net_tensor value = filling(call->node);
    sy_net_list list;
    if (sy_net_elements(&value) != 1 || sy_net_dtype_size(value.dtype) == 0 || value.data == NULL)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute value must be a tensor of one number");
    sy_status status = sy_net_call_list(call, 0, "", &list, err);
    if (status != SY_OK)
        return status;
    if (list.count > SY_NET_MAX_RANK)
        return sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "%zu extents, at most %u are possible", list.count, SY_NET_MAX_RANK);
    call->out[0].dtype = value.dtype;
    call->out[0].rank = (uint32_t)list.count;
    for (size_t i = 0; i < list.count; i++) {
        if (list.item[i] < 0)
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "extent %zu is %lld", i, (long long)list.item[i]);
        call->out[0].dim[i] = list.item[i];
    }
    return SY_OK;
}

typedef struct filled {
    char *out;
    const void *value;
    size_t size;
    int64_t count;
} filled;

static void fill_pieces(void *arg, int64_t begin, int64_t end) {
    const filled *this = arg;
    size_t first = (size_t)(begin * PIECE),
           last = (size_t)(end * PIECE < this->count ? end * PIECE : this->count);
    char *out = this->out + first * this->size;
    size_t bytes = (last - first) * this->size, done = this->size;
    memcpy(out, this->value, done);
    while (done < bytes) { /* what is there already, again; no more at once than the caches hold */
        size_t more = done > 65536 ? 65536 : done;
        more = more < bytes - done ? more : bytes - done;
        memcpy(out + done, out, more);
        done += more;
    }
}

static sy_status run_filled(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_tensor value = filling(call->node);
    filled this = {.out = call->out[0].data,
        .value = value.data,
        .size = sy_net_dtype_size(value.dtype),
        .count = sy_net_elements(&call->out[0])};
    sy_team_for(call->team, (this.count + PIECE - 1) / PIECE, PIECE, fill_pieces, &this);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Constant", "", 1, 0, 0, 0, 0, 1, 1, infer_constant, NULL, run_constant},
    {"ConstantOfShape", "", 9, 0, 0, 1, 1, 1, 1, infer_filled, NULL, run_filled},
};
const sy_net_family sy_net_family_constant = {row, sizeof row / sizeof row[0]};
