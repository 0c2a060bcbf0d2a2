/* A suite as a growing list, and telling the formats apart. */
#include "bench/suites/suite.h"

#include "bench/suites/build.h"
#include "bench/suites/sweep.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof((sy_suite *)0)->sha256 == 2 * crypto_hash_sha256_BYTES + 1, "64 hex digits");

static sy_status out_of_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory while reading a suite");
}

sy_status sy_suite_create(sy_suite **out_suite, sy_error *err) {
    *out_suite = sy_mem_calloc(1, sizeof **out_suite);
    return *out_suite != NULL ? SY_OK : out_of_memory(err);
}

void sy_suite_destroy(sy_suite *suite) {
    if (suite == NULL) {
        return;
    }
    for (size_t i = 0; i < suite->count; i++) {
        sy_mem_free(suite->item[i].problem);
        sy_mem_free(suite->item[i].name);
        sy_mem_free(suite->item[i].phase);
    }
    sy_mem_free(suite->item);
    sy_mem_free(suite->name);
    sy_mem_free(suite->title);
    sy_mem_free(suite);
}

sy_status sy_suite_set_text(char **text, const char *value, sy_error *err) {
    char *copy = sy_mem_strdup(value);
    if (copy == NULL) {
        return out_of_memory(err);
    }
    sy_mem_free(*text);
    *text = copy;
    return SY_OK;
}

bool sy_suite_is_name(const char *name) {
    return *name != '\0' && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

/* Room for one more item. */
static bool reserve_item(sy_suite *suite) {
    if (suite->count < suite->capacity) {
        return true;
    }
    size_t capacity = suite->capacity > 0 ? 2 * suite->capacity : 32;
    sy_suite_item *item = sy_mem_realloc(suite->item, capacity * sizeof *item);
    if (item == NULL) {
        return false;
    }
    suite->item = item;
    suite->capacity = capacity;
    return true;
}

/* What append_one() needs beside the string. */
typedef struct append_context {
    sy_suite *suite;
    const sy_row *row;
} append_context;

/* Copies of the row's texts; on failure the item may hold some of them. */
static sy_status copy_row(const sy_row *row, const char *tag, sy_suite_item *item, sy_error *err) {
    char name[2 * SY_SUITE_NAME_MAX];
    item->count = row->count;
    item->context = row->context;
    item->verified = row->verified;
    item->dtype_hint_count = row->dtype_hint_count;
    memcpy(item->dtype_hint, row->dtype_hint, sizeof item->dtype_hint);
    if (row->name[0] != '\0') {
        size_t bytes = (size_t)snprintf(name, sizeof name, "%s%s", row->name, tag);
        if (bytes > SY_SUITE_NAME_MAX) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "a name with its sweep %s is longer than %u bytes",
                sy_word_quote(tag).text, SY_SUITE_NAME_MAX);
        }
        sy_status status = sy_suite_set_text(&item->name, name, err);
        if (status != SY_OK) {
            return status;
        }
    }
    return row->phase[0] != '\0' ? sy_suite_set_text(&item->phase, row->phase, err) : SY_OK;
}

static sy_status append_one(void *ctx, const char *problem, const char *tag, sy_error *err) {
    const append_context *context = ctx;
    sy_suite *suite = context->suite;
    if (strlen(problem) > SY_SUITE_PROBLEM_MAX) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: longer than %u characters",
            sy_word_quote(problem).text, SY_SUITE_PROBLEM_MAX);
    }
    if (!reserve_item(suite)) {
        return out_of_memory(err);
    }
    /* Counted at once, so that a half filled item is freed with the suite. */
    sy_suite_item *item = &suite->item[suite->count++];
    *item = (sy_suite_item){.count = 1, .verified = true};
    sy_status status = sy_suite_set_text(&item->problem, problem, err);
    if (status == SY_OK && context->row != NULL) {
        status = copy_row(context->row, tag, item, err);
    }
    return status;
}

sy_status sy_suite_append(sy_suite *suite, const char *problem, const sy_row *row, sy_error *err) {
    append_context context = {.suite = suite, .row = row};
    uint64_t left = SY_SUITE_ITEMS_MAX - suite->count;
    return sy_sweep_expand(problem, left, append_one, &context, err);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

sy_status sy_suite_finish(sy_suite *suite, sy_error *err) {
    if (suite->count == 0) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no problems in it");
    }
    const char **name = sy_mem_alloc(suite->count * sizeof *name);
    size_t count = 0;
    if (name == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < suite->count; i++) {
        if (suite->item[i].name != NULL) {
            name[count++] = suite->item[i].name;
        }
    }
    qsort(name, count, sizeof *name, compare_names);
    sy_status status = SY_OK;
    for (size_t i = 1; status == SY_OK && i < count; i++) {
        if (strcmp(name[i - 1], name[i]) == 0) {
            status = sy_error_set(
                err, SY_INVALID_ARGUMENT, "two problems are called %s", sy_word_quote(name[i]).text);
        }
    }
    sy_mem_free(name);
    return status;
}

/* The file's name without folder and ending, what is no name's letter as '_'. */
static sy_status name_after(const char *label, char **out_name, sy_error *err) {
    const char *slash = strrchr(label, '/');
    const char *base = slash != NULL ? slash + 1 : label;
    const char *dot = strrchr(base, '.');
    char name[SY_SUITE_NAME_MAX + 1];
    size_t bytes = dot != NULL && dot > base ? (size_t)(dot - base) : strlen(base);
    bytes = bytes < SY_SUITE_NAME_MAX ? bytes : SY_SUITE_NAME_MAX;
    for (size_t i = 0; i < bytes; i++) {
        char letter[2] = {base[i], '\0'};
        bool is_upper = base[i] >= 'A' && base[i] <= 'Z';
        name[i] = sy_suite_is_name(letter) || is_upper ? base[i] : '_';
    }
    name[bytes] = '\0';
    return sy_suite_set_text(out_name, bytes > 0 ? name : "suite", err);
}

/* Whether the first line that says something could be a CSV header. */
static bool is_csv(const char *data, size_t bytes) {
    sy_line line = {0};
    size_t offset = 0;
    return sy_line_next(data, bytes, &offset, &line) && memchr(line.begin, ':', line.bytes) == NULL;
}

static sy_status read_format(sy_suite *suite, const char *data, size_t bytes, sy_error *err) {
    size_t first = 0;
    while (first < bytes && strchr(" \t\r\n", data[first]) != NULL && data[first] != '\0') {
        first++;
    }
    if (first < bytes && (data[first] == '{' || data[first] == '[')) {
        return sy_suite_read_json(suite, data, bytes, err);
    }
    return is_csv(data, bytes) ? sy_suite_read_csv(suite, data, bytes, err)
                               : sy_suite_read_lines(suite, data, bytes, err);
}

static void hash_bytes(const char *data, size_t bytes, sy_suite *suite) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)data, bytes);
    sodium_bin2hex(suite->sha256, sizeof suite->sha256, digest, sizeof digest);
}

static sy_status fill_suite(
    sy_suite *suite, const char *data, size_t bytes, const char *label, sy_error *err) {
    if (bytes > SY_SUITE_FILE_MAX) {
        return sy_error_set(err, SY_OVERFLOW, "larger than 64 MiB");
    }
    hash_bytes(data, bytes, suite);
    size_t mark = bytes >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    sy_status status = read_format(suite, data + mark, bytes - mark, err);
    if (status == SY_OK) {
        status = sy_suite_finish(suite, err);
    }
    return status == SY_OK && suite->name == NULL ? name_after(label, &suite->name, err) : status;
}

sy_status sy_suite_read(
    const char *data, size_t bytes, const char *label, sy_suite **out_suite, sy_error *err) {
    *out_suite = NULL;
    sy_suite *suite = NULL;
    sy_status status = sy_suite_create(&suite, err);
    if (status == SY_OK) {
        status = fill_suite(suite, data, bytes, label, err);
    }
    if (status != SY_OK) {
        sy_suite_destroy(suite);
        return sy_error_prefix(err, status, "%s", label);
    }
    *out_suite = suite;
    return SY_OK;
}

sy_status sy_suite_read_problem(const char *problem, sy_suite **out_suite, sy_error *err) {
    *out_suite = NULL;
    sy_suite *suite = NULL;
    sy_status status = sy_suite_create(&suite, err);
    if (status == SY_OK) {
        hash_bytes(problem, strlen(problem), suite);
        status = sy_suite_append(suite, problem, NULL, err);
    }
    if (status == SY_OK) {
        status = sy_suite_set_text(&suite->name, "command-line", err);
    }
    if (status != SY_OK) {
        sy_suite_destroy(suite);
        return status;
    }
    *out_suite = suite;
    return SY_OK;
}
