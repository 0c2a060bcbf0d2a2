#include "bench/networks/wire.h"

#include <string.h>

enum { NUMBER = 0, BYTES = 2, FOUR_BYTES = 5 };

static void varint(sy_text *out, uint64_t value) {
    char bytes[10];
    size_t count = 0;
    do {
        uint64_t more = value > 0x7f ? 0x80 : 0;
        bytes[count++] = (char)((value & 0x7f) | more);
        value >>= 7;
    } while (value > 0);
    sy_text_append(out, bytes, count);
}

void sy_wire_number(sy_text *out, uint32_t field, uint64_t value) {
    varint(out, (uint64_t)field << 3 | NUMBER);
    varint(out, value);
}

void sy_wire_head(sy_text *out, uint32_t field, uint64_t count) {
    varint(out, (uint64_t)field << 3 | BYTES);
    varint(out, count);
}

void sy_wire_bytes(sy_text *out, uint32_t field, const void *bytes, size_t count) {
    sy_wire_head(out, field, count);
    if (count > 0)
        sy_text_append(out, bytes, count);
}

void sy_wire_text(sy_text *out, uint32_t field, const char *text) {
    sy_wire_bytes(out, field, text, strlen(text));
}

void sy_wire_float(sy_text *out, uint32_t field, float value) {
    char bytes[4];
    memcpy(bytes, &value, sizeof bytes);
    varint(out, (uint64_t)field << 3 | FOUR_BYTES);
    sy_text_append(out, bytes, sizeof bytes);
}
