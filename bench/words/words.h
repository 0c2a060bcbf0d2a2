/* Words that come from outside: are they clean, how are they quoted in an error, what was meant. */
#ifndef STEELYARD_BENCH_WORDS_WORDS_H
#define STEELYARD_BENCH_WORDS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/** Room for a quoted word with its NUL. */
#define SY_QUOTE_MAX 96u

/** A word made fit for an error text. */
typedef struct sy_quoted {
    char text[SY_QUOTE_MAX];
} sy_quoted;

/**
 * Whether `bytes` bytes are UTF-8 that may be shown on a terminal: no control character (C0, DEL, C1), no
 * line or paragraph separator, no bidirectional control, no byte order mark, not U+FFFE or U+FFFF, no
 * overlong form, no surrogate.
 *
 * Source   RFC 3629; Unicode 15 section 23.
 */
bool sy_word_is_clean(const char *word, size_t bytes);

/** A word between single quotes: what is not clean becomes '?', what is too long ends in "...". NULL: "''".
 */
sy_quoted sy_word_quote(const char *word);

/** As sy_word_quote() for `bytes` bytes that need no NUL. */
sy_quoted sy_word_quote_bytes(const char *word, size_t bytes);

/**
 * How far two words are apart: insertions, deletions, replacements and swaps of neighbours, each 1.
 * SIZE_MAX if one has more than 63 bytes.
 *
 * Source   optimal string alignment: Damerau, CACM 7(3), 1964; Wagner & Fischer, JACM 21(1), 1974.
 */
size_t sy_word_distance(const char *a, const char *b);

/** Gives candidate `index`, NULL after the last. */
typedef const char *sy_word_candidate(const void *ctx, size_t index);

/**
 * The candidate that `word` was probably meant to be: the nearest one, if at most a third of its letters (and
 * at least one) differ; else the only one that begins with `word`. Borrowed; NULL if there is none.
 */
const char *sy_word_suggest(const char *word, sy_word_candidate *candidate, const void *ctx);

#endif
