/*
 * MatMul, with the Transposes before and after it and the products by one number around it, becomes one
 * Product, which reads and writes its matrices where they lie.
 * Needs f32, known shapes, batches that come to one stride (of attention: one sequence at a time). Keeps
 * values to rounding: the number is applied to the sums.
 */
#include <string.h>

#include "runtime/model/ops/strided.h"
#include "runtime/model/passes/passes.h"
#include "runtime/model/passes/turned.h"

/* So many nodes before an operand are looked through. */
#define DEPTH 16u

/* A product as it is to be. */
typedef struct wanted_product {
    uint32_t a, b;
    sy_net_perm perm_a, perm_b, perm_y;
    double alpha;
} wanted_product;

static sy_net_perm perm_of(const int64_t *attr, uint32_t rank) {
    sy_net_perm perm = {.rank = rank};
    for (uint32_t i = 0; i < rank && i < SY_NET_MAX_RANK; i++)
        perm.axis[i] = attr == NULL ? i : (uint32_t)attr[i];
    return perm;
}

/* What a node is so far. */
static bool read_product(const sy_net_graph *graph, const sy_net_node *node, wanted_product *out) {
    bool is_plain = sy_net_node_is(node, "MatMul");
    if (!is_plain && !sy_net_node_is_ours(node, "Product"))
        return false;
    const sy_net_tensor *a = &graph->value[node->in[0]].tensor, *b = &graph->value[node->in[1]].tensor;
    const sy_net_tensor *y = &graph->value[node->out[0]].tensor;
    sy_net_strided_form form = {.alpha = 1};
    if (!is_plain)
        form = sy_net_strided_read(node);
    *out = (wanted_product){node->in[0], node->in[1], perm_of(form.perm_a, a->rank),
        perm_of(form.perm_b, b->rank), perm_of(form.perm_y, y->rank), (double)form.alpha};
    return a->dtype == SY_F32 && b->dtype == SY_F32 && a->rank >= 2 && b->rank >= 2;
}

/* `perm` as an attribute's numbers, NULL where it moves nothing. */
static const int64_t *numbers_of(const sy_net_perm *perm, int64_t *number) {
    for (uint32_t i = 0; i < perm->rank; i++)
        number[i] = perm->axis[i];
    return sy_net_perm_is_none(perm) ? NULL : number;
}

static bool is_possible(const sy_net_graph *graph, const wanted_product *wanted) {
    int64_t a[SY_NET_MAX_RANK], b[SY_NET_MAX_RANK], y[SY_NET_MAX_RANK];
    sy_net_strided strided;
    const sy_net_strided_form form = {numbers_of(&wanted->perm_a, a), numbers_of(&wanted->perm_b, b),
        numbers_of(&wanted->perm_y, y), (float)wanted->alpha};
    return sy_net_strided_set(
        &graph->value[wanted->a].tensor, &graph->value[wanted->b].tensor, &form, NULL, &strided);
}

/* A Mul or Div by one number: what it is of, and by how much. */
static bool read_scale(const sy_net_graph *graph, const sy_net_node *node, uint32_t *out_of, double *out_by) {
    bool is_div = sy_net_node_is(node, "Div"), is_mul = sy_net_node_is(node, "Mul");
    if ((!is_div && !is_mul) || node->n_in != 2 || node->n_post > 0)
        return false;
    for (uint32_t port = is_div ? 1 : 0; port < 2; port++) {
        *out_of = node->in[1 - port];
        if (sy_net_scalar(graph, node->in[port], out_by) && *out_of != SY_NET_NONE &&
            sy_net_values_alike(graph, *out_of, node->out[0])) {
            *out_by = is_div ? 1 / *out_by : *out_by;
            return *out_by - *out_by == 0; /* finite */
        }
    }
    return false;
}

/* Look through what makes an operand, as far as it goes; true if there was anything. */
static bool look_through(sy_net_edit *edit, wanted_product *wanted, bool is_b) {
    uint32_t *value = is_b ? &wanted->b : &wanted->a, of = SY_NET_NONE;
    sy_net_perm *perm = is_b ? &wanted->perm_b : &wanted->perm_a, own;
    double by = 1;
    wanted_product next = *wanted;
    const sy_net_node *maker = sy_net_edit_maker(edit, *value, NULL);
    if (maker == NULL || maker->out[0] != *value)
        return false;
    if (sy_net_perm_read(edit->graph, maker, &own)) {
        const sy_net_perm both = sy_net_perm_after(&own, perm);
        *(is_b ? &next.perm_b : &next.perm_a) = both;
        *(is_b ? &next.b : &next.a) = maker->in[0];
    } else if (read_scale(edit->graph, maker, &of, &by)) {
        next.alpha *= by;
        *(is_b ? &next.b : &next.a) = of;
    } else
        return false;
    if (!is_possible(edit->graph, &next))
        return false;
    *wanted = next;
    return true;
}

static sy_net_attr perm_attr(sy_net_edit *edit, const char *name, const sy_net_perm *perm, bool *is_ok) {
    int64_t *number = sy_net_arena_array(edit->graph->arena, perm->rank, sizeof *number);
    *is_ok = *is_ok && number != NULL;
    if (number != NULL)
        numbers_of(perm, number);
    return (sy_net_attr){.name = name, .kind = SY_NET_INTS, .count = perm->rank, .i = number};
}

/* Turn a node into the product. */
static sy_status turn(sy_net_edit *edit, uint32_t index, const wanted_product *wanted, sy_error *err) {
    const sy_net_perm *perm[] = {&wanted->perm_a, &wanted->perm_b, &wanted->perm_y};
    static const char *const name[] = {"perm_a", "perm_b", "perm_y"};
    sy_net_attr attr[4];
    uint32_t count = 0;
    float *alpha = sy_net_arena_alloc(edit->graph->arena, sizeof *alpha);
    bool is_ok = alpha != NULL;
    for (uint32_t i = 0; i < 3; i++)
        if (!sy_net_perm_is_none(perm[i]))
            attr[count++] = perm_attr(edit, name[i], perm[i], &is_ok);
    if (!is_ok)
        return sy_net_edit_no_memory(err);
    *alpha = (float)wanted->alpha;
    attr[count++] = (sy_net_attr){.name = "alpha", .kind = SY_NET_FLOAT, .count = 1, .f = alpha};
    const uint32_t in[] = {wanted->a, wanted->b};
    const sy_net_edit_form form = {.op = sy_net_op_find("steelyard", "Product", 1),
        .opset = 1,
        .n_in = 2,
        .in = in,
        .n_attr = count,
        .attr = attr};
    sy_status status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status take_operands(sy_net_edit *edit, uint32_t index, sy_error *err) {
    wanted_product wanted;
    bool is_any = false;
    if (!read_product(edit->graph, sy_net_edit_node(edit, index), &wanted))
        return SY_OK;
    for (uint32_t i = 0; i < DEPTH; i++) {
        if (!look_through(edit, &wanted, false) && !look_through(edit, &wanted, true))
            break;
        is_any = true;
    }
    return is_any ? turn(edit, index, &wanted, err) : SY_OK;
}

/* A Transpose, or a product by one number, of a product that nobody else reads and nothing follows in place:
 * the node becomes the product itself. */
static sy_status take_product(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    uint32_t of = node->in[0];
    double by = 1;
    sy_net_perm own;
    bool is_turn = sy_net_perm_read(edit->graph, node, &own);
    if (!is_turn && !read_scale(edit->graph, node, &of, &by))
        return SY_OK;
    wanted_product wanted;
    const sy_net_node *product = sy_net_edit_maker(edit, of, NULL);
    if (product == NULL || product->n_post > 0 || !sy_net_edit_is_private(edit, of) ||
        !read_product(edit->graph, product, &wanted))
        return SY_OK;
    if (is_turn)
        wanted.perm_y = sy_net_perm_after(&wanted.perm_y, &own);
    wanted.alpha *= by;
    if (!is_possible(edit->graph, &wanted))
        return SY_OK;
    const char *name = product->name;
    sy_status status = turn(edit, index, &wanted, err);
    if (status == SY_OK)
        edit->graph->node[index].name = name;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || node->n_in == 0 || node->n_out == 0)
            continue;
        status = take_operands(edit, i, err);
        if (status == SY_OK)
            status = take_product(edit, i, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_product = {"product", rewrite, false};
