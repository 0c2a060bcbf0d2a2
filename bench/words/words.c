/* Checking, quoting and comparing words that come from outside. */
#include "bench/words/words.h"

#include <stdint.h>
#include <string.h>

#define WORD_MAX 63u

/* Length of the well-formed UTF-8 sequence at `byte` and its code point; 0 if it is not one. */
static size_t decode_utf8(const unsigned char *byte, size_t left, uint32_t *out_point) {
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } form[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t length = 1; length <= 4; length++) {
        if ((byte[0] & form[length - 1].mask) != form[length - 1].lead) {
            continue;
        }
        if (length > left) {
            return 0;
        }
        uint32_t point = byte[0] & (unsigned char)~form[length - 1].mask;
        for (size_t i = 1; i < length; i++) {
            if ((byte[i] & 0xc0) != 0x80) {
                return 0;
            }
            point = point << 6 | (byte[i] & 0x3fu);
        }
        bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
        *out_point = point;
        return point < form[length - 1].least || point > 0x10ffff || is_surrogate ? 0 : length;
    }
    return 0;
}

/* Code points that move the cursor, reorder what is shown, or are invisible marks. */
static bool is_harmful(uint32_t point) {
    static const struct {
        uint32_t first, last;
    } range[] = {{0x0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f}, {0x2028, 0x202e},
        {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfffe, 0xffff}};
    for (size_t i = 0; i < sizeof range / sizeof range[0]; i++) {
        if (point >= range[i].first && point <= range[i].last) {
            return true;
        }
    }
    return false;
}

bool sy_word_is_clean(const char *word, size_t bytes) {
    const unsigned char *byte = (const unsigned char *)word;
    for (size_t at = 0; at < bytes;) {
        uint32_t point = 0;
        size_t length = decode_utf8(byte + at, bytes - at, &point);
        if (length == 0 || is_harmful(point)) {
            return false;
        }
        at += length;
    }
    return true;
}

sy_quoted sy_word_quote_bytes(const char *word, size_t bytes) {
    static const char tail[] = "...'";
    const unsigned char *byte = (const unsigned char *)word;
    sy_quoted quoted = {.text = "'"};
    size_t used = 1;
    for (size_t at = 0; at < bytes;) {
        uint32_t point = 0;
        size_t length = decode_utf8(byte + at, bytes - at, &point);
        bool clean = length > 0 && !is_harmful(point);
        size_t step = length > 0 ? length : 1;
        size_t written = clean ? length : 1;
        if (used + written + sizeof tail > sizeof quoted.text) {
            memcpy(quoted.text + used, tail, sizeof tail);
            return quoted;
        }
        memcpy(quoted.text + used, clean ? word + at : "?", written);
        used += written;
        at += step;
    }
    memcpy(quoted.text + used, "'", 2);
    return quoted;
}

sy_quoted sy_word_quote(const char *word) {
    return sy_word_quote_bytes(word, word != NULL ? strlen(word) : 0);
}

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t sy_word_distance(const char *a, const char *b) {
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX) {
        return SIZE_MAX;
    }
    size_t row[3][WORD_MAX + 1];
    size_t *before = row[0], *above = row[1], *now = row[2];
    for (size_t j = 0; j <= b_length; j++) {
        above[j] = before[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least_of(replaced, least_of(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = least_of(now[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;
        before = above;
        above = now;
        now = oldest;
    }
    return above[b_length];
}

const char *sy_word_suggest(const char *word, sy_word_candidate *candidate, const void *ctx) {
    size_t length = strlen(word);
    size_t allowed = length / 3 > 0 ? length / 3 : 1;
    size_t least = SIZE_MAX, beginnings = 0;
    const char *nearest = NULL, *longer = NULL, *other = NULL;
    for (size_t i = 0; (other = candidate(ctx, i)) != NULL; i++) {
        size_t distance = sy_word_distance(word, other);
        if (distance < least) {
            least = distance;
            nearest = other;
        }
        if (length > 0 && strncmp(word, other, length) == 0) {
            beginnings++;
            longer = other;
        }
    }
    if (nearest != NULL && least <= allowed && least < length) {
        return nearest;
    }
    return beginnings == 1 ? longer : NULL;
}
