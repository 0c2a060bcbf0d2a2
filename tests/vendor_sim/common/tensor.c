#include "tests/vendor_sim/common/tensor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/convert.h"
#include "tests/vendor_sim/common/lock.h"
#include "tests/vendor_sim/common/settings.h"

static bool is_on(const char *key) {
    sim_lock();
    bool is = sim_number(SIM_NO_DEVICE, key, 0) != 0;
    sim_unlock();
    return is;
}

bool sim_skips(void) {
    return is_on("skip");
}

bool sim_wants_nan(void) {
    return is_on("nan");
}

double sim_tensor_scale(const sim_tensor *tensor) {
    return tensor->scale != NULL ? (double)*tensor->scale : 1;
}

/* To nearest even, dropping `bits` of the 23 that an f32 stores. */
static double shorten(double value, uint32_t bits) {
    float single = (float)value;
    uint32_t word;
    memcpy(&word, &single, sizeof word);
    if (isnan(single) || isinf(single))
        return value;
    uint32_t half = (UINT32_C(1) << (bits - 1)) - 1;
    word += half + ((word >> bits) & 1);
    word &= ~((UINT32_C(1) << bits) - 1);
    memcpy(&single, &word, sizeof single);
    return (double)single;
}

static double rounded(uint32_t rounding, double value) {
    switch (rounding) {
    case SIM_ROUND_TF32: return shorten(value, 13);
    case SIM_ROUND_HF32: return shorten(value, 12);
    case SIM_ROUND_BF16: return sy_convert_round(SY_BF16, value);
    case SIM_ROUND_F16: return sy_convert_round(SY_F16, value);
    default: return value;
    }
}

static char *row_of(const sim_tensor *tensor, int64_t i, int64_t j, int64_t k) {
    int64_t at = i * tensor->stride[0] + j * tensor->stride[1] + k * tensor->stride[2];
    return (char *)tensor->data + at * (int64_t)sy_dtype_size(tensor->dtype);
}

double *sim_tensor_unpack(const sim_tensor *tensor, const int64_t dim[4], uint32_t rounding) {
    uint64_t row = (uint64_t)dim[3], count = (uint64_t)(dim[0] * dim[1] * dim[2]) * row;
    double *values = malloc((count > 0 ? count : 1) * sizeof *values), *to = values;
    if (values == NULL)
        return NULL;
    for (int64_t i = 0; i < dim[0]; i++)
        for (int64_t j = 0; j < dim[1]; j++)
            for (int64_t k = 0; k < dim[2]; k++, to += row)
                sy_convert_to_f64_strided(tensor->dtype, row_of(tensor, i, j, k), tensor->stride[3], row, to);
    double scale = sim_tensor_scale(tensor);
    bool is_as_is = scale == 1 && (tensor->dtype != SY_F32 || rounding == SIM_ROUND_NONE);
    for (uint64_t i = 0; i < count && !is_as_is; i++)
        values[i] = scale * (tensor->dtype == SY_F32 ? rounded(rounding, values[i]) : values[i]);
    return values;
}

void sim_tensor_pack(const sim_tensor *tensor, const int64_t dim[4], const double *values) {
    for (int64_t i = 0; i < dim[0]; i++)
        for (int64_t j = 0; j < dim[1]; j++)
            for (int64_t k = 0; k < dim[2]; k++, values += dim[3])
                sy_convert_from_f64_strided(
                    tensor->dtype, values, tensor->stride[3], (uint64_t)dim[3], row_of(tensor, i, j, k));
}

double sim_activate(uint32_t activation, double value) {
    switch (activation) {
    case SIM_ACTIVATION_RELU: return value < 0 ? 0 : value;
    case SIM_ACTIVATION_GELU: return 0.5 * value * (1 + erf(value / sqrt(2)));
    case SIM_ACTIVATION_GELU_TANH:
        return 0.5 * value * (1 + tanh(0.7978845608028654 * (value + 0.044715 * value * value * value)));
    case SIM_ACTIVATION_SIGMOID: return 1 / (1 + exp(-value));
    case SIM_ACTIVATION_TANH: return tanh(value);
    default: return value;
    }
}

double sim_element_get(uint32_t dtype, const void *element) {
    double value;
    sy_convert_to_f64(dtype, element, 1, &value);
    return value;
}

void sim_element_set(uint32_t dtype, void *element, double value) {
    sy_convert_from_f64(dtype, &value, 1, element);
}

uint64_t sim_extent(uint32_t dtype, uint32_t rank, const int64_t *dim, const int64_t *stride) {
    uint64_t last = 0;
    for (uint32_t i = 0; i < rank; i++) {
        if (dim[i] == 0)
            return 0;
        last += (uint64_t)(dim[i] - 1) * (uint64_t)stride[i];
    }
    return (last + 1) * sy_dtype_size(dtype);
}
