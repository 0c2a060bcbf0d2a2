/* Names of ops, epilogues, layouts and kinds as they stand in problem strings. */
#include <string.h>

#include "runtime/op/op.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const epilogue_names[] = {
    [SY_EPILOGUE_NONE] = "none",
    [SY_EPILOGUE_BIAS] = "bias",
    [SY_EPILOGUE_BIAS_RELU] = "bias_relu",
    [SY_EPILOGUE_BIAS_GELU_ERF] = "bias_gelu_erf",
    [SY_EPILOGUE_BIAS_GELU_TANH] = "bias_gelu_tanh",
    [SY_EPILOGUE_BIAS_SILU] = "bias_silu",
    [SY_EPILOGUE_RESIDUAL_RELU] = "residual_relu",
    [SY_EPILOGUE_DEQUANT] = "dequant",
};
static const char *const layout_names[] = {
    [SY_IMAGE_ANY] = "any", [SY_IMAGE_NHWC] = "nhwc", [SY_IMAGE_NCHW] = "nchw"};
static const char *const copy_names[] = {
    [SY_COPY_H2D] = "h2d", [SY_COPY_D2H] = "d2h", [SY_COPY_D2D] = "d2d", [SY_COPY_P2P] = "p2p"};
static const char *const stream_names[] = {
    [SY_STREAM_READ] = "read", [SY_STREAM_TRIAD] = "triad", [SY_STREAM_FILL] = "fill"};
static const char *const weights_names[] = {[SY_WEIGHTS_CONST] = "const", [SY_WEIGHTS_DYNAMIC] = "dynamic"};

/* Numbers without a name, within or beyond the array, are "?". */
static const char *name_of(const char *const *names, size_t count, uint32_t value) {
    return value < count && names[value] != NULL ? names[value] : "?";
}

static bool find_value(const char *const *names, size_t count, const char *name, uint32_t *out_value) {
    for (uint32_t value = 0; value < count; value++) {
        if (names[value] == NULL || strcmp(names[value], name) != 0)
            continue;
        *out_value = value;
        return true;
    }
    return false;
}

const char *sy_spec_op_name(uint32_t op) {
    const sy_op_row *row = sy_op_find(op);
    return row != NULL ? row->name : "?";
}

const char *sy_spec_epilogue_name(uint32_t epilogue) {
    return name_of(epilogue_names, COUNT(epilogue_names), epilogue);
}

const char *sy_spec_layout_name(uint32_t layout) {
    return name_of(layout_names, COUNT(layout_names), layout);
}

const char *sy_spec_copy_name(uint32_t kind) {
    return name_of(copy_names, COUNT(copy_names), kind);
}

const char *sy_spec_stream_name(uint32_t kind) {
    return name_of(stream_names, COUNT(stream_names), kind);
}

const char *sy_spec_weights_name(uint32_t weights) {
    return name_of(weights_names, COUNT(weights_names), weights);
}

bool sy_spec_layout_parse(const char *name, uint32_t *out_layout) {
    return find_value(layout_names, COUNT(layout_names), name, out_layout);
}

bool sy_spec_weights_parse(const char *name, uint32_t *out_weights) {
    return find_value(weights_names, COUNT(weights_names), name, out_weights);
}
