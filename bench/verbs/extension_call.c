/* A build is run in the environment of this program, but for what would choose other rows. */
#include "bench/verbs/extension_call.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/cli/value.h"
#include "bench/spawn/program.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Longest that a call may take: each row's own watchdog is far below it. */
#define START_NS UINT64_C(600000000000)
#define ROW_NS UINT64_C(300000000000)

enum { WORDS = 20 };

/* The words of one call; those that are made live in `arena`. */
typedef struct words {
    const char *word[WORDS];
    size_t count;
    sy_arena arena;
    bool failed;
} words;

sy_status sy_extension_find_build(
    const char *option, const char *path, char *out_path, size_t capacity, sy_error *err) {
    char real[PATH_MAX];
    struct stat info;
    const char *from = path != NULL && path[0] != '\0' ? path : "/proc/self/exe";
    bool is_there = realpath(from, real) != NULL && stat(real, &info) == 0 && S_ISREG(info.st_mode);
    if (!is_there || access(real, X_OK) != 0 || strlen(real) >= capacity)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--%s %s: no program that can be run", option,
            sy_word_quote(from).text);
    memcpy(out_path, real, strlen(real) + 1);
    return SY_OK;
}

/* "--name=value" as one word: a value cannot become an option of its own. NULL: left to its default. */
static void add(words *to, const char *name, const char *value) {
    sy_text text = {0};
    if (value == NULL)
        return;
    sy_text_printf(&text, "--%s=%s", name, value);
    const char *kept = text.failed ? NULL : sy_arena_text(&to->arena, text.data);
    sy_text_release(&text);
    to->failed = to->failed || kept == NULL;
    to->word[to->count++] = kept;
}

static void add_time(words *to, const sy_config *config) {
    static const char name[] = "max-time";
    sy_text text = {0};
    if (!sy_config_has(config, name))
        return;
    if (sy_value_print(config, sy_option_find(name, sizeof name - 1), &text))
        add(to, name, text.data);
    else
        to->failed = true;
    sy_text_release(&text);
}

static void compose(const sy_extension_call *call, words *to) {
    const sy_extension_ask *ask = call->ask;
    to->word[to->count++] = call->build;
    to->word[to->count++] = "run";
    to->word[to->count++] = call->problems;
    add(to, "device", ask->device);
    add(to, "algorithm", ask->algorithm);
    add(to, "data", ask->data);
    add(to, "cache", ask->cache);
    add(to, "launch", ask->launch);
    add(to, "threads", ask->threads);
    add(to, "seed", ask->seed);
    add(to, "isolation", ask->isolation);
    add(to, "tuned", ask->is_tuned ? NULL : "off");
    add(to, "energy", call->with_energy ? NULL : "off");
    add(to, "rounds", "1");
    add_time(to, call->program->config);
    add(to, "output", call->output);
    to->word[to->count++] = "--quiet";
}

/* Settings of the environment that would leave rows out are not passed on. */
static char **choose_environment(const sy_program *program) {
    static const char filter[] = "STEELYARD_FILTER=";
    size_t count = 0, kept = 0;
    while (program->environment != NULL && program->environment[count] != NULL)
        count++;
    char **environment = sy_mem_calloc(count + 1, sizeof *environment);
    for (size_t i = 0; environment != NULL && i < count; i++)
        if (strncmp(program->environment[i], filter, sizeof filter - 1) != 0)
            environment[kept++] = program->environment[i];
    return environment;
}

/* The last line of what a program printed. */
static sy_quoted last_line(const sy_text *printed) {
    size_t end = printed->length;
    while (end > 0 && printed->data[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin > 0 && printed->data[begin - 1] != '\n')
        begin--;
    return sy_word_quote_bytes(end > 0 ? printed->data + begin : "", end - begin);
}

static sy_status run(const sy_extension_call *call, const words *said, char **environment, sy_error *err) {
    const sy_program_call how = {.path = call->build,
        .arguments = said->word,
        .environment = environment,
        .timeout_ns = START_NS + ROW_NS * call->rows,
        .wake_fd = call->wake_fd,
        .drops_more = true};
    sy_text printed = {0};
    sy_error why = SY_ERROR_INIT;
    int ended;
    sy_status status = sy_program_call_run(&how, &printed, &ended, &why);
    bool has_record = access(call->output, R_OK) == 0;
    if (status == SY_IO && ended == SY_EXIT_WRONG && has_record)
        status = SY_OK;
    if (status == SY_OK && !has_record)
        status = sy_error_set(&why, SY_IO, "%s: wrote no record", call->build);
    if (status != SY_OK)
        sy_error_set(err, status, "%s%s%s", sy_error_text(&why, status), printed.length > 0 ? ": " : "",
            printed.length > 0 ? last_line(&printed).text : "");
    sy_text_release(&printed);
    return status;
}

sy_status sy_extension_call_run(const sy_extension_call *call, sy_error *err) {
    words said = {.count = 0};
    compose(call, &said);
    char **environment = choose_environment(call->program);
    sy_status status = environment == NULL || said.failed
                           ? sy_error_set(err, SY_OUT_OF_MEMORY, "extension: no memory for a command")
                           : run(call, &said, environment, err);
    sy_mem_free(environment);
    sy_arena_release(&said.arena);
    return status;
}
