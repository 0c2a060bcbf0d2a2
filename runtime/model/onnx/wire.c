#include "runtime/model/onnx/wire.h"

bool sy_wire_varint(sy_wire *wire, uint64_t *out_value) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < SY_WIRE_VARINT_MAX; i++) {
        if (wire->at >= wire->end)
            return false;
        uint8_t byte = wire->bytes[wire->at++];
        value |= (uint64_t)(byte & 0x7f) << (7 * i); /* bits past the 64th are dropped, as everywhere */
        if (byte < 0x80) {
            *out_value = value;
            return true;
        }
    }
    return false;
}

bool sy_wire_fixed(sy_wire *wire, uint32_t bytes, uint64_t *out_value) {
    if (wire->end - wire->at < bytes)
        return false;
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes; i++)
        value |= (uint64_t)wire->bytes[wire->at + i] << (8 * i);
    wire->at += bytes;
    *out_value = value;
    return true;
}

static const char *read_content(sy_wire *wire, sy_wire_field *field) {
    switch (field->type) {
    case SY_WIRE_VARINT: return sy_wire_varint(wire, &field->value) ? NULL : "a number is cut off";
    case SY_WIRE_FIXED64: return sy_wire_fixed(wire, 8, &field->value) ? NULL : "a number is cut off";
    case SY_WIRE_FIXED32: return sy_wire_fixed(wire, 4, &field->value) ? NULL : "a number is cut off";
    case SY_WIRE_BYTES:
        if (!sy_wire_varint(wire, &field->value))
            return "a length is cut off";
        if (field->value > wire->end - wire->at)
            return "a field is longer than what it is in";
        field->offset = wire->at;
        field->length = (size_t)field->value;
        wire->at += field->length;
        return NULL;
    default: return "a field is of a wire type that is not known";
    }
}

const char *sy_wire_next(sy_wire *wire, sy_wire_field *out_field) {
    uint64_t tag = 0;
    *out_field = (sy_wire_field){.begin = wire->at};
    if (!sy_wire_varint(wire, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
        return "a field has no number";
    out_field->number = (uint32_t)(tag >> 3);
    out_field->type = (uint32_t)(tag & 7);
    out_field->offset = wire->at;
    return read_content(wire, out_field);
}

void sy_wire_put(uint8_t *bytes, uint64_t value, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        uint8_t more = i + 1 < length ? 0x80 : 0;
        bytes[i] = (uint8_t)((value & 0x7f) | more);
        value >>= 7;
    }
}
