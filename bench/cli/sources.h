/* Where settings come from beside the command line: defaults, the config's file, the environment. */
#ifndef STEELYARD_BENCH_CLI_SOURCES_H
#define STEELYARD_BENCH_CLI_SOURCES_H

#include "bench/cli/option.h"

/**
 * Set one option and note where it came from. What a weaker source said is replaced; a list or a count goes
 * on only within one source. `text` and `origin` as in sy_value_set().
 */
sy_status sy_source_apply(sy_config *config, const sy_option *option, const char *text, uint32_t from,
    const char *origin, sy_error *err);

/** Put every option's default into a config whose fields are empty. SY_OUT_OF_MEMORY. */
sy_status sy_source_presets(sy_config *config, sy_error *err);

/**
 * Read the config's file named by `environment`, if it is there. Each line is checked; those for options of
 * config->verb are applied.
 * Errors  SY_INVALID_ARGUMENT with file and line; SY_IO; SY_OUT_OF_MEMORY.
 */
sy_status sy_source_file(sy_config *config, char *const *environment, sy_error *err);

/** As above for the text of such a file; `label` is what errors call it. */
sy_status sy_source_lines(
    sy_config *config, const char *text, size_t bytes, const char *label, sy_error *err);

/** Apply the twins in `environment` of the options of config->verb. */
sy_status sy_source_environment(sy_config *config, char *const *environment, sy_error *err);

/** The nearest option's name, in the manner of sy_word_suggest(); NULL if none is near. */
const char *sy_source_suggest(const char *name);

#endif
