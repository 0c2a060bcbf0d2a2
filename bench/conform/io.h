/* Buffers and bytes, for checks: each call says by itself what went wrong. */
#ifndef STEELYARD_CONFORM_IO_H
#define STEELYARD_CONFORM_IO_H

#include "bench/conform/kit.h"

/** A buffer of the kind, NULL with the check failed. Free it with conform_free(). */
sy_buffer *conform_alloc(conform_kit *kit, uint32_t kind, uint64_t bytes);
/** Free a buffer; NULL is fine. */
void conform_free(const conform_kit *kit, sy_buffer *buffer);

/** Wait for the kit's queue. False: the check has failed. */
bool conform_sync(conform_kit *kit);

/** Enqueue a copy or a fill on the kit's queue. False: the check has failed. */
bool conform_copy(conform_kit *kit, sy_span dst, sy_span src);
bool conform_put(conform_kit *kit, sy_span dst, uint8_t value);

/** Move bytes between the host and a buffer by way of pinned memory, and wait. False: the check has failed.
 */
bool conform_write(conform_kit *kit, sy_span dst, const void *bytes);
bool conform_read(conform_kit *kit, sy_span src, void *out_bytes);

/** Whether `count` bytes are all `value`; else the check fails, and says where `what` is wrong. */
bool conform_all_are(conform_kit *kit, const char *what, const uint8_t *bytes, uint64_t count, uint8_t value);

/** Host memory, NULL with the check failed; sy_mem_free() it. */
void *conform_host(conform_kit *kit, uint64_t bytes);

#endif
