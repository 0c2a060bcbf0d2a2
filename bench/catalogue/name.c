/* Names compared whole. */
#include "bench/catalogue/name.h"

#include <string.h>

bool sy_name_normalise(const char *name, char out_name[SY_NAME_MAX]) {
    size_t used = 0;
    for (const char *at = name; *at != '\0'; at++) {
        bool is_blank = *at == ' ' || *at == '\t';
        if (is_blank && (used == 0 || out_name[used - 1] == ' '))
            continue;
        if (used + 1 >= SY_NAME_MAX) {
            out_name[0] = '\0';
            return false;
        }
        out_name[used++] = is_blank ? ' ' : *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    }
    used -= used > 0 && out_name[used - 1] == ' ' ? 1 : 0;
    out_name[used] = '\0';
    return true;
}

bool sy_name_is_same(const char *a, const char *b) {
    char first[SY_NAME_MAX], second[SY_NAME_MAX];
    return a != NULL && b != NULL && sy_name_normalise(a, first) && sy_name_normalise(b, second) &&
           first[0] != '\0' && strcmp(first, second) == 0;
}

bool sy_name_has(const char *name, const char *part) {
    char whole[SY_NAME_MAX], piece[SY_NAME_MAX];
    return name != NULL && sy_name_normalise(name, whole) && sy_name_normalise(part, piece) &&
           strstr(whole, piece) != NULL;
}
