#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/tensor.h"

int sim_copy_run(void *args) {
    const sim_copy *copy = args;
    if (sim_skips())
        return 0;
    bool has_old = copy->beta != 0;
    double *values = sim_tensor_unpack(&copy->src, copy->dim, SIM_ROUND_NONE);
    double *old = has_old ? sim_tensor_unpack(&copy->dst, copy->dim, SIM_ROUND_NONE) : NULL;
    bool is_ok = values != NULL && (!has_old || old != NULL);
    int64_t count = copy->dim[0] * copy->dim[1] * copy->dim[2] * copy->dim[3];
    for (int64_t i = 0; is_ok && i < count; i++)
        values[i] = copy->alpha * values[i] + (has_old ? copy->beta * old[i] : 0);
    if (is_ok)
        sim_tensor_pack(&copy->dst, copy->dim, values);
    free(values);
    free(old);
    return is_ok ? 0 : -1;
}

int sim_fill_run(void *args) {
    const sim_fill *fill = args;
    char *to = fill->data;
    for (uint64_t i = 0; i < fill->count; i++)
        memcpy(to + i * fill->bytes, fill->value, fill->bytes);
    return 0;
}
