/* Values of XML. */
#include "bench/report/xml_text.h"

#include <string.h>

void sy_xml_text(sy_text *out, const char *clean) {
    static const char marks[] = "&<>\"'";
    static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    while (*clean != '\0') {
        size_t bytes = strcspn(clean, marks);
        sy_text_append(out, clean, bytes);
        clean += bytes;
        if (*clean != '\0') {
            const char *escape = escapes[strchr(marks, *clean++) - marks];
            sy_text_append(out, escape, strlen(escape));
        }
    }
}

void sy_xml_attribute(sy_text *out, const char *name, const char *clean_value) {
    sy_text_printf(out, " %s=\"", name);
    sy_xml_text(out, clean_value);
    sy_text_append(out, "\"", 1);
}
