/*
 * Handles of objects: numbers that look like pointers and cannot be dereferenced, never given twice. Objects
 * are counted by kind (sim_made, sim_gone).
 */
#ifndef TESTS_VENDOR_SIM_COMMON_HANDLE_H
#define TESTS_VENDOR_SIM_COMMON_HANDLE_H

#include <stddef.h>

#pragma GCC visibility push(default)

/** A zeroed object of `bytes` bytes behind a new handle; out_object may be NULL. `kind` must be a constant.
 */
void *sim_handle_make(const char *kind, size_t bytes, void **out_object);

/**
 * The object, NULL if the handle is none of that kind: misuse "use_after_destroy" if it was one,
 * "wrong_handle" else. Valid until sim_handle_destroy(), also without the lock.
 */
void *sim_handle_get(const void *handle, const char *kind);

/** The same without counting a misuse. */
void *sim_handle_peek(const void *handle, const char *kind);

/** The object goes; the handle must be alive. */
void sim_handle_destroy(const void *handle);

#pragma GCC visibility pop
#endif
