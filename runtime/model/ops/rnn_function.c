/* Functions at the gates of recurrent layers. */
#include <math.h>
#include <strings.h>

#include "kernels/gemm/gemm_math.h"
#include "runtime/model/ops/rnn.h"

static void affine(float *x, int64_t count, float a, float b) {
    for (int64_t i = 0; i < count; i++)
        x[i] = a * x[i] + b;
}

static void relu(float *x, int64_t count, float a, float b) {
    (void)a;
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] < 0.0f ? 0.0f : x[i];
}

static void leaky_relu(float *x, int64_t count, float a, float b) {
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] < 0.0f ? a * x[i] : x[i];
}

static void thresholded_relu(float *x, int64_t count, float a, float b) {
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] <= a ? 0.0f : x[i];
}

static void tanh_line(float *x, int64_t count, float a, float b) {
    (void)a;
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = gemm_tanh(x[i]);
}

static void scaled_tanh(float *x, int64_t count, float a, float b) {
    for (int64_t i = 0; i < count; i++)
        x[i] = a * gemm_tanh(b * x[i]);
}

static void sigmoid(float *x, int64_t count, float a, float b) {
    (void)a;
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = gemm_sigmoid(x[i]);
}

static void hard_sigmoid(float *x, int64_t count, float a, float b) {
    for (int64_t i = 0; i < count; i++) {
        float value = a * x[i] + b;
        x[i] = value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
    }
}

static void elu(float *x, int64_t count, float a, float b) {
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] < 0.0f ? a * expm1f(x[i]) : x[i];
}

static void softsign(float *x, int64_t count, float a, float b) {
    (void)a;
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] / (1.0f + fabsf(x[i]));
}

static void softplus(float *x, int64_t count, float a, float b) {
    (void)a;
    (void)b;
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] > 0.0f ? x[i] + log1pf(expf(-x[i])) : log1pf(expf(x[i]));
}

/* A function's name, which parameters it takes, and their values unless given. */
typedef struct function_row {
    const char *name;
    void (*line)(float *x, int64_t count, float a, float b);
    bool has_a, has_b;
    float a, b;
} function_row;

static const function_row functions[] = {
    {"Relu", relu, false, false, 0.0f, 0.0f},
    {"Tanh", tanh_line, false, false, 0.0f, 0.0f},
    {"Sigmoid", sigmoid, false, false, 0.0f, 0.0f},
    {"Affine", affine, true, true, 1.0f, 0.0f},
    {"LeakyRelu", leaky_relu, true, false, 0.01f, 0.0f},
    {"ThresholdedRelu", thresholded_relu, true, false, 1.0f, 0.0f},
    {"ScaledTanh", scaled_tanh, true, true, 1.0f, 1.0f},
    {"HardSigmoid", hard_sigmoid, true, true, 0.2f, 0.5f},
    {"Elu", elu, true, false, 1.0f, 0.0f},
    {"Softsign", softsign, false, false, 0.0f, 0.0f},
    {"Softplus", softplus, false, false, 0.0f, 0.0f},
};

static const function_row *find_function(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcasecmp(name, functions[i].name) == 0)
            return &functions[i];
    return NULL;
}

/* The next of a list of parameters, `otherwise` where it has ended. */
static float next_of(const sy_net_attr *list, size_t *at, float otherwise) {
    if (list == NULL || list->kind != SY_NET_FLOATS || *at >= list->count)
        return otherwise;
    return list->f[(*at)++];
}

sy_status sy_net_rnn_functions(const sy_net_call *call, const char *const *standard, uint32_t count,
    sy_net_rnn_state *state, sy_error *err) {
    const sy_net_attr *names = sy_net_attr_find(call->node, "activations");
    const sy_net_attr *alpha = sy_net_attr_find(call->node, "activation_alpha");
    const sy_net_attr *beta = sy_net_attr_find(call->node, "activation_beta");
    size_t at_alpha = 0, at_beta = 0, all = count * (size_t)state->directions;
    if (names != NULL && (names->kind != SY_NET_TEXTS || names->count != all))
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute activations must be a list of %zu names", all);
    for (size_t i = 0; i < all; i++) {
        const char *name = names != NULL ? names->text[i] : standard[i % count];
        const function_row *row = find_function(name);
        if (row == NULL)
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "'%s' in attribute activations is not known", name);
        sy_net_rnn_function *function = &state->function[i / count][i % count];
        function->line = row->line;
        function->a = row->has_a ? next_of(alpha, &at_alpha, row->a) : row->a;
        function->b = row->has_b ? next_of(beta, &at_beta, row->b) : row->b;
    }
    return SY_OK;
}
