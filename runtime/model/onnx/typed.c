#include "runtime/model/onnx/typed.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/wire.h"
#include "steelyard/model.h"

/* Range of what a varint may hold for a type: 16-bit floats are there as their bits. */
static void range_of(uint32_t dtype, int64_t *out_least, int64_t *out_most) {
    int64_t least = 0, most = 0;
    switch (dtype) {
    case SY_S8: least = INT8_MIN, most = INT8_MAX; break;
    case SY_U8:
    case SY_F8E4M3:
    case SY_F8E5M2: most = UINT8_MAX; break;
    case SY_BOOL: most = 1; break;
    case SY_S16: least = INT16_MIN, most = INT16_MAX; break;
    case SY_U16:
    case SY_F16:
    case SY_BF16: most = UINT16_MAX; break;
    case SY_S32: least = INT32_MIN, most = INT32_MAX; break;
    case SY_U32: most = UINT32_MAX; break;
    default: least = INT64_MIN, most = INT64_MAX; break; /* s64; u64 as its bits */
    }
    *out_least = least;
    *out_most = most;
}

/* One element as the bits of its field; false at the end of a list that does not end with one. */
static bool read_element(sy_wire *wire, const sy_onnx_run *run, uint64_t *out_bits) {
    uint64_t tag = 0;
    if (!run->is_packed && !sy_wire_varint(wire, &tag))
        return false;
    if (run->field == 4)
        return sy_wire_fixed(wire, 4, out_bits);
    return run->field == 10 ? sy_wire_fixed(wire, 8, out_bits) : sy_wire_varint(wire, out_bits);
}

sy_status sy_typed_decode(const uint8_t *bytes, const sy_onnx_run *run, uint32_t count, uint32_t dtype,
    uint64_t elements, void *out, sy_error *err) {
    size_t size = sy_net_dtype_size(dtype);
    uint64_t done = 0;
    int64_t least = 0, most = 0;
    bool is_integer = dtype != SY_F32 && dtype != SY_F64 && dtype != SY_U64;
    range_of(dtype, &least, &most);
    for (uint32_t i = 0; i < count; i++) {
        sy_wire wire = {bytes, run[i].offset, run[i].offset + run[i].length};
        while (wire.at < wire.end) {
            uint64_t bits = 0;
            if (!read_element(&wire, &run[i], &bits))
                return sy_error_set(
                    err, SY_INVALID_ARGUMENT, "element %llu is cut off", (unsigned long long)done);
            if (is_integer && ((int64_t)bits < least || (int64_t)bits > most))
                return sy_error_set(err, SY_INVALID_ARGUMENT, "element %llu is %lld, beyond %s",
                    (unsigned long long)done, (long long)bits, sy_net_dtype_name(dtype));
            if (done == elements)
                return sy_error_set(
                    err, SY_INVALID_ARGUMENT, "more than %llu elements", (unsigned long long)elements);
            memcpy((char *)out + done * size, &bits, size); /* the lowest bytes first, as here */
            done++;
        }
    }
    if (done != elements)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%llu elements, must be %llu", (unsigned long long)done,
            (unsigned long long)elements);
    return SY_OK;
}

_Static_assert(
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files have the lowest byte first, and so has memory here");
