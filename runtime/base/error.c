/* Writing error texts into a caller's sy_error, never beyond the size he declared. */
#include "runtime/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Room for text in a caller's struct, which may be smaller than ours. */
static size_t text_capacity(const sy_error *err) {
    size_t offset = offsetof(sy_error, text);
    if (err == NULL || err->size <= offset)
        return 0;
    size_t room = err->size - offset;
    return room < sizeof err->text ? room : sizeof err->text;
}

static void store(sy_error *err, const char *text) {
    size_t capacity = text_capacity(err);
    if (capacity == 0)
        return;
    size_t i = 0;
    for (; i + 1 < capacity && text[i] != '\0'; i++) {
        unsigned char c = (unsigned char)text[i];
        err->text[i] = c < 0x20 || c == 0x7f ? '?' : text[i];
    }
    err->text[i] = '\0';
}

sy_status sy_error_set(sy_error *err, sy_status status, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    store(err, text);
    return status;
}

sy_status sy_error_prefix(sy_error *err, sy_status status, const char *format, ...) {
    char context[504];
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context, sizeof context, format, arguments);
    va_end(arguments);
    snprintf(text, sizeof text, "%s: %s", context, sy_error_text(err, status));
    store(err, text);
    return status;
}

sy_status sy_error_io(sy_error *err, const char *format, ...) {
    int number = errno;
    char what[504];
    char reason[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return sy_error_set(err, SY_IO, "%s: %s", what, strerror_r(number, reason, sizeof reason));
}

const char *sy_error_text(const sy_error *err, sy_status status) {
    return text_capacity(err) > 0 && err->text[0] != '\0' ? err->text : sy_status_name(status);
}
