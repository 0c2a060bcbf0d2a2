/* Questions that are asked once. */
#include "backends/cambricon/trial.h"

#include "backends/cambricon/inside.h"
#include "runtime/base/error.h"

static sy_status ask(
    sy_device *device, cambricon_question question, cambricon_finding *finding, sy_error *err) {
    switch (question) {
    case CAMBRICON_CONV_F32:
    case CAMBRICON_CONV_S8: return cambricon_try_conv(device, question, finding, err);
    case CAMBRICON_ADD:
    case CAMBRICON_MULTIPLY:
    case CAMBRICON_RELU: return cambricon_try_element(device, question, finding, err);
    default: return cambricon_try_product(device, question, finding, err);
    }
}

sy_status cambricon_try(
    sy_device *device, cambricon_question question, const cambricon_finding **out_finding, sy_error *err) {
    cambricon_finding *finding = &cambricon_device_of(device)->finding[question];
    *out_finding = finding;
    if (!finding->is_known) {
        *finding = (cambricon_finding){.reason = SY_ERROR_INIT};
        finding->status = ask(device, question, finding, &finding->reason);
        /* What may be otherwise the next time is no answer. */
        finding->is_known = finding->status != SY_OUT_OF_MEMORY && finding->status != SY_LOST;
    }
    if (finding->status == SY_OK)
        return SY_OK;
    sy_status status = finding->is_known ? SY_UNSUPPORTED : finding->status;
    return sy_error_set(err, status, "tried on the card: %s", sy_error_text(&finding->reason, status));
}
