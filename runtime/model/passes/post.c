/*
 * What follows a product in place: activations, and the Add of a residual, become posts of the node before.
 * Needs a node that takes posts, with room, whose output nobody else reads. Keeps values; the node moves to
 * where the last of what it takes over stood, so that the residual is there.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "runtime/model/passes/passes.h"

/* Activations without parameters. */
static const struct {
    const char *name;
    uint32_t kind;
} plain[] = {{"Relu", SY_POST_RELU}, {"Sigmoid", SY_POST_SIGMOID}, {"Tanh", SY_POST_TANH}};

/* A bound of a Clip, from an attribute or a constant input; `otherwise` if it is left out. */
static bool read_bound(const sy_net_graph *graph, const sy_net_node *node, const char *attr, uint32_t port,
    float otherwise, float *out_bound) {
    double number = (double)sy_net_attr_float(node, attr, otherwise);
    uint32_t value = sy_net_node_in(node, port);
    if (value != SY_NET_NONE && !sy_net_scalar(graph, value, &number))
        return false;
    *out_bound = (float)number;
    return true;
}

static bool is_gelu(const sy_net_node *node, uint32_t *out_kind) {
    const char *form = sy_net_attr_text(node, "approximate", "none");
    bool is_tanh = strcmp(form, "tanh") == 0;
    *out_kind = is_tanh ? SY_POST_GELU_TANH : SY_POST_GELU_ERF;
    return sy_net_node_is(node, "Gelu") && (is_tanh || strcmp(form, "none") == 0);
}

/* The post that a node of one input comes to. */
static bool read_activation(const sy_net_graph *graph, const sy_net_node *node, sy_net_post *out_post) {
    *out_post = (sy_net_post){.value = SY_NET_NONE};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (sy_net_node_is(node, plain[i].name)) {
            out_post->kind = plain[i].kind;
            return true;
        }
    if (is_gelu(node, &out_post->kind))
        return true;
    out_post->kind = SY_POST_CLIP;
    return sy_net_node_is(node, "Clip") && read_bound(graph, node, "min", 1, -FLT_MAX, &out_post->a) &&
           read_bound(graph, node, "max", 2, FLT_MAX, &out_post->b) && out_post->a <= out_post->b;
}

/* Whether the node that makes `value` can be followed by a post of `kind`, leaving out who reads it. */
static bool takes_post(sy_net_edit *edit, uint32_t value, uint32_t kind, uint32_t *out_index) {
    const sy_net_node *node = sy_net_edit_maker(edit, value, out_index);
    if (node == NULL || !(node->op->flags & SY_NET_OP_POSTS) || node->n_post == SY_MAX_POSTS)
        return false;
    bool is_simple = kind == SY_POST_RELU || kind == SY_POST_CLIP;
    bool is_known = node->op->domain[0] == 0 || sy_net_node_is_product(node) || is_simple;
    bool is_turned = sy_net_attr_find(node, "perm_y") != NULL;
    return is_known && !is_turned && node->n_out == 1 && node->out[0] == value &&
           sy_net_is_real(edit->graph->value[value].tensor.dtype);
}

static sy_status take(
    sy_net_edit *edit, uint32_t first, uint32_t last, const sy_net_post *post, sy_error *err) {
    sy_status status = sy_net_edit_post(edit, first, post, err);
    if (status != SY_OK)
        return status;
    sy_net_edit_absorb(edit, first, last);
    edit->changes++;
    return SY_OK;
}

/* x Sigmoid(x), both of them reading the product: the Sigmoid goes, and the Mul becomes the post. */
static sy_status take_silu(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const sy_net_node *mul = sy_net_edit_node(edit, index);
    for (uint32_t port = 0; port < 2; port++) {
        uint32_t x = mul->in[port], gate = mul->in[1 - port], sigmoid = 0, product = 0;
        const sy_net_node *maker = sy_net_edit_made_by(edit, gate, "Sigmoid", &sigmoid);
        bool is_it = maker != NULL && maker->in[0] == x && sy_net_edit_is_private(edit, gate);
        bool is_ours = is_it && edit->n_use[x] == 2 && !(edit->graph->value[x].flags & SY_NET_OUTPUT);
        if (!is_ours || !takes_post(edit, x, SY_POST_SILU, &product))
            continue;
        sy_net_post post = {.kind = SY_POST_SILU, .value = SY_NET_NONE};
        sy_status status = sy_net_edit_post(edit, product, &post, err);
        if (status != SY_OK)
            return status;
        sy_net_edit_set_input(edit, index, 1 - port, SY_NET_NONE);
        sy_net_edit_remove(edit, sigmoid);
        sy_net_edit_absorb(edit, product, index);
        edit->changes++;
        return SY_OK;
    }
    return SY_OK;
}

/* Of the two sides of an Add the product that comes last takes it: the other side is made by then anyway. */
static sy_status take_add(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const sy_net_graph *graph = edit->graph;
    const sy_net_node *add = sy_net_edit_node(edit, index);
    uint32_t best = SY_NET_NONE;
    sy_net_post post = {.kind = SY_POST_ADD};
    for (uint32_t port = 0; port < 2; port++) {
        uint32_t x = add->in[port], other = add->in[1 - port], product = 0;
        bool is_alike = x != other && sy_net_values_alike(graph, x, add->out[0]) &&
                        sy_net_values_alike(graph, other, add->out[0]);
        bool is_free =
            is_alike && sy_net_edit_is_private(edit, x) && !(graph->value[other].flags & SY_NET_CONST);
        if (!is_free || !takes_post(edit, x, SY_POST_ADD, &product))
            continue;
        if (best == SY_NET_NONE || product > best) {
            best = product;
            post.value = other;
        }
    }
    return best == SY_NET_NONE ? SY_OK : take(edit, best, index, &post, err);
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        uint32_t product = SY_NET_NONE;
        sy_net_post post;
        if (node == NULL || node->n_post > 0 || node->n_in == 0 || node->n_out == 0)
            continue;
        if (sy_net_node_is(node, "Mul") && node->n_in == 2)
            status = take_silu(edit, i, err);
        else if (sy_net_node_is(node, "Add") && node->n_in == 2)
            status = take_add(edit, i, err);
        else if (read_activation(edit->graph, node, &post) && sy_net_edit_is_private(edit, node->in[0]) &&
                 takes_post(edit, node->in[0], post.kind, &product))
            status = take(edit, product, i, &post, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_post = {"post", rewrite, false};
