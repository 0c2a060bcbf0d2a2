/* Escaping. */
#include "bench/report/charts/words.h"

#include <string.h>

#include "bench/report/print.h"

static void put_escaped(sy_text *out, const char *text) {
    for (const char *next = text; *next != '\0'; next++) {
        switch (*next) {
        case '&': sy_text_printf(out, "&amp;"); break;
        case '<': sy_text_printf(out, "&lt;"); break;
        case '>': sy_text_printf(out, "&gt;"); break;
        case '"': sy_text_printf(out, "&quot;"); break;
        case '\'': sy_text_printf(out, "&#39;"); break;
        default: sy_text_append(out, next, 1);
        }
    }
}

void sy_chart_put_name(sy_text *out, const char *name, unsigned columns) {
    sy_cell cell = sy_print_clean(name, true);
    sy_text cut = {0};
    sy_print_cut_middle(&cut, cell.text, columns);
    put_escaped(out, cut.length > 0 ? cut.data : "");
    out->failed = out->failed || cut.failed;
    sy_text_release(&cut);
}

void sy_chart_put_sentence(sy_text *out, const char *sentence) {
    /* In pieces that fit a cell, cut between characters. */
    const char *next = sentence != NULL ? sentence : "";
    while (*next != '\0') {
        char piece[128];
        size_t bytes = strnlen(next, sizeof piece - 1);
        size_t end = bytes;
        while (end > 0 && ((unsigned char)next[end] & 0xc0u) == 0x80u)
            end--;
        end = end > 0 ? end : bytes;
        memcpy(piece, next, end);
        piece[end] = '\0';
        put_escaped(out, sy_print_clean(piece, true).text);
        next += end;
    }
}
