/*
 * Common sub-expressions: a node that does what an earlier one did to the same values goes.
 * Needs nothing. Keeps values exactly. Random operators, and nodes of several outputs, are left alone.
 */
#include <string.h>

#include "runtime/model/passes/passes.h"

static uint64_t mix(uint64_t hash, uint64_t word) {
    return (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15) ^ hash >> 29;
}

static uint64_t hash_of(const sy_net_node *node) {
    uint64_t hash = mix((uint64_t)(uintptr_t)node->op, node->n_in);
    for (uint32_t i = 0; i < node->n_in; i++)
        hash = mix(hash, node->in[i]);
    return mix(hash, hash >> 32);
}

static bool same_attr(const sy_net_attr *a, const sy_net_attr *b) {
    if (strcmp(a->name, b->name) != 0 || a->kind != b->kind || a->count != b->count)
        return false;
    bool is_text = a->kind == SY_NET_TEXT || a->kind == SY_NET_TEXTS;
    bool is_int = a->kind == SY_NET_INT || a->kind == SY_NET_INTS;
    bool is_float = a->kind == SY_NET_FLOAT || a->kind == SY_NET_FLOATS;
    for (size_t i = 0; is_text && i < a->count; i++)
        if (strcmp(a->text[i], b->text[i]) != 0)
            return false;
    if (is_int)
        return a->count == 0 || memcmp(a->i, b->i, a->count * sizeof *a->i) == 0;
    if (is_float)
        return a->count == 0 || memcmp(a->f, b->f, a->count * sizeof *a->f) == 0;
    return is_text || (a->tensor == b->tensor && a->graph == b->graph);
}

static bool same(const sy_net_node *a, const sy_net_node *b) {
    if (a->op != b->op || a->n_in != b->n_in || a->n_attr != b->n_attr || a->n_post != 0 || b->n_post != 0)
        return false;
    for (uint32_t i = 0; i < a->n_in; i++)
        if (a->in[i] != b->in[i])
            return false;
    for (uint32_t i = 0; i < a->n_attr; i++)
        if (!same_attr(&a->attr[i], &b->attr[i]))
            return false;
    return true;
}

/* table: of `room` entries, a power of two: nodes by their hash, SY_NET_NONE where free. */
static void look_up(sy_net_edit *edit, uint32_t index, uint32_t *table, uint32_t room) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    if (node->n_out != 1 || node->n_in == 0 || node->op->flags & SY_NET_OP_RANDOM)
        return;
    uint32_t slot = (uint32_t)hash_of(node) & (room - 1);
    for (; table[slot] != SY_NET_NONE; slot = (slot + 1) & (room - 1)) {
        const sy_net_node *earlier = sy_net_edit_node(edit, table[slot]);
        if (earlier != NULL && same(earlier, node)) {
            edit->changes += sy_net_edit_bypass(edit, index, earlier->out[0]);
            return;
        }
    }
    table[slot] = index;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    uint32_t room = 16;
    while (room < edit->graph->n_node * 2 && room < UINT32_MAX / 2)
        room *= 2;
    uint32_t *table = sy_net_arena_array(&edit->scratch, room, sizeof *table);
    if (table == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < room; i++)
        table[i] = SY_NET_NONE;
    for (uint32_t i = 0; i < edit->graph->n_node; i++)
        if (sy_net_edit_node(edit, i) != NULL)
            look_up(edit, i, table, room);
    return SY_OK;
}

const sy_net_pass sy_net_pass_cse = {"cse", rewrite, false};
