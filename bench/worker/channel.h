/*
 * The wire between the parent and a worker: one JSON object a message, each behind a 4-byte little-endian
 * length, on a stream socket. Knows nothing of what the messages say (see protocol.h).
 */
#ifndef STEELYARD_WORKER_CHANNEL_H
#define STEELYARD_WORKER_CHANNEL_H

#include <jansson.h>
#include <stdint.h>

#include "steelyard/status.h"

/** Longest message, bytes; a longer one is refused on both sides. */
#define SY_CHANNEL_MESSAGE_MAX (UINT32_C(64) << 20)

/** No limit of time. */
#define SY_CHANNEL_FOREVER (-1)

/**
 * Send one object; it stays the caller's. Errors: SY_IO (the other side is gone), SY_OUT_OF_MEMORY,
 * SY_OVERFLOW.
 */
sy_status sy_channel_send(int fd, const json_t *message, sy_error *err);

/**
 * Receive one object, within `timeout_ms` from now (SY_CHANNEL_FOREVER: no limit). `wake_fd` (or -1): when it
 * becomes readable first, SY_REFUSED: the caller wants to stop. The caller owns *out_message (json_decref).
 * Errors: SY_TIMEOUT; SY_LOST: the other side closed; SY_IO; SY_INTERNAL: not a message of ours.
 */
sy_status sy_channel_receive(int fd, int wake_fd, int64_t timeout_ms, json_t **out_message, sy_error *err);

#endif
