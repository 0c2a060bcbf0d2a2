#include "bench/networks/drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/networks/wire.h"
#include "runtime/base/seam.h"

/* Fields of ONNX's messages (onnx.proto, stable numbers) and kinds of attributes. */
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5 };
enum { ATTR_NAME = 1, ATTR_F = 2, ATTR_I = 3, ATTR_S = 4, ATTR_INTS = 8, ATTR_TYPE = 20 };
enum { TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_STRING = 3, TYPE_INTS = 7 };
enum { GRAPH_NODE = 1, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { INFO_NAME = 1, INFO_TYPE = 2, TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2, SHAPE_DIM = 1 };
enum { DIM_VALUE = 1, DIM_PARAM = 2 };

#define NAME_BYTES 32u

void sy_drawing_begin(sy_drawing *drawing, const char *name) {
    *drawing = (sy_drawing){.name = name};
}

void sy_drawing_release(sy_drawing *drawing) {
    sy_text_release(&drawing->node);
    sy_text_release(&drawing->input);
    sy_text_release(&drawing->output);
    sy_text_release(&drawing->wire_names);
    sy_mem_free(drawing->weight);
    *drawing = (sy_drawing){0};
}

static const char *name_of(const sy_drawing *drawing, sy_wire wire) {
    return wire < drawing->n_wire && drawing->wire_names.data != NULL
               ? drawing->wire_names.data + (size_t)wire * NAME_BYTES
               : "";
}

static sy_wire add_wire(sy_drawing *drawing, const char *prefix, uint32_t number) {
    char name[NAME_BYTES] = "";
    if (number == UINT32_MAX)
        snprintf(name, sizeof name, "%s", prefix);
    else
        snprintf(name, sizeof name, "%.20s_%u", prefix, number);
    drawing->has_failed = drawing->has_failed || !sy_text_append(&drawing->wire_names, name, sizeof name);
    return drawing->n_wire++;
}

/* The message ValueInfoProto of a tensor. */
static void describe(sy_drawing *drawing, sy_text *out, uint32_t field, const char *name, int dtype,
    uint32_t rank, const sy_drawn_extent *extent) {
    sy_text shape = {0}, tensor = {0}, type = {0}, info = {0};
    for (uint32_t i = 0; i < rank; i++) {
        sy_text dim = {0};
        if (extent[i].symbol != NULL)
            sy_wire_text(&dim, DIM_PARAM, extent[i].symbol);
        else
            sy_wire_number(&dim, DIM_VALUE, (uint64_t)extent[i].size);
        sy_wire_bytes(&shape, SHAPE_DIM, dim.data, dim.length);
        drawing->has_failed = drawing->has_failed || dim.failed;
        sy_text_release(&dim);
    }
    sy_wire_number(&tensor, TENSOR_ELEMENT, (uint64_t)dtype);
    sy_wire_bytes(&tensor, TENSOR_SHAPE, shape.data, shape.length);
    sy_wire_bytes(&type, TYPE_TENSOR, tensor.data, tensor.length);
    sy_wire_text(&info, INFO_NAME, name);
    sy_wire_bytes(&info, INFO_TYPE, type.data, type.length);
    sy_wire_bytes(out, field, info.data, info.length);
    drawing->has_failed =
        drawing->has_failed || shape.failed || tensor.failed || type.failed || info.failed || out->failed;
    sy_text_release(&shape);
    sy_text_release(&tensor);
    sy_text_release(&type);
    sy_text_release(&info);
}

sy_wire sy_draw_input(
    sy_drawing *drawing, const char *name, int dtype, uint32_t rank, const sy_drawn_extent *extent) {
    describe(drawing, &drawing->input, GRAPH_INPUT, name, dtype, rank, extent);
    return add_wire(drawing, name, UINT32_MAX);
}

static sy_drawn_weight *add_weight(sy_drawing *drawing) {
    if (drawing->n_weight == drawing->weight_room) {
        uint32_t room = drawing->weight_room * 2 + 64;
        sy_drawn_weight *more = sy_mem_realloc(drawing->weight, room * sizeof *more);
        if (more == NULL) {
            drawing->has_failed = true;
            return NULL;
        }
        drawing->weight = more;
        drawing->weight_room = room;
    }
    sy_drawn_weight *weight = &drawing->weight[drawing->n_weight++];
    *weight = (sy_drawn_weight){.wire = add_wire(drawing, "weight", drawing->n_weight - 1)};
    return weight;
}

sy_wire sy_draw_weight(
    sy_drawing *drawing, double mean, double deviation, int64_t a, int64_t b, int64_t c, int64_t d) {
    const int64_t dim[SY_DRAWING_RANK] = {a, b, c, d};
    sy_drawn_weight *weight = add_weight(drawing);
    if (weight == NULL)
        return SY_NO_WIRE;
    weight->mean = mean;
    weight->deviation = deviation;
    while (weight->rank < SY_DRAWING_RANK && dim[weight->rank] > 0) {
        weight->dim[weight->rank] = dim[weight->rank];
        weight->rank++;
    }
    return weight->wire;
}

sy_wire sy_draw_integers(sy_drawing *drawing, const int64_t *integer, int64_t count) {
    sy_drawn_weight *weight = add_weight(drawing);
    if (weight == NULL)
        return SY_NO_WIRE;
    weight->rank = 1;
    weight->dim[0] = count;
    weight->integer = integer;
    return weight->wire;
}

sy_wire sy_draw_number(sy_drawing *drawing, double value) {
    return sy_draw_weight(drawing, value, 0, 0, 0, 0, 0);
}

static void integers_of(sy_text *out, const char *text) {
    char *end = NULL;
    bool is_list = strchr(text, ',') != NULL;
    for (const char *at = text; *at != '\0'; at = *end == ',' ? end + 1 : end) {
        sy_wire_number(out, is_list ? ATTR_INTS : ATTR_I, (uint64_t)strtoll(at, &end, 10));
        if (end == at)
            break;
    }
    sy_wire_number(out, ATTR_TYPE, is_list ? TYPE_INTS : TYPE_INT);
}

/* One "name=..." of the attributes. */
static void attribute(sy_text *out, const char *item) {
    char name[64];
    double value = 0;
    size_t length = strcspn(item, "=~'");
    char kind = item[length];
    snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), item);
    const char *rest = kind != '\0' ? item + length + 1 : "";
    sy_wire_text(out, ATTR_NAME, name);
    if (kind == '~') {
        sy_wire_float(out, ATTR_F, sy_text_to_f64(rest, &value) ? (float)value : 0);
        sy_wire_number(out, ATTR_TYPE, TYPE_FLOAT);
    } else if (kind == '\'') {
        sy_wire_text(out, ATTR_S, rest);
        sy_wire_number(out, ATTR_TYPE, TYPE_STRING);
    } else
        integers_of(out, rest);
}

static void attributes_of(sy_drawing *drawing, sy_text *node, const char *text) {
    char item[128];
    for (const char *at = text; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        sy_text one = {0};
        snprintf(item, sizeof item, "%.*s", (int)(length < 127 ? length : 127), at);
        attribute(&one, item);
        sy_wire_bytes(node, NODE_ATTRIBUTE, one.data, one.length);
        drawing->has_failed = drawing->has_failed || one.failed;
        sy_text_release(&one);
        at += length + (at[length] == ' ');
    }
}

static void put_node(sy_drawing *drawing, const char *op, const char *attributes, uint32_t n_in,
    const sy_wire *in, const char *out) {
    char name[64];
    sy_text node = {0};
    snprintf(name, sizeof name, "%.40s_%u", op, drawing->n_node++);
    for (uint32_t i = 0; i < n_in; i++)
        sy_wire_text(&node, NODE_INPUT, in[i] == SY_NO_WIRE ? "" : name_of(drawing, in[i]));
    sy_wire_text(&node, NODE_OUTPUT, out);
    sy_wire_text(&node, NODE_NAME, name);
    sy_wire_text(&node, NODE_OP, op);
    attributes_of(drawing, &node, attributes);
    sy_wire_bytes(&drawing->node, GRAPH_NODE, node.data, node.length);
    drawing->has_failed = drawing->has_failed || node.failed || drawing->node.failed;
    sy_text_release(&node);
}

sy_wire sy_draw_node(
    sy_drawing *drawing, const char *op, const char *attributes, uint32_t n_in, const sy_wire *in) {
    sy_wire out = add_wire(drawing, op, drawing->n_node);
    put_node(drawing, op, attributes, n_in, in, name_of(drawing, out));
    return out;
}

sy_wire sy_draw_one(sy_drawing *drawing, const char *op, const char *attributes, sy_wire in) {
    return sy_draw_node(drawing, op, attributes, 1, &in);
}

sy_wire sy_draw_two(sy_drawing *drawing, const char *op, const char *attributes, sy_wire a, sy_wire b) {
    return sy_draw_node(drawing, op, attributes, 2, (const sy_wire[]){a, b});
}

void sy_draw_output(
    sy_drawing *drawing, const char *name, sy_wire wire, uint32_t rank, const sy_drawn_extent *extent) {
    put_node(drawing, "Identity", "", 1, &wire, name);
    describe(drawing, &drawing->output, GRAPH_OUTPUT, name, SY_DRAWN_F32, rank, extent);
}

uint64_t sy_drawing_parameters(const sy_drawing *drawing) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < drawing->n_weight; i++) {
        uint64_t count = 1;
        for (uint32_t j = 0; j < drawing->weight[i].rank; j++)
            count *= (uint64_t)drawing->weight[i].dim[j];
        total += drawing->weight[i].integer == NULL ? count : 0;
    }
    return total;
}
