/* What verbs share. */
#include "bench/verbs/program.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

int sy_program_fail(sy_status status, const sy_error *error) {
    fprintf(stderr, "steelyard: %s\n", sy_error_text(error, status));
    switch (status) {
    case SY_UNAVAILABLE: return SY_EXIT_NO_DEVICE;
    case SY_INVALID_ARGUMENT:
    case SY_OVERFLOW:
    case SY_INCOMPATIBLE:
    case SY_UNSUPPORTED:
    case SY_REFUSED: return SY_EXIT_USAGE;
    default: return SY_EXIT_WRONG;
    }
}

int sy_program_fail_input(sy_status status, const sy_error *error) {
    int result = sy_program_fail(status, error);
    return status == SY_IO ? SY_EXIT_USAGE : result;
}

sy_suite_places sy_program_suites(const sy_program *program) {
    return (sy_suite_places){.folder = program->suite_folders, .count = 2};
}

sy_reference_places sy_program_reference(const sy_program *program) {
    return (sy_reference_places){.folder = program->reference_folders, .count = 3};
}

sy_target_places sy_program_places(const sy_program *program, int wake_fd) {
    return (sy_target_places){.config = program->config,
        .builtins = program->builtins,
        .builtin_count = program->builtin_count,
        .plugin_path = program->plugin_path,
        .plugin_folder = program->plugin_folder,
        .sysroot = program->sysroot,
        .environment = program->environment,
        .wake_fd = wake_fd};
}

const char *sy_program_variable(void *ctx, const char *name) {
    const sy_program *program = ctx;
    size_t length = strlen(name);
    for (char *const *at = program->environment; at != NULL && *at != NULL; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return *at + length + 1;
    return NULL;
}

const char *sy_program_step_summary(const sy_program *program) {
    const char *path = sy_program_variable((void *)(uintptr_t)program, "GITHUB_STEP_SUMMARY");
    bool is_wanted = program->config->step_summary == SY_SUMMARY_ON;
    return is_wanted && path != NULL && path[0] != '\0' ? path : NULL;
}

void sy_program_tuning_folder(const sy_program *program, char out_folder[SY_TUNING_FOLDER_MAX]) {
    sy_tuning_folder(sy_program_variable, (void *)(uintptr_t)program, out_folder);
}

sy_logger sy_program_logger(const sy_program *program) {
    return (sy_logger){
        .write = sy_log_to_stderr, .level = program->config->quiet ? SY_LOG_ERROR : SY_LOG_WARNING};
}
