/* Elements by the network's own conversion. */
#include "bench/tensor/element.h"

#include "runtime/model/graph/tensor.h"

bool sy_element_is_float(uint32_t dtype) {
    return dtype == SY_F64 || dtype == SY_F32 || dtype == SY_F16 || dtype == SY_BF16 || dtype == SY_F8E4M3 ||
           dtype == SY_F8E5M2;
}

void sy_element_range(uint32_t dtype, double *out_least, double *out_most) {
    static const struct {
        uint32_t dtype;
        double least, most;
    } rows[] = {{SY_S8, -128, 127}, {SY_U8, 0, 255}, {SY_S16, -32768, 32767}, {SY_U16, 0, 65535},
        {SY_S32, -2147483648.0, 2147483647.0}, {SY_U32, 0, 4294967295.0}, {SY_S64, -0x1p53, 0x1p53},
        {SY_U64, 0, 0x1p53}, {SY_BOOL, 0, 1}};
    *out_least = *out_most = 0.0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].dtype == dtype) {
            *out_least = rows[i].least;
            *out_most = rows[i].most;
        }
}

void sy_element_to_f64(uint32_t dtype, const void *source, uint64_t count, double *out_values) {
    const sy_net_tensor tensor = {.dtype = dtype, .data = (void *)(uintptr_t)source};
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = sy_net_get(&tensor, (int64_t)i);
}

void sy_element_from_f64(uint32_t dtype, const double *source, uint64_t count, void *out_elements) {
    sy_net_tensor tensor = {.dtype = dtype, .data = out_elements};
    for (uint64_t i = 0; i < count; i++)
        sy_net_set(&tensor, (int64_t)i, source[i]);
}
