/* `compare --gate --base-build`: the one further measurement of the rows that a gate does not let pass. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/run/interrupt.h"
#include "bench/verbs/compare_job.h"
#include "bench/verbs/extension_call.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Who is run in a block: BASE NEW NEW BASE, so that a drift falls on both alike. */
static const uint32_t order[] = {0, 1, 1, 0};
enum { CALLS = sizeof order / sizeof order[0] * SY_EXTENSION_BLOCKS, FOLDER_MAX = PATH_MAX - 64 };

/* An extension at work. folder: of its files; is_temporary: which go with it. */
typedef struct extending {
    sy_compare_job *job;
    char build[2][PATH_MAX], folder[FOLDER_MAX];
    bool is_temporary;
    int wake_fd;
} extending;

/* A file of the extension: the problems of a batch, or the record of one call. */
static void name_file(const extending *state, size_t batch, int call, char out_path[PATH_MAX]) {
    if (call < 0)
        snprintf(out_path, PATH_MAX, "%s/problems-%zu.txt", state->folder, batch);
    else
        snprintf(out_path, PATH_MAX, "%s/%s-%zu-%02d.jsonl", state->folder,
            order[(size_t)call % 4u] == 0 ? "base" : "new", batch, call);
}

static sy_status make_folder(extending *state, sy_error *err) {
    const char *kept = state->job->program->config->output;
    const char *under = sy_program_variable((void *)(uintptr_t)state->job->program, "TMPDIR");
    state->is_temporary = kept == NULL;
    int bytes = snprintf(state->folder, sizeof state->folder, "%s%s",
        kept != NULL                       ? kept
        : under != NULL && under[0] == '/' ? under
                                           : "/tmp",
        kept != NULL ? "" : "/steelyard-extension-XXXXXX");
    if (bytes < 0 || (size_t)bytes >= sizeof state->folder)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "a folder's name is longer than %d characters", FOLDER_MAX);
    if (kept == NULL ? mkdtemp(state->folder) != NULL : sy_folder_make(state->folder, 0777) == 0)
        return SY_OK;
    sy_error_io(err, "folder of the extension, %s", sy_word_quote(state->folder).text);
    return kept != NULL && errno == EEXIST ? SY_INVALID_ARGUMENT : SY_IO;
}

static void remove_files(const extending *state) {
    char path[PATH_MAX];
    for (size_t batch = 0; batch < state->job->extension.batches; batch++)
        for (int call = -1; call < CALLS; call++) {
            name_file(state, batch, call, path);
            sy_file_remove(path);
        }
    rmdir(state->folder);
}

static sy_status write_problems(const extending *state, size_t batch, sy_error *err) {
    const sy_extension *extension = &state->job->extension;
    char path[PATH_MAX];
    sy_text text = {0};
    for (size_t i = 0; i < extension->rows; i++)
        if (extension->row[i].batch == batch)
            sy_text_printf(&text, "%s\n", extension->row[i].base.problem);
    if (text.failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "extension: no memory for its problems");
    name_file(state, batch, -1, path);
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool is_written = fd >= 0 && sy_file_write_all(fd, text.data, text.length) == 0;
    sy_status status = is_written ? SY_OK : sy_error_io(err, "%s", path);
    if (fd >= 0)
        sy_file_close(fd);
    sy_text_release(&text);
    return status;
}

static sy_status call(const extending *state, size_t batch, int number, sy_error *err) {
    const sy_compare_job *job = state->job;
    const sy_extension_batch *of = &job->extension.batch[batch];
    uint32_t side = order[(size_t)number % 4u];
    char problems[PATH_MAX], output[PATH_MAX];
    name_file(state, batch, -1, problems);
    name_file(state, batch, number, output);
    const sy_extension_call what = {.program = job->program,
        .build = state->build[side],
        .problems = problems,
        .output = output,
        .ask = &of->side[side],
        .rows = of->rows,
        .with_energy = !isnan(job->gate_options.threshold[SY_QUANTITY_ENERGY]),
        .wake_fd = state->wake_fd};
    if (!job->program->config->quiet)
        fprintf(stderr, "extension: run %d of %d, %s\n", number + 1, CALLS, side == 0 ? "BASE" : "NEW");
    return sy_extension_call_run(&what, err);
}

static sy_status measure(const extending *state, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t batch = 0; status == SY_OK && batch < state->job->extension.batches; batch++) {
        status = write_problems(state, batch, err);
        for (int number = 0; status == SY_OK && number < CALLS; number++)
            status = call(state, batch, number, err);
    }
    return status;
}

/* All records of the extension into a job's intakes. */
static sy_status read_records(const extending *state, sy_compare_job *into, sy_error *err) {
    char path[PATH_MAX];
    sy_status status = SY_OK;
    into->is_extending = true;
    for (size_t batch = 0; batch < state->job->extension.batches; batch++)
        for (int number = 0; status == SY_OK && number < CALLS; number++) {
            name_file(state, batch, number, path);
            status = sy_compare_job_read(into, path, order[(size_t)number % 4u], err);
        }
    into->is_extending = false;
    return status;
}

/* What was measured is looked at on its own before any of it is pooled. */
static sy_status pool(const extending *state, sy_error *err) {
    sy_compare_job *job = state->job, alone = {.program = job->program};
    const size_t kind = job->taken == &job->intake[SY_INTAKE_REAL] ? SY_INTAKE_REAL : SY_INTAKE_SIMULATED;
    sy_status status = read_records(state, &alone, err);
    if (status == SY_OK)
        status = sy_extension_settle(&job->extension, job->taken, &alone.intake[kind], &job->arena, err);
    sy_compare_job_release(&alone);
    job->pooled = &job->extension;
    return status == SY_OK && job->extension.counted > 0 ? read_records(state, job, err) : status;
}

static void announce(const extending *state) {
    const sy_extension *extension = &state->job->extension;
    if (!state->job->program->config->quiet)
        fprintf(stderr,
            "extension: %zu rows are measured again, once: %u blocks BASE NEW NEW BASE of one round each, "
            "pooled "
            "with what there was; BASE by %s, NEW by %s\n",
            extension->measured, SY_EXTENSION_BLOCKS, sy_word_quote(state->build[0]).text,
            sy_word_quote(state->build[1]).text);
}

static sy_status extend(extending *state, sy_error *err) {
    sy_status status = make_folder(state, err);
    if (status != SY_OK)
        return status;
    announce(state);
    status = sy_interrupt_open(&state->wake_fd, err);
    sy_status measured = status == SY_OK ? measure(state, err) : status;
    state->job->is_interrupted = sy_interrupt_seen(state->wake_fd);
    sy_interrupt_close(state->wake_fd);
    if (measured == SY_OK && !state->job->is_interrupted)
        status = pool(state, err);
    else if (measured != SY_OK)
        state->job->extension_failure = sy_arena_text(&state->job->arena, sy_error_text(err, measured));
    if (state->is_temporary)
        remove_files(state);
    return status;
}

sy_status sy_compare_job_check_builds(const sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    char path[PATH_MAX];
    sy_status status = sy_extension_find_build("base-build", config->base_build, path, sizeof path, err);
    return status == SY_OK ? sy_extension_find_build("new-build", config->new_build, path, sizeof path, err)
                           : status;
}

sy_status sy_compare_job_extend(sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    extending state = {.job = job, .wake_fd = -1};
    bool is_named = sy_config_has(config, "device");
    sy_status status = sy_extension_plan(&job->comparison, &job->gate, job->taken,
        is_named ? (const char *const *)config->device.word : NULL, is_named ? config->device.count : 0,
        &job->arena, &job->extension, err);
    if (status != SY_OK || job->extension.measured == 0)
        return status;
    status = sy_extension_find_build("base-build", config->base_build, state.build[0], PATH_MAX, err);
    if (status == SY_OK)
        status = sy_extension_find_build("new-build", config->new_build, state.build[1], PATH_MAX, err);
    return status == SY_OK ? extend(&state, err) : status;
}
