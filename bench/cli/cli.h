/* The command line: `steelyard VERB [WHAT...] [options]`, its environment and its file, to a sy_config. */
#ifndef STEELYARD_BENCH_CLI_CLI_H
#define STEELYARD_BENCH_CLI_CLI_H

#include "bench/cli/config.h"

#include <stdio.h>

/**
 * Read the command line.
 *
 * argv         as main() gets it; argv[0] is skipped. Options may stand before, between and after the
 *              arguments, as `--name value` or `--name=value`, short ones bundled (`-qvo FILE`); `--` ends
 *              them; a flag takes `=yes` or `=no`. A list given twice is joined, anything else: the last
 *              wins.
 * environment  as environ: "NAME=value" texts, NULL at the end; NULL is an empty one. `--max-time` has the
 *              twin STEELYARD_MAX_TIME; an empty value is none. Also read: XDG_CONFIG_HOME and HOME for the
 *              file $XDG_CONFIG_HOME/steelyard/config (else ~/.config/steelyard/config): lines `name =
 *              value`, '#' begins a comment line.
 *
 * Twins and lines for options that the verb does not have are not used; lines are still checked.
 *
 * Owns    *out_config belongs to the caller: sy_config_release(); zeroed on error.
 * Errors  SY_INVALID_ARGUMENT (exit status 2): one line that says what is wrong and, if one is near, what was
 *         probably meant; SY_IO: the file is there and cannot be read; SY_OUT_OF_MEMORY.
 */
sy_status sy_cli_parse(
    int argc, char *const *argv, char *const *environment, sy_config *out_config, sy_error *err);

/**
 * Write the help of one verb (SY_VERB_*), or of the program if `verb` is 0: at most 80 columns.
 * Errors   SY_IO: the stream failed.
 */
sy_status sy_cli_write_help(FILE *out, uint32_t verb, sy_error *err);

/** Write the manual page steelyard(1) as roff (man macros). Errors as above. */
sy_status sy_cli_write_man(FILE *out, const char *version, sy_error *err);

/** Write completion for bash: source it, or put it into bash-completion's folder. Errors as above. */
sy_status sy_cli_write_completion(FILE *out, sy_error *err);

#endif
