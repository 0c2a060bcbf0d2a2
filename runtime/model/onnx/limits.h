/*
 * How large a model file may be. Generous beside any network seen, small beside what a hostile file asks for;
 * whatever exceeds one is SY_OVERFLOW, and the text names the limit.
 */
#ifndef RUNTIME_MODEL_ONNX_LIMITS_H
#define RUNTIME_MODEL_ONNX_LIMITS_H

#define SY_ONNX_MAX_FILE_BYTES (UINT64_C(1) << 38)

/** Messages within messages. A graph in a node of a graph costs three. */
#define SY_ONNX_MAX_DEPTH 64u

/** Of one file, all graphs and functions together; nodes also count what calls of functions add. */
#define SY_ONNX_MAX_NODES 262144u
#define SY_ONNX_MAX_NAMES 2097152u /* inputs and outputs of nodes, graphs and functions */
#define SY_ONNX_MAX_ATTRIBUTES 1048576u
#define SY_ONNX_MAX_TENSORS 262144u
#define SY_ONNX_MAX_EXTENTS 4194304u
#define SY_ONNX_MAX_FUNCTIONS 1024u
#define SY_ONNX_MAX_IMPORTS 4096u

/** Of one message: attributes of a node or function, extents, entries of an attribute, pairs that describe
 * external data, bytes of a text. */
#define SY_ONNX_MAX_NODE_ATTRIBUTES 256u
#define SY_ONNX_MAX_DIMS 64u
#define SY_ONNX_MAX_ENTRIES 1048576u
#define SY_ONNX_MAX_PAIRS 16u
#define SY_ONNX_MAX_TEXT 65536u

/** Stretches in which a file has elements of tensors. */
#define SY_ONNX_MAX_RUNS 4194304u

/** The file without the elements of its tensors. */
#define SY_ONNX_MAX_SKELETON_BYTES (UINT64_C(1) << 27)

/** Files of external data. */
#define SY_ONNX_MAX_EXTERNAL 1024u

/** Calls of functions within functions. */
#define SY_ONNX_MAX_CALLS 16u

/** What calls of functions copy of their bodies (names, attributes, constants). */
#define SY_ONNX_MAX_CALL_BYTES (UINT64_C(1) << 30)

/** Operators that are not known and are listed; more are counted. */
#define SY_ONNX_MAX_MISSING 64u

/** The newest opset of the default domain. */
#define SY_ONNX_NEWEST_OPSET 22

#endif
