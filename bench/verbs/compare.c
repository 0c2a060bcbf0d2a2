/* `steelyard compare`: results against results, devices against devices, and the gate. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/cli/option.h"
#include "bench/report/export/out.h"
#include "bench/verbs/compare_job.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Of a step's summary; what else is in it is not known. */
enum { SUMMARY_BYTES = 1000000 };

/* Options that need another one: accepted alone they would have no effect. */
static sy_status need(
    const sy_config *config, const char *name, bool has_other, const char *other, sy_error *err) {
    if (!sy_config_has(config, name) || has_other)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "--%s belongs to --%s", name, other);
}

static bool is_among(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Options of a run are those of --calibrate, but for what every comparison obeys, and what an extension does.
 */
static sy_status check_run_options(const sy_config *config, sy_error *err) {
    static const char *const obeyed[] = {"filter", "algorithm", "format", "noise", "quiet", "verbose",
        "no-color", "device", "max-time", "output"};
    enum { OBEYED = sizeof obeyed / sizeof obeyed[0], EXTENDED = 3 };
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        const uint32_t both = SY_VERB_RUN | SY_VERB_COMPARE;
        bool is_ours = (option[i].verbs & both) != both ||
                       is_among(option[i].name, obeyed, OBEYED - (config->base_build != NULL ? 0 : EXTENDED));
        sy_status status =
            is_ours ? SY_OK : need(config, option[i].name, config->calibrate, "calibrate", err);
        if (status != SY_OK)
            return status;
    }
    return need(config, "runs", config->calibrate, "calibrate", err);
}

static sy_status check_builds(const sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    sy_status status = need(config, "base-build", config->gate != NULL, "gate", err);
    if (status == SY_OK)
        status = need(config, "new-build", config->base_build != NULL, "base-build", err);
    if (status != SY_OK || config->base_build == NULL)
        return status;
    if (job->is_across || config->what.count != 2)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--base-build goes with BASE and NEW alone: one result file each");
    return sy_compare_job_check_builds(job, err);
}

static sy_status check_options(const sy_compare_job *job, sy_error *err) {
    static const char *const gated[] = {"fail-on", "allow-missing", "allow-inconclusive"};
    static const char *const not_calibrated[] = {"gate", "noise", "by", "across", "db", "base-build"};
    const sy_config *config = job->program->config;
    sy_status status = check_run_options(config, err);
    for (size_t i = 0; status == SY_OK && i < sizeof gated / sizeof gated[0]; i++)
        status = need(config, gated[i], config->gate != NULL, "gate", err);
    if (status == SY_OK)
        status = need(config, "base", job->is_across && config->by != SY_BY_PAIR, "by device", err);
    if (status == SY_OK && config->across && config->by == SY_BY_PAIR)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "--across is --by device, and not --by pair");
    for (size_t i = 0; status == SY_OK && i < sizeof not_calibrated / sizeof not_calibrated[0]; i++)
        if (config->calibrate && sy_config_has(config, not_calibrated[i]))
            status = sy_error_set(err, SY_INVALID_ARGUMENT,
                "--calibrate measures noise, --%s has no place there", not_calibrated[i]);
    if (status == SY_OK && config->noise != NULL && sy_config_has(config, "db"))
        status =
            sy_error_set(err, SY_INVALID_ARGUMENT, "noise comes from --noise or from --db, not from both");
    if (status == SY_OK && config->algorithm.count > 1 && !config->calibrate)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "compare takes the rows of one --algorithm, not of %zu", config->algorithm.count);
    if (status == SY_OK && sy_config_has(config, "algorithm") &&
        (!job->is_across || config->by == SY_BY_PAIR) && !config->calibrate)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "--algorithm belongs to --by device and --calibrate");
    if (status == SY_OK && !job->is_across && !config->calibrate && config->what.count < 2)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "compare takes BASE and NEW; devices within one file are compared with --by device");
    return status == SY_OK && !config->calibrate ? check_builds(job, err) : status;
}

static sy_status read_gate(sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    sy_gate_options *options = &job->gate_options;
    job->has_gate = config->gate != NULL;
    sy_gate_options_init(options);
    sy_status status = job->has_gate ? sy_gate_parse(config->gate, options, err) : SY_OK;
    if (status == SY_OK && config->fail_on != NULL)
        status = sy_gate_parse_fail_on(config->fail_on, options, err);
    options->allow_missing = config->allow_missing;
    options->allow_inconclusive = config->allow_inconclusive;
    return status;
}

static sy_status read_files(sy_compare_job *job, sy_error *err) {
    const sy_words *what = &job->program->config->what;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < what->count; i++)
        status = sy_compare_job_read(job, what->word[i], job->is_across ? 0 : (uint32_t)i, err);
    return status == SY_OK ? sy_compare_job_choose(job, err) : status;
}

static sy_status join(sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    if (config->by == SY_BY_PAIR)
        return sy_join_pairs(job->taken, &job->arena, &job->join, &job->left_out, err);
    if (!job->is_across)
        return sy_join_over_time(job->taken, config->what.count, &job->arena, &job->join, err);
    const sy_across across = {.base = config->base,
        .algorithm = sy_config_has(config, "algorithm") ? config->algorithm.word[0] : NULL,
        .by_card = config->by == SY_BY_CARD};
    return sy_join_across(job->taken, &across, &job->arena, &job->join, err);
}

static sy_status compare_conditions(sy_compare_job *job, sy_error *err) {
    sy_status status = SY_OK;
    job->conditions = sy_arena_array(&job->arena, job->join.columns, sizeof *job->conditions);
    if (job->conditions == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for conditions");
    for (size_t column = 1; status == SY_OK && column < job->join.columns; column++)
        status = sy_conditions_compare(
            job->taken, &job->join, column, &job->arena, &job->conditions[column - 1], err);
    return status;
}

static sy_status judge(sy_compare_job *job, sy_error *err) {
    sy_status status = SY_OK;
    const sy_comparison_options options = {
        .delta = job->program->config->delta, .noise = job->has_noise ? &job->noise : NULL};
    job->gate_options.noise = options.noise;
    status = sy_comparison_make(&job->join, &options, &job->arena, &job->comparison, err);
    for (int q = 0; status == SY_OK && q < (int)SY_QUANTITY_COUNT; q++)
        if (q != SY_QUANTITY_PRECISION)
            status = sy_means_compute(&job->comparison, q, &job->arena, &job->means[q], err);
    if (status == SY_OK)
        status = compare_conditions(job, err);
    if (status == SY_OK && job->is_across && !job->join.is_paired)
        status = sy_rank_columns(&job->comparison, &job->arena, &job->ranks, err);
    if (status == SY_OK && job->has_gate)
        status = sy_gate_judge(
            &job->comparison, job->conditions, &job->gate_options, &job->arena, &job->gate, err);
    return status;
}

static sy_status compose(const sy_compare_job *job, sy_text *out, sy_error *err) {
    const sy_config *config = job->program->config;
    const sy_report_style style = sy_report_style_of(STDOUT_FILENO, config->no_color);
    const sy_compare_report report = {.comparison = &job->comparison,
        .means = job->means,
        .conditions = job->conditions,
        .ranks = job->ranks,
        .gate = job->has_gate ? &job->gate : NULL,
        .gate_text = config->gate,
        .noise = job->has_noise ? job->noise_from : NULL,
        .file = job->is_across ? NULL : (const char *const *)config->what.word,
        .left_out = job->left_out,
        .is_simulated = job->is_across ? job->join.column[0].is_simulated
                                       : job->taken == &job->intake[SY_INTAKE_SIMULATED],
        .has_devices = sy_compare_has_devices(&job->join),
        .all = config->verbose > 0};
    switch (config->format) {
    case SY_FORMAT_JSON: return sy_compare_json(&report, out, err);
    case SY_FORMAT_JSONL: return sy_compare_jsonl(&report, out, err);
    case SY_FORMAT_CSV: return sy_compare_csv(&report, out, err);
    case SY_FORMAT_JUNIT: return sy_compare_junit(&report, out, err);
    case SY_FORMAT_MARKDOWN: return sy_compare_markdown(&report, out, err);
    default: return sy_compare_text(&report, &style, out, err);
    }
}

/* Whether standard output goes to that file already. */
static bool is_stdout(const char *path) {
    struct stat here, there;
    int fd = sy_file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    bool is_same = fd >= 0 && sy_file_stat(fd, &there) == 0 && sy_file_stat(STDOUT_FILENO, &here) == 0 &&
                   here.st_dev == there.st_dev && here.st_ino == there.st_ino;
    if (fd >= 0)
        sy_file_close(fd);
    return is_same;
}

/* The page of a CI job gets the same Markdown, as far as GitHub takes it. */
static sy_status append_summary(const sy_compare_job *job, const sy_text *text, sy_error *err) {
    const char *path = sy_program_step_summary(job->program);
    sy_out out = {.fd = -1};
    if (job->program->config->format != SY_FORMAT_MARKDOWN || path == NULL || is_stdout(path))
        return SY_OK;
    if (text->length > SUMMARY_BYTES)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s takes at most 1 MiB: leave out -v, or --step-summary off", path);
    sy_status status = sy_out_open_append(path, &out, err);
    if (status != SY_OK)
        return status;
    sy_text_append(&out.text, text->data, text->length);
    status = sy_out_finish(&out, err);
    sy_out_close(&out);
    return status;
}

static sy_status show(const sy_compare_job *job, sy_error *err) {
    sy_text text = {0};
    sy_status status = compose(job, &text, err);
    if (status == SY_OK && text.length > 0 && fwrite(text.data, 1, text.length, stdout) != text.length)
        status = sy_error_io(err, "standard output");
    if (status == SY_OK)
        status = append_summary(job, &text, err);
    sy_text_release(&text);
    return status;
}

/* What a gate does not pass is measured once more, if there is what to measure with. */
static sy_status extend(sy_compare_job *job, sy_error *err) {
    bool is_asked = job->program->config->base_build != NULL && job->gate.status != SY_GATE_PASSED;
    sy_status status = is_asked ? sy_compare_job_extend(job, err) : SY_OK;
    if (status != SY_OK || !is_asked || job->is_interrupted)
        return status;
    job->gate_options.extension = &job->extension;
    job->gate_options.extension_failure = job->extension_failure;
    status = join(job, err);
    return status == SY_OK ? judge(job, err) : status;
}

static sy_status work(sy_compare_job *job, sy_error *err) {
    sy_status status = read_gate(job, err);
    if (status == SY_OK)
        status = read_files(job, err);
    if (status == SY_OK)
        status = sy_compare_job_noise(job, err);
    if (status == SY_OK)
        status = join(job, err);
    if (status == SY_OK)
        status = judge(job, err);
    if (status == SY_OK)
        status = extend(job, err);
    return status == SY_OK && !job->is_interrupted ? show(job, err) : status;
}

static int compare(sy_compare_job *job) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = check_options(job, &error);
    if (status == SY_OK && job->program->config->calibrate)
        return sy_compare_calibrate(job);
    if (status == SY_OK)
        status = work(job, &error);
    if (job->is_interrupted)
        return SY_EXIT_INTERRUPTED;
    if (status == SY_OK)
        return job->has_gate ? job->gate.status : SY_EXIT_FINE;
    int result = sy_program_fail_input(status, &error);
    /* Want of memory is no regression. */
    return job->has_gate && result == SY_EXIT_WRONG ? SY_EXIT_UNDECIDED : result;
}

int sy_verb_compare(const sy_program *program) {
    const sy_config *config = program->config;
    sy_compare_job job = {.program = program, .is_across = config->across || config->by != SY_BY_FILE};
    int result = compare(&job);
    sy_compare_job_release(&job);
    return result;
}
