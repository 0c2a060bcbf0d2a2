/* SHA-256 of problem strings and files, by libsodium. */
#include <sodium.h>
#include <string.h>

#include "steelyard/spec.h"

void sy_hash_sha256(const void *data, size_t bytes, char out_hex[SY_HASH_HEX_MAX]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes > 0 ? data : (const void *)"", bytes);
    sodium_bin2hex(out_hex, SY_HASH_HEX_MAX, digest, sizeof digest);
}

void sy_hash_key(const char *text, char out_hex[SY_KEY_HEX_MAX]) {
    char hex[SY_HASH_HEX_MAX];
    sy_hash_sha256(text, strlen(text), hex);
    memcpy(out_hex, hex, SY_KEY_HEX_MAX - 1);
    out_hex[SY_KEY_HEX_MAX - 1] = '\0';
}
