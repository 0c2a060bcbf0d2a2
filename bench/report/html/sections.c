/* Contents and order of what stands below page one. */
#include "bench/report/html/sections.h"

/* Anchor, name in the contents, writer. */
typedef struct entry {
    const char *anchor, *english;
    void (*write)(sy_html_page *page);
} entry;

static const entry entries[] = {
    {"coverage", "Coverage", sy_html_section_coverage},
    {"speed", "Throughput", sy_html_section_speed},
    {"energy", "Energy", sy_html_section_energy},
    {"totals", "Models", sy_html_section_totals},
    {"latency", "Latency", sy_html_section_latency},
    {"efficiency", "Efficiency", sy_html_section_efficiency},
    {"precision", "Precision", sy_html_section_precision},
    {"sustained", "Sustained against burst", sy_html_section_sustained},
    {"portability", "Performance portability", sy_html_section_portability},
    {"cost", "Cost and carbon", sy_html_section_cost},
    {"rows", "Every row", sy_html_section_rows},
    {"environment", "Environment", sy_html_section_environment},
    {"reproduce", "How to reproduce", sy_html_section_reproduce},
};

enum { ENTRIES = sizeof entries / sizeof entries[0], MANY_ROWS = 20000 };

void sy_html_sections(sy_html_page *page) {
    sy_html_put(page, "<nav aria-label=\"");
    sy_html_put_word(page, "Contents");
    sy_html_put(page, "\"><ul>\n");
    for (size_t i = 0; i < ENTRIES; i++) {
        sy_text_printf(&page->out, "<li><a href=\"#%s\">", entries[i].anchor);
        sy_html_put_word(page, entries[i].english);
        sy_html_put(page, "</a></li>\n");
    }
    bool is_large = page->model->rows > MANY_ROWS;
    sy_html_put(
        page, is_large ? "</ul></nav>\n<div class=\"more many\">\n" : "</ul></nav>\n<div class=\"more\">\n");
    for (size_t i = 0; i < ENTRIES; i++) {
        sy_html_section(page, entries[i].anchor, entries[i].english);
        entries[i].write(page);
        sy_html_section_end(page);
    }
    sy_html_put(page, "</div>\n");
}
