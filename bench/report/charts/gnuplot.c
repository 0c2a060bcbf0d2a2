/* Gnuplot is found, given a folder of its own, watched, and what it wrote is read back. */
#include "bench/report/charts/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/spawn/program.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define USUAL_TIMEOUT_NS 10000000000u
#define DRAWING "chart.svg"

static const char *const templates[SY_CHART_KINDS] = {
    "throughput.gp", "energy.gp", "latency.gp", "efficiency.gp", "roofline.gp", "sustained.gp"};
static const char *const by_series[SY_LAYOUT_BY_SERIES] = {"points", "spans", "boxes"};
static const char *const of_figure[SY_LAYOUT_OF_FIGURE] = {"frame", "xticks", "yticks", "labels", "values"};

/* What is called with each file of a figure, and its path; false ends it. */
typedef bool visit(const char *path, const sy_text *text);

static bool each_file(const sy_layout *layout, const char *folder, visit *with) {
    char path[PATH_MAX];
    bool is_good = true;
    for (size_t i = 0; is_good && i < SY_LAYOUT_OF_FIGURE; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, of_figure[i]);
        is_good = with(path, &layout->of_figure[i]);
    }
    for (size_t i = 0; is_good && i < layout->chart->ceiling_count; i++) {
        snprintf(path, sizeof path, "%s/ceiling%zu", folder, i + 1);
        is_good = with(path, &layout->of_ceiling[i]);
    }
    for (size_t i = 0; is_good && i < layout->chart->series_count; i++)
        for (size_t j = 0; is_good && j < SY_LAYOUT_BY_SERIES; j++) {
            snprintf(path, sizeof path, "%s/%s%zu", folder, by_series[j], i + 1);
            is_good = with(path, &layout->by_series[i][j]);
        }
    return is_good;
}

static bool write_file(const char *path, const sy_text *text) {
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool is_good = sy_file_write_all(fd, text->length > 0 ? text->data : "", text->length) == 0;
    int failure = errno;
    sy_file_close(fd);
    errno = failure;
    return is_good;
}

static bool remove_file(const char *path, const sy_text *text) {
    (void)text;
    sy_file_remove(path);
    return true;
}

static void remove_folder(const sy_layout *layout, const char *folder) {
    char path[PATH_MAX];
    each_file(layout, folder, remove_file);
    snprintf(path, sizeof path, "%s/" DRAWING, folder);
    sy_file_remove(path);
    rmdir(folder);
}

/* The folder that has the template and what it loads. */
static const char *find_template(
    const sy_layout *layout, const sy_chart_places *places, char out_path[PATH_MAX]) {
    for (size_t i = 0; i < places->template_folders; i++) {
        int bytes =
            snprintf(out_path, PATH_MAX, "%s/%s", places->template_folder[i], templates[layout->kind]);
        if (bytes > 0 && bytes < PATH_MAX && access(out_path, R_OK) == 0)
            return places->template_folder[i];
    }
    return NULL;
}

static sy_status read_drawing(const char *folder, sy_text *out_drawing, sy_error *err) {
    char path[PATH_MAX], block[16384];
    snprintf(path, sizeof path, "%s/" DRAWING, folder);
    int fd = sy_file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd < 0 && errno == ENOENT)
        return sy_error_set(err, SY_INCOMPATIBLE, "gnuplot has drawn nothing");
    if (fd < 0)
        return sy_error_io(err, "what gnuplot has drawn: %s", path);
    sy_status status = SY_OK;
    ssize_t got = 0;
    do {
        got = sy_file_read(fd, block, sizeof block);
        if (got < 0)
            status = sy_error_io(err, "what gnuplot has drawn: %s", path);
        else if (got > 0 && !sy_text_append(out_drawing, block, (size_t)got))
            status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a figure");
        else if (out_drawing->length > SY_DRAWING_MAX)
            status =
                sy_error_set(err, SY_OVERFLOW, "gnuplot has drawn more than %u MiB", SY_DRAWING_MAX >> 20);
    } while (status == SY_OK && got > 0);
    sy_file_close(fd);
    return status;
}

/* The last line of what it printed, for the error. */
static sy_status fail(sy_status status, const sy_text *printed, sy_error *err) {
    char cause[160], line[120] = "";
    const char *text = printed->length > 0 ? printed->data : "";
    size_t end = printed->length;
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == ' '))
        end--;
    size_t begin = end;
    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    snprintf(line, sizeof line, "%.*s", (int)(end - begin), text + begin);
    snprintf(cause, sizeof cause, "%.158s", sy_error_text(err, status));
    return line[0] == '\0' ? status : sy_error_set(err, status, "%s: %s", cause, line);
}

static sy_status run(
    const sy_layout *layout, const sy_chart_places *places, const char *folder, sy_error *err) {
    char program[PATH_MAX], script[PATH_MAX];
    sy_text printed = {0};
    if (!sy_program_find(places->program_folders, "gnuplot", program, sizeof program))
        return sy_error_set(err, SY_UNAVAILABLE, "gnuplot is not installed (no such program on PATH)");
    const char *scripts = find_template(layout, places, script);
    if (scripts == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, "the template of a figure, %s, is in none of its folders",
            templates[layout->kind]);
    /* -d: nobody's start-up file; -c: what follows the script are texts, never commands. */
    const char *const arguments[] = {"gnuplot", "-d", "-c", script, folder, scripts, NULL};
    uint64_t timeout_ns = places->timeout_ns > 0 ? places->timeout_ns : USUAL_TIMEOUT_NS;
    sy_status status = sy_program_run(program, arguments, places->program_folders, timeout_ns, &printed, err);
    if (status != SY_OK)
        status = fail(status, &printed, err);
    sy_text_release(&printed);
    return status;
}

sy_status sy_gnuplot_draw(
    const sy_layout *layout, const sy_chart_places *places, sy_text *out_drawing, sy_error *err) {
    const char *under = places->temporary_folder != NULL ? places->temporary_folder : "/tmp";
    char folder[PATH_MAX - 64];
    int bytes = snprintf(folder, sizeof folder, "%s/steelyard-chart-XXXXXX", under);
    /* An absolute path is a file to gnuplot, whatever is in it; "<..." would be a command. */
    if (under[0] != '/' || bytes < 0 || (size_t)bytes >= sizeof folder)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%.200s: a temporary folder has an absolute path", under);
    if (mkdtemp(folder) == NULL)
        return sy_error_io(err, "a temporary folder for a figure: %.200s", folder);
    sy_status status = each_file(layout, folder, write_file)
                           ? run(layout, places, folder, err)
                           : sy_error_io(err, "numbers of a figure, into %.200s", folder);
    if (status == SY_OK)
        status = read_drawing(folder, out_drawing, err);
    remove_folder(layout, folder);
    return status;
}
