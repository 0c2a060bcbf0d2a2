/* A drawing as an ONNX file: small messages from memory, weights in a stream as they are made. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bench/networks/drawing.h"
#include "bench/networks/wire.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

enum {
    MODEL_IR = 1,
    MODEL_PRODUCER = 2,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8,
    OPSET_DOMAIN = 1,
    OPSET_VERSION = 2
};
enum { GRAPH_NAME = 2, GRAPH_WEIGHT = 5 };
enum { TENSOR_DIM = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9, TENSOR_NOTE = 12 };

#define IR_VERSION 8
#define OPSET 17
#define LARGEST_BYTES (UINT64_C(2) << 30)
#define CHUNK 4096u

/* Where weights begin in the file: who maps it can then use them where they lie. */
#define ALIGNMENT 64u

static uint64_t elements_of(const sy_drawn_weight *weight) {
    uint64_t count = 1;
    for (uint32_t i = 0; i < weight->rank; i++)
        count *= (uint64_t)weight->dim[i];
    return count;
}

static uint64_t payload_of(const sy_drawn_weight *weight) {
    return elements_of(weight) * (weight->integer != NULL ? sizeof(int64_t) : sizeof(float));
}

/* Everything of a weight's message up to its payload, the field's own head included, with a note of blanks.
 */
static void head_with_blanks(
    const sy_drawing *drawing, const sy_drawn_weight *weight, size_t blanks, sy_text *out) {
    static const char blank[ALIGNMENT * 2 + 1] = {0};
    sy_text tensor = {0};
    for (uint32_t i = 0; i < weight->rank; i++)
        sy_wire_number(&tensor, TENSOR_DIM, (uint64_t)weight->dim[i]);
    sy_wire_number(&tensor, TENSOR_TYPE, weight->integer != NULL ? SY_DRAWN_S64 : SY_DRAWN_F32);
    sy_wire_text(&tensor, TENSOR_NAME, drawing->wire_names.data + (size_t)weight->wire * 32);
    sy_wire_bytes(&tensor, TENSOR_NOTE, blank, blanks);
    sy_wire_head(&tensor, TENSOR_RAW, payload_of(weight));
    sy_text_clear(out);
    sy_wire_head(out, GRAPH_WEIGHT, tensor.length + payload_of(weight));
    if (tensor.length > 0)
        sy_text_append(out, tensor.data, tensor.length);
    out->failed = out->failed || tensor.failed;
    sy_text_release(&tensor);
}

/* The same with as many blanks as align the payload of a message that begins at `offset` of the file. */
static void weight_head(
    const sy_drawing *drawing, const sy_drawn_weight *weight, uint64_t offset, sy_text *out) {
    size_t blanks = 0;
    do
        head_with_blanks(drawing, weight, blanks, out);
    while ((offset + out->length) % ALIGNMENT != 0 && ++blanks < 2 * ALIGNMENT && !out->failed);
}

static int write_numbers(int fd, const sy_drawn_weight *weight, uint64_t seed, uint64_t stream) {
    float chunk[CHUNK];
    sy_random random;
    sy_random_seed(&random, seed, stream);
    for (uint64_t left = elements_of(weight); left > 0;) {
        size_t count = left < CHUNK ? (size_t)left : CHUNK;
        for (size_t i = 0; i < count; i++)
            chunk[i] = (float)(weight->mean +
                               (weight->deviation > 0 ? weight->deviation * sy_random_normal(&random) : 0));
        if (sy_file_write_all(fd, chunk, count * sizeof *chunk) != 0)
            return -1;
        left -= count;
    }
    return 0;
}

static int write_weights(int fd, const sy_drawing *drawing, uint64_t seed, uint64_t offset, sy_text *head) {
    for (uint32_t i = 0; i < drawing->n_weight; i++) {
        const sy_drawn_weight *weight = &drawing->weight[i];
        weight_head(drawing, weight, offset, head);
        offset += head->length + payload_of(weight);
        if (head->failed || sy_file_write_all(fd, head->data, head->length) != 0)
            return -1;
        int failed = weight->integer != NULL ? sy_file_write_all(fd, weight->integer, payload_of(weight))
                                             : write_numbers(fd, weight, seed, i);
        if (failed != 0)
            return -1;
    }
    return 0;
}

/* Bytes of all weights with their heads, the first of which begins at `offset`. */
static uint64_t weights_bytes(const sy_drawing *drawing, uint64_t offset, sy_text *head) {
    uint64_t end = offset;
    for (uint32_t i = 0; i < drawing->n_weight; i++) {
        weight_head(drawing, &drawing->weight[i], end, head);
        end += head->length + payload_of(&drawing->weight[i]);
    }
    return end - offset;
}

/* Everything before the graph's fields. */
static void model_head(sy_text *out, uint64_t graph_bytes) {
    sy_text opset = {0};
    sy_text_clear(out);
    sy_wire_number(out, MODEL_IR, IR_VERSION);
    sy_wire_text(out, MODEL_PRODUCER, "steelyard");
    sy_wire_text(&opset, OPSET_DOMAIN, "");
    sy_wire_number(&opset, OPSET_VERSION, OPSET);
    sy_wire_bytes(out, MODEL_OPSET, opset.data, opset.length);
    sy_wire_head(out, MODEL_GRAPH, graph_bytes);
    out->failed = out->failed || opset.failed;
    sy_text_release(&opset);
}

/* The model's own fields, and the graph's but its weights. The graph's length is told with them, whose own
 * length depends on where they begin: again until both agree. */
static sy_status make_head(const sy_drawing *drawing, sy_text *out, sy_text *graph, sy_error *err) {
    sy_text head = {0};
    uint64_t bytes = 0, before = 1;
    sy_wire_text(graph, GRAPH_NAME, drawing->name);
    sy_text_append(graph, drawing->node.data, drawing->node.length);
    sy_text_append(graph, drawing->input.data, drawing->input.length);
    sy_text_append(graph, drawing->output.data, drawing->output.length);
    while (before != out->length && !out->failed && !head.failed) {
        before = out->length;
        bytes = weights_bytes(drawing, before + graph->length, &head);
        model_head(out, graph->length + bytes);
    }
    bool has_failed = drawing->has_failed || out->failed || graph->failed || head.failed;
    sy_text_release(&head);
    if (has_failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the network %s", drawing->name);
    return bytes < LARGEST_BYTES
               ? SY_OK
               : sy_error_set(err, SY_OVERFLOW, "%s: an ONNX file holds less than 2 GB", drawing->name);
}

sy_status sy_drawing_write(const sy_drawing *drawing, uint64_t seed, const char *path, sy_error *err) {
    char part[4096];
    sy_text head = {0}, graph = {0}, weight = {0};
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a path of over 4,000 bytes");
    sy_status status = make_head(drawing, &head, &graph, err);
    int fd = status == SY_OK ? sy_file_open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (status == SY_OK && fd < 0)
        status = sy_error_io(err, "%s", part);
    if (status == SY_OK) {
        bool is_written = sy_file_write_all(fd, head.data, head.length) == 0 &&
                          sy_file_write_all(fd, graph.data, graph.length) == 0 &&
                          write_weights(fd, drawing, seed, head.length + graph.length, &weight) == 0;
        if (!is_written)
            status = sy_error_io(err, "%s", part);
        sy_file_close(fd);
        if (status == SY_OK && sy_file_rename(part, path) != 0)
            status = sy_error_io(err, "%s", path);
        if (status != SY_OK)
            sy_file_remove(part);
    }
    sy_text_release(&head);
    sy_text_release(&graph);
    sy_text_release(&weight);
    return status;
}
