/* Texts from outside made harmless. */
#include "bench/report/html/escape.h"

#include <string.h>

#include "bench/fields/json_text.h"
#include "bench/words/words.h"

/* Bytes of the character at `text` that may be shown; 0: what stands there may not. */
static size_t clean_bytes(const char *text) {
    unsigned char first = (unsigned char)*text;
    size_t bytes = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    return strnlen(text, bytes) == bytes && sy_word_is_clean(text, bytes) ? bytes : 0;
}

static const char *reference_of(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t':
    case '\n':
    case '\r': return " ";
    default: return NULL;
    }
}

/* Bytes of something that is not clean: the rest of a character is skipped with it. */
static size_t skip(const char *text) {
    size_t bytes = 1;
    while (((unsigned char)text[bytes] & 0xc0) == 0x80 && bytes < 4)
        bytes++;
    return bytes;
}

void sy_html_escape(sy_text *out, const char *text) {
    while (text != NULL && *text != '\0') {
        const char *reference = reference_of(*text);
        size_t bytes = reference != NULL ? 1 : clean_bytes(text);
        if (reference != NULL)
            sy_text_append(out, reference, strlen(reference));
        else if (bytes > 0)
            sy_text_append(out, text, bytes);
        else
            sy_text_append(out, "\xef\xbf\xbd", 3);
        text += bytes > 0 ? bytes : skip(text);
    }
}

void sy_html_escape_json(sy_text *out, const char *text) {
    sy_text quoted = {0};
    sy_json_quote(&quoted, text);
    for (const char *next = quoted.data; next != NULL && *next != '\0'; next++) {
        if (*next == '<' || *next == '>' || *next == '&')
            sy_text_printf(out, "\\u%04x", (unsigned)*next);
        else
            sy_text_append(out, next, 1);
    }
    out->failed = out->failed || quoted.failed;
    sy_text_release(&quoted);
}
