/* Formatted texts in an arena. */
#include "bench/compare/say.h"

#include <stdarg.h>
#include <stdio.h>

const char *sy_say(sy_arena *arena, const char *format, ...) {
    char text[512];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    const char *kept = length >= 0 ? sy_arena_text(arena, text) : NULL;
    return kept != NULL ? kept : "no memory for the reason";
}
