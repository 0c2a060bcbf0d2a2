/*
 * Writing ONNX files in memory, well-formed ones and others: what a test says, field by field, is what stands
 * in the bytes. Lengths of messages are filled in.
 */
#ifndef TESTS_SUPPORT_ONNX_WRITER_H
#define TESTS_SUPPORT_ONNX_WRITER_H

#include <stddef.h>
#include <stdint.h>

#define ONNX_WRITER_DEPTH 9100u

/** Zero-initialise it; onnx_writer_free() at the end. */
typedef struct onnx_writer {
    uint8_t *bytes;
    size_t count, room;
    size_t open[ONNX_WRITER_DEPTH];
    unsigned depth;
} onnx_writer;

void onnx_writer_free(onnx_writer *writer);

/** Raw bytes, a varint: no field around them. */
void onnx_put(onnx_writer *writer, const void *bytes, size_t count);
void onnx_put_varint(onnx_writer *writer, uint64_t value);

/** Fields. */
void onnx_number(onnx_writer *writer, uint32_t field, int64_t value);
void onnx_float(onnx_writer *writer, uint32_t field, float value);
void onnx_bytes(onnx_writer *writer, uint32_t field, const void *bytes, size_t count);
void onnx_text(onnx_writer *writer, uint32_t field, const char *text);

/** A message as a field, and its end. */
void onnx_begin(onnx_writer *writer, uint32_t field);
void onnx_end(onnx_writer *writer);

/* --- what models are made of --- */

/** ir_version 8 and the opset of the default domain, and the graph begun: onnx_end() ends it. */
void onnx_begin_model(onnx_writer *writer, int64_t opset);

/** A node; `in` and `out` are names parted by commas ("a,,b": one is left out), "" for none. The second form
 * leaves it open for attributes: onnx_end(). */
void onnx_node(onnx_writer *writer, const char *op, const char *in, const char *out);
void onnx_begin_node(onnx_writer *writer, const char *op, const char *in, const char *out);

/** An input (field 11) or output (12) of a graph; extents as a text, "2,n,-1": numbers and symbols; NULL:
 * none. */
void onnx_port(onnx_writer *writer, uint32_t field, const char *name, int32_t type, const char *extents);

/** A tensor with raw elements as `field` (5 in a graph, 5 in an attribute). */
void onnx_tensor(onnx_writer *writer, uint32_t field, const char *name, int32_t type, const char *extents,
    const void *raw, size_t count);

/** An attribute with one integer. */
void onnx_attribute_int(onnx_writer *writer, const char *name, int64_t value);

#endif
