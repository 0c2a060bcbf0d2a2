/* Log lines: levels, cutting, and what the sink on standard error writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/log.h"
#include "steelyard/backend.h"

static void keep(void *ctx, uint32_t level, const char *text) {
    (void)level;
    snprintf(ctx, 2048, "%s", text);
}

static void levels_pass_or_not(void **state) {
    char seen[2048] = "";
    const sy_logger logger = {.write = keep, .ctx = seen, .level = SY_LOG_WARNING};
    (void)state;
    sy_log(&logger, SY_LOG_INFO, "quiet");
    assert_string_equal(seen, "");
    sy_log(&logger, SY_LOG_WARNING, "loud %d", 3);
    assert_string_equal(seen, "loud 3");
    sy_log(&logger, SY_LOG_ERROR, "%01500d", 0);
    assert_int_equal(strlen(seen), 1023);
    sy_log(NULL, SY_LOG_ERROR, "nobody");
    sy_log(&(sy_logger){.level = SY_LOG_DEBUG}, SY_LOG_ERROR, "nobody");
    assert_string_equal(sy_log_level_name(SY_LOG_DEBUG), "debug");
    assert_string_equal(sy_log_level_name(0), "?");
    assert_string_equal(sy_log_level_name(5), "?");
}

/* What one line becomes on standard error. */
static size_t written(const char *text, char *line, size_t capacity) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int before = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    sy_log_to_stderr(NULL, SY_LOG_WARNING, text);
    dup2(before, STDERR_FILENO);
    close(before);
    close(ends[1]);
    ssize_t got = read(ends[0], line, capacity - 1);
    close(ends[0]);
    assert_true(got >= 0);
    line[got] = '\0';
    return (size_t)got;
}

static void sink_writes_one_clean_line(void **state) {
    char line[4096], text[3000];
    (void)state;
    written("evil\nname\x1b", line, sizeof line);
    assert_string_equal(line, "steelyard: warning: evil?name?\n");
    memset(text, 'z', sizeof text);
    text[sizeof text - 1] = '\0';
    size_t bytes = written(text, line, sizeof line);
    assert_true(bytes < 1100);
    assert_int_equal(line[bytes - 1], '\n');
    assert_int_equal(line[bytes - 2], 'z');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_pass_or_not),
        cmocka_unit_test(sink_writes_one_clean_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
