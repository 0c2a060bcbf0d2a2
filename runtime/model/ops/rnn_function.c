/* Functions at the gates of recurrent layers. */
#include <strings.h>

#include "runtime/model/ops/rnn.h"

/* A function's name, its kind, which parameters it takes, and their values unless given. */
typedef struct function_row {
    const char *name;
    uint32_t kind;
    bool has_a, has_b;
    float a, b;
} function_row;

static const function_row functions[] = {
    {"Relu", SY_NN_RELU, false, false, 0.0f, 0.0f},
    {"Tanh", SY_NN_TANH, false, false, 0.0f, 0.0f},
    {"Sigmoid", SY_NN_SIGMOID, false, false, 0.0f, 0.0f},
    {"Affine", SY_NN_AFFINE, true, true, 1.0f, 0.0f},
    {"LeakyRelu", SY_NN_LEAKY, true, false, 0.01f, 0.0f},
    {"ThresholdedRelu", SY_NET_RNN_THRESHOLDED, true, false, 1.0f, 0.0f},
    {"ScaledTanh", SY_NET_RNN_SCALED_TANH, true, true, 1.0f, 1.0f},
    {"HardSigmoid", SY_NN_HARD_SIGMOID, true, true, 0.2f, 0.5f},
    {"Elu", SY_NN_ELU, true, false, 1.0f, 1.0f},
    {"Softsign", SY_NN_SOFTSIGN, false, false, 0.0f, 0.0f},
    {"Softplus", SY_NN_SOFTPLUS, false, false, 0.0f, 0.0f},
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
        function->kind = row->kind;
        function->a = row->has_a ? next_of(alpha, &at_alpha, row->a) : row->a;
        function->b = row->has_b ? next_of(beta, &at_beta, row->b) : row->b;
    }
    return SY_OK;
}

void sy_net_rnn_apply(const sy_nn *nn, const sy_net_rnn_function *function, float *x, int64_t count) {
    const float p[SY_NN_PARAMS] = {function->a, function->b}, before[SY_NN_PARAMS] = {function->b, 0.0f},
                after[SY_NN_PARAMS] = {function->a, 0.0f};
    if (function->kind == SY_NET_RNN_THRESHOLDED) {
        for (int64_t i = 0; i < count; i++)
            x[i] = x[i] <= function->a ? 0.0f : x[i];
    } else if (function->kind == SY_NET_RNN_SCALED_TANH) { /* a tanh(b x) */
        nn->map(SY_NN_AFFINE, x, count, before);
        nn->map(SY_NN_TANH, x, count, p);
        nn->map(SY_NN_AFFINE, x, count, after);
    } else {
        nn->map(function->kind, x, count, p);
    }
}
