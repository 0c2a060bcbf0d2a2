/* Which functions that the kernels' tables name have been called: seen by the linker's --wrap, without a word
 * about it in the kernels. */
#ifndef TESTS_CONFORMANCE_WATCH_H
#define TESTS_CONFORMANCE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/** Any function of a table, as an address. */
typedef void watched_fn(void);

/** A function under watch: its address as the tables have it, its name, and 1 if it has been called. */
typedef struct watched {
    watched_fn *function;
    const char *name;
    uint64_t calls;
} watched;

/** The entry of a function, NULL if it is not under watch (on processors other than x86-64 and 64-bit Arm
 * none is). */
watched *watch_find(watched_fn *function);

/** Forget all calls so far. */
void watch_begin(void);

/** Whether it has been called since; threads that may have done so are joined or waited for. NULL: no. */
bool watch_was_called(const watched *one);

#endif
