/* How to measure it again. */
#include <string.h>

#include "bench/report/html/sections.h"

/* A word as a shell takes it: what is not plain stands between single quotes. */
static void put_shell_word(sy_html_page *page, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        sy_html_put_text(page, word);
        return;
    }
    sy_html_put(page, "&#39;");
    for (const char *next = word; *next != '\0';) {
        sy_text piece = {0};
        size_t bytes = strcspn(next, "'");
        sy_text_append(&piece, next, bytes);
        if (bytes > 0)
            sy_html_put_text(page, piece.data);
        page->out.failed = page->out.failed || piece.failed;
        sy_text_release(&piece);
        next += bytes;
        if (*next == '\'') {
            sy_html_put(page, "&#39;\\&#39;&#39;");
            next++;
        }
    }
    sy_html_put(page, "&#39;");
}

static void put_command(sy_html_page *page, const char *const *words, size_t count) {
    sy_html_put(page, "<pre class=\"command\">");
    for (size_t i = 0; i < count; i++) {
        sy_html_put(page, i > 0 ? " " : "");
        put_shell_word(page, words[i]);
    }
    sy_html_put(page, "</pre>\n");
}

static void put_run(sy_html_page *page, const sy_html_run *run) {
    sy_html_put(page, "<h3>");
    sy_html_put_text(page, run->run_id);
    sy_html_put(page, "</h3>\n<p class=\"note\">");
    sy_html_put_text(page, run->time_utc);
    sy_html_put(page, ", ");
    sy_html_put_text(page, run->file);
    sy_html_put(page, ", steelyard ");
    sy_html_put_text(page, run->environment.build.version);
    sy_html_put(page, " ");
    sy_html_put_text(page, run->environment.build.commit);
    if (!run->is_ended || run->is_interrupted) {
        sy_html_put(page, " <strong class=\"bad\">");
        sy_html_put_word(page, "This run was cut short.");
        sy_html_put(page, "</strong>");
    }
    sy_html_put(page, "</p>\n");
    if (run->environment.command.count > 0)
        put_command(page, run->environment.command.item, run->environment.command.count);
}

void sy_html_section_reproduce(sy_html_page *page) {
    sy_html_paragraph(page,
        "Each run was measured by this command; one row alone is measured again by its problem, as the "
        "list of rows has it: steelyard run PROBLEM -d DEVICE.");
    for (size_t i = 0; i < page->model->runs; i++)
        put_run(page, &page->model->run[i]);
    if (page->request->n_command == 0)
        return;
    sy_html_paragraph(page, "This page was written by:");
    put_command(page, page->request->command, page->request->n_command);
}
