/* Looking for an option: by name, by letter; and its twin in the environment. */
#include "bench/cli/option.h"

#include <string.h>

const sy_option *sy_option_find(const char *name, size_t bytes) {
    size_t count;
    const sy_option *options = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == bytes && memcmp(options[i].name, name, bytes) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

const sy_option *sy_option_by_letter(char letter) {
    size_t count;
    const sy_option *options = sy_option_table(&count);
    for (size_t i = 0; letter != '\0' && i < count; i++) {
        if (options[i].letter == letter) {
            return &options[i];
        }
    }
    return NULL;
}

void sy_option_twin(const sy_option *option, char out_name[SY_TWIN_MAX]) {
    static const char prefix[] = "STEELYARD_";
    size_t used = sizeof prefix - 1;
    memcpy(out_name, prefix, used);
    for (const char *at = option->name; *at != '\0' && used + 1 < SY_TWIN_MAX; at++) {
        out_name[used++] = *at == '-' ? '_' : (char)(*at - 'a' + 'A');
    }
    out_name[used] = '\0';
}
