/* Lines of different runs told apart by hash: two that clash by chance would need some 2^32 lines. */
#include "bench/record/key.h"

#include <sodium.h>
#include <string.h>

static uint64_t first_bits(const unsigned char *hash) {
    uint64_t bits;
    memcpy(&bits, hash, sizeof bits);
    return bits;
}

uint64_t sy_run_row_key(const char *run_id, const char *row_id) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    /* With its NUL, so that no run id can pass for a longer one. */
    crypto_hash_sha256_update(&state, (const unsigned char *)run_id, strlen(run_id) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)row_id, strlen(row_id));
    crypto_hash_sha256_final(&state, hash);
    return first_bits(hash);
}

uint64_t sy_line_key(const char *text, size_t bytes) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text, bytes);
    return first_bits(hash);
}
