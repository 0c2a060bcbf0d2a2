#include "runtime/model/ops/post.h"

#include "kernels/reference/post.h"

static const sy_net_post bias_post = {.kind = SY_POST_BIAS, .value = SY_NET_NONE};

static bool has_operand(uint32_t kind) {
    return kind == SY_POST_BIAS || kind == SY_POST_ADD || kind == SY_POST_SCALE_ROW ||
           kind == SY_POST_SCALE_COL;
}

/* Operands are the last inputs: one and the same value may be an operand and an input of the operator. */
static const sy_net_tensor *find_operand(const sy_net_call *call, uint32_t value) {
    for (uint32_t i = call->n_in; i > 0; i--)
        if (value != SY_NET_NONE && call->node->in[i - 1] == value)
            return &call->in[i - 1];
    return NULL;
}

/* Whether an operand of `count` elements fits. */
static bool fits(const sy_net_posts *posts, uint32_t kind, const sy_net_tensor *operand, int64_t count) {
    if (operand->dtype != posts->out->dtype)
        return false;
    if (kind == SY_POST_ADD)
        return count == sy_net_elements(posts->out) && operand->is_last == posts->out->is_last;
    if (kind != SY_POST_SCALE_ROW)
        return count == posts->columns;
    if (posts->lines_a_row > 0)
        return count == posts->lines / posts->lines_a_row;
    return posts->lines == 0 || (count > 0 && posts->lines % count == 0);
}

static sy_status add_step(const sy_net_call *call, const sy_net_post *post, const sy_net_tensor *operand,
    sy_net_posts *posts, sy_error *err) {
    sy_net_post_step *step = &posts->step[posts->n_step++];
    *step = (sy_net_post_step){.post = post};
    if (post->kind < SY_POST_BIAS || post->kind > SY_POST_TANH)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "a post of kind %u", post->kind);
    if (!has_operand(post->kind))
        return SY_OK;
    step->operand = operand;
    int64_t count = operand != NULL ? sy_net_elements(operand) : SY_NET_UNKNOWN;
    step->count = count > 0 && operand->data == NULL ? SY_NET_UNKNOWN : count;
    if (step->count < 0 || !fits(posts, post->kind, operand, step->count))
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "the operand of a post (kind %u) does not fit", post->kind);
    return SY_OK;
}

static void set_form(const sy_net_tensor *out, int form, sy_net_posts *posts) {
    int64_t all = sy_net_elements(out), last = out->rank > 0 ? out->dim[out->rank - 1] : 1;
    bool is_images = form == SY_NET_POST_IMAGES;
    posts->columns = is_images ? out->dim[1] : last;
    int64_t channels = is_images ? out->dim[0] * out->dim[1] : 1;
    if (is_images && !out->is_last) {
        posts->is_line_column = true;
        posts->lines = channels;
        posts->width = channels > 0 ? all / channels : 0;
        posts->lines_a_row = out->dim[1];
    } else {
        posts->width = posts->columns;
        posts->lines = posts->columns > 0 ? all / posts->columns : 0;
        posts->lines_a_row = is_images && out->dim[0] > 0 ? posts->lines / out->dim[0] : 0;
    }
    posts->pitch = is_images && out->is_last ? out->pitch : posts->width;
}

/* Where the operand of a step begins for a line, and how it goes on. */
static int64_t operand_at(
    const sy_net_posts *posts, const sy_net_post_step *step, int64_t line, int64_t *out_step) {
    uint32_t kind = step->post->kind;
    *out_step = 0;
    if (kind == SY_POST_ADD) {
        *out_step = 1;
        return line * (step->operand->is_last ? step->operand->pitch : posts->width);
    }
    if (kind == SY_POST_SCALE_ROW)
        return posts->lines_a_row > 0 ? line / posts->lines_a_row : line % step->count;
    *out_step = !posts->is_line_column;
    return posts->is_line_column ? line % posts->columns : 0;
}

static void run_f32(void *arg, int64_t begin, int64_t end) {
    const sy_net_posts *posts = arg;
    for (int64_t line = begin; line < end; line++)
        for (uint32_t i = 0; i < posts->n_step; i++) {
            const sy_net_post_step *step = &posts->step[i];
            const float *operand = step->operand != NULL ? step->operand->data : NULL;
            int64_t operand_step = 0;
            if (operand != NULL)
                operand += operand_at(posts, step, line, &operand_step);
            sy_net_post_line(step->post, (float *)posts->out->data + line * posts->pitch, posts->width,
                operand, operand_step);
        }
}

double sy_net_posts_value(const sy_net_posts *posts, int64_t line, int64_t at, double value) {
    for (uint32_t i = 0; i < posts->n_step; i++) {
        const sy_net_post_step *step = &posts->step[i];
        sy_reference_post one = {
            .kind = step->post->kind, .a = (double)step->post->a, .b = (double)step->post->b};
        double operand = 0;
        int64_t operand_step = 0;
        if (step->operand != NULL) {
            int64_t first = operand_at(posts, step, line, &operand_step);
            operand = sy_net_get(step->operand, first + at * operand_step);
        }
        value = sy_reference_post_value(&one, value, operand);
    }
    return value;
}

sy_status sy_net_posts_set(
    const sy_net_call *call, int form, const sy_net_tensor *bias, sy_net_posts *out_posts, sy_error *err) {
    const sy_net_node *node = call->node;
    sy_status status = SY_OK;
    *out_posts = (sy_net_posts){.out = &call->out[0]};
    set_form(&call->out[0], form, out_posts);
    if (bias != NULL)
        status = add_step(call, &bias_post, bias, out_posts, err);
    for (uint32_t i = 0; i < node->n_post && i < SY_MAX_POSTS && status == SY_OK; i++)
        status = add_step(call, &node->post[i], find_operand(call, node->post[i].value), out_posts, err);
    return status;
}

void sy_net_posts_run(const sy_net_posts *posts, const sy_team *team) {
    if (posts->n_step > 0)
        sy_team_for(team, posts->lines, posts->width * 4 * posts->n_step, run_f32, (void *)posts);
}
