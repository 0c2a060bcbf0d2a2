/* What a user asks for with --energy: words to what they mean. */
#ifndef STEELYARD_ENERGY_WISH_H
#define STEELYARD_ENERGY_WISH_H

#include "bench/energy/source.h"

/**
 * The wish. is_off: nothing is read. is_auto: the best meter of each scope. is_all: every usable one. Meters
 * that are named besides, or alone: `spec`, borrowed from the words.
 */
typedef struct sy_energy_wish {
    bool is_off, is_auto, is_all;
    char *const *spec;
    size_t spec_count;
} sy_energy_wish;

/**
 * Read the words: "off"; or "auto" or "all", alone or first; or specs. No words are "auto".
 *
 * Errors  SY_INVALID_ARGUMENT: what is wrong and what would be right: a word at the wrong place, a source
 * that is not in the table (with the nearest one), a source that wants to be told more, a spec that is there
 * twice, or one with a user's name and password, which do not belong on a command line.
 */
sy_status sy_energy_wish_read(char *const *word, size_t count, sy_energy_wish *out_wish, sy_error *err);

/** Whether a spec means this meter: it is its spec, its name, or the first parts of its name. */
bool sy_energy_spec_means(const char *spec, const sy_energy_found *found);

#endif
