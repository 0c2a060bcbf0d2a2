#include <string.h>

#include "runtime/model/ops/scatter.h"

sy_status sy_net_reduction_find(const sy_net_call *call, sy_net_reduction *out, sy_error *err) {
    static const char *const name[] = {"none", "add", "mul", "min", "max"};
    const char *wanted = sy_net_attr_text(call->node, "reduction", "none");
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (strcmp(wanted, name[i]) == 0) {
            *out = (sy_net_reduction)i;
            return SY_OK;
        }
    return sy_net_call_fail(
        call, SY_INVALID_ARGUMENT, err, "reduction is '%.40s', must be none, add, mul, min or max", wanted);
}

static double combine(sy_net_reduction reduction, double a, double b) {
    switch (reduction) {
    case SY_NET_ADD: return a + b;
    case SY_NET_MUL: return a * b;
    case SY_NET_MIN: return b < a ? b : a;
    case SY_NET_MAX: return b > a ? b : a;
    default: return b;
    }
}

/* 64-bit integers do not fit into a double; they wrap around. */
static int64_t combine_int(sy_net_reduction reduction, int64_t a, int64_t b) {
    switch (reduction) {
    case SY_NET_ADD: return (int64_t)((uint64_t)a + (uint64_t)b);
    case SY_NET_MUL: return (int64_t)((uint64_t)a * (uint64_t)b);
    case SY_NET_MIN: return b < a ? b : a;
    case SY_NET_MAX: return b > a ? b : a;
    default: return b;
    }
}

void sy_net_reduce(sy_net_reduction reduction, sy_net_tensor *to, int64_t into, const sy_net_tensor *from,
    int64_t at, int64_t count) {
    size_t size = sy_net_dtype_size(to->dtype);
    if (reduction == SY_NET_PUT) {
        memcpy((char *)to->data + (size_t)into * size, (const char *)from->data + (size_t)at * size,
            (size_t)count * size);
    } else if (to->dtype == SY_F32) {
        float *out = (float *)to->data + into;
        const float *in = (const float *)from->data + at;
        for (int64_t i = 0; i < count; i++)
            out[i] = (float)combine(reduction, (double)out[i], (double)in[i]);
    } else if (to->dtype == SY_S64) {
        int64_t *out = (int64_t *)to->data + into;
        const int64_t *in = (const int64_t *)from->data + at;
        for (int64_t i = 0; i < count; i++)
            out[i] = combine_int(reduction, out[i], in[i]);
    } else {
        for (int64_t i = 0; i < count; i++)
            sy_net_set(to, into + i, combine(reduction, sy_net_get(to, into + i), sy_net_get(from, at + i)));
    }
}
