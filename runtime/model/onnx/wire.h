/*
 * The wire format of protocol buffers (protobuf.dev/programming-guides/encoding): fields of a message, one
 * after the other. Reads within its bounds only; nothing is copied.
 */
#ifndef RUNTIME_MODEL_ONNX_WIRE_H
#define RUNTIME_MODEL_ONNX_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Wire types. Groups (3, 4) are not read. */
enum { SY_WIRE_VARINT = 0, SY_WIRE_FIXED64 = 1, SY_WIRE_BYTES = 2, SY_WIRE_FIXED32 = 5 };

/** Most bytes of a varint. */
#define SY_WIRE_VARINT_MAX 10u

/** A stretch of `bytes` that is read from `at` to `end`. */
typedef struct sy_wire {
    const uint8_t *bytes;
    size_t at, end;
} sy_wire;

/** A field: number, wire type, and its value as an integer or (SY_WIRE_BYTES) where its content lies. */
typedef struct sy_wire_field {
    uint32_t number, type;
    uint64_t value;
    size_t begin, offset, length; /* of the field; of its content */
} sy_wire_field;

/** A varint; false if it is cut off or does not end. */
bool sy_wire_varint(sy_wire *wire, uint64_t *out_value);

/** 4 or 8 bytes, the lowest first; false past the end. */
bool sy_wire_fixed(sy_wire *wire, uint32_t bytes, uint64_t *out_value);

/** The next field; NULL, or what is wrong with it. Not to be called at the end. */
const char *sy_wire_next(sy_wire *wire, sy_wire_field *out_field);

/** Write `value` as a varint of exactly `length` bytes (padded), at most SY_WIRE_VARINT_MAX. */
void sy_wire_put(uint8_t *bytes, uint64_t value, uint32_t length);

#endif
