/* Field numbers: onnx.in.proto of the ONNX project. */
#include "runtime/model/onnx/layout.h"

#include <stddef.h>

#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/wire.h"

#define MANY UINT32_MAX /* bounded by a counter */
#define NUMBER(n)                                                                                            \
    { (n), SY_ONNX_NUMBER, SY_WIRE_VARINT, 0, 0, SY_ONNX_EMPTY }
#define NUMBERS(n, most)                                                                                     \
    { (n), SY_ONNX_NUMBER, SY_WIRE_VARINT, (most), 0, SY_ONNX_EMPTY }
#define TEXT(n)                                                                                              \
    { (n), SY_ONNX_TEXT, SY_WIRE_BYTES, 0, 0, SY_ONNX_EMPTY }
#define TEXTS(n, most, counter)                                                                              \
    { (n), SY_ONNX_TEXT, SY_WIRE_BYTES, (most), SY_ONNX_COUNT_##counter, SY_ONNX_EMPTY }
#define CHILD(n, child, counter)                                                                             \
    { (n), SY_ONNX_CHILD, SY_WIRE_BYTES, 0, SY_ONNX_COUNT_##counter, SY_ONNX_##child }
#define CHILDREN(n, child, most, counter)                                                                    \
    { (n), SY_ONNX_CHILD, SY_WIRE_BYTES, (most), SY_ONNX_COUNT_##counter, SY_ONNX_##child }
#define ELEMENTS(n, wire)                                                                                    \
    { (n), SY_ONNX_ELEMENTS, (wire), MANY, 0, SY_ONNX_EMPTY }

static const sy_onnx_field model[] = {
    NUMBER(1),                               /* ir_version */
    TEXT(2),                                 /* producer_name */
    CHILD(7, GRAPH, NONE),                   /* graph */
    CHILDREN(8, IMPORT, MANY, IMPORTS),      /* opset_import */
    CHILDREN(25, FUNCTION, MANY, FUNCTIONS), /* functions */
};
static const sy_onnx_field graph[] = {
    CHILDREN(1, NODE, MANY, NODES),        /* node */
    TEXT(2),                               /* name */
    CHILDREN(5, TENSOR, MANY, TENSORS),    /* initializer */
    CHILDREN(11, VALUE_INFO, MANY, NAMES), /* input */
    CHILDREN(12, VALUE_INFO, MANY, NAMES), /* output */
    CHILDREN(15, EMPTY, MANY, TENSORS),    /* sparse_initializer */
};
static const sy_onnx_field node[] = {
    TEXTS(1, MANY, NAMES),                                           /* input */
    TEXTS(2, MANY, NAMES),                                           /* output */
    TEXT(3),                                                         /* name */
    TEXT(4),                                                         /* op_type */
    CHILDREN(5, ATTRIBUTE, SY_ONNX_MAX_NODE_ATTRIBUTES, ATTRIBUTES), /* attribute */
    TEXT(7),                                                         /* domain */
    TEXT(8),                                                         /* overload */
};
static const sy_onnx_field attribute[] = {
    TEXT(1),                                                                     /* name */
    {2, SY_ONNX_NUMBER, SY_WIRE_FIXED32, 0, 0, SY_ONNX_EMPTY},                   /* f */
    NUMBER(3),                                                                   /* i */
    TEXT(4),                                                                     /* s */
    CHILD(5, TENSOR, TENSORS),                                                   /* t */
    CHILD(6, GRAPH, NONE),                                                       /* g */
    {7, SY_ONNX_NUMBER, SY_WIRE_FIXED32, SY_ONNX_MAX_ENTRIES, 0, SY_ONNX_EMPTY}, /* floats */
    NUMBERS(8, SY_ONNX_MAX_ENTRIES),                                             /* ints */
    TEXTS(9, MANY, NAMES),                                                       /* strings */
    NUMBER(20),                                                                  /* type */
    TEXT(21),                                                                    /* ref_attr_name */
};
static const sy_onnx_field tensor[] = {
    NUMBERS(1, SY_ONNX_MAX_DIMS),                /* dims */
    NUMBER(2),                                   /* data_type */
    CHILD(3, EMPTY, NONE),                       /* segment */
    ELEMENTS(4, SY_WIRE_FIXED32),                /* float_data */
    ELEMENTS(5, SY_WIRE_VARINT),                 /* int32_data */
    ELEMENTS(7, SY_WIRE_VARINT),                 /* int64_data */
    TEXT(8),                                     /* name */
    ELEMENTS(9, SY_WIRE_BYTES),                  /* raw_data */
    ELEMENTS(10, SY_WIRE_FIXED64),               /* double_data */
    ELEMENTS(11, SY_WIRE_VARINT),                /* uint64_data */
    CHILDREN(13, PAIR, SY_ONNX_MAX_PAIRS, NONE), /* external_data */
    NUMBER(14),                                  /* data_location */
};
static const sy_onnx_field value_info[] = {TEXT(1), CHILD(2, TYPE, NONE)}; /* name, type */
static const sy_onnx_field type[] = {
    CHILD(1, TENSOR_TYPE, NONE), /* tensor_type */
    CHILD(4, EMPTY, NONE),       /* sequence_type */
    CHILD(5, EMPTY, NONE),       /* map_type */
    CHILD(7, EMPTY, NONE),       /* opaque_type */
    CHILD(8, EMPTY, NONE),       /* sparse_tensor_type */
    CHILD(9, EMPTY, NONE),       /* optional_type */
};
static const sy_onnx_field tensor_type[] = {NUMBER(1), CHILD(2, SHAPE, NONE)}; /* elem_type, shape */
static const sy_onnx_field shape[] = {CHILDREN(1, DIMENSION, SY_ONNX_MAX_DIMS, EXTENTS)}; /* dim */
static const sy_onnx_field dimension[] = {NUMBER(1), TEXT(2)}; /* dim_value, dim_param */
static const sy_onnx_field pair[] = {TEXT(1), TEXT(2)};        /* key, value */
static const sy_onnx_field import[] = {TEXT(1), NUMBER(2)};    /* domain, version */
static const sy_onnx_field function[] = {
    TEXT(1),                                                          /* name */
    TEXTS(4, MANY, NAMES),                                            /* input */
    TEXTS(5, MANY, NAMES),                                            /* output */
    TEXTS(6, MANY, NAMES),                                            /* attribute */
    CHILDREN(7, NODE, MANY, NODES),                                   /* node */
    CHILDREN(9, IMPORT, MANY, IMPORTS),                               /* opset_import */
    TEXT(10),                                                         /* domain */
    CHILDREN(11, ATTRIBUTE, SY_ONNX_MAX_NODE_ATTRIBUTES, ATTRIBUTES), /* attribute_proto */
    TEXT(13),                                                         /* overload */
};

#define LAYOUT(name, fields)                                                                                 \
    { name, fields, sizeof(fields) / sizeof((fields)[0]) }
static const sy_onnx_layout layouts[] = {
    [SY_ONNX_MODEL] = LAYOUT("model", model),
    [SY_ONNX_GRAPH] = LAYOUT("graph", graph),
    [SY_ONNX_NODE] = LAYOUT("node", node),
    [SY_ONNX_ATTRIBUTE] = LAYOUT("attribute", attribute),
    [SY_ONNX_TENSOR] = LAYOUT("tensor", tensor),
    [SY_ONNX_VALUE_INFO] = LAYOUT("input or output", value_info),
    [SY_ONNX_TYPE] = LAYOUT("type", type),
    [SY_ONNX_TENSOR_TYPE] = LAYOUT("tensor's type", tensor_type),
    [SY_ONNX_SHAPE] = LAYOUT("shape", shape),
    [SY_ONNX_DIMENSION] = LAYOUT("extent", dimension),
    [SY_ONNX_PAIR] = LAYOUT("pair of key and value", pair),
    [SY_ONNX_IMPORT] = LAYOUT("opset import", import),
    [SY_ONNX_FUNCTION] = LAYOUT("function", function),
    [SY_ONNX_EMPTY] = {"message", NULL, 0},
};

const sy_onnx_layout *sy_onnx_layout_of(sy_onnx_message message) {
    return &layouts[message];
}

const sy_onnx_field *sy_onnx_layout_find(const sy_onnx_layout *layout, uint32_t number) {
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->field[i].number == number)
            return &layout->field[i];
    return NULL;
}

uint64_t sy_onnx_counter_limit(uint32_t counter, const char **out_name) {
    static const struct {
        const char *name;
        uint64_t limit;
    } counters[SY_ONNX_COUNTS] = {
        [SY_ONNX_COUNT_NONE] = {"messages", UINT64_MAX},
        [SY_ONNX_COUNT_NODES] = {"nodes", SY_ONNX_MAX_NODES},
        [SY_ONNX_COUNT_NAMES] = {"inputs, outputs and texts", SY_ONNX_MAX_NAMES},
        [SY_ONNX_COUNT_ATTRIBUTES] = {"attributes", SY_ONNX_MAX_ATTRIBUTES},
        [SY_ONNX_COUNT_TENSORS] = {"constant tensors", SY_ONNX_MAX_TENSORS},
        [SY_ONNX_COUNT_EXTENTS] = {"extents of inputs and outputs", SY_ONNX_MAX_EXTENTS},
        [SY_ONNX_COUNT_FUNCTIONS] = {"functions", SY_ONNX_MAX_FUNCTIONS},
        [SY_ONNX_COUNT_IMPORTS] = {"opset imports", SY_ONNX_MAX_IMPORTS},
    };
    *out_name = counters[counter].name;
    return counters[counter].limit;
}
