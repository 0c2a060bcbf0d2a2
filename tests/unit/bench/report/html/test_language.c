/* Catalogues of messages: one made here, and broken ones. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/report/html/language.h"

enum { TEXTS = 3, BYTES = 28 + 16 * TEXTS + 64 };

static const char *const english[TEXTS] = {"", "Device", "Status"};
static const char *const chinese[TEXTS] = {"head", "\u8bbe\u5907", ""};

/* A catalogue of three messages; returns its size. */
static size_t make(char *out) {
    uint32_t head[7] = {0x950412de, 0, TEXTS, 28, 28 + 8 * TEXTS, 0, 0};
    size_t at = 28 + 16 * TEXTS;
    memset(out, 0, BYTES);
    memcpy(out, head, sizeof head);
    for (size_t i = 0; i < 2 * TEXTS; i++) {
        const char *text = i < TEXTS ? english[i] : chinese[i - TEXTS];
        uint32_t place[2] = {(uint32_t)strlen(text), (uint32_t)at};
        memcpy(out + 28 + 8 * i, place, sizeof place);
        memcpy(out + at, text, strlen(text) + 1);
        at += strlen(text) + 1;
    }
    return at;
}

/* Put bytes where a catalogue is looked for and load it. */
static sy_status load(const char *bytes, size_t count, sy_html_language *out) {
    char folder[] = "/tmp/steelyard-language-XXXXXX", path[128];
    sy_error error = SY_ERROR_INIT;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/zh", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/zh/LC_MESSAGES", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/zh/LC_MESSAGES/steelyard.mo", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
    sy_status status = sy_html_language_load(folder, "zh", out, &error);
    unlink(path);
    snprintf(path, sizeof path, "%s/zh/LC_MESSAGES", folder);
    rmdir(path);
    snprintf(path, sizeof path, "%s/zh", folder);
    rmdir(path);
    rmdir(folder);
    return status;
}

static void test_words_are_found(void **state) {
    char bytes[BYTES];
    sy_html_language language;
    (void)state;
    assert_int_equal(load(bytes, make(bytes), &language), SY_OK);
    assert_string_equal(sy_html_word(&language, "Device"), "\u8bbe\u5907");
    assert_string_equal(sy_html_word(&language, "Status"), "Status");
    assert_string_equal(sy_html_word(&language, "Driver"), "Driver");
    sy_html_language_release(&language);
    assert_string_equal(sy_html_word(&language, "Device"), "Device");
}

static void test_absent(void **state) {
    sy_html_language language;
    sy_error error = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_html_language_load("/nonexistent", "zh", &language, &error), SY_UNAVAILABLE);
    assert_null(language.bytes);
}

/* Every cut and every changed byte of the tables: refused, or read without leaving the file. */
static void test_broken(void **state) {
    char bytes[BYTES];
    sy_html_language language;
    (void)state;
    size_t size = make(bytes);
    for (size_t cut = 1; cut < size; cut += 7) {
        assert_int_not_equal(load(bytes, cut, &language), SY_OK);
        assert_null(language.bytes);
    }
    for (size_t i = 0; i < 28 + 16 * TEXTS; i++) {
        make(bytes);
        bytes[i] = (char)0xff;
        if (load(bytes, size, &language) == SY_OK) {
            assert_non_null(sy_html_word(&language, "Device"));
            sy_html_language_release(&language);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_found),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
