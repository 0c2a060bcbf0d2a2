/* The program: settings, places, then one verb. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backends/builtin/builtin.h"
#include "bench/cli/cli.h"
#include "bench/verbs/program.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session.h"
#include "runtime/base/seam.h"

extern char **environ;

/*
 * `steelyard --worker CHANNEL_FD MEMORY_FD`: not for users, see bench/worker. hwloc opens its plugins for
 * other vendors' devices even when they are switched off, and those would load drivers into a worker that
 * serves another.
 */
static int serve(char **argv) {
    setenv("HWLOC_PLUGINS_BLACKLIST", "opencl,cuda,nvml,rsmi,levelzero,gl", 1);
    return sy_session_serve(sy_builtins, sy_builtin_count, atoi(argv[2]), atoi(argv[3]));
}

/* Folders are found from where the program itself lies: installed or in a build folder. */
static void find_folders(sy_program *program) {
    char path[512] = "";
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    char *slash = length > 0 ? strrchr(path, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    snprintf(program->plugin_folder, sizeof program->plugin_folder, "%s/../lib/steelyard", path);
    snprintf(program->suite_folder[0], sizeof program->suite_folder[0], "%s/../share/steelyard/suites", path);
    snprintf(program->suite_folder[1], sizeof program->suite_folder[1], "%s/../../../bench/suites", path);
    snprintf(program->reference_folder[0], sizeof program->reference_folder[0],
        "%s/../share/steelyard/reference", path);
    snprintf(program->reference_folder[1], sizeof program->reference_folder[1],
        "%s/../../../results/reference", path);
    snprintf(program->locale_folder, sizeof program->locale_folder, "%s/../share/locale", path);
    snprintf(program->chart_folder[0], sizeof program->chart_folder[0], "%s/../share/steelyard/charts", path);
    snprintf(
        program->chart_folder[1], sizeof program->chart_folder[1], "%s/../../../bench/report/charts", path);
    program->suite_folders[0] = program->suite_folder[0];
    program->suite_folders[1] = program->suite_folder[1];
    program->reference_folders[0] = secure_getenv("STEELYARD_REFERENCE");
    program->reference_folders[1] = program->reference_folder[0];
    program->reference_folders[2] = program->reference_folder[1];
}

static int run_verb(const sy_program *program) {
    switch (program->config->verb) {
    case SY_VERB_DEVICES: return sy_verb_devices(program);
    case SY_VERB_PEAK: return sy_verb_peak(program);
    case SY_VERB_RUN: return sy_verb_run(program);
    case SY_VERB_INFER: return sy_verb_infer(program);
    case SY_VERB_TUNE: return sy_verb_tune(program);
    case SY_VERB_SHOW: return sy_verb_show(program);
    case SY_VERB_MERGE: return sy_verb_merge(program);
    case SY_VERB_MODEL: return sy_verb_model(program);
    case SY_VERB_COMPARE: return sy_verb_compare(program);
    case SY_VERB_HISTORY: return sy_verb_history(program);
    case SY_VERB_REPORT: return sy_verb_report(program);
    case SY_VERB_PLUGIN: return sy_verb_plugin(program);
    default: return SY_EXIT_USAGE;
    }
}

static int act(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = SY_OK;
    switch (program->config->action) {
    case SY_ACTION_HELP: status = sy_cli_write_help(stdout, program->config->verb, &error); break;
    case SY_ACTION_MAN: status = sy_cli_write_man(stdout, STEELYARD_VERSION, &error); break;
    case SY_ACTION_COMPLETION: status = sy_cli_write_completion(stdout, &error); break;
    case SY_ACTION_VERSION: puts("steelyard " STEELYARD_VERSION); break;
    default: return run_verb(program);
    }
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail(status, &error);
}

/* A closed standard stream would be the next file that is opened. */
static void open_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY);
}

int main(int argc, char **argv) {
    sy_error error = SY_ERROR_INIT;
    sy_config config;
    const char *fault = getenv("STEELYARD_FAULT");
    open_standard_streams();
    if (argc == 4 && strcmp(argv[1], SY_WORKER_VERB) == 0)
        return serve(argv);
    if (fault != NULL && sy_seam_arm_text(fault) != 0) {
        fprintf(stderr, "steelyard: STEELYARD_FAULT is '%s', should be like alloc:12\n", fault);
        return SY_EXIT_USAGE;
    }
    sy_status status = sy_cli_parse(argc, argv, environ, &config, &error);
    if (status != SY_OK)
        return sy_program_fail(status, &error);
    sy_program program = {.config = &config,
        .argc = argc,
        .argv = argv,
        .environment = environ,
        .builtins = sy_builtins,
        .builtin_count = sy_builtin_count,
        .version = STEELYARD_VERSION,
        .sysroot = getenv("STEELYARD_SYSROOT"),
        .plugin_path = secure_getenv("STEELYARD_PLUGIN_PATH")};
    find_folders(&program);
    int result = act(&program);
    if (fflush(stdout) != 0 && result == SY_EXIT_FINE)
        result = SY_EXIT_WRONG;
    sy_config_release(&config);
    return result;
}
