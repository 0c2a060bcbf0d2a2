/* Radio buttons, and labels of theirs in the other sections: no script is needed. */
#include "bench/report/html/reference.h"

#include "bench/report/html/verdict.h"

static const char *kind_of(const sy_html_set *set) {
    return set->is_simulated ? "made-up" : "real";
}

static void put_device(sy_html_page *page, const sy_html_set *set, size_t place) {
    sy_html_put_text(page, page->model->device[set->device[place]].label);
    sy_html_put(page, "</label>\n");
}

static void put_buttons(sy_html_page *page, const sy_html_set *set) {
    const char *kind = kind_of(set);
    sy_text_printf(&page->out, "<fieldset class=\"choice %s\"><legend>", kind);
    sy_html_put_word(page, "Reference device");
    sy_html_put(page, "</legend>\n");
    for (size_t i = 0; i < set->count; i++) {
        sy_text_printf(&page->out,
            "<label><input type=\"radio\" name=\"reference-%s\" id=\"reference-%s-%zu\" value=\"%zu\"%s> ",
            kind, kind, i, i, set->device[i] == set->reference ? " checked" : "");
        put_device(page, set, i);
    }
    sy_html_put(page, "</fieldset>\n");
}

static void put_labels(sy_html_page *page, const sy_html_set *set) {
    sy_html_put(page, "<p class=\"pick\"><span>");
    sy_html_put_word(page, "Reference device");
    sy_html_put(page, "</span>\n");
    for (size_t i = 0; i < set->count; i++) {
        sy_text_printf(&page->out, "<label for=\"reference-%s-%zu\" class=\"p%zu\">", kind_of(set), i, i);
        put_device(page, set, i);
    }
    sy_html_put(page, "</p>\n");
}

void sy_html_references(
    sy_html_page *page, const sy_html_set *set, bool has_choice, sy_html_relative *write) {
    if (set->count < 2)
        return;
    sy_text_printf(&page->out, "<div class=\"refs %s\">\n", kind_of(set));
    if (set->count <= SY_HTML_REFERENCES && has_choice)
        put_buttons(page, set);
    else if (set->count <= SY_HTML_REFERENCES)
        put_labels(page, set);
    for (size_t i = 0; i < set->count; i++) {
        size_t reference = set->device[i];
        if (sy_html_standing_of(page, reference) == NULL)
            continue;
        sy_text_printf(&page->out, "<div class=\"ref r%zu\"><h3>", i);
        sy_html_say(page, "Relative to {1}", page->model->device[reference].label, NULL);
        sy_html_put(page, "</h3>\n");
        write(page, set, reference);
        sy_html_put(page, "</div>\n");
    }
    sy_html_put(page, "</div>\n");
}
