/* `steelyard plugin check FILE|NAME`: the conformance kit on one backend. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/conform/conform.h"
#include "bench/run/greeting.h"
#include "bench/run/interrupt.h"
#include "bench/verbs/program.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* What is asked for, owned by the verb while it runs. */
typedef struct plugin_check {
    const sy_program *program;
    json_t *options;
    const char **trusted; /* NULL-terminated */
    char path[PATH_MAX];
    sy_device_id device;
    sy_registry_options registry;
    sy_conform_request request;
} plugin_check;

static const char *find_option(void *ctx, const char *key) {
    const plugin_check *check = ctx;
    return sy_protocol_text(check->options, key, NULL);
}

/* The child's stderr is captured: its last line is told if it dies. */
static void log_line(void *ctx, uint32_t level, const char *text) {
    (void)ctx;
    if (level <= SY_LOG_WARNING)
        fprintf(stderr, "%s\n", text);
}

/* A path is what has a slash in it or ends in ".so"; anything else is a name. */
static bool is_path(const char *word) {
    size_t length = strlen(word);
    return strchr(word, '/') != NULL || (length > 3 && strcmp(word + length - 3, ".so") == 0);
}

/* Absolute, as the registry wants it; the last component stays as it is, so that a link is seen. */
static sy_status find_file(const char *word, char out_path[PATH_MAX], sy_error *err) {
    char folder[PATH_MAX] = "";
    if (access(word, R_OK) != 0)
        return sy_error_io(err, "%s", word);
    if (word[0] != '/' && getcwd(folder, sizeof folder - 1) == NULL)
        return sy_error_io(err, "the current folder");
    int length = snprintf(out_path, PATH_MAX, "%s%s%s", folder, word[0] != '/' ? "/" : "", word);
    return length < PATH_MAX ? SY_OK : sy_error_set(err, SY_INVALID_ARGUMENT, "%s: path too long", word);
}

/* One device of this backend; "all" is the first. */
static sy_status take_device(plugin_check *check, sy_error *err) {
    const sy_words *words = &check->program->config->device;
    if (words->count == 0 || (words->count == 1 && strcmp(words->word[0], "all") == 0))
        return SY_OK;
    if (words->count > 1)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "plugin check takes one --device, not %zu", words->count);
    sy_status status = sy_device_id_parse(words->word[0], &check->device, err);
    if (status == SY_OK && check->device.plugin[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--device %s: the plugin is what is checked; write %s:%u", words->word[0], check->device.backend,
            check->device.index);
    return status;
}

static sy_status take_what(plugin_check *check, sy_error *err) {
    const sy_words *what = &check->program->config->what;
    const uint32_t format = check->program->config->format;
    const char *target = what->word[1], *asked = check->device.backend;
    if (strcmp(what->word[0], "check") != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "plugin can only 'check', not '%s'", what->word[0]);
    if (format != SY_FORMAT_AUTO && format != SY_FORMAT_TABLE && format != SY_FORMAT_JSON)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "plugin check is shown as --format table or json");
    sy_status status = take_device(check, err);
    if (status != SY_OK)
        return status;
    check->request.name = asked[0] != '\0' ? asked : NULL;
    if (is_path(target)) {
        check->request.path = check->path;
        return find_file(target, check->path, err);
    }
    if (asked[0] != '\0' && strcmp(asked, target) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--device %s is none of backend %s",
            check->program->config->device.word[0], target);
    check->request.name = target;
    return SY_OK;
}

static sy_status take_settings(plugin_check *check, int wake_fd, sy_error *err) {
    const sy_config *config = check->program->config;
    sy_target_places places = sy_program_places(check->program, wake_fd);
    const sy_words *trusted = &config->trust_plugin;
    check->options = sy_greet_options(&places);
    check->trusted = sy_mem_calloc(trusted->count + 1, sizeof *check->trusted);
    if (check->options == NULL || check->trusted == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for settings");
    for (size_t i = 0; i < trusted->count; i++)
        check->trusted[i] = trusted->word[i];
    check->registry = (sy_registry_options){.builtins = check->program->builtins,
        .builtin_count = check->program->builtin_count,
        .plugin_path = check->program->plugin_path,
        .plugin_folder = check->program->plugin_folder,
        .trusted = check->trusted,
        .option = find_option,
        .log = log_line,
        .ctx = check};
    check->request.registry = &check->registry;
    check->request.params = check->device.params;
    check->request.index = check->device.index;
    check->request.filter = config->filter;
    check->request.model = config->model;
    check->request.full = config->full;
    check->request.patience_ms = (int64_t)(config->patience_ns / 1000000);
    check->request.wake_fd = wake_fd;
    return SY_OK;
}

static void show_progress(void *ctx, const sy_conform_row *row, size_t done, size_t count) {
    (void)ctx;
    static const char *const words[] = {"pass", "FAIL", "skip"};
    fprintf(stderr, "[%zu/%zu] %-26s %s\n", done, count, row->name, words[row->verdict]);
}

static int print_report(const sy_config *config, const sy_conform_report *report) {
    sy_text text = {0};
    bool ok = config->format == SY_FORMAT_JSON ? sy_conform_print_json(report, &text)
                                               : sy_conform_print_table(report, &text);
    if (ok)
        fwrite(text.data, 1, text.length, stdout);
    sy_text_release(&text);
    if (!ok)
        return SY_EXIT_WRONG;
    return report->failed > 0 ? SY_EXIT_WRONG : sy_conform_has_run(report) ? SY_EXIT_FINE : SY_EXIT_SKIPPED;
}

/* Between what is asked for and the report. */
static int run_check(plugin_check *check, sy_error *err) {
    const sy_config *config = check->program->config;
    sy_conform_report report = {0};
    int result = SY_EXIT_FINE;
    if (!config->quiet && (config->verbose > 0 || isatty(STDERR_FILENO)))
        check->request.progress = show_progress;
    sy_status status = sy_conform_run(&check->request, &report, err);
    if (report.absent[0] != '\0')
        status = sy_error_set(err, SY_UNAVAILABLE, "%s", report.absent);
    if (status == SY_OK || status == SY_REFUSED)
        result = print_report(config, &report);
    else
        result = sy_program_fail(status, err);
    sy_conform_release(&report);
    return status == SY_REFUSED ? SY_EXIT_INTERRUPTED : result;
}

int sy_verb_plugin(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    plugin_check check = {.program = program, .request.params = ""};
    int wake_fd = -1;
    sy_status status = take_what(&check, &error);
    if (status == SY_OK)
        status = sy_interrupt_open(&wake_fd, &error);
    if (status == SY_OK)
        status = take_settings(&check, wake_fd, &error);
    int result = status == SY_OK ? run_check(&check, &error) : sy_program_fail_input(status, &error);
    sy_interrupt_close(wake_fd);
    json_decref(check.options);
    sy_mem_free(check.trusted);
    return result;
}
