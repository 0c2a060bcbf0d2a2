/* Any bytes as a suite: JSON, CSV or lines. What is accepted must keep every promise of suite.h. */
#include "bench/suites/suite.h"
#include "bench/words/words.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth) {
    if (!truth) {
        abort();
    }
}

static void check_item(const sy_suite_item *item) {
    require(item->problem != NULL && strlen(item->problem) <= SY_SUITE_PROBLEM_MAX);
    require(sy_word_is_clean(item->problem, strlen(item->problem)));
    require(strpbrk(item->problem, "[\n ") == NULL && strchr(item->problem, ':') != NULL);
    require(item->count >= 1 && item->count <= SY_SUITE_COUNT_MAX);
    require(item->dtype_hint_count <= SY_SUITE_HINTS_MAX);
    if (item->name != NULL) {
        require(item->name[0] != '\0' && strlen(item->name) <= SY_SUITE_NAME_MAX);
        require(sy_word_is_clean(item->name, strlen(item->name)));
    }
    for (uint32_t i = 0; i < item->dtype_hint_count; i++) {
        require(item->dtype_hint[i] > 0 && item->dtype_hint[i] < SY_DTYPE_COUNT);
    }
}

/* A sweep of a million rows is legal and slow: large numbers only where there is none. */
static bool is_slow(const uint8_t *data, size_t bytes) {
    size_t digits = 0;
    bool has_long_number = false;
    for (size_t i = 0; i < bytes; i++) {
        digits = data[i] >= '0' && data[i] <= '9' ? digits + 1 : 0;
        has_long_number = has_long_number || digits > 2;
    }
    return has_long_number && memchr(data, '[', bytes) != NULL && memchr(data, ']', bytes) != NULL &&
           memchr(data, ':', bytes) != NULL &&
           (memchr(data, '*', bytes) != NULL || memchr(data, '+', bytes) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    if (bytes == 0 || is_slow(data, bytes)) {
        return 0;
    }
    sy_status status = sy_suite_read((const char *)data, bytes, "fuzz.x", &suite, &err);
    require((status == SY_OK) == (suite != NULL));
    require((status == SY_OK) == (err.text[0] == '\0'));
    if (suite == NULL) {
        return 0;
    }
    require(suite->count > 0 && suite->count <= SY_SUITE_ITEMS_MAX && strlen(suite->sha256) == 64);
    for (size_t i = 0; i < suite->count; i++) {
        check_item(&suite->item[i]);
    }
    status = sy_suite_set_batch(suite, 7, NULL, &err);
    for (size_t i = 0; status == SY_OK && i < suite->count; i++) {
        require(suite->item[i].problem != NULL);
    }
    sy_suite_filter(suite, "a|m=1", NULL);
    sy_suite_destroy(suite);
    return 0;
}
