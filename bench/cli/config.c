/* The config as a whole: release it, walk it. */
#include "bench/cli/config.h"

#include <string.h>

#include "bench/cli/value.h"
#include "runtime/base/error.h"

void sy_config_release(sy_config *config) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        sy_value_clear(config, &option[i]);
    }
    sy_words_release(&config->what);
    *config = (sy_config){0};
}

sy_status sy_config_walk(const sy_config *config, sy_config_visit *visit, void *ctx, sy_error *err) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    sy_text text = {0};
    bool more = true;
    for (size_t i = 0; more && i < count; i++) {
        if ((option[i].verbs & config->verb) == 0) {
            continue;
        }
        sy_text_clear(&text);
        if (!sy_value_print(config, &option[i], &text)) {
            sy_text_release(&text);
            return sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory while listing settings");
        }
        more = visit(ctx, option[i].name, text.data != NULL ? text.data : "", config->from[i]);
    }
    sy_text_release(&text);
    return SY_OK;
}

bool sy_config_has(const sy_config *config, const char *name) {
    size_t count;
    const sy_option *option = sy_option_find(name, strlen(name));
    return option != NULL && config->from[option - sy_option_table(&count)] == SY_FROM_OPTION;
}
