/* `steelyard merge FILE... -o OUT`: join records. */
#include <stdio.h>

#include "bench/record/merge.h"
#include "bench/verbs/program.h"
#include "runtime/base/error.h"

int sy_verb_merge(const sy_program *program) {
    const sy_words *what = &program->config->what;
    const char *output = program->config->output != NULL ? program->config->output : "-";
    sy_error error = SY_ERROR_INIT;
    sy_merge_result result = {0};
    if (what->count == 0)
        return sy_program_fail(
            sy_error_set(&error, SY_INVALID_ARGUMENT, "merge takes the result files to join"), &error);
    sy_status status = sy_record_merge((const char *const *)what->word, what->count, output, &result, &error);
    if (status != SY_OK)
        return sy_program_fail_input(status, &error);
    if (!program->config->quiet)
        fprintf(stderr, "%llu rows, %llu were there already, %llu files had a torn last line\n",
            (unsigned long long)result.rows, (unsigned long long)result.left_out,
            (unsigned long long)result.torn);
    return SY_EXIT_FINE;
}
