/* Scan, round by round: as many as the slices of its inputs. */
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/passes/collect.h"
#include "runtime/model/passes/unroll.h"

/* The operator that takes a slice, as of this opset. */
#define PICK_OPSET 13u

/*
 * n_state   values handed from round to round: the first inputs and outputs of node and body.
 * n_slice   inputs that are cut into slices, after those.
 * n_scan    outputs of the body after its states: one piece a round.
 */
typedef struct scan {
    const sy_net_node *node;
    sy_net_frame body;
    uint32_t n_state, n_slice, n_scan;
    int64_t rounds;
    sy_net_collection pieces;
} scan;

/* Number `index` of an attribute that has one for each input or output, 0 without. */
static int64_t setting(const scan *this, const char *name, uint32_t index) {
    size_t count = 0;
    const int64_t *list = sy_net_attr_ints(this->node, name, &count);
    return index < count ? list[index] : 0;
}

static sy_status axis_of(const scan *this, uint32_t index, uint32_t rank, int64_t *out, sy_error *err) {
    int64_t axis = setting(this, "scan_input_axes", index);
    *out = axis < 0 ? axis + rank : axis;
    if (rank <= SY_NET_MAX_RANK && *out >= 0 && *out < rank)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "Scan '%s': axis %lld of input %u, which has rank %u",
        this->node->name, (long long)axis, this->n_state + index, rank);
}

/* How many slices the inputs have; all the same. */
static sy_status count_rounds(const sy_net_writer *writer, scan *this, const uint32_t *value, sy_error *err) {
    for (uint32_t i = 0; i < this->n_slice; i++) {
        uint32_t index = value[this->n_state + i];
        if (index == SY_NET_NONE)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "Scan '%s': an input is left out", this->node->name);
        const sy_net_tensor *tensor = &writer->graph->value[index].tensor;
        int64_t axis = 0;
        sy_status status = axis_of(this, i, tensor->rank, &axis, err);
        if (status != SY_OK)
            return status;
        if (i > 0 && tensor->dim[axis] != this->rounds)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "Scan '%s': inputs of %lld and of %lld slices",
                this->node->name, (long long)this->rounds, (long long)tensor->dim[axis]);
        this->rounds = tensor->dim[axis];
    }
    return SY_OK;
}

static sy_status begin(
    sy_net_writer *writer, sy_net_frame *frame, scan *this, uint32_t *value, sy_error *err) {
    const sy_net_node *node = this->node;
    const sy_net_graph *body = NULL;
    int64_t slices = sy_net_attr_int(node, "num_scan_inputs", 0);
    if (slices < 1 || slices > node->n_in)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "Scan '%s': num_scan_inputs is %lld, must be 1 to %u",
            node->name, (long long)slices, node->n_in);
    this->n_slice = (uint32_t)slices;
    this->n_state = node->n_in - this->n_slice;
    sy_status status = sy_net_inner_graph(node, "body", node->n_in, this->n_state, &body, err);
    for (uint32_t i = 0; i < node->n_in && status == SY_OK; i++)
        status = sy_net_frame_value(writer, frame, node->in[i], &value[i], err);
    if (status == SY_OK)
        status = count_rounds(writer, this, value, err);
    if (status != SY_OK)
        return status;
    this->n_scan = body->n_output - this->n_state;
    if (node->n_out > body->n_output)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "Scan '%s': %u outputs, its body makes %u", node->name,
            node->n_out, body->n_output);
    return sy_net_frame_open(writer, body, frame, &this->body, err);
}

/* Slice `round` of input `index` of those that are cut. */
static sy_status take_slice(sy_net_writer *writer, const scan *this, uint32_t index, int64_t round,
    uint32_t from, const char *name, sy_error *err) {
    uint32_t port[2] = {from, SY_NET_NONE}, made = 0;
    sy_net_attr *attr = sy_net_arena_alloc(writer->graph->arena, sizeof *attr);
    int64_t *axis = sy_net_arena_alloc(writer->graph->arena, sizeof *axis);
    sy_net_node node = {.op = sy_net_op_find("", "Gather", PICK_OPSET),
        .opset = PICK_OPSET,
        .n_in = 2,
        .n_out = 1,
        .n_attr = 1};
    if (attr == NULL || axis == NULL || name == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a slice of '%s'", this->node->name);
    if (node.op == NULL)
        return sy_error_set(err, SY_INTERNAL, "operator Gather is missing in the table");
    *attr = (sy_net_attr){.name = "axis", .kind = SY_NET_INT, .count = 1, .i = axis};
    node.attr = attr;
    node.in = port;
    node.out = &made;
    sy_status status = axis_of(this, index, writer->graph->value[from].tensor.rank, axis, err);
    bool is_back = setting(this, "scan_input_directions", index) != 0;
    if (status == SY_OK)
        status = sy_net_writer_number(
            writer, SY_S64, 0, is_back ? this->rounds - 1 - round : round, &port[1], err);
    if (status == SY_OK)
        status = sy_net_writer_node(writer, &node, name, port, NULL, &made, err);
    this->body.map[this->body.graph->input[this->n_state + index]] = made;
    return status;
}

/* value: states, which the round replaces, then the inputs that are cut. */
static sy_status run_round(
    sy_net_writer *writer, sy_net_frame *frame, scan *this, int64_t round, uint32_t *value, sy_error *err) {
    const sy_net_graph *body = this->body.graph;
    sy_net_frame_enter(&this->body, frame, this->node->name, round);
    const char *name = sy_net_frame_text(writer, &this->body, "slice");
    sy_status status = sy_net_writer_step(writer, this->node->name, err);
    for (uint32_t i = 0; i < this->n_state; i++)
        this->body.map[body->input[i]] = value[i];
    for (uint32_t i = 0; i < this->n_slice && status == SY_OK; i++)
        status = take_slice(writer, this, i, round, value[this->n_state + i], name, err);
    if (status == SY_OK)
        status = sy_net_write_graph(writer, &this->body, err);
    for (uint32_t i = 0; i < body->n_output && status == SY_OK; i++) {
        uint32_t made = SY_NET_NONE;
        status = sy_net_frame_value(writer, &this->body, body->output[i], &made, err);
        if (status == SY_OK && i >= this->n_state)
            status = sy_net_collection_add(&this->pieces, made, err);
        if (i < this->n_state)
            value[i] = made;
    }
    return status;
}

static sy_status end(
    sy_net_writer *writer, sy_net_frame *frame, scan *this, const uint32_t *value, sy_error *err) {
    const sy_net_node *node = this->node;
    const sy_net_graph *body = this->body.graph;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        uint32_t made = i < this->n_state ? value[i] : SY_NET_NONE, column = i - this->n_state;
        if (node->out[i] == SY_NET_NONE)
            continue;
        if (i >= this->n_state) {
            sy_net_joint joint = {.axis = setting(this, "scan_output_axes", column),
                .is_reversed = setting(this, "scan_output_directions", column) != 0,
                .model = &body->value[body->output[i]].tensor};
            status = sy_net_collection_join(writer, &this->pieces, this->n_scan, column, &joint,
                sy_net_frame_text(writer, frame, node->name), &made, err);
        }
        frame->map[node->out[i]] = made;
    }
    return status;
}

sy_status sy_net_write_scan(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err) {
    scan this = {.node = node};
    uint32_t *value = sy_mem_calloc((size_t)node->n_in + 1, sizeof *value);
    if (value == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the values of '%s'", node->name);
    sy_status status = begin(writer, frame, &this, value, err);
    for (int64_t i = 0; i < this.rounds && status == SY_OK; i++)
        status = run_round(writer, frame, &this, i, value, err);
    if (status == SY_OK)
        status = end(writer, frame, &this, value, err);
    sy_net_frame_close(&this.body);
    sy_net_collection_release(&this.pieces);
    sy_mem_free(value);
    return status;
}
