/* A decoder block as in today's language models: RMS norm, rotary positions, 8 heads over 2 of keys, SwiGLU.
 */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

#define WIDTH 512
#define SIZE 64
#define INNER 1408
#define PAST 128

static const int64_t heads[4] = {0, 0, 8, SIZE}, key_heads[4] = {0, 0, 2, SIZE}, join[3] = {0, 0, WIDTH};
static const int64_t apart[5] = {0, 2, 1, -1, SIZE}, merged[4] = {0, 8, -1, SIZE};
static const int64_t copies[5] = {1, 1, 4, 1, 1}, half[1] = {SIZE / 2}, last[1] = {-1}, none[1] = {0};
static const int64_t far_end[1] = {INT64_MAX};

static sy_wire rms_norm(sy_drawing *d, sy_wire x) {
    sy_wire square = sy_draw_two(d, "Mul", "", x, x);
    sy_wire mean = sy_draw_one(d, "ReduceMean", "axes=-1, keepdims=1", square);
    sy_wire root = sy_draw_one(d, "Sqrt", "", sy_draw_two(d, "Add", "", mean, sy_draw_number(d, 1e-6)));
    sy_wire y = sy_draw_two(d, "Div", "", x, root);
    return sy_draw_two(d, "Mul", "", y, sy_draw_weight(d, 1, 0.02, WIDTH, 0, 0, 0));
}

static sy_wire part(sy_drawing *d, sy_wire x, const int64_t *from, const int64_t *to) {
    return sy_draw_node(d, "Slice", "", 4,
        (const sy_wire[]){
            x, sy_draw_integers(d, from, 1), sy_draw_integers(d, to, 1), sy_draw_integers(d, last, 1)});
}

static sy_wire rotate(sy_drawing *d, sy_wire x, sy_wire cosine, sy_wire sine) {
    sy_wire low = part(d, x, none, half), high = part(d, x, half, far_end);
    sy_wire turned = sy_draw_two(d, "Concat", "axis=-1", sy_draw_one(d, "Neg", "", high), low);
    sy_wire straight = sy_draw_two(d, "Mul", "", x, cosine);
    return sy_draw_two(d, "Add", "", straight, sy_draw_two(d, "Mul", "", turned, sine));
}

/* Each of 2 heads four times. */
static sy_wire repeat(sy_drawing *d, sy_wire x) {
    sy_wire y = sy_draw_two(d, "Reshape", "", x, sy_draw_integers(d, apart, 5));
    y = sy_draw_two(d, "Expand", "", y, sy_draw_integers(d, copies, 5));
    return sy_draw_two(d, "Reshape", "", y, sy_draw_integers(d, merged, 4));
}

static sy_wire attend(
    sy_drawing *d, sy_wire x, sy_wire cosine, sy_wire sine, sy_wire past_k, sy_wire past_v) {
    sy_wire q = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, 8 * SIZE, false), heads);
    sy_wire k = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, 2 * SIZE, false), key_heads);
    sy_wire v = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, 2 * SIZE, false), key_heads);
    q = rotate(d, q, cosine, sine);
    k = sy_draw_two(d, "Concat", "axis=2", past_k, rotate(d, k, cosine, sine));
    v = sy_draw_two(d, "Concat", "axis=2", past_v, v);
    sy_wire y = sy_layer_attention(d, q, repeat(d, k), repeat(d, v), SY_NO_WIRE, SIZE);
    return sy_layer_linear(d, sy_layer_join_heads(d, y, join), WIDTH, WIDTH, false);
}

static sy_wire feed(sy_drawing *d, sy_wire x) {
    sy_wire gate = sy_layer_linear(d, x, WIDTH, INNER, false),
            up = sy_layer_linear(d, x, WIDTH, INNER, false);
    sy_wire silu = sy_draw_two(d, "Mul", "", gate, sy_draw_one(d, "Sigmoid", "", gate));
    return sy_layer_linear(d, sy_draw_two(d, "Mul", "", silu, up), INNER, WIDTH, false);
}

void sy_network_draw_tiny_llm(sy_drawing *d) {
    const sy_drawn_extent in[3] = {{1, NULL}, {0, "tokens"}, {WIDTH, NULL}};
    const sy_drawn_extent table[2] = {{0, "tokens"}, {SIZE, NULL}};
    const sy_drawn_extent past[4] = {{1, NULL}, {2, NULL}, {PAST, NULL}, {SIZE, NULL}};
    sy_wire x = sy_draw_input(d, "hidden", SY_DRAWN_F32, 3, in);
    sy_wire cosine = sy_draw_input(d, "cosine", SY_DRAWN_F32, 2, table);
    sy_wire sine = sy_draw_input(d, "sine", SY_DRAWN_F32, 2, table);
    sy_wire past_k = sy_draw_input(d, "past_key", SY_DRAWN_F32, 4, past);
    sy_wire past_v = sy_draw_input(d, "past_value", SY_DRAWN_F32, 4, past);
    x = sy_draw_two(d, "Add", "", x, attend(d, rms_norm(d, x), cosine, sine, past_k, past_v));
    x = sy_draw_two(d, "Add", "", x, feed(d, rms_norm(d, x)));
    sy_draw_output(d, "hidden_out", x, 3, in);
}
