/* Setting rows against the data sheet of their device. */
#include "bench/run/datasheet.h"

#include <math.h>
#include <string.h>

#define TERA 1e12

bool sy_datasheet_is_looked_for(const sy_target *target) {
    bool is_processor = (target->info.flags & SY_DEVICE_HOST_PROCESSOR) != 0;
    return target->status == SY_OK && !target->simulated && !is_processor;
}

void sy_datasheet_match(
    const sy_target *target, const sy_catalogue *catalogue, sy_catalogue_match *out_match) {
    memset(out_match, 0, sizeof *out_match);
    if (sy_datasheet_is_looked_for(target))
        sy_catalogue_identify(
            catalogue, target->info.name, target->info.units, target->info.memory_bytes, out_match);
}

void sy_datasheets_find(sy_targets *targets, const sy_catalogue *catalogue) {
    for (size_t i = 0; i < targets->count; i++) {
        sy_catalogue_match match;
        sy_datasheet_match(&targets->target[i], catalogue, &match);
        targets->target[i].datasheet = match.count == 1 ? match.device[0] : NULL;
    }
}

double sy_datasheet_fraction(const sy_catalogue_device *datasheet, const sy_spec *spec, uint32_t math,
    uint64_t flop, double seconds, const char **out_confidence) {
    *out_confidence = NULL;
    bool is_product = spec->op == SY_SPEC_GEMM || spec->op == SY_SPEC_CONV2D;
    if (datasheet == NULL || !is_product || flop == 0 || !(seconds > 0.0))
        return NAN;
    const sy_figure *peak = sy_catalogue_peak(datasheet, spec->dtype_a, spec->dtype_b, spec->dtype_acc, math);
    if (peak == NULL)
        return NAN;
    *out_confidence = sy_confidence_name(peak->confidence);
    return (double)flop / seconds / (peak->value * TERA);
}
