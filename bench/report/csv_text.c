/* Cells of comma-separated values. */
#include "bench/report/csv_text.h"

#include <string.h>

void sy_csv_text(sy_text *out, const char *text) {
    bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool is_quoted = strpbrk(text, ",\"\n\r") != NULL;
    sy_text_append(out, "\"", is_quoted ? 1 : 0);
    sy_text_append(out, "'", is_formula ? 1 : 0);
    for (const char *next = text; *next != '\0'; next++) {
        if (*next == '"')
            sy_text_append(out, "\"", 1);
        /* Line breaks within a cell are legal and read wrongly by most: a space instead. */
        bool is_control = (unsigned char)*next < 0x20 || *next == 0x7f;
        sy_text_append(out, is_control ? " " : next, 1);
    }
    sy_text_append(out, "\"", is_quoted ? 1 : 0);
}
