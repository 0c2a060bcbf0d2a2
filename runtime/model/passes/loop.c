/* Loop, round by round: the trip count and the condition have to be constants. */
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/passes/collect.h"
#include "runtime/model/passes/unroll.h"

/*
 * n_carry      values handed from round to round: inputs from 2 on, outputs of the body from 1 on.
 * n_scan       outputs of the body after those: one piece a round.
 * has_condition  whether the body's condition counts: not if the node has none and a trip count.
 */
typedef struct loop {
    const sy_net_node *node;
    sy_net_frame body;
    uint32_t n_carry, n_scan;
    int64_t trips;
    bool has_condition, goes_on;
    sy_net_collection scan;
} loop;

static bool has_input(const sy_net_node *node, uint32_t index) {
    return index < node->n_in && node->in[index] != SY_NET_NONE;
}

static sy_status decide(
    sy_net_writer *writer, sy_net_frame *frame, loop *this, uint32_t index, int64_t *out, sy_error *err) {
    uint32_t value = SY_NET_NONE;
    sy_status status = sy_net_frame_value(writer, frame, this->node->in[index], &value, err);
    if (status != SY_OK)
        return status;
    return sy_net_decided(writer, this->node, value, index == 0 ? "trip count" : "condition", out, err);
}

/* Trip count, condition, counts of the body. */
static sy_status begin(sy_net_writer *writer, sy_net_frame *frame, loop *this, sy_error *err) {
    const sy_net_node *node = this->node;
    const sy_net_graph *body = NULL;
    int64_t is_true = 1;
    sy_status status = SY_OK;
    this->n_carry = node->n_in > 2 ? node->n_in - 2 : 0;
    this->trips = INT64_MAX;
    if (has_input(node, 0))
        status = decide(writer, frame, this, 0, &this->trips, err);
    if (status == SY_OK && has_input(node, 1))
        status = decide(writer, frame, this, 1, &is_true, err);
    this->goes_on = is_true != 0;
    this->has_condition = has_input(node, 1) || !has_input(node, 0);
    if (status == SY_OK)
        status = sy_net_inner_graph(node, "body", this->n_carry + 2, this->n_carry + 1, &body, err);
    if (status != SY_OK)
        return status;
    this->n_scan = body->n_output - 1 - this->n_carry;
    if (node->n_out > this->n_carry + this->n_scan)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "Loop '%s': %u outputs, its body makes %u", node->name,
            node->n_out, this->n_carry + this->n_scan);
    return sy_net_frame_open(writer, body, frame, &this->body, err);
}

/* What the body begins a round with; carry holds the values that are handed on. */
static sy_status set_inputs(
    sy_net_writer *writer, loop *this, int64_t round, const uint32_t *carry, sy_error *err) {
    const sy_net_graph *body = this->body.graph;
    uint32_t number = SY_NET_NONE, condition = SY_NET_NONE;
    sy_status status = sy_net_writer_number(writer, SY_S64, 0, round, &number, err);
    if (status == SY_OK)
        status = sy_net_writer_number(writer, SY_BOOL, 0, 1, &condition, err);
    if (status != SY_OK)
        return status;
    this->body.map[body->input[0]] = number;
    this->body.map[body->input[1]] = condition;
    for (uint32_t i = 0; i < this->n_carry; i++)
        this->body.map[body->input[2 + i]] = carry[i];
    return SY_OK;
}

static sy_status take_outputs(sy_net_writer *writer, loop *this, uint32_t *carry, sy_error *err) {
    const sy_net_graph *body = this->body.graph;
    uint32_t value = SY_NET_NONE;
    int64_t goes_on = 1;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < body->n_output && status == SY_OK; i++) {
        status = sy_net_frame_value(writer, &this->body, body->output[i], &value, err);
        if (status == SY_OK && i == 0 && this->has_condition)
            status = sy_net_decided(writer, this->node, value, "condition", &goes_on, err);
        if (i > 0 && i <= this->n_carry)
            carry[i - 1] = value;
        if (status == SY_OK && i > this->n_carry)
            status = sy_net_collection_add(&this->scan, value, err);
    }
    this->goes_on = goes_on != 0;
    return status;
}

static sy_status run_round(
    sy_net_writer *writer, sy_net_frame *frame, loop *this, int64_t round, uint32_t *carry, sy_error *err) {
    sy_net_frame_enter(&this->body, frame, this->node->name, round);
    sy_status status = sy_net_writer_step(writer, this->node->name, err);
    if (status == SY_OK)
        status = set_inputs(writer, this, round, carry, err);
    if (status == SY_OK)
        status = sy_net_write_graph(writer, &this->body, err);
    return status == SY_OK ? take_outputs(writer, this, carry, err) : status;
}

static sy_status end(
    sy_net_writer *writer, sy_net_frame *frame, loop *this, const uint32_t *carry, sy_error *err) {
    const sy_net_node *node = this->node;
    const sy_net_graph *body = this->body.graph;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        uint32_t made = i < this->n_carry ? carry[i] : SY_NET_NONE;
        if (node->out[i] == SY_NET_NONE)
            continue;
        sy_net_joint joint = {.model = &body->value[body->output[1 + i]].tensor};
        if (i >= this->n_carry)
            status = sy_net_collection_join(writer, &this->scan, this->n_scan, i - this->n_carry, &joint,
                sy_net_frame_text(writer, frame, node->name), &made, err);
        frame->map[node->out[i]] = made;
    }
    return status;
}

static sy_status write_rounds(
    sy_net_writer *writer, sy_net_frame *frame, loop *this, uint32_t *carry, sy_error *err) {
    sy_status status = begin(writer, frame, this, err);
    for (uint32_t i = 0; i < this->n_carry && status == SY_OK; i++)
        status = sy_net_frame_value(writer, frame, this->node->in[2 + i], &carry[i], err);
    for (int64_t i = 0; status == SY_OK && i < this->trips && this->goes_on; i++)
        status = run_round(writer, frame, this, i, carry, err);
    return status == SY_OK ? end(writer, frame, this, carry, err) : status;
}

sy_status sy_net_write_loop(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err) {
    loop this = {.node = node};
    uint32_t *carry = sy_mem_calloc((size_t)node->n_in + 1, sizeof *carry);
    if (carry == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the values of '%s'", node->name);
    sy_status status = write_rounds(writer, frame, &this, carry, err);
    sy_net_frame_close(&this.body);
    sy_net_collection_release(&this.scan);
    sy_mem_free(carry);
    return status;
}
