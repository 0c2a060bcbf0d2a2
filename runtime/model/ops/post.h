/* What follows a product in place (node->post), on a computed output of the host. */
#ifndef RUNTIME_MODEL_OPS_POST_H
#define RUNTIME_MODEL_OPS_POST_H

#include "runtime/model/ops/op.h"

/** What a column and a row of a post's operands are. IMAGES: out[0] is N C ..., a column is a channel, a row
 * an image. MATRIX: a column is an entry of the last dimension, a row one of those before, flat. */
enum { SY_NET_POST_IMAGES = 0, SY_NET_POST_MATRIX = 1 };

/** A step with its operand; count: elements of it. */
typedef struct sy_net_post_step {
    const sy_net_post *post;
    const sy_net_tensor *operand; /* NULL: none */
    int64_t count;
} sy_net_post_step;

/**
 * Steps over an output, which is seen as `lines` lines of `width` values side by side, `pitch` apart. Line i:
 * channel i of a packed tensor of images (channels of all images, flat), pixel i of one with channels last,
 * row i of a matrix. columns: of the output; rows of lines: lines_a_row lines belong to one row (0: each is
 * one).
 */
typedef struct sy_net_posts {
    sy_net_tensor *out;
    sy_net_post_step step[SY_MAX_POSTS + 1];
    uint32_t n_step;
    int64_t lines, width, pitch, columns, lines_a_row;
    bool is_line_column;
} sy_net_posts;

/**
 * The steps of call->node, with an operand for each that has one: an input of the node after those that the
 * operator knows (node->post[i].value says which). BIAS and SCALE_COL: an entry a column; SCALE_ROW: an entry
 * a row, of a matrix also one a row of each matrix of a batch; ADD: as out[0].
 * bias    first of all an entry a column is added; NULL: none.
 * Errors  SY_INVALID_ARGUMENT: an operand that is missing, of another type or size; SY_UNSUPPORTED: a kind.
 */
sy_status sy_net_posts_set(
    const sy_net_call *call, int form, const sy_net_tensor *bias, sy_net_posts *out_posts, sy_error *err);

/** All steps on all of an f32 output, in place. */
void sy_net_posts_run(const sy_net_posts *posts, const sy_team *team);

/** All steps on one value, in f64: value `at` of line `line`. For outputs of any type, before rounding. */
double sy_net_posts_value(const sy_net_posts *posts, int64_t line, int64_t at, double value);

/** One kind on `count` values in place, which lie side by side; `operand` NULL for those without, else it
 * goes on by operand_step (0 or 1) elements a value. SY_POST_REQUANT rounds; saturation is the output type's.
 */
void sy_net_post_line(
    const sy_net_post *post, float *values, int64_t count, const float *operand, int64_t operand_step);

#endif
