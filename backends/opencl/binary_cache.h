/*
 * Compiled programs on disk, one file each: <cache_dir>/opencl/<key>.bin. Never an error: a file that is
 * damaged, foreign or not there is as none, and a folder that cannot be written costs one line in the log.
 *
 * A file is a header (magic, key, length, SHA-256 of what follows) and the driver's bytes. Drivers trust
 * their binaries, so only a regular file that belongs to the effective user and that nobody else may write is
 * read.
 */
#ifndef BACKENDS_OPENCL_BINARY_CACHE_H
#define BACKENDS_OPENCL_BINARY_CACHE_H

#include <stddef.h>

#include "backends/opencl/opencl.h"

typedef struct ocl_binary_cache ocl_binary_cache;

/** Open the cache that the host's setting "cache_dir" names; NULL in *out_cache without one. The backend
 * outlives it. Errors: SY_OUT_OF_MEMORY. */
sy_status ocl_binary_cache_open(const sy_backend *backend, ocl_binary_cache **out_cache, sy_error *err);
void ocl_binary_cache_close(ocl_binary_cache *cache);

/** The bytes kept under a key, the caller's to free with sy_mem_free(); NULL if there are none to trust. One
 * thread at a time for each cache, as for storing. */
unsigned char *ocl_binary_cache_load(ocl_binary_cache *cache, const unsigned char key[32], size_t *out_bytes);

/** Keep bytes under a key, in place of what was there. */
void ocl_binary_cache_store(
    ocl_binary_cache *cache, const unsigned char key[32], const unsigned char *bytes, size_t count);

#endif
