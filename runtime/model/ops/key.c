#include "runtime/model/ops/key.h"

#include <math.h>
#include <string.h>

#include "steelyard/types.h"

int64_t sy_net_key(const sy_net_tensor *tensor, int64_t index) {
    if (tensor->dtype == SY_U64)
        return (int64_t)(((const uint64_t *)tensor->data)[index] ^ UINT64_C(1) << 63);
    bool is_float = tensor->dtype < SY_DTYPE_COUNT && sy_dtype_is_float(tensor->dtype);
    if (!is_float)
        return sy_net_get_int(tensor, index);
    double value = sy_net_get(tensor, index);
    int64_t bits = 0;
    if (isnan(value))
        return INT64_MAX;
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? bits ^ INT64_MAX : bits;
}
