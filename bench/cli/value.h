/* Values of options: text to field of the config and back. */
#ifndef STEELYARD_BENCH_CLI_VALUE_H
#define STEELYARD_BENCH_CLI_VALUE_H

#include "bench/cli/option.h"
#include "runtime/base/text.h"

/** Longest text of a value. */
#define SY_VALUE_TEXT_MAX 4096u

/**
 * Put `text` into the option's field of `config`. Lists are extended, counts too if `text` is NULL;
 * sy_value_clear() first to replace. A flag with NULL is set.
 *
 * origin   how an error calls the place ("--rounds", "STEELYARD_ROUNDS").
 * Errors   SY_INVALID_ARGUMENT says what is there and what would be right; SY_OUT_OF_MEMORY. The field keeps
 *          what it had.
 */
sy_status sy_value_set(
    sy_config *config, const sy_option *option, const char *text, const char *origin, sy_error *err);

/** Whether the option stands without a value (FLAG, COUNT). */
bool sy_value_is_bare(const sy_option *option);

/** Empty the option's field: zero, NULL or no words. */
void sy_value_clear(sy_config *config, const sy_option *option);

/** Append the value in its canonical form to `out`; false once out of memory. */
bool sy_value_print(const sy_config *config, const sy_option *option, sy_text *out);

/** Append a copy of `bytes` bytes as a word; false if out of memory. */
bool sy_words_add(sy_words *words, const char *word, size_t bytes);

/** Free the words and zero the list. */
void sy_words_release(sy_words *words);

#endif
