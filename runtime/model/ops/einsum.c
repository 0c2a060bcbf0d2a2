/*
 * Einsum: sums of products, written as letters for dimensions. The plain definition, one sum for each element
 * of the result; products that matter are MatMul in the networks we know.
 */
#include <ctype.h>
#include <string.h>

#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* Letters, and the dimensions that "..." may stand for. */
#define LABELS (52u + SY_NET_MAX_RANK)
#define INPUTS_MAX 8u

/* Labels that are met; those of the result first, in its order. step: strides in each input. */
typedef struct einsum {
    uint32_t n_label, n_out, n_in;
    int64_t dim[LABELS], step[INPUTS_MAX][LABELS];
} einsum;

/* What is known while an equation is read: extent of each label, -1 where it was not met. */
typedef struct reading {
    int64_t extent[LABELS];
    uint32_t count[LABELS]; /* times met in inputs */
    uint32_t dots;          /* dimensions that "..." stands for */
    uint8_t label[INPUTS_MAX + 1][SY_NET_MAX_RANK];
    uint32_t rank[INPUTS_MAX + 1];
} reading;

static uint32_t label_of(char letter) {
    return letter >= 'a' ? (uint32_t)(letter - 'a') : (uint32_t)(letter - 'A') + 26;
}

static sy_status bad_equation(const sy_net_call *call, sy_error *err) {
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "equation '%.100s' does not fit its inputs",
        sy_net_attr_text(call->node, "equation", ""));
}

/* Labels of one term, up to a comma, an arrow or the end; rank: of its input, for "...". False: nonsense. */
static bool read_term(reading *this, const char **text, uint32_t term, uint32_t rank, bool is_out) {
    uint32_t letters = 0, count = 0;
    const char *end = *text;
    for (; *end != '\0' && *end != ',' && *end != '-'; end++)
        letters += isalpha((unsigned char)*end) != 0;
    if (!is_out && letters > rank)
        return false;
    uint32_t dots = is_out ? this->dots : rank - letters;
    for (const char *at = *text; at < end; at++) {
        if (*at == ' ')
            continue;
        bool is_dots = strncmp(at, "...", 3) == 0;
        uint32_t more = is_dots ? dots : 1;
        if ((!is_dots && isalpha((unsigned char)*at) == 0) || count + more > SY_NET_MAX_RANK)
            return false;
        for (uint32_t i = 0; i < more; i++) /* aligned at their last dimension */
            this->label[term][count++] = (uint8_t)(is_dots ? 52 + SY_NET_MAX_RANK - dots + i : label_of(*at));
        if (is_dots) {
            at += 2;
            this->dots = !is_out && dots > this->dots ? dots : this->dots;
        }
    }
    this->rank[term] = count;
    *text = end;
    return is_out || count == rank;
}

/* Extents of the labels of an input: equal, or 1 for "..." that is broadcast. */
static bool take_extents(reading *this, const sy_net_tensor *in, uint32_t term) {
    for (uint32_t i = 0; i < in->rank; i++) {
        uint32_t label = this->label[term][i];
        int64_t *extent = &this->extent[label];
        if (*extent >= 0 && *extent != in->dim[i] && *extent != 1 && in->dim[i] != 1)
            return false;
        *extent = *extent < 0 || *extent == 1 ? in->dim[i] : *extent;
        this->count[label]++;
    }
    return true;
}

/* Without an arrow the result has "..." and every letter that is met once, in order of the alphabet. */
static void imply_result(reading *this, uint32_t term) {
    uint32_t count = 0;
    for (uint32_t i = 52; i < LABELS; i++)
        if (this->extent[i] >= 0 && count < SY_NET_MAX_RANK)
            this->label[term][count++] = (uint8_t)i;
    for (uint32_t k = 0; k < 52; k++) {
        uint32_t i = k < 26 ? k + 26 : k - 26; /* capitals come first */
        if (this->count[i] == 1 && count < SY_NET_MAX_RANK)
            this->label[term][count++] = (uint8_t)i;
    }
    this->rank[term] = count;
}

static bool read_equation(const sy_net_call *call, reading *this) {
    const char *text = sy_net_attr_text(call->node, "equation", "");
    for (uint32_t i = 0; i < LABELS; i++)
        this->extent[i] = -1;
    for (uint32_t i = 0; i < call->n_in; i++) {
        if (!read_term(this, &text, i, call->in[i].rank, false) || !take_extents(this, &call->in[i], i))
            return false;
        if (i + 1 < call->n_in && *text++ != ',')
            return false;
    }
    if (*text == '\0') {
        imply_result(this, call->n_in);
        return true;
    }
    if (text[0] != '-' || text[1] != '>')
        return false;
    text += 2;
    return read_term(this, &text, call->n_in, 0, true) && *text == '\0';
}

/* Give the label its place among the dimensions that are walked; false: it has one, or is not met. */
static bool add_label(einsum *state, const reading *this, bool *is_taken, uint32_t label) {
    if (is_taken[label] || this->extent[label] < 0)
        return false;
    is_taken[label] = true;
    state->dim[state->n_label++] = this->extent[label];
    return true;
}

static bool plan(const sy_net_call *call, const reading *this, einsum *state) {
    bool is_taken[LABELS] = {false};
    uint32_t place[LABELS] = {0};
    state->n_in = call->n_in;
    state->n_out = this->rank[call->n_in];
    for (uint32_t i = 0; i < state->n_out; i++) {
        uint32_t label = this->label[call->n_in][i];
        place[label] = state->n_label;
        if (!add_label(state, this, is_taken, label))
            return false;
    }
    for (uint32_t label = 0; label < LABELS; label++) {
        uint32_t at = state->n_label;
        if (add_label(state, this, is_taken, label))
            place[label] = at;
    }
    for (uint32_t i = 0; i < call->n_in; i++) {
        int64_t stride[SY_NET_MAX_RANK];
        sy_net_strides(&call->in[i], stride);
        for (uint32_t k = 0; k < call->in[i].rank; k++)
            if (call->in[i].dim[k] != 1)
                state->step[i][place[this->label[i][k]]] += stride[k];
    }
    return true;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    reading this = {0};
    uint32_t dtype = call->in[0].dtype;
    for (uint32_t i = 0; i < call->n_in; i++)
        if (!sy_net_is_known(&call->in[i]) || call->in[i].dtype != dtype || sy_net_dtype_size(dtype) == 0)
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "inputs must be of known extents and of one type");
    einsum *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    if (!read_equation(call, &this) || !plan(call, &this, state))
        return bad_equation(call, err);
    call->out[0].dtype = dtype;
    call->out[0].rank = state->n_out;
    for (uint32_t i = 0; i < state->n_out; i++)
        call->out[0].dim[i] = state->dim[i];
    return SY_OK;
}

typedef struct einsum_run {
    const einsum *state;
    const sy_net_tensor *in;
    sy_net_tensor out;
    int64_t terms; /* products summed for an element */
} einsum_run;

static double product_at(const einsum_run *this, const int64_t at[INPUTS_MAX]) {
    double product = 1;
    for (uint32_t i = 0; i < this->state->n_in; i++)
        product *= sy_net_get(&this->in[i], at[i]);
    return product;
}

/* Offsets of item `index` of labels begin .. end - 1, added to those in `at`. */
static void move_to(
    const einsum *state, uint32_t begin, uint32_t end, int64_t index, int64_t at[INPUTS_MAX]) {
    for (uint32_t label = end; label-- > begin; index /= state->dim[label])
        for (uint32_t i = 0; i < state->n_in; i++)
            at[i] += index % state->dim[label] * state->step[i][label];
}

static void sum_elements(void *arg, int64_t begin, int64_t end) {
    const einsum_run *this = arg;
    const einsum *state = this->state;
    sy_net_tensor out = this->out;
    for (int64_t item = begin; item < end; item++) {
        int64_t first[INPUTS_MAX] = {0};
        double sum = 0;
        move_to(state, 0, state->n_out, item, first);
        for (int64_t term = 0; term < this->terms; term++) {
            int64_t at[INPUTS_MAX];
            memcpy(at, first, sizeof at);
            move_to(state, state->n_out, state->n_label, term, at);
            sum += product_at(this, at);
        }
        sy_net_set(&out, item, sum);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    einsum_run this = {.state = call->state, .in = call->in, .out = call->out[0], .terms = 1};
    for (uint32_t i = this.state->n_out; i < this.state->n_label; i++)
        if (__builtin_mul_overflow(this.terms, this.state->dim[i], &this.terms))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "more products than are countable");
    sy_team_for(call->team, sy_net_elements(&call->out[0]), this.terms, sum_elements, &this);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Einsum", "", 12, 0, 0, 1, INPUTS_MAX, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_einsum = {row, sizeof row / sizeof row[0]};
