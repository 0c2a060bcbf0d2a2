/* Element types of ONNX by their numbers. */
#ifndef RUNTIME_MODEL_ONNX_TYPES_H
#define RUNTIME_MODEL_ONNX_TYPES_H

#include <stdint.h>

/**
 * A type of TensorProto.DataType.
 *
 * dtype  SY_F32 ...; 0: not done here.
 * field  of TensorProto that has its elements where they are not raw: 4 float_data ... 11 uint64_data.
 */
typedef struct sy_onnx_type {
    const char *name;
    uint32_t dtype, field;
} sy_onnx_type;

/** The type of a number; one with dtype 0 and a name ("type 77" is "unknown") if there is none. */
sy_onnx_type sy_onnx_type_of(int32_t number);

#endif
