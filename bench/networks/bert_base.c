/* BERT base: 12 layers of width 768, 12 heads; embeddings, encoder, no head. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

#define WIDTH 768
#define INNER 3072
#define WORDS 30522
#define POSITIONS 512

static const int64_t split[4] = {0, 0, 12, 64}, join[3] = {0, 0, WIDTH};

static sy_wire encoder(sy_drawing *d, sy_wire x, sy_wire mask) {
    sy_wire q = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, WIDTH, true), split);
    sy_wire k = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, WIDTH, true), split);
    sy_wire v = sy_layer_split_heads(d, sy_layer_linear(d, x, WIDTH, WIDTH, true), split);
    sy_wire y = sy_layer_join_heads(d, sy_layer_attention(d, q, k, v, mask, 64), join);
    y = sy_layer_linear(d, y, WIDTH, WIDTH, true);
    x = sy_layer_norm(d, sy_draw_two(d, "Add", "", y, x), WIDTH, 1e-12);
    y = sy_layer_gelu(d, sy_layer_linear(d, x, WIDTH, INNER, true));
    y = sy_layer_linear(d, y, INNER, WIDTH, true);
    return sy_layer_norm(d, sy_draw_two(d, "Add", "", y, x), WIDTH, 1e-12);
}

/* 0 where the mask is 1, a large negative number where it is 0. */
static sy_wire additive_mask(sy_drawing *d, sy_wire mask) {
    static const int64_t axes[2] = {1, 2};
    sy_wire wide = sy_draw_two(d, "Unsqueeze", "", mask, sy_draw_integers(d, axes, 2));
    sy_wire number = sy_draw_one(d, "Cast", "to=1", wide);
    sy_wire off = sy_draw_two(d, "Sub", "", sy_draw_number(d, 1), number);
    return sy_draw_two(d, "Mul", "", off, sy_draw_number(d, -10000));
}

/* The first rows of the table of positions, as many as there are tokens. */
static sy_wire positions(sy_drawing *d, sy_wire ids) {
    static const int64_t zero[1] = {0}, one[1] = {1};
    sy_wire table = sy_draw_weight(d, 0, 0.02, POSITIONS, WIDTH, 0, 0);
    sy_wire shape = sy_draw_one(d, "Shape", "", ids);
    sy_wire length = sy_draw_two(d, "Gather", "axis=0", shape, sy_draw_integers(d, one, 1));
    return sy_draw_node(d, "Slice", "", 4,
        (const sy_wire[]){table, sy_draw_integers(d, zero, 1), length, sy_draw_integers(d, zero, 1)});
}

void sy_network_draw_bert_base(sy_drawing *d) {
    const sy_drawn_extent in[2] = {{0, "batch"}, {0, "sequence"}};
    sy_wire ids = sy_draw_input(d, "input_ids", SY_DRAWN_S64, 2, in);
    sy_wire mask = sy_draw_input(d, "attention_mask", SY_DRAWN_S64, 2, in);
    sy_wire types = sy_draw_input(d, "token_type_ids", SY_DRAWN_S64, 2, in);
    sy_wire words = sy_draw_two(d, "Gather", "axis=0", sy_draw_weight(d, 0, 0.02, WORDS, WIDTH, 0, 0), ids);
    sy_wire kinds = sy_draw_two(d, "Gather", "axis=0", sy_draw_weight(d, 0, 0.02, 2, WIDTH, 0, 0), types);
    sy_wire x = sy_draw_two(d, "Add", "", words, kinds);
    x = sy_layer_norm(d, sy_draw_two(d, "Add", "", x, positions(d, ids)), WIDTH, 1e-12);
    sy_wire additive = additive_mask(d, mask);
    for (int i = 0; i < 12; i++)
        x = encoder(d, x, additive);
    sy_draw_output(d, "last_hidden_state", x, 3,
        (const sy_drawn_extent[]){{0, "batch"}, {0, "sequence"}, {WIDTH, NULL}});
}
