/* Types of elements. */
#include "tests/vendor_sim/ascend/op.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "steelyard/types.h"
#include "tests/vendor_sim/common/arithmetic.h"

static const struct {
    int type;
    uint32_t bytes, common;
    bool is_float;
} types[] = {{ACL_FLOAT, 4, SY_F32, true}, {ACL_FLOAT16, 2, SY_F16, true}, {ACL_BF16, 2, SY_BF16, true},
    {ACL_INT8, 1, SY_S8, false}, {ACL_UINT8, 1, SY_U8, false}, {ACL_INT32, 4, SY_S32, false},
    {ACL_INT64, 8, 0, false}, {ACL_UINT64, 8, 0, false}, {ACL_DOUBLE, 8, SY_F64, true}};

static size_t find(int type) {
    size_t i = 0;
    while (i < sizeof types / sizeof *types && types[i].type != type)
        i++;
    return i;
}

uint32_t as_type_bytes(int type) {
    size_t i = find(type);
    return i < sizeof types / sizeof *types ? types[i].bytes : 0;
}

bool as_type_is_float(int type) {
    size_t i = find(type);
    return i < sizeof types / sizeof *types && types[i].is_float;
}

uint32_t as_type_common(int type) {
    size_t i = find(type);
    return i < sizeof types / sizeof *types ? types[i].common : 0;
}

double as_element_get(int type, const void *element) {
    int64_t wide;
    if (type != ACL_INT64 && type != ACL_UINT64)
        return sim_element_get(as_type_common(type), element);
    memcpy(&wide, element, sizeof wide);
    return (double)wide;
}

void as_element_set(int type, void *element, double value) {
    int64_t wide = (int64_t)nearbyint(value);
    if (type == ACL_INT64 || type == ACL_UINT64)
        memcpy(element, &wide, sizeof wide);
    else
        sim_element_set(as_type_common(type), element, value);
}
