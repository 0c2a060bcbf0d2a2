#include "tests/support/onnx_writer.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_BYTES 5u

void onnx_writer_free(onnx_writer *writer) {
    free(writer->bytes);
    *writer = (onnx_writer){0};
}

void onnx_put(onnx_writer *writer, const void *bytes, size_t count) {
    if (writer->count + count > writer->room) {
        writer->room = 2 * (writer->count + count) + 64;
        writer->bytes = realloc(writer->bytes, writer->room);
        assert(writer->bytes != NULL);
    }
    if (count > 0)
        memcpy(writer->bytes + writer->count, bytes, count);
    writer->count += count;
}

void onnx_put_varint(onnx_writer *writer, uint64_t value) {
    uint8_t byte = 0;
    do {
        byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
        onnx_put(writer, &byte, 1);
    } while ((byte & 0x80) != 0);
}

void onnx_number(onnx_writer *writer, uint32_t field, int64_t value) {
    onnx_put_varint(writer, field << 3);
    onnx_put_varint(writer, (uint64_t)value);
}

void onnx_float(onnx_writer *writer, uint32_t field, float value) {
    onnx_put_varint(writer, field << 3 | 5);
    onnx_put(writer, &value, sizeof value);
}

void onnx_bytes(onnx_writer *writer, uint32_t field, const void *bytes, size_t count) {
    onnx_put_varint(writer, field << 3 | 2);
    onnx_put_varint(writer, count);
    onnx_put(writer, bytes, count);
}

void onnx_text(onnx_writer *writer, uint32_t field, const char *text) {
    onnx_bytes(writer, field, text, strlen(text));
}

void onnx_begin(onnx_writer *writer, uint32_t field) {
    static const uint8_t nothing[LENGTH_BYTES];
    assert(writer->depth < ONNX_WRITER_DEPTH);
    onnx_put_varint(writer, field << 3 | 2);
    writer->open[writer->depth++] = writer->count;
    onnx_put(writer, nothing, LENGTH_BYTES);
}

void onnx_end(onnx_writer *writer) {
    assert(writer->depth > 0);
    size_t at = writer->open[--writer->depth], length = writer->count - at - LENGTH_BYTES;
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        writer->bytes[at + i] = (uint8_t)((length >> (7 * i) & 0x7f) | (i + 1 < LENGTH_BYTES ? 0x80 : 0));
}

void onnx_begin_model(onnx_writer *writer, int64_t opset) {
    onnx_number(writer, 1, 8);
    onnx_begin(writer, 8);
    onnx_number(writer, 2, opset);
    onnx_end(writer);
    onnx_begin(writer, 7);
    onnx_text(writer, 2, "g");
}

/* Each part between commas as a text field; nothing for "". */
static void put_names(onnx_writer *writer, uint32_t field, const char *names) {
    while (*names != '\0') {
        size_t length = strcspn(names, ",");
        onnx_bytes(writer, field, names, length);
        names += length;
        if (*names == ',' && *++names == '\0')
            onnx_bytes(writer, field, "", 0);
    }
}

void onnx_begin_node(onnx_writer *writer, const char *op, const char *in, const char *out) {
    onnx_begin(writer, 1);
    put_names(writer, 1, in);
    put_names(writer, 2, out);
    onnx_text(writer, 4, op);
}

void onnx_node(onnx_writer *writer, const char *op, const char *in, const char *out) {
    onnx_begin_node(writer, op, in, out);
    onnx_end(writer);
}

static void put_extent(onnx_writer *writer, const char *text, size_t length) {
    char part[64];
    snprintf(part, sizeof part, "%.*s", (int)length, text);
    onnx_begin(writer, 1);
    if (isalpha((unsigned char)part[0]))
        onnx_text(writer, 2, part);
    else if (part[0] != '\0')
        onnx_number(writer, 1, strtoll(part, NULL, 10));
    onnx_end(writer);
}

void onnx_port(onnx_writer *writer, uint32_t field, const char *name, int32_t type, const char *extents) {
    onnx_begin(writer, field);
    onnx_text(writer, 1, name);
    onnx_begin(writer, 2);
    onnx_begin(writer, 1);
    onnx_number(writer, 1, type);
    if (extents != NULL) {
        onnx_begin(writer, 2);
        while (*extents != '\0') {
            size_t length = strcspn(extents, ",");
            put_extent(writer, extents, length);
            extents += length + (extents[length] == ',');
        }
        onnx_end(writer);
    }
    onnx_end(writer);
    onnx_end(writer);
    onnx_end(writer);
}

void onnx_tensor(onnx_writer *writer, uint32_t field, const char *name, int32_t type, const char *extents,
    const void *raw, size_t count) {
    onnx_begin(writer, field);
    while (*extents != '\0') {
        onnx_number(writer, 1, strtoll(extents, NULL, 10));
        extents += strcspn(extents, ",");
        extents += *extents == ',';
    }
    onnx_number(writer, 2, type);
    onnx_text(writer, 8, name);
    if (raw != NULL)
        onnx_bytes(writer, 9, raw, count);
    onnx_end(writer);
}

void onnx_attribute_int(onnx_writer *writer, const char *name, int64_t value) {
    onnx_begin(writer, 5);
    onnx_text(writer, 1, name);
    onnx_number(writer, 3, value);
    onnx_number(writer, 20, 2);
    onnx_end(writer);
}
