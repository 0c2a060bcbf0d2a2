/* The JSON form of a suite: an object with a list of problems. */
#include "bench/suites/build.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 512u

/* A JSON value as a row wants it; `text` points into the value or into `buffer`. */
typedef struct json_cell {
    uint32_t type;
    const char *text;
    char buffer[CELL_MAX];
} json_cell;

/* "1x1" or "f16 f32"; type 0 if mixed, nested or too long. */
static void read_array(json_t *array, json_cell *cell) {
    size_t used = 0, index;
    json_t *entry;
    cell->type = SY_CELL_NUMBERS | SY_CELL_WORDS;
    json_array_foreach(array, index, entry) {
        size_t room = sizeof cell->buffer - used;
        int bytes = 0;
        if (json_is_integer(entry)) {
            cell->type &= SY_CELL_NUMBERS;
            bytes = snprintf(cell->buffer + used, room, "%s%lld", index > 0 ? "x" : "",
                (long long)json_integer_value(entry));
        } else if (json_is_string(entry)) {
            cell->type &= SY_CELL_WORDS;
            bytes =
                snprintf(cell->buffer + used, room, "%s%s", index > 0 ? " " : "", json_string_value(entry));
        } else {
            cell->type = 0;
        }
        if (bytes < 0 || (size_t)bytes >= room) {
            cell->type = 0;
        }
        if (cell->type == 0) {
            cell->text = "a mixed or long list";
            return;
        }
        used += (size_t)bytes;
    }
}

static void read_cell(json_t *value, json_cell *cell) {
    cell->type = 0;
    cell->text = cell->buffer;
    cell->buffer[0] = '\0';
    switch (json_typeof(value)) {
    case JSON_INTEGER:
        cell->type = SY_CELL_INTEGER;
        snprintf(cell->buffer, sizeof cell->buffer, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        cell->type = SY_CELL_REAL;
        sy_text_from_f64(json_real_value(value), cell->buffer, sizeof cell->buffer);
        break;
    case JSON_STRING:
        cell->type = SY_CELL_STRING;
        cell->text = json_string_value(value);
        break;
    case JSON_TRUE: /* fall through */
    case JSON_FALSE:
        cell->type = SY_CELL_BOOL;
        cell->text = json_is_true(value) ? "true" : "false";
        break;
    case JSON_ARRAY: read_array(value, cell); break;
    case JSON_OBJECT: cell->text = "an object"; break;
    case JSON_NULL: break;
    }
}

/* Fields of one problem; those that the op does not have are ignored, null is absent. */
static sy_status read_fields(json_t *object, sy_row *row, sy_error *err) {
    const char *field;
    json_t *value;
    json_cell cell;
    json_object_foreach(object, field, value) {
        if (json_is_null(value) || sy_row_types(row, field) == 0) {
            continue;
        }
        read_cell(value, &cell);
        sy_status status = sy_row_set(row, field, cell.type, cell.text, err);
        if (status != SY_OK) {
            return status;
        }
    }
    return SY_OK;
}

static sy_status read_problem(sy_suite *suite, json_t *object, sy_error *err) {
    const char *op = json_string_value(json_object_get(object, "op"));
    char problem[SY_SUITE_PROBLEM_MAX + 1];
    sy_row row;
    if (op == NULL) {
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, json_is_object(object) ? "no text field 'op'" : "not an object");
    }
    sy_status status = sy_row_begin(&row, op, err);
    if (status == SY_OK) {
        status = read_fields(object, &row, err);
    }
    if (status == SY_OK) {
        status = sy_row_print(&row, problem, err);
    }
    return status == SY_OK ? sy_suite_append(suite, problem, &row, err) : status;
}

static sy_status read_problems(sy_suite *suite, json_t *root, sy_error *err) {
    json_t *problems = json_object_get(root, "problems"), *problem;
    size_t index;
    if (!json_is_array(problems)) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no suite: it has no list 'problems'");
    }
    json_array_foreach(problems, index, problem) {
        sy_status status = read_problem(suite, problem, err);
        if (status != SY_OK) {
            const char *name = json_string_value(json_object_get(problem, "name"));
            return sy_error_prefix(err, status, "problem %zu%s%s", index + 1, name != NULL ? " " : "",
                name != NULL ? sy_word_quote(name).text : "");
        }
    }
    return SY_OK;
}

/* An optional text of the suite itself; a NULL value leaves *out_text alone. */
static sy_status read_text(json_t *root, const char *field, size_t most, char **out_text, sy_error *err) {
    json_t *value = json_object_get(root, field);
    const char *text = json_string_value(value);
    if (value == NULL || json_is_null(value)) {
        return SY_OK;
    }
    if (text == NULL || strlen(text) > most || !sy_word_is_clean(text, strlen(text))) {
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "'%s' of the suite must be a text of at most %zu bytes without control characters", field, most);
    }
    return sy_suite_set_text(out_text, text, err);
}

static sy_status read_heading(sy_suite *suite, json_t *root, sy_error *err) {
    json_t *version = json_object_get(root, "version");
    sy_status status = read_text(root, "name", SY_SUITE_NAME_MAX, &suite->name, err);
    if (status == SY_OK && suite->name != NULL && !sy_suite_is_name(suite->name)) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "name of the suite is %s, wanted are a-z 0-9 . _ -",
            sy_word_quote(suite->name).text);
    }
    if (status == SY_OK && version != NULL) {
        if (!json_is_integer(version) || json_integer_value(version) < 1) {
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "'version' of the suite must be a whole number of at least 1");
        }
        suite->version = (uint64_t)json_integer_value(version);
    }
    return status == SY_OK ? read_text(root, "title", SY_SUITE_TITLE_MAX, &suite->title, err) : status;
}

sy_status sy_suite_read_json(sy_suite *suite, const char *data, size_t bytes, sy_error *err) {
    json_error_t where;
    json_t *root = json_loadb(data, bytes, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL && json_error_code(&where) == json_error_out_of_memory) {
        return sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory");
    }
    if (root == NULL) {
        bool is_clean = sy_word_is_clean(where.text, strlen(where.text));
        return sy_error_set(err, SY_INVALID_ARGUMENT, "line %d, column %d: %s", where.line, where.column,
            is_clean ? where.text : "not JSON");
    }
    sy_status status = read_heading(suite, root, err);
    if (status == SY_OK) {
        status = read_problems(suite, root, err);
    }
    json_decref(root);
    return status;
}
