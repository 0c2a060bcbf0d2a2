/* What verbs share. */
#include "bench/verbs/program.h"

#include <stdio.h>

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
