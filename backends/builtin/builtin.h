/* The backends linked into the program and into libsteelyard: one row each, in the order they are asked. */
#ifndef BACKENDS_BUILTIN_BUILTIN_H
#define BACKENDS_BUILTIN_BUILTIN_H

#include <stddef.h>

#include "steelyard/backend.h"

/** The rows, and how many there are; for code linked statically. */
extern const sy_builtin sy_builtins[];
extern const size_t sy_builtin_count;

#endif
