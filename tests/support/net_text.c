#include "tests/support/net_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

#define MOST 512u

/* A graph under construction. */
typedef struct writer {
    sy_net_graph *graph;
    const sy_net_graph *const *inner;
} writer;

static void *take(sy_net_arena *arena, size_t bytes) {
    void *memory = sy_net_arena_alloc(arena, bytes);
    assert_non_null(memory);
    return memory;
}

static uint32_t add_value(writer *this, const char *name) {
    uint32_t index = 0;
    assert_int_equal(sy_net_value_add(this->graph, name, &index, NULL), SY_OK);
    return index;
}

/* The value of that name; one that there is not is captured. */
static uint32_t find_value(writer *this, const char *name, bool is_made) {
    if (strcmp(name, "-") == 0)
        return SY_NET_NONE;
    for (uint32_t i = 0; i < this->graph->n_value; i++)
        if (strcmp(this->graph->value[i].name, name) == 0)
            return i;
    uint32_t index = add_value(this, name);
    if (!is_made) {
        assert_true(this->graph->n_capture < MOST);
        this->graph->capture[this->graph->n_capture++] = (sy_net_capture){index, name};
    }
    return index;
}

/* Cuts the next word off; NULL at the end. */
static char *next_word(char **at) {
    while (**at == ' ')
        (*at)++;
    if (**at == '\0')
        return NULL;
    char *word = *at;
    while (**at != ' ' && **at != '\0')
        (*at)++;
    if (**at == ' ')
        *(*at)++ = '\0';
    return word;
}

static void read_extents(writer *this, sy_net_value *value, char *at) {
    sy_net_tensor *tensor = &value->tensor;
    value->dim_name = take(this->graph->arena, SY_NET_MAX_RANK * sizeof *value->dim_name);
    tensor->rank = 0;
    for (char *end = at; *at != ']'; at = end) {
        end = at + strcspn(at, ",]");
        uint32_t i = tensor->rank++;
        if (*at >= '0' && *at <= '9')
            tensor->dim[i] = strtoll(at, NULL, 10);
        else
            tensor->dim[i] = SY_NET_UNKNOWN;
        if (*at >= 'a')
            value->dim_name[i] = sy_net_arena_text(this->graph->arena, at, (size_t)(end - at));
        end += *end == ',';
    }
}

static void read_input(writer *this, char *at) {
    const char *name = next_word(&at);
    char *type = next_word(&at), plain[16];
    uint32_t index = add_value(this, name);
    sy_net_value *value = &this->graph->value[index];
    value->flags = SY_NET_INPUT;
    this->graph->input[this->graph->n_input++] = index;
    if (type == NULL)
        return;
    char *extents = strchr(type, '[');
    sy_net_tensor scalar;
    snprintf(
        plain, sizeof plain, "%.*s[]", (int)(extents != NULL ? extents - type : (int)strlen(type)), type);
    op_text_tensor(this->graph->arena, plain, &scalar);
    value->tensor.dtype = scalar.dtype;
    if (extents != NULL)
        read_extents(this, value, extents + 1);
}

static void read_graphs(writer *this, char *at, sy_net_attr *attr, uint32_t *count) {
    for (char *word = next_word(&at); word != NULL; word = next_word(&at)) {
        char *place = strstr(word, "=$");
        assert_non_null(place);
        *place = '\0';
        attr[(*count)++] = (sy_net_attr){.name = word,
            .kind = SY_NET_GRAPH,
            .count = 1,
            .graph = this->inner[strtoul(place + 2, NULL, 10)]};
    }
}

static void read_node(writer *this, char *at) {
    sy_net_arena *arena = this->graph->arena;
    char *bar = strchr(at, '|'), *second = bar != NULL ? strchr(bar + 1, '|') : NULL, label[64];
    if (bar != NULL)
        *bar++ = '\0';
    if (second != NULL)
        *second++ = '\0';
    while (bar != NULL && *bar == ' ')
        bar++;
    for (char *end = bar != NULL ? bar + strlen(bar) : bar; end != NULL && end > bar && end[-1] == ' ';)
        *--end = '\0';
    char *op = next_word(&at), *opset = strchr(op, ':');
    *opset++ = '\0';
    sy_net_node node = {.opset = (uint32_t)strtoul(opset, NULL, 10)};
    node.op = sy_net_op_find("", op, node.opset);
    assert_non_null(node.op);
    snprintf(label, sizeof label, "%s %u", op, this->graph->n_node);
    node.name = sy_net_arena_text(arena, label, strlen(label));
    node.in = take(arena, MOST * sizeof *node.in * 2);
    node.out = take(arena, MOST * sizeof *node.out);
    bool is_made = false;
    for (char *word = next_word(&at); word != NULL; word = next_word(&at)) {
        if (strcmp(word, "->") == 0)
            is_made = true;
        else if (is_made)
            node.out[node.n_out++] = find_value(this, word, true);
        else
            node.in[node.n_in++] = find_value(this, word, false);
    }
    sy_net_attr *attr = op_text_attrs(arena, bar, &node.n_attr);
    if (second != NULL)
        read_graphs(this, second, attr, &node.n_attr);
    node.attr = attr;
    for (uint32_t i = 0; i < node.n_out; i++)
        if (node.out[i] != SY_NET_NONE)
            this->graph->value[node.out[i]].producer = this->graph->n_node;
    sy_net_node *added = NULL;
    assert_int_equal(sy_net_node_add(this->graph, &added, NULL), SY_OK);
    *added = node;
}

static void read_line(writer *this, char *at) {
    char *kind = next_word(&at);
    if (kind == NULL)
        return;
    if (strcmp(kind, "in") == 0) {
        read_input(this, at);
    } else if (strcmp(kind, "const") == 0) {
        uint32_t index = add_value(this, next_word(&at));
        this->graph->value[index].flags = SY_NET_CONST;
        op_text_tensor(this->graph->arena, at, &this->graph->value[index].tensor);
    } else if (strcmp(kind, "node") == 0) {
        read_node(this, at);
    } else {
        assert_string_equal(kind, "out");
        uint32_t index = find_value(this, next_word(&at), false);
        this->graph->value[index].flags |= SY_NET_OUTPUT;
        this->graph->output[this->graph->n_output++] = index;
    }
}

sy_net_graph *net_text_graph(sy_net_arena *arena, const char *text, const sy_net_graph *const *inner) {
    sy_net_graph *graph = take(arena, sizeof *graph);
    writer this = {graph, inner};
    graph->arena = arena;
    graph->name = "graph";
    graph->input = take(arena, MOST * sizeof *graph->input);
    graph->output = take(arena, MOST * sizeof *graph->output);
    graph->capture = take(arena, MOST * sizeof *graph->capture);
    char *at = sy_net_arena_text(arena, text, strlen(text));
    assert_non_null(at);
    while (at != NULL && *at != '\0') {
        char *end = strchr(at, '\n');
        if (end != NULL)
            *end++ = '\0';
        read_line(&this, at);
        at = end;
    }
    return graph;
}

void net_text_assert_output(const sy_net_graph *graph, uint32_t index, const char *text) {
    sy_net_arena arena = {0};
    sy_net_tensor wanted;
    char a[SY_NET_TENSOR_TEXT_MAX], b[SY_NET_TENSOR_TEXT_MAX];
    assert_true(index < graph->n_output);
    const sy_net_value *value = &graph->value[graph->output[index]];
    op_text_tensor(&arena, text, &wanted);
    assert_true((value->flags & SY_NET_CONST) != 0);
    if (value->tensor.dtype != wanted.dtype || !sy_net_same_shape(&value->tensor, &wanted))
        fail_msg("%s, must be %s", sy_net_tensor_print(&value->tensor, a), sy_net_tensor_print(&wanted, b));
    for (int64_t i = 0; i < sy_net_elements(&wanted); i++)
        assert_true(sy_net_get(&value->tensor, i) == sy_net_get(&wanted, i));
    sy_net_arena_release(&arena);
}
