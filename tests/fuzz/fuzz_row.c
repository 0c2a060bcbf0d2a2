/* Any bytes as a row: what the quick reader reads, the other one reads to the same. */
#include <stdlib.h>
#include <string.h>

#include "bench/record/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth) {
    if (!truth) {
        abort();
    }
}

static sy_text text_of(const sy_row *row) {
    sy_text text = {0};
    sy_fields_write(&sy_row_fields, row, false, &text);
    require(!text.failed);
    return text;
}

static void compare(const char *text, size_t bytes, const sy_row *scanned) {
    sy_arena arena = {0};
    sy_row read;
    json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
    require(json != NULL && sy_fields_read(&sy_row_fields, json, &arena, &read, NULL) == SY_OK);
    sy_text one = text_of(scanned), other = text_of(&read);
    require(one.length == other.length && memcmp(one.data, other.data, one.length) == 0);
    sy_text_release(&one);
    sy_text_release(&other);
    json_decref(json);
    sy_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    sy_arena arena = {0};
    sy_row row;
    const sy_fields_part part = {.table = &sy_row_fields, .object = &row};
    char *line = malloc(bytes + 1);
    require(line != NULL);
    memcpy(line, data, bytes);
    line[bytes] = '\n';
    if (sy_fields_scan(&part, 1, line, bytes, &arena)) {
        compare(line, bytes, &row);
    }
    sy_arena_release(&arena);
    free(line);
    return 0;
}
