/* Which of its two modes a DNN library leaves the filter as it is in, and whether its numbers are cuDNN's. */
#include <string.h>

#include "backends/cuda_family/compute.h"
#include "backends/cuda_family/dnn_objects.h"
#include "backends/cuda_family/probe.h"
#include "backends/cuda_family/words.h"
#include "runtime/base/error.h"

/* An image of 4 x 4 and a filter of 2 x 2 that is not the same when it is turned over. */
enum { IMAGE = 4, FILTER = 2, RESULT = IMAGE - FILTER + 1 };
enum { BEHIND = 1024 }; /* bytes of the third array that the result has; the workspace has the rest */

static void make(float image[IMAGE * IMAGE], float filter[IMAGE * IMAGE], float result[RESULT * RESULT]) {
    static const float weights[FILTER * FILTER] = {1.0f, -2.0f, 3.0f, 5.0f};
    memset(filter, 0, sizeof(float) * IMAGE * IMAGE);
    memcpy(filter, weights, sizeof weights);
    for (int i = 0; i < IMAGE * IMAGE; i++)
        image[i] = (float)(4097 + 2 * (i * 37 % 100));
    for (int p = 0; p < RESULT; p++)
        for (int q = 0; q < RESULT; q++) {
            float sum = 0.0f;
            for (int i = 0; i < FILTER * FILTER; i++)
                sum += weights[i] * image[(p + i / FILTER) * IMAGE + q + i % FILTER];
            result[p * RESULT + q] = sum;
        }
}

/* Its own words for why not are in `err`, or it has only its code. */
static int launch(const cf_probe *probe, cf_dnn_objects *objects, sy_error *err) {
    sy_device *device = probe->device;
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    cf_dnn_choice choices[CF_DNN_CHOICES];
    const float one = 1.0f, zero = 0.0f;
    uint32_t count = 0;
    sy_status status = cf_dnn_choices(device, objects, choices, &count, err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        if (choices[i].workspace_bytes <= probe->count * sizeof(float) - BEHIND)
            return api->ConvolutionForward(cf_device_of(device)->dnn, &one, objects->x, probe->address[0],
                objects->w, probe->address[1], objects->conv, choices[i].algo,
                (char *)probe->address[2] + BEHIND, choices[i].workspace_bytes, &zero, objects->y,
                probe->address[2]);
    return -1;
}

static cf_outcome attempt(const cf_probe *probe, int mode, const float *wanted, sy_error *err) {
    sy_device *device = probe->device;
    const sy_card_convolution conv = {.n = 1,
        .c = 1,
        .h = IMAGE,
        .w = IMAGE,
        .k = 1,
        .r = FILTER,
        .s = FILTER,
        .p = RESULT,
        .q = RESULT,
        .groups = 1,
        .stride = {1, 1},
        .dilation = {1, 1},
        .x_dtype = SY_F32,
        .w_dtype = SY_F32,
        .y_dtype = SY_F32,
        .epilogue = {SY_NO_OPERAND, SY_NO_OPERAND, SY_NO_OPERAND, SY_NO_OPERAND, SY_CARD_NO_ACTIVATION}};
    cf_dnn_objects objects;
    cf_device_of(device)->dnn_mode = mode;
    int code = cf_probe_clear(probe);
    bool is_made = cf_dnn_objects_make(device, &conv, false, &objects, err) == SY_OK;
    if (code == 0)
        code = is_made ? launch(probe, &objects, err) : -1;
    if (code != 0)
        cf_forget_error(cf_libraries_of(device));
    cf_outcome outcome = cf_probe_compare(probe, wanted, RESULT * RESULT, 256.0);
    cf_dnn_objects_free(device, &objects);
    return code != 0 ? CF_REFUSED : outcome;
}

static void find(const cf_probe *probe, const cf_dnn_row *row, const float *wanted) {
    static const char *const words[] = {"right", "rounded", "wrong", "refused"};
    cf_device *own = cf_device_of(probe->device);
    const int modes[2] = {row->cross_correlation, 1 - row->cross_correlation};
    cf_outcome outcome[2];
    sy_error reason = SY_ERROR_INIT;
    for (int i = 0; i < 2; i++) {
        outcome[i] = attempt(probe, modes[i], wanted, &reason);
        if (outcome[i] == CF_RIGHT || outcome[i] == CF_ROUNDED)
            return;
    }
    own->dnn_status = SY_UNSUPPORTED;
    sy_error_set(&own->dnn_reason, SY_UNSUPPORTED,
        "%s: a small convolution by cuDNN's numbers is %s in mode %d and %s in mode %d: the library goes by "
        "others%s%s",
        row->library.option, words[outcome[0]], modes[0], words[outcome[1]], modes[1],
        reason.text[0] != '\0' ? "; " : "", reason.text);
}

sy_status cf_dnn_probe(sy_device *device, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const cf_dnn_row *row = libraries->stack->dnn;
    cf_device *own = cf_device_of(device);
    float image[CF_PROBE_MAX] = {0}, filter[CF_PROBE_MAX] = {0}, wanted[RESULT * RESULT];
    cf_probe probe;
    own->dnn_status = SY_OK;
    own->dnn_reason = SY_ERROR_INIT;
    own->dnn_mode = row != NULL ? row->cross_correlation : 0;
    if (row == NULL || libraries->dnn_status != SY_OK || !row->is_probed ||
        libraries->dnn.ConvolutionForward == NULL || libraries->dnn.GetConvolutionForwardAlgorithm_v7 == NULL)
        return SY_OK;
    make(image, filter, wanted);
    sy_status status = cf_probe_open(device, image, filter, CF_PROBE_MAX, &probe, err);
    if (status == SY_OK && cf_dnn_stream_set(device, probe.stream) == 0)
        find(&probe, row, wanted);
    (void)cf_dnn_stream_set(device, NULL);
    cf_probe_close(&probe);
    return status;
}
