/* The encoding of protobuf messages, as far as ONNX files need it. Appends to a text; its `failed` tells. */
#ifndef BENCH_NETWORKS_WIRE_H
#define BENCH_NETWORKS_WIRE_H

#include "runtime/base/text.h"

/** A number (varint), bytes, a text, an f32, each as field `field`. */
void sy_wire_number(sy_text *out, uint32_t field, uint64_t value);
void sy_wire_bytes(sy_text *out, uint32_t field, const void *bytes, size_t count);
void sy_wire_text(sy_text *out, uint32_t field, const char *text);
void sy_wire_float(sy_text *out, uint32_t field, float value);

/** Head of a field of `count` bytes that follow by themselves. */
void sy_wire_head(sy_text *out, uint32_t field, uint64_t count);

#endif
