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
    float x[IMAGE], w[WEIGHTS], y[RESULTS];
} problem;

/* One value that tf32 cannot hold. */
static void fill(problem *p) {
    for (int i = 0; i < IMAGE; i++)
        p->x[i] = (float)(i % 7 - 3);
    for (int i = 0; i < WEIGHTS; i++)
        p->w[i] = (float)(i * 5 % 11 - 5);
    p->x[0] = 1.0f + ldexpf(1.0f, -13);
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

/* Run it with an algorithm of that number, or the one that the library names, which is told. */
static sy_status convolve(sy_device *device, problem *p, int *algo, sy_error *err) {
    cambricon_convolution made;
    cambricon_trial_memory memory;
    cambricon_trial_begin(device, &memory);
    sy_status status = cambricon_convolution_make(device, &shape, false, *algo, &made, err);
    if (status == SY_OK) {
        void *x = cambricon_trial_give(&memory, p->x, sizeof p->x);
        void *w = cambricon_trial_give(&memory, p->w, sizeof p->w);
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

sy_status cambricon_try_conv(sy_device *device, cambricon_finding *out_finding, sy_error *err) {
    problem p;
    sy_status status = SY_OK;
    for (int number = 0; number < NUMBERS; number++) {
        p = (problem){.y = {0}};
        fill(&p);
        out_finding->number = number;
        status = convolve(device, &p, &out_finding->number, err);
        if (status == SY_LOST || status == SY_OUT_OF_MEMORY)
            return status;
        bool is_strict = status == SY_OK && is_right(&p, (double)p.x[0]);
        out_finding->is_rounded = status == SY_OK && !is_strict && is_right(&p, 1.0);
        if (is_strict || out_finding->is_rounded)
            return SY_OK;
    }
    if (status == SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "a small convolution comes out wrong with every algorithm");
    return sy_error_prefix(err, status, "no number from 0 to %d is that of an algorithm", NUMBERS - 1);
}
