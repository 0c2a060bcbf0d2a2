/* Problem strings as people read them. */
#include "bench/report/problem_text.h"

#include <stdio.h>
#include <string.h>

/* Of a network's hash so many digits tell it from others. */
static size_t shown_bytes(const char *field, size_t bytes) {
    static const char hash[] = "sha256=";
    const size_t most = sizeof hash - 1 + 8;
    return strncmp(field, hash, sizeof hash - 1) == 0 && bytes > most ? most : bytes;
}

static bool is_default(const char *field, size_t bytes) {
    static const char *const defaults[] = {"batch=1", "ta=0", "tb=0", "alpha=1", "beta=0", "epilogue=none",
        "math=strict", "weights=const", "stride=1x1", "pad=0x0x0x0", "dilation=1x1", "groups=1", "layout=any",
        "pinned=1", "instances=1", "samples=1"};
    static const char dtype[] = "dtype=";
    if (bytes >= sizeof dtype - 1 && memcmp(field, dtype, sizeof dtype - 1) == 0)
        return true;
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        if (strlen(defaults[i]) == bytes && memcmp(field, defaults[i], bytes) == 0)
            return true;
    return false;
}

sy_cell sy_problem_short(const char *problem) {
    sy_cell cell = {""};
    size_t used = strcspn(problem, ":");
    if (used >= sizeof cell.text)
        used = sizeof cell.text - 1;
    memcpy(cell.text, problem, used);
    const char *field = problem + used;
    while (*field != '\0') {
        field++;
        size_t bytes = strcspn(field, ",");
        size_t shown = shown_bytes(field, bytes);
        if (!is_default(field, bytes) && used + shown + 2 < sizeof cell.text) {
            cell.text[used++] = ' ';
            memcpy(cell.text + used, field, shown);
            used += shown;
        }
        field += bytes;
    }
    cell.text[used] = '\0';
    return cell;
}

bool sy_problem_field(const char *problem, const char *field, char *out_value, size_t capacity) {
    const char *found = strstr(problem, field);
    if (found == NULL || (found > problem && found[-1] != ',' && found[-1] != ':'))
        return false;
    const char *value = found + strlen(field);
    size_t bytes = strcspn(value, ",");
    bytes = bytes < capacity ? bytes : capacity - 1;
    memcpy(out_value, value, bytes);
    out_value[bytes] = '\0';
    return true;
}

sy_cell sy_dtype_short(const char *dtype) {
    static const char *const rows[][2] = {{"f64:f64:f64:f64", "f64"}, {"f32:f32:f32:f32", "f32"},
        {"f16:f16:f16:f32", "f16"}, {"bf16:bf16:bf16:f32", "bf16"}, {"s8:s8:s32:s32", "s8"},
        {"f8e4m3:f8e4m3:bf16:f32", "f8e4m3"}, {"f8e5m2:f8e5m2:bf16:f32", "f8e5m2"}};
    sy_cell cell;
    snprintf(cell.text, sizeof cell.text, "%.200s", dtype);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(dtype, rows[i][0]) == 0)
            snprintf(cell.text, sizeof cell.text, "%s", rows[i][1]);
    return cell;
}

sy_cell sy_problem_dtype(const char *problem) {
    char dtype[64] = "";
    sy_problem_field(problem, "dtype=", dtype, sizeof dtype);
    return sy_dtype_short(dtype);
}

bool sy_dtype_is_integer(const char *dtype) {
    return strncmp(dtype, "s8", 2) == 0 || strncmp(dtype, "u8", 2) == 0;
}

sy_cell sy_row_label(const sy_row *row, bool utf8) {
    if (row->origin.name != NULL)
        return sy_print_clean(row->origin.name, utf8);
    sy_cell brief = sy_problem_short(row->key.problem != NULL ? row->key.problem : "");
    return sy_print_clean(brief.text, utf8);
}
