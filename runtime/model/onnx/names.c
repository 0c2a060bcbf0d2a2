#include "runtime/model/onnx/names.h"

#include <sodium.h>
#include <string.h>

_Static_assert(SY_NAMES_KEY_BYTES == crypto_shorthash_KEYBYTES, "the key is that of the hash");

void sy_names_make_key(unsigned char out_key[SY_NAMES_KEY_BYTES]) {
    randombytes_buf(out_key, SY_NAMES_KEY_BYTES);
}

/* The slot of a name, or the empty one where it would be; there is always an empty one. */
static sy_names_slot *slot_of(const sy_names *names, const char *name) {
    unsigned char digest[crypto_shorthash_BYTES];
    uint32_t at = 0;
    crypto_shorthash(digest, (const unsigned char *)name, strlen(name), names->key);
    memcpy(&at, digest, sizeof at);
    for (;; at++) {
        sy_names_slot *slot = &names->slot[at & (names->room - 1)];
        if (slot->name == NULL || strcmp(slot->name, name) == 0)
            return slot;
    }
}

bool sy_names_find(const sy_names *names, const char *name, uint32_t *out_value) {
    const sy_names_slot *slot = names->room > 0 ? slot_of(names, name) : NULL;
    if (slot == NULL || slot->name == NULL)
        return false;
    *out_value = slot->value;
    return true;
}

static bool grow(sy_names *names) {
    sy_names larger = *names;
    larger.room = names->room == 0 ? 32 : names->room * 2;
    larger.slot = sy_net_arena_array(names->arena, larger.room, sizeof *larger.slot);
    if (larger.slot == NULL)
        return false;
    for (uint32_t i = 0; i < names->room; i++)
        if (names->slot[i].name != NULL)
            *slot_of(&larger, names->slot[i].name) = names->slot[i];
    *names = larger;
    return true;
}

bool sy_names_add(sy_names *names, const char *name, uint32_t value) {
    if (names->count >= names->room / 2 && !grow(names))
        return false;
    *slot_of(names, name) = (sy_names_slot){name, value};
    names->count++;
    return true;
}
