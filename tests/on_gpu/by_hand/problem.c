/* Fields are looked up by name; what is absent is 0 (or 1, where that is what silence means). */
#include "tests/on_gpu/by_hand/problem.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t bytes;
} types[TYPE_NONE] = {[TYPE_F32] = {"f32", 4},
    [TYPE_F16] = {"f16", 2},
    [TYPE_BF16] = {"bf16", 2},
    [TYPE_S8] = {"s8", 1},
    [TYPE_S32] = {"s32", 4},
    [TYPE_F8E4M3] = {"f8e4m3", 1},
    [TYPE_F8E5M2] = {"f8e5m2", 1}};

size_t type_bytes(type t) {
    return t < TYPE_NONE ? types[t].bytes : 0;
}

/* The value of a field, up to the next comma, as a text of its own; "" if it is not there. */
static void field(const char *text, const char *name, char out[64]) {
    char wanted[32];
    out[0] = '\0';
    for (int i = 0; i < 2 && out[0] == '\0'; i++) {
        snprintf(wanted, sizeof wanted, "%c%s=", i == 0 ? ',' : ':', name);
        const char *at = strstr(text, wanted);
        if (at != NULL) {
            at += strlen(wanted);
            snprintf(out, 64, "%.*s", (int)strcspn(at, ","), at);
        }
    }
}

static int64_t number(const char *text, const char *name, int64_t silent) {
    char value[64];
    field(text, name, value);
    return value[0] != '\0' ? strtoll(value, NULL, 10) : silent;
}

static void numbers(const char *text, const char *name, size_t count, int64_t *out) {
    char value[64];
    field(text, name, value);
    char *at = value;
    for (size_t i = 0; i < count; i++) {
        out[i] = strtoll(at, &at, 10);
        at += *at == 'x';
    }
}

static type next_type(char **at) {
    char *name = strsep(at, ":");
    for (int t = 0; name != NULL && t < TYPE_NONE; t++)
        if (strcmp(name, types[t].name) == 0)
            return (type)t;
    return TYPE_NONE;
}

static void read_gemm(problem *p) {
    p->m = number(p->text, "m", 0);
    p->n = number(p->text, "n", 0);
    p->k = number(p->text, "k", 0);
    p->batch = number(p->text, "batch", 1);
    p->ta = number(p->text, "ta", 0);
    p->tb = number(p->text, "tb", 0);
}

static void read_conv(problem *p) {
    p->images = number(p->text, "n", 0);
    p->channels = number(p->text, "c", 0);
    p->h = number(p->text, "h", 0);
    p->w = number(p->text, "w", 0);
    p->k = number(p->text, "k", 0);
    p->r = number(p->text, "r", 0);
    p->s = number(p->text, "s", 0);
    p->groups = number(p->text, "groups", 1);
    numbers(p->text, "stride", 2, p->stride);
    numbers(p->text, "pad", 4, p->pad);
    numbers(p->text, "dilation", 2, p->dilation);
}

/* Alone what the lists hold: plain products, same padding on both sides. */
static const char *why_not(const problem *p) {
    char value[64];
    field(p->text, "epilogue", value);
    if (strcmp(value, "none") != 0)
        return "an epilogue is not done by hand";
    if (p->a == TYPE_NONE || p->b == TYPE_NONE || p->c == TYPE_NONE)
        return "a type that is not done by hand";
    if (p->is_conv)
        return p->pad[0] == p->pad[2] && p->pad[1] == p->pad[3] ? NULL : "uneven padding is not done by hand";
    field(p->text, "beta", value);
    if (strcmp(value, "0") != 0)
        return "beta is not done by hand";
    return p->ta == 0 && p->tb == 0 ? NULL : "transposed operands are not done by hand";
}

bool problem_read(const char *line, problem *out, char reason[128]) {
    char value[64], *at = value;
    memset(out, 0, sizeof *out);
    const size_t bytes = strcspn(line, " #\n");
    snprintf(out->text, sizeof out->text, "%.*s", (int)bytes, line);
    const char *name = strchr(line, '#');
    if (name != NULL)
        snprintf(out->name, sizeof out->name, "%.*s", (int)strcspn(name + 2, "\n"), name + 2);
    out->is_conv = strncmp(out->text, "conv2d:", 7) == 0;
    if (!out->is_conv && strncmp(out->text, "gemm:", 5) != 0) {
        snprintf(reason, 128, "neither gemm nor conv2d");
        return false;
    }
    field(out->text, "dtype", value);
    out->a = next_type(&at);
    out->b = next_type(&at);
    out->c = next_type(&at);
    field(out->text, "math", value);
    out->is_tf32 = strcmp(value, "tf32") == 0;
    field(out->text, "weights", value);
    out->is_dynamic = strcmp(value, "dynamic") == 0;
    if (out->is_conv)
        read_conv(out);
    else
        read_gemm(out);
    const char *why = why_not(out);
    if (why != NULL)
        snprintf(reason, 128, "%s", why);
    return why == NULL;
}
