/* Outcome of a call: a small code, and an error text that the caller owns. Std headers only. */
#ifndef STEELYARD_STATUS_H
#define STEELYARD_STATUS_H

#include <stdint.h>

/** Outcome of a call. Travels as int32_t, so that an enum's width never enters the plugin ABI. */
typedef int32_t sy_status;

/*
 * X(constant, number, name, meaning). Numbers are part of the ABI: never renumber, only append.
 * An unknown number coming from a plugin is treated as SY_INTERNAL.
 */
#define SY_STATUS_LIST(X)                                                                                    \
    X(SY_OK, 0, "ok", "done")                                                                                \
    X(SY_INVALID_ARGUMENT, 1, "invalid argument", "the caller's mistake; nothing was done")                  \
    X(SY_UNSUPPORTED, 2, "unsupported", "valid, but not done here; try the next candidate")                  \
    X(SY_UNAVAILABLE, 3, "unavailable", "no such device, library or counter on this machine")                \
    X(SY_OUT_OF_MEMORY, 4, "out of memory", "host or device memory; the text says which, wanted and free")   \
    X(SY_INCOMPATIBLE, 5, "incompatible", "another version of an interface, a file or a record")             \
    X(SY_WRONG_RESULT, 6, "wrong result", "work was done and its outcome failed a check")                    \
    X(SY_IO, 7, "input/output", "a file, socket or device node failed; the text carries errno's words")      \
    X(SY_TIMEOUT, 8, "timeout", "not finished in the time given; it may still be going on")                  \
    X(SY_LOST, 9, "device lost", "the device or its driver is gone; only destroy calls are legal now")       \
    X(SY_INTERNAL, 10, "internal error", "a broken invariant, ours or a plugin's")                           \
    X(SY_REFUSED, 11, "refused", "not trusted: owner, mode, path or ABI tag of a file")                      \
    X(SY_OVERFLOW, 12, "overflow", "a size or a result exceeds what its type can hold")

#define SY_STATUS_ENUMERATOR(constant, number, name, meaning) constant = number,
enum { SY_STATUS_LIST(SY_STATUS_ENUMERATOR) };
#undef SY_STATUS_ENUMERATOR

/**
 * Why a call failed, in words. The caller owns it and sets `size`; every function accepts NULL instead.
 *
 * size         sizeof(sy_error) of the caller; a callee writes nothing beyond it.
 * vendor_code  the driver library's own number, 0 if there is none.
 * text         one line, UTF-8, NUL-terminated, no trailing full stop: what, where, what would be right.
 */
typedef struct sy_error {
    uint32_t size;
    int32_t vendor_code;
    char text[504];
} sy_error;

/** An error ready to be handed to a call. */
#define SY_ERROR_INIT ((sy_error){.size = sizeof(sy_error)})

#pragma GCC visibility push(default)

/** Name of a status ("unsupported"); "unknown status" for a number not in the list. Static storage. */
const char *sy_status_name(sy_status status);

#pragma GCC visibility pop

#endif
