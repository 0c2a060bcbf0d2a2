/* What every verb gets: the settings, where things are, and how to end. A verb returns the exit status. */
#ifndef STEELYARD_VERBS_PROGRAM_H
#define STEELYARD_VERBS_PROGRAM_H

#include "bench/catalogue/document.h"
#include "bench/cli/config.h"
#include "bench/run/target.h"
#include "bench/suites/suite.h"
#include "runtime/base/log.h"
#include "runtime/dispatch/tuning_file.h"
#include "steelyard/backend.h"

/* Exit statuses. */
enum {
    SY_EXIT_FINE = 0,
    SY_EXIT_WRONG = 1, /* a result is wrong, a row ended in an error or a timeout, a gate failed */
    SY_EXIT_USAGE = 2,
    SY_EXIT_NO_DEVICE = 3,
    SY_EXIT_UNDECIDED = 4, /* --strict and something is not as strict asks; a gate that is not decided */
    SY_EXIT_SKIPPED = 77,  /* nothing could be measured */
    SY_EXIT_INTERRUPTED = 130
};

/** The program as a verb sees it. Everything is borrowed from main(). */
typedef struct sy_program {
    const sy_config *config;
    int argc;
    char *const *argv;
    char *const *environment;
    const sy_builtin *builtins;
    size_t builtin_count;
    const char *version;
    const char *sysroot;              /* STEELYARD_SYSROOT; NULL: the real one */
    const char *plugin_path;          /* STEELYARD_PLUGIN_PATH */
    char plugin_folder[1024];         /* <exe>/../lib/steelyard */
    char suite_folder[2][1024];       /* <exe>/../share/steelyard/suites, and the source tree's */
    const char *suite_folders[2];     /* the same, as sy_suite_places wants them */
    char reference_folder[2][1024];   /* <exe>/../share/steelyard/reference, and the source tree's */
    const char *reference_folders[3]; /* STEELYARD_REFERENCE (or NULL), then these */
    char locale_folder[1024];         /* <exe>/../share/locale */
    char chart_folder[2][1024];       /* <exe>/../share/steelyard/charts, and the source tree's */
} sy_program;

/** Say an error in one line on stderr ("steelyard: ...") and give the exit status that belongs to it. */
int sy_program_fail(sy_status status, const sy_error *error);

/** The same for what the command line names: a file that cannot be read or opened is the user's mistake. */
int sy_program_fail_input(sy_status status, const sy_error *error);

/** Where suites are. Borrowed from `program`. */
sy_suite_places sy_program_suites(const sy_program *program);

/** Where published figures are. Borrowed from `program`. */
sy_reference_places sy_program_reference(const sy_program *program);

/** Where devices are; wake_fd as sy_interrupt_open() gave it. */
sy_target_places sy_program_places(const sy_program *program, int wake_fd);

/** A variable of the environment that the program was started with; NULL if it is not set. `ctx`: the
 * program. */
const char *sy_program_variable(void *ctx, const char *name);

/** The file of a GitHub job's summary, unless --step-summary is off; NULL: none. */
const char *sy_program_step_summary(const sy_program *program);

/** Where the tuning cache is; "" if there is no place for it. */
void sy_program_tuning_folder(const sy_program *program, char out_folder[SY_TUNING_FOLDER_MAX]);

/** Where warnings go: standard error, or nowhere under --quiet. */
sy_logger sy_program_logger(const sy_program *program);

/* The verbs. */
int sy_verb_devices(const sy_program *program);
int sy_verb_peak(const sy_program *program);
int sy_verb_run(const sy_program *program);
int sy_verb_infer(const sy_program *program);
int sy_verb_tune(const sy_program *program);
int sy_verb_model(const sy_program *program);
int sy_verb_show(const sy_program *program);
int sy_verb_merge(const sy_program *program);
int sy_verb_compare(const sy_program *program);
int sy_verb_history(const sy_program *program);
int sy_verb_report(const sy_program *program);
int sy_verb_plugin(const sy_program *program);

#endif
