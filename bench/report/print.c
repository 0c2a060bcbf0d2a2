/* Text for a terminal. */
#include "bench/report/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "bench/words/words.h"

/* Bytes of the character that begins with `lead`, 1 for a stray byte. */
static size_t character_bytes(const char *text) {
    unsigned char lead = (unsigned char)text[0];
    size_t bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return strnlen(text, bytes);
}

sy_cell sy_print_clean(const char *text, bool utf8) {
    sy_cell cell = {""};
    size_t used = 0;
    const char *next = text != NULL ? text : "";
    while (*next != '\0') {
        size_t bytes = character_bytes(next);
        bool is_clean = sy_word_is_clean(next, bytes) && (utf8 || bytes == 1);
        size_t wanted = is_clean ? bytes : 1;
        if (used + wanted >= sizeof cell.text)
            break;
        memcpy(cell.text + used, is_clean ? next : "?", wanted);
        used += wanted;
        /* After a byte that is no character the next one may begin another. */
        next += is_clean || (utf8 == false && sy_word_is_clean(next, bytes)) ? bytes : 1;
    }
    return cell;
}

static uint32_t code_point(const char *text, size_t bytes) {
    static const unsigned char lead_masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)text[0] & lead_masks[bytes];
    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3fu);
    return code;
}

/* Blocks of wide characters (Unicode's East Asian Width W and F). */
static uint32_t character_width(const char *text, size_t bytes) {
    static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    uint32_t code = code_point(text, bytes);
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (code >= wide[i][0] && code <= wide[i][1])
            return 2;
    return 1;
}

uint32_t sy_print_width(const char *text) {
    uint32_t width = 0;
    for (const char *next = text; *next != '\0'; next += character_bytes(next))
        width += character_width(next, character_bytes(next));
    return width;
}

void sy_print_cut(sy_text *out, const char *text, uint32_t columns) {
    bool is_cut = sy_print_width(text) > columns;
    uint32_t left = is_cut && columns > 0 ? columns - 1 : columns;
    for (const char *next = text; *next != '\0'; next += character_bytes(next)) {
        uint32_t width = character_width(next, character_bytes(next));
        if (width > left)
            break;
        sy_text_append(out, next, character_bytes(next));
        left -= width;
    }
    if (is_cut && columns > 0)
        sy_text_append(out, "~", 1);
}

void sy_print_cut_middle(sy_text *out, const char *text, uint32_t columns) {
    uint32_t width = sy_print_width(text);
    if (width <= columns || columns < 8) {
        sy_print_cut(out, text, columns);
        return;
    }
    /* A third in front (with the mark that ends it), the rest from the end. */
    uint32_t front = columns / 3;
    const char *tail = text;
    while (sy_print_width(tail) > columns - front)
        tail += character_bytes(tail);
    sy_print_cut(out, text, front);
    sy_text_append(out, tail, strlen(tail));
    sy_print_spaces(out, columns - front - sy_print_width(tail));
}

/* Bytes of `text` that fit the columns, up to a space if one is there. */
static size_t bytes_that_fit(const char *text, uint32_t columns) {
    size_t bytes = 0, at_space = 0;
    uint32_t width = 0;
    while (text[bytes] != '\0') {
        size_t next = character_bytes(text + bytes);
        width += character_width(text + bytes, next);
        if (width > columns)
            return at_space > 0 ? at_space : bytes > 0 ? bytes : next;
        at_space = text[bytes] == ' ' ? bytes : at_space;
        bytes += next;
    }
    return bytes;
}

uint32_t sy_print_wrapped(sy_text *out, const char *text, uint32_t columns) {
    uint32_t lines = 0;
    do {
        uint32_t indent = lines > 0 ? 2 : 0;
        size_t bytes = bytes_that_fit(text, columns - indent);
        sy_print_spaces(out, indent);
        sy_text_append(out, text, bytes);
        sy_text_append(out, "\n", 1);
        text += bytes;
        text += *text == ' ';
        lines++;
    } while (*text != '\0');
    return lines;
}

void sy_print_spaces(sy_text *out, uint32_t count) {
    sy_text_printf(out, "%*s", (int)count, "");
}

void sy_print_padded(sy_text *out, const char *text, uint32_t columns, bool is_right) {
    uint32_t width = sy_print_width(text);
    uint32_t pad = width < columns ? columns - width : 0;
    if (is_right)
        sy_print_spaces(out, pad);
    sy_print_cut(out, text, columns);
    if (!is_right)
        sy_print_spaces(out, pad);
}

void sy_print_look(sy_text *out, const sy_report_style *style, uint32_t look) {
    static const char *const escapes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m"};
    if (style->color)
        sy_text_append(out, escapes[look], strlen(escapes[look]));
}

sy_report_style sy_report_style_of(int fd, bool no_color) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = "";
    for (size_t i = 0; i < sizeof names / sizeof names[0] && locale[0] == '\0'; i++)
        locale = getenv(names[i]) != NULL ? getenv(names[i]) : "";
    const char *wish = getenv("NO_COLOR"), *term = getenv("TERM");
    bool is_plain =
        no_color || (wish != NULL && wish[0] != '\0') || (term != NULL && strcmp(term, "dumb") == 0);
    return (sy_report_style){
        .utf8 = strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL,
        .color = !is_plain && isatty(fd) == 1,
    };
}
