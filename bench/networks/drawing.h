/*
 * A network while it is drawn: operators between wires (tensors). Weights are only described (extents, how
 * they are spread) and made when the file is written. After a failed allocation every call does nothing and
 * sy_drawing_write() tells. One thread.
 */
#ifndef BENCH_NETWORKS_DRAWING_H
#define BENCH_NETWORKS_DRAWING_H

#include <stdint.h>

#include "runtime/base/text.h"
#include "steelyard/status.h"

/** A tensor of the drawing, by number. */
typedef uint32_t sy_wire;

/** "No tensor": an optional input left out. */
#define SY_NO_WIRE UINT32_MAX

#define SY_DRAWING_RANK 4u

/** A weight: `count` normal numbers about `mean`, or integers. */
typedef struct sy_drawn_weight {
    sy_wire wire;
    uint32_t rank;
    int64_t dim[SY_DRAWING_RANK];
    double mean, deviation;
    const int64_t *integer; /* NULL: f32 numbers; else s64, the caller's for the drawing's life */
} sy_drawn_weight;

/** Zero-initialise and sy_drawing_begin(). */
typedef struct sy_drawing {
    const char *name;
    sy_text node, input, output, wire_names; /* encoded messages; names of wires, 32 bytes each */
    sy_drawn_weight *weight;
    uint32_t n_weight, weight_room, n_wire, n_node;
    bool has_failed;
} sy_drawing;

void sy_drawing_begin(sy_drawing *drawing, const char *name);
void sy_drawing_release(sy_drawing *drawing);

/** An extent of an input or output: a number, or a symbol (symbol != NULL). */
typedef struct sy_drawn_extent {
    int64_t size;
    const char *symbol;
} sy_drawn_extent;

enum { SY_DRAWN_F32 = 1, SY_DRAWN_S64 = 7 };

/** An input of the network. `dtype` SY_DRAWN_*. */
sy_wire sy_draw_input(
    sy_drawing *drawing, const char *name, int dtype, uint32_t rank, const sy_drawn_extent *extent);

/** Name a wire as an output of the network: an Identity of it. */
void sy_draw_output(
    sy_drawing *drawing, const char *name, sy_wire wire, uint32_t rank, const sy_drawn_extent *extent);

/** A weight of up to four extents (trailing ones 0: not there), normal about `mean`. */
sy_wire sy_draw_weight(
    sy_drawing *drawing, double mean, double deviation, int64_t a, int64_t b, int64_t c, int64_t d);

/** A constant list of integers; the array stays the caller's and must live as long as the drawing. */
sy_wire sy_draw_integers(sy_drawing *drawing, const int64_t *integer, int64_t count);

/** One number. */
sy_wire sy_draw_number(sy_drawing *drawing, double value);

/**
 * An operator with `n_in` inputs and one output.
 * attributes  "name=1 name=1,2,3 name~0.1 name'text": integer, integers (a list wherever there is a comma or
 * a trailing one: "axes=1,"), float, text; "" or NULL for none.
 */
sy_wire sy_draw_node(
    sy_drawing *drawing, const char *op, const char *attributes, uint32_t n_in, const sy_wire *in);

/** The same with one and with two inputs. */
sy_wire sy_draw_one(sy_drawing *drawing, const char *op, const char *attributes, sy_wire in);
sy_wire sy_draw_two(sy_drawing *drawing, const char *op, const char *attributes, sy_wire a, sy_wire b);

/**
 * Write the network as ONNX (IR 8, opset 17), weights from `seed`; the same bytes for the same drawing and
 * seed. The file appears whole or not at all. Errors  SY_OUT_OF_MEMORY; SY_IO; SY_OVERFLOW: above 2 GB, which
 * the format does not hold.
 */
sy_status sy_drawing_write(const sy_drawing *drawing, uint64_t seed, const char *path, sy_error *err);

/** Parameters: elements of all f32 weights. */
uint64_t sy_drawing_parameters(const sy_drawing *drawing);

#endif
