#include "tests/model/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/model/onnx/file.h"
#include "runtime/model/onnx/wire.h"

enum { MODEL_GRAPH = 7, MODEL_IMPORT = 8, IMPORT_VERSION = 2, GRAPH_NODE = 1, NODE_OP_TYPE = 4 };
#define OLDEST_OPSET 7u

static bool add(char (*list)[LIST_TEXT_MAX], size_t *count, const char *text) {
    if (*count == LIST_MAX || strlen(text) >= LIST_TEXT_MAX)
        return false;
    strcpy(list[(*count)++], text);
    return true;
}

static bool read_line(case_list *list, char *line) {
    char *rest = NULL;
    line[strcspn(line, "#\n")] = '\0';
    char *word = strtok_r(line, " ", &rest);
    if (word == NULL)
        return true;
    if (strcmp(word, "named") == 0) {
        while ((word = strtok_r(NULL, " ", &rest)) != NULL)
            if (!add(list->named, &list->n_named, word))
                return false;
        return true;
    }
    bool is_other = strcmp(word, "other") == 0;
    char *name = is_other || strcmp(word, "refused") == 0 ? strtok_r(NULL, " ", &rest) : NULL;
    if (name == NULL || rest == NULL || *rest == '\0')
        return false;
    size_t count = list->n_listed;
    list->is_other[count < LIST_MAX ? count : 0] = is_other;
    return add(list->listed, &count, name) && add(list->reason, &list->n_listed, rest);
}

bool list_read(const char *path, case_list *out_list) {
    char line[1024];
    int number = 0;
    bool is_right = true;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        return false;
    }
    while (is_right && fgets(line, sizeof line, file) != NULL) {
        number++;
        is_right = read_line(out_list, line);
    }
    fclose(file);
    if (!is_right)
        fprintf(stderr, "%s:%d: must be 'named OP...', 'other CASE reason' or 'refused CASE reason'\n", path,
            number);
    return is_right;
}

bool list_is_named(const case_list *list, const char *op) {
    for (size_t i = 0; i < list->n_named; i++)
        if (strcmp(list->named[i], op) == 0)
            return true;
    return false;
}

size_t list_find(const case_list *list, const char *name) {
    size_t i = 0;
    while (i < list->n_listed && strcmp(list->listed[i], name) != 0)
        i++;
    return i;
}

static bool node_is_named(const case_list *list, sy_wire node) {
    char op[LIST_TEXT_MAX] = "";
    while (node.at < node.end) {
        sy_wire_field field;
        if (sy_wire_next(&node, &field) != NULL)
            return false;
        if (field.number == NODE_OP_TYPE && field.length < sizeof op)
            snprintf(op, sizeof op, "%.*s", (int)field.length, (const char *)node.bytes + field.offset);
    }
    return list_is_named(list, op) || strcmp(op, "Constant") == 0;
}

/* An import of a set of operators that is older than what is read. */
static bool is_too_old(sy_wire import) {
    while (import.at < import.end) {
        sy_wire_field field;
        if (sy_wire_next(&import, &field) != NULL)
            return true;
        if (field.number == IMPORT_VERSION && field.value < OLDEST_OPSET)
            return true;
    }
    return false;
}

static bool all_named(const case_list *list, sy_wire at, uint32_t wanted) {
    while (at.at < at.end) {
        sy_wire_field field;
        if (sy_wire_next(&at, &field) != NULL)
            return false;
        sy_wire inner = {at.bytes, field.offset, field.offset + field.length};
        if (wanted == MODEL_GRAPH && field.number == MODEL_IMPORT && is_too_old(inner))
            return false;
        if (field.number != wanted || field.type != SY_WIRE_BYTES)
            continue;
        if (wanted == MODEL_GRAPH ? !all_named(list, inner, GRAPH_NODE) : !node_is_named(list, inner))
            return false;
    }
    return true;
}

bool list_names_all_of(const case_list *list, const char *path) {
    sy_onnx_file file;
    if (sy_onnx_file_open(path, &file, NULL) != SY_OK)
        return false;
    bool is_named = all_named(list, (sy_wire){file.bytes, 0, file.count}, MODEL_GRAPH);
    sy_onnx_file_unmap(&file);
    return is_named;
}
