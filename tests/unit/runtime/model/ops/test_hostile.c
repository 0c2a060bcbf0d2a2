/*
 * Every row of the table with inputs and attributes drawn at random, most of them wrong: it refuses them with
 * one line, or infers shapes that are right and runs without leaving its memory (sanitizers see the rest).
 */
#include "tests/unit/runtime/model/ops/trial.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/random.h"

enum { MOST_BYTES = 1 << 20, MOST_ATTRS = 6, TURNS = STEELYARD_SLOW != 0 ? 60 : 300 };

static uint64_t draw(sy_random *random, uint64_t below) {
    return sy_random_below(random, below);
}

static const char *const names[] = {"axis", "axes", "keepdims", "to", "size", "block_size", "direction",
    "alpha", "beta", "epsilon", "num_groups", "perm", "pads", "strides", "kernel_shape", "dilations", "group",
    "auto_pad", "ceil_mode", "mode", "select_last_index", "p", "fmod", "exclusive", "reverse",
    "noop_with_empty_axes", "output_dtype", "saturate", "min", "max", "split", "num_outputs", "starts",
    "ends", "allowzero", "blocksize", "output_padding", "output_shape", "count_include_pad", "storage_order",
    "training_mode", "stash_type", "approximate", "batch_dims", "dtype", "k", "largest", "sorted",
    "hidden_size", "layout", "scales", "to", "equation", "transA", "transB", "value", "shape", "start", "end",
    "coordinate_transformation_mode"};
static const char *const texts[] = {"", "LEFT", "RIGHT", "none", "tanh", "SAME_UPPER", "SAME_LOWER", "VALID",
    "NOTSET", "constant", "reflect", "edge", "wrap", "linear", "nearest", "cubic", "DCR", "CRD",
    "bidirectional", "forward", "reverse", "add", "ij,jk->ik", "asymmetric", "align_corners", "%s%n"};
static const int64_t numbers[] = {0, 1, 2, 3, -1, -2, -3, 4, 7, 8, 16, 100, 1 << 20, INT32_MAX, INT32_MIN,
    INT64_MAX, INT64_MIN, INT64_C(1) << 40};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int64_t number(sy_random *random) {
    return numbers[draw(random, draw(random, 4) > 0 ? 6 : COUNT(numbers))];
}

static void add_attribute(trial *t, sy_random *random) {
    const char *name = names[draw(random, COUNT(names))];
    int64_t list[9];
    switch (draw(random, 4)) {
    case 0: trial_float(t, name, draw(random, 5) == 0 ? NAN : (float)number(random) / 4); break;
    case 1: trial_text(t, name, texts[draw(random, COUNT(texts))]); break;
    case 2:
        for (size_t i = 0; i < COUNT(list); i++)
            list[i] = number(random);
        trial_ints(t, name, (trial_dims){list, (uint32_t)draw(random, COUNT(list) + 1)});
        break;
    default: trial_int(t, name, number(random)); break;
    }
}

static uint32_t some_type(sy_random *random) {
    static const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_BF16, SY_F8E4M3, SY_F8E5M2, SY_S8, SY_U8,
        SY_S16, SY_U16, SY_S32, SY_U32, SY_S64, SY_U64, SY_BOOL};
    return draw(random, 2) == 0 ? SY_F32 : types[draw(random, COUNT(types))];
}

static void add_input(trial *t, sy_random *random, uint32_t like) {
    int64_t dim[SY_NET_MAX_RANK];
    static const double values[] = {0, 1, -1, 2, 3, -5, 100, 0.5, 1e30, -1e30, (double)INFINITY, (double)NAN};
    double value = values[draw(random, draw(random, 2) == 0 ? 5 : COUNT(values))];
    uint64_t way = draw(random, 12);
    trial_dims dims = {dim, (uint32_t)draw(random, 6)};
    if (way == 0) {
        trial_in_left_out(t);
        return;
    }
    for (uint32_t d = 0; d < dims.rank; d++)
        dim[d] = draw(random, 12) == 0 ? 0 : 1 + (int64_t)draw(random, 4);
    if (way == 1 && dims.rank > 0) { /* values, and perhaps an extent, not known */
        dim[draw(random, dims.rank)] = draw(random, 2) == 0 ? -1 : INT64_C(1) << 20;
        trial_in(t, like, dims, NOTHING);
    } else if (way < 4) { /* a list of whole numbers */
        trial_in(t, SY_S64, DIMS((int64_t)draw(random, 5)), NUMBERS((double)(int64_t)draw(random, 5) - 2));
    } else if (way < 7 && t->node.n_in > 0 && t->in[0].rank <= SY_NET_MAX_RANK && t->in[0].data != NULL) {
        trial_in(t, like, (trial_dims){t->in[0].dim, t->in[0].rank}, NUMBERS(value));
    } else {
        trial_in(t, way == 11 ? some_type(random) : like, dims, NUMBERS(value));
    }
}

/* Everything there to run it: shapes known, inputs with values, no more memory than a test may take. */
static bool can_run(const trial *t) {
    for (uint32_t i = 0; i < t->node.n_in; i++)
        if (t->in[i].dtype != 0 && t->in[i].data == NULL)
            return false;
    for (uint32_t i = 0; i < t->node.n_out; i++)
        if (!sy_net_is_known(&t->out[i]) || sy_net_bytes(&t->out[i]) > MOST_BYTES)
            return false;
    return t->node.op->scratch_bytes == NULL || t->node.op->scratch_bytes(&t->call) <= 16 * MOST_BYTES;
}

static void check_error(const trial *t) {
    assert_true(strlen(t->err.text) > 0);
    assert_null(strchr(t->err.text, '\n'));
}

static void try_once(const sy_net_op *op, sy_random *random) {
    uint32_t until = op->until != 0 ? op->until : op->since > 22 ? op->since : 22;
    uint32_t most_in = op->max_in < TRIAL_PORTS ? op->max_in : TRIAL_PORTS;
    uint32_t most_out = op->max_out < TRIAL_PORTS ? op->max_out : TRIAL_PORTS, like = some_type(random);
    trial t;
    trial_open_in(&t, op->domain, op->name, op->since + (uint32_t)draw(random, until - op->since + 1));
    for (uint64_t n = draw(random, MOST_ATTRS); n > 0; n--)
        add_attribute(&t, random);
    for (uint64_t n = op->min_in + draw(random, most_in - op->min_in + 1); n > 0; n--)
        add_input(&t, random, like);
    trial_outputs(&t, op->min_out + (uint32_t)draw(random, most_out - op->min_out + 1));
    sy_status status = trial_infer(&t);
    for (uint32_t i = 0; i < t.node.n_out && status == SY_OK; i++)
        status = sy_net_tensor_check(&t.out[i], &t.err);
    if (status == SY_OK && can_run(&t))
        status = trial_run(&t);
    if (status != SY_OK)
        check_error(&t);
    trial_close(&t);
}

static void every_row_bears_nonsense(void **state) {
    (void)state;
    sy_random random;
    size_t rows = 0;
    for (size_t f = 0; sy_net_op_family(f).count > 0; f++)
        for (size_t r = 0; r < sy_net_op_family(f).count; r++, rows++) {
            const sy_net_op *op = &sy_net_op_family(f).row[r];
            if (op->min_in > TRIAL_PORTS || op->min_out > TRIAL_PORTS)
                continue;
            sy_random_seed(&random, 7, rows);
            for (int turn = 0; turn < TURNS; turn++)
                try_once(op, &random);
        }
    assert_true(rows > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_bears_nonsense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
