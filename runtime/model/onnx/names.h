/* Names of values to their indexes. Keyed hashing: names come from files and may be chosen to collide. */
#ifndef RUNTIME_MODEL_ONNX_NAMES_H
#define RUNTIME_MODEL_ONNX_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/model/graph/arena.h"

#define SY_NAMES_KEY_BYTES 16u

/** A name and its value; empty: name NULL. */
typedef struct sy_names_slot {
    const char *name;
    uint32_t value;
} sy_names_slot;

/** Zero-initialise it, but for `arena` and `key`. Names are borrowed. */
typedef struct sy_names {
    sy_net_arena *arena;
    const unsigned char *key;
    sy_names_slot *slot;
    uint32_t room, count;
} sy_names;

/** A key that no file can know. */
void sy_names_make_key(unsigned char out_key[SY_NAMES_KEY_BYTES]);

bool sy_names_find(const sy_names *names, const char *name, uint32_t *out_value);

/** Add a name that is not there; false without memory. */
bool sy_names_add(sy_names *names, const char *name, uint32_t value);

#endif
