/*
 * Which messages and fields of ONNX are read, as facts for the first pass over a file: what each field is
 * made of and what becomes of it. What is not listed is skipped. The same numbers stand in onnx.proto.
 */
#ifndef RUNTIME_MODEL_ONNX_LAYOUT_H
#define RUNTIME_MODEL_ONNX_LAYOUT_H

#include <stdint.h>

/** Messages. */
typedef enum sy_onnx_message {
    SY_ONNX_MODEL,
    SY_ONNX_GRAPH,
    SY_ONNX_NODE,
    SY_ONNX_ATTRIBUTE,
    SY_ONNX_TENSOR,
    SY_ONNX_VALUE_INFO,
    SY_ONNX_TYPE,
    SY_ONNX_TENSOR_TYPE,
    SY_ONNX_SHAPE,
    SY_ONNX_DIMENSION,
    SY_ONNX_PAIR,
    SY_ONNX_IMPORT,
    SY_ONNX_FUNCTION,
    SY_ONNX_EMPTY, /* only whether it is there is asked: its content is dropped */
} sy_onnx_message;

/** What a field holds. */
enum {
    SY_ONNX_NUMBER = 1, /* varint or fixed */
    SY_ONNX_TEXT,       /* bytes of bounded length */
    SY_ONNX_CHILD,      /* a message */
    SY_ONNX_ELEMENTS,   /* of a tensor: stays in the file */
};

/** What is counted against a limit, over the whole file. */
enum {
    SY_ONNX_COUNT_NONE,
    SY_ONNX_COUNT_NODES,
    SY_ONNX_COUNT_NAMES,
    SY_ONNX_COUNT_ATTRIBUTES,
    SY_ONNX_COUNT_TENSORS,
    SY_ONNX_COUNT_EXTENTS,
    SY_ONNX_COUNT_FUNCTIONS,
    SY_ONNX_COUNT_IMPORTS,
    SY_ONNX_COUNTS,
};

/**
 * A field.
 *
 * most     0: at most once; else how often in one message (packed entries count each).
 * wire     SY_WIRE_* of one entry.
 * child    of SY_ONNX_CHILD.
 */
typedef struct sy_onnx_field {
    uint32_t number, holds, wire, most, counter;
    sy_onnx_message child;
} sy_onnx_field;

/** Fields of a message: numbers are below 64. */
typedef struct sy_onnx_layout {
    const char *name;
    const sy_onnx_field *field;
    uint32_t count;
} sy_onnx_layout;

const sy_onnx_layout *sy_onnx_layout_of(sy_onnx_message message);

/** The field of that number; NULL if it is not read. */
const sy_onnx_field *sy_onnx_layout_find(const sy_onnx_layout *layout, uint32_t number);

/** A counter's limit and what it counts ("nodes"). */
uint64_t sy_onnx_counter_limit(uint32_t counter, const char **out_name);

#endif
