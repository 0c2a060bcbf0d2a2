/* Texts of reasons, kept in an arena. */
#ifndef STEELYARD_BENCH_COMPARE_SAY_H
#define STEELYARD_BENCH_COMPARE_SAY_H

#include "bench/fields/arena.h"

/** A formatted text of at most 511 bytes (longer ones are cut); a fixed one without memory, never NULL. */
__attribute__((format(printf, 2, 3))) const char *sy_say(sy_arena *arena, const char *format, ...);

#endif
