/* `steelyard model show|make|shapes`: networks looked at, made, and as suites. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/networks/networks.h"
#include "bench/networks/shapes.h"
#include "bench/verbs/model_job.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

sy_status sy_model_out_open(const sy_program *program, sy_out *out_out, sy_error *err) {
    const char *path = program->config->output;
    return sy_out_open(path != NULL ? path : "-", out_out, err);
}

static sy_status write_text(const sy_program *program, const sy_text *text, sy_error *err) {
    sy_out out;
    if (text->failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the text");
    sy_status status = sy_model_out_open(program, &out, err);
    if (status != SY_OK)
        return status;
    bool is_taken = sy_text_append(&out.text, text->data, text->length);
    status =
        is_taken ? sy_out_finish(&out, err) : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the text");
    sy_out_close(&out);
    return status;
}

static sy_status show(const sy_program *program, const char *path, sy_error *err) {
    const sy_config *config = program->config;
    sy_look look;
    sy_text text = {0};
    if (config->format != SY_FORMAT_AUTO && config->format != SY_FORMAT_TABLE &&
        config->format != SY_FORMAT_JSON)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "model show is shown as --format table or json");
    sy_status status =
        sy_look_open(path, (const char *const *)config->bind.word, config->bind.count, &look, err);
    if (status != SY_OK)
        return status;
    int target = config->output == NULL ? STDOUT_FILENO : -1;
    sy_report_style style = sy_report_style_of(target, config->no_color);
    status = config->format == SY_FORMAT_JSON ? sy_model_show_json(&look, path, &text, err)
                                              : sy_model_show_text(&look, path, &style, &text, err);
    if (status == SY_OK)
        status = write_text(program, &text, err);
    sy_text_release(&text);
    sy_look_release(&look);
    return status;
}

static const char *network_name(const void *ctx, size_t index) {
    (void)ctx;
    const sy_made_network *row = sy_made_network_at(index);
    return row != NULL ? row->name : NULL;
}

static sy_status unknown_network(const char *name, sy_error *err) {
    const char *near = sy_word_suggest(name, network_name, NULL);
    sy_text list = {0};
    for (size_t i = 0; sy_made_network_at(i) != NULL; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "", sy_made_network_at(i)->name);
    sy_status status = sy_error_set(err, SY_INVALID_ARGUMENT, "no network %s can be made%s%s%s; there are %s",
        sy_word_quote(name).text, near != NULL ? ", did you mean " : "", near != NULL ? near : "",
        near != NULL ? "?" : "", list.data != NULL ? list.data : "none");
    sy_text_release(&list);
    return status;
}

/* Into FILE of -o, else NAME.onnx here. */
static sy_status make(const sy_program *program, const char *name, sy_error *err) {
    const sy_config *config = program->config;
    const sy_made_network *network = sy_made_network_find(name);
    char path[256];
    if (network == NULL)
        return unknown_network(name, err);
    snprintf(path, sizeof path, "%s.onnx", network->name);
    const char *target = config->output != NULL ? config->output : path;
    if (strcmp(target, "-") == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a network is written to a file: -o %s", path);
    sy_drawing drawing;
    sy_drawing_begin(&drawing, network->name);
    network->draw(&drawing);
    sy_status status = sy_drawing_write(&drawing, config->seed, target, err);
    if (status == SY_OK && !config->quiet)
        fprintf(stderr, "steelyard: %s, %llu parameters, seed %llu -> %s\n", network->about,
            (unsigned long long)sy_drawing_parameters(&drawing), (unsigned long long)config->seed, target);
    sy_drawing_release(&drawing);
    return status;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static sy_status shapes(const sy_program *program, const char *path, sy_error *err) {
    const sy_config *config = program->config;
    sy_look look;
    sy_text names = {0}, text = {0};
    json_t *suite = NULL;
    uint32_t left_out = 0;
    char name[128];
    sy_status status =
        sy_look_open(path, (const char *const *)config->bind.word, config->bind.count, &look, err);
    if (status != SY_OK)
        return status;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(base_name(path), "."), base_name(path));
    status = sy_network_shapes(&look, name, &suite, &left_out, &names, err);
    char *dump = status == SY_OK ? json_dumps(suite, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    if (status == SY_OK && (dump == NULL || !sy_text_printf(&text, "%s\n", dump)))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a suite");
    if (status == SY_OK)
        status = write_text(program, &text, err);
    if (status == SY_OK && left_out > 0)
        fprintf(stderr, "steelyard: %u nodes have no form as a problem and are left out: %s\n", left_out,
            sy_word_quote(names.data).text);
    free(dump);
    json_decref(suite);
    sy_text_release(&text);
    sy_text_release(&names);
    sy_look_release(&look);
    return status;
}

static const struct {
    const char *name;
    sy_status (*act)(const sy_program *program, const char *what, sy_error *err);
} actions[] = {{"show", show}, {"make", make}, {"shapes", shapes}};

int sy_verb_model(const sy_program *program) {
    const sy_words *what = &program->config->what;
    sy_error error = SY_ERROR_INIT;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, what->word[0]) != 0)
            continue;
        sy_status status = actions[i].act(program, what->word[1], &error);
        return status == SY_OK ? SY_EXIT_FINE : sy_program_fail_input(status, &error);
    }
    return sy_program_fail(sy_error_set(&error, SY_INVALID_ARGUMENT, "model can show, make or shapes, not %s",
                               sy_word_quote(what->word[0]).text),
        &error);
}
