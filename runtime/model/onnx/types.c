#include "runtime/model/onnx/types.h"

#include "steelyard/model.h"

sy_onnx_type sy_onnx_type_of(int32_t number) {
    static const sy_onnx_type types[] = {
        [0] = {"undefined", 0, 0},
        [1] = {"float", SY_F32, 4},
        [2] = {"uint8", SY_U8, 5},
        [3] = {"int8", SY_S8, 5},
        [4] = {"uint16", SY_U16, 5},
        [5] = {"int16", SY_S16, 5},
        [6] = {"int32", SY_S32, 5},
        [7] = {"int64", SY_S64, 7},
        [8] = {"string", SY_STRING, 0},
        [9] = {"bool", SY_BOOL, 5},
        [10] = {"float16", SY_F16, 5},
        [11] = {"double", SY_F64, 10},
        [12] = {"uint32", SY_U32, 11},
        [13] = {"uint64", SY_U64, 11},
        [14] = {"complex64", 0, 0},
        [15] = {"complex128", 0, 0},
        [16] = {"bfloat16", SY_BF16, 5},
        [17] = {"float8e4m3fn", SY_F8E4M3, 5},
        [18] = {"float8e4m3fnuz", 0, 0},
        [19] = {"float8e5m2", SY_F8E5M2, 5},
        [20] = {"float8e5m2fnuz", 0, 0},
        [21] = {"uint4", 0, 0},
        [22] = {"int4", 0, 0},
        [23] = {"float4e2m1", 0, 0},
    };
    int32_t count = (int32_t)(sizeof types / sizeof types[0]);
    return number >= 0 && number < count ? types[number] : (sy_onnx_type){"unknown", 0, 0};
}
