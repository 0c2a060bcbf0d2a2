/* A child process of the kit, from fork to the reason why it ended. */
#ifndef STEELYARD_CONFORM_CHILD_H
#define STEELYARD_CONFORM_CHILD_H

#include <jansson.h>
#include <sys/types.h>

#include "bench/conform/conform.h"

/** A running child; zero: none. */
typedef struct conform_child {
    pid_t pid;
    int channel, capture; /* our end of its channel; the memory file that takes what it prints */
} conform_child;

/**
 * Fork a child that runs the wanted checks from `first` on. It has loaded nothing before: this process never
 * does. Errors: SY_IO.
 */
sy_status conform_child_start(const sy_conform_request *request, const bool *wanted, size_t first,
    conform_child *out_child, sy_error *err);

/**
 * The next message, the caller's. Errors: SY_TIMEOUT: nothing within the request's patience; SY_LOST: it has
 * ended; SY_REFUSED: interrupted.
 */
sy_status conform_child_hear(
    const conform_child *child, const sy_conform_request *request, json_t **out_message, sy_error *err);

/**
 * End it, by force if it has not ended by itself, and tell how in `out_how` ("died of signal 11 (Segmentation
 * fault); last words: ..."). Returns whether it ended fine by itself: exit status 0.
 */
bool conform_child_end(conform_child *child, char *out_how, size_t capacity);

#endif
