#include "backends/cuda_family/probe.h"

#include <math.h>

#include "backends/cuda_family/words.h"
#include "runtime/base/error.h"

#define NO_RESULT 0xff /* every byte: not a number */

static size_t bytes_of(const cf_probe *probe) {
    return probe->count * sizeof(float);
}

sy_status cf_probe_open(
    sy_device *device, const float *a, const float *b, size_t count, cf_probe *out_probe, sy_error *err) {
    const sy_card_runtime *runtime = device->model->runtime;
    const float *const from[2] = {a, b};
    *out_probe = (cf_probe){.device = device, .count = count};
    int code = runtime->stream_create(device->stack, &out_probe->stream);
    for (uint32_t i = 0; i < 3 && code == 0; i++)
        code = runtime->alloc(device->stack, bytes_of(out_probe), &out_probe->address[i]);
    for (uint32_t i = 0; i < 2 && code == 0; i++)
        code = runtime->copy(device->stack, out_probe->address[i], from[i], bytes_of(out_probe),
            SY_CARD_HOST_TO_DEVICE, out_probe->stream);
    if (code == 0)
        code = runtime->stream_sync(device->stack, out_probe->stream);
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "trying what its libraries do");
}

int cf_probe_clear(const cf_probe *probe) {
    const sy_card_runtime *runtime = probe->device->model->runtime;
    return runtime->fill(probe->device->stack, probe->address[2], NO_RESULT, bytes_of(probe), probe->stream);
}

cf_outcome cf_probe_compare(const cf_probe *probe, const float *wanted, size_t count, double slack) {
    const sy_card_runtime *runtime = probe->device->model->runtime;
    float got[CF_PROBE_MAX];
    cf_outcome outcome = CF_RIGHT;
    int code = runtime->copy(probe->device->stack, got, probe->address[2], count * sizeof(float),
        SY_CARD_DEVICE_TO_HOST, probe->stream);
    int end = runtime->stream_sync(probe->device->stack, probe->stream);
    if (code != 0 || end != 0)
        return CF_REFUSED;
    for (size_t i = 0; i < count; i++) {
        double off = fabs((double)got[i] - (double)wanted[i]);
        if (!(off <= slack))
            return CF_WRONG;
        if (off != 0.0)
            outcome = CF_ROUNDED;
    }
    return outcome;
}

void cf_probe_close(cf_probe *probe) {
    const sy_card_runtime *runtime = probe->device->model->runtime;
    for (uint32_t i = 0; i < 3; i++)
        if (probe->address[i] != NULL)
            (void)runtime->free(probe->device->stack, probe->address[i]);
    if (probe->stream != NULL)
        (void)runtime->stream_destroy(probe->device->stack, probe->stream);
    *probe = (cf_probe){.device = probe->device};
}
