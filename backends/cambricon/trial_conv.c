/* The trial of convolutions: which number the algorithm has. */
#include <math.h>

#include "backends/cambricon/convolution.h"
#include "backends/cambricon/trial_memory.h"
#include "runtime/base/error.h"

/* One image of 4 x 4 with 8 channels, 4 filters of 3 x 3, padded by one. */
enum { SIDE = 4, CHANNELS = 8, FILTERS = 4, WINDOW = 3 };
enum { IMAGE = SIDE * SIDE * CHANNELS, WEIGHTS = FILTERS * WINDOW * WINDOW * CHANNELS };
enum { RESULTS = SIDE * SIDE * FILTERS, NUMBERS = 4 };

static const sy_card_convolution shape = {.n = 1,
    .c = CHANNELS,
    .h = SIDE,
    .w = SIDE,
    .k = FILTERS,
    .r = WINDOW,
    .s = WINDOW,
    .p = SIDE,
    .q = SIDE,
    .groups = 1,
    .stride = {1, 1},
    .dilation = {1, 1},
    .pad_lo = {1, 1},
    .pad_hi = {1, 1},
    .x_dtype = SY_F32,
    .w_dtype = SY_F32,
    .y_dtype = SY_F32,
    .is_nhwc = true,
    .epilogue = {SY_NO_OPERAND, SY_NO_OPERAND, SY_NO_OPERAND, SY_NO_OPERAND, SY_CARD_NO_ACTIVATION}};

typedef struct problem {
    uint32_t dtype; /* of x and w; y is of f32 */
    float x[IMAGE], w[WEIGHTS], y[RESULTS];
} problem;

/* In f32 one value that tf32 cannot hold, in s8 the least one. */
static void fill(problem *p, uint32_t dtype) {
    *p = (problem){.dtype = dtype};
    for (int i = 0; i < IMAGE; i++)
        p->x[i] = (float)(i % 7 - 3);
    for (int i = 0; i < WEIGHTS; i++)
        p->w[i] = (float)(i * 5 % 11 - 5);
    p->x[0] = dtype == SY_F32 ? 1.0f + ldexpf(1.0f, -13) : -128.0f;
}

/* One result where x[0] is taken for `first`. */
static double result(const problem *p, int row, int column, int filter, double first) {
    double sum = 0.0;
    for (int i = 0; i < WINDOW * WINDOW * CHANNELS; i++) {
        int y = row + i / (WINDOW * CHANNELS) - 1, x = column + i / CHANNELS % WINDOW - 1;
        int at = (y * SIDE + x) * CHANNELS + i % CHANNELS;
        if (y >= 0 && y < SIDE && x >= 0 && x < SIDE)
            sum +=
                (at == 0 ? first : (double)p->x[at]) * (double)p->w[filter * WINDOW * WINDOW * CHANNELS + i];
    }
    return sum;
}

static bool is_right(const problem *p, double first) {
    for (int i = 0; i < RESULTS; i++) {
        int pixel = i / FILTERS;
        if ((double)p->y[i] != result(p, pixel / SIDE, pixel % SIDE, i % FILTERS, first))
            return false;
    }
    return true;
}

/* Whole numbers, but for what is of f32. */
static void *give(cambricon_trial_memory *memory, uint32_t dtype, const float *values, size_t count) {
    int8_t bytes[WEIGHTS > IMAGE ? WEIGHTS : IMAGE];
    if (dtype == SY_F32)
        return cambricon_trial_give(memory, values, count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        bytes[i] = (int8_t)values[i];
    return cambricon_trial_give(memory, bytes, count);
}

/* Run it with an algorithm of that number, or the one that the library names, which is told. */
static sy_status convolve(sy_device *device, problem *p, int *algo, sy_error *err) {
    cambricon_convolution made;
    cambricon_trial_memory memory;
    sy_card_convolution conv = shape;
    conv.x_dtype = conv.w_dtype = p->dtype;
    cambricon_trial_begin(device, &memory);
    sy_status status = cambricon_convolution_make(device, &conv, false, *algo, &made, err);
    if (status == SY_OK) {
        void *x = give(&memory, p->dtype, p->x, IMAGE);
        void *w = give(&memory, p->dtype, p->w, WEIGHTS);
        void *y = cambricon_trial_give(&memory, p->y, sizeof p->y);
        void *workspace = cambricon_trial_give(&memory, NULL, made.workspace_bytes);
        if (memory.code == 0)
            memory.code = cambricon_convolution_run(
                device, cambricon_device_of(device)->asker, &made, x, w, NULL, y, workspace);
        cambricon_trial_take(&memory, p->y, y, sizeof p->y);
        int code = cambricon_trial_end(&memory);
        if (code != 0)
            status = sy_card_code_error(device, code, err, "a convolution");
    }
    *algo = made.algo;
    cambricon_convolution_free(device, &made);
    return status;
}

/* Of several refusals the one that says "not supported" is of the right number, more likely than one that
 * finds an argument wrong. */
static sy_status refuse(sy_status status, const sy_error *refusal, sy_error *err) {
    if (refusal->text[0] != '\0')
        return sy_error_set(err, SY_UNSUPPORTED, "%s", refusal->text);
    if (status == SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "a small convolution comes out wrong with every algorithm");
    return sy_error_prefix(err, status, "no number from 0 to %d is that of an algorithm", NUMBERS - 1);
}

sy_status cambricon_try_conv(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err) {
    problem p;
    sy_status status = SY_OK;
    sy_error refusal = SY_ERROR_INIT;
    for (int number = 0; number < NUMBERS; number++) {
        fill(&p, question == CAMBRICON_CONV_S8 ? SY_S8 : SY_F32);
        out_finding->number = number;
        status = convolve(device, &p, &out_finding->number, err);
        if (status == SY_LOST || status == SY_OUT_OF_MEMORY)
            return status;
        if (status == SY_UNSUPPORTED)
            refusal = *err;
        bool is_strict = status == SY_OK && is_right(&p, (double)p.x[0]);
        out_finding->is_rounded = status == SY_OK && !is_strict && p.dtype == SY_F32 && is_right(&p, 1.0);
        if (is_strict || out_finding->is_rounded)
            return SY_OK;
    }
    return refuse(status, &refusal, err);
}
