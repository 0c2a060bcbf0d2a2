/* The words of --energy, held against the table of sources. */
#include "bench/energy/wish.h"

#include <string.h>

#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

static bool is_mode(const char *word) {
    return strcmp(word, "auto") == 0 || strcmp(word, "all") == 0 || strcmp(word, "off") == 0;
}

/* What could have been meant: the modes, then the sources. */
static const char *give_word(const void *ctx, size_t index) {
    static const char *const modes[] = {"auto", "all", "off"};
    const size_t count = sizeof modes / sizeof modes[0];
    (void)ctx;
    if (index < count)
        return modes[index];
    const sy_energy_source *source = sy_energy_sources[index - count];
    return source != NULL ? source->name : NULL;
}

static sy_status refuse_unknown(const char *word, size_t name_bytes, sy_error *err) {
    char name[64] = "";
    sy_text list = {0};
    if (name_bytes < sizeof name)
        memcpy(name, word, name_bytes);
    const char *near = sy_word_suggest(name, give_word, NULL);
    for (size_t i = 0; sy_energy_sources[i] != NULL; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "", sy_energy_sources[i]->name);
    sy_error_set(err, SY_INVALID_ARGUMENT, "there is no meter %s%s%s%s; there are auto, all, off%s%s",
        sy_word_quote_bytes(word, name_bytes).text, near != NULL ? " (did you mean '" : "",
        near != NULL ? near : "", near != NULL ? "'?)" : "", list.length > 0 ? ", " : "",
        list.length > 0 ? list.data : "");
    sy_text_release(&list);
    return SY_INVALID_ARGUMENT;
}

/* "USER:PASSWORD@HOST", with "SCHEME://" before it or not: it would stand in the list of processes and in the
 * record. The text itself is not repeated for the same reason. */
static bool has_password(const char *rest) {
    const char *scheme = strstr(rest, "://");
    const char *host = scheme != NULL ? scheme + 3 : rest;
    size_t bytes = strcspn(host, "/?#");
    bool has_user = memchr(host, '@', bytes) != NULL;
    return has_user && (scheme != NULL || memchr(host, ':', bytes) != NULL);
}

static sy_status check_spec(const char *word, sy_error *err) {
    const sy_energy_source *source = sy_energy_source_of(word);
    size_t name_bytes = strcspn(word, ":");
    const char *rest = word[name_bytes] == ':' ? word + name_bytes + 1 : "";
    if (has_password(rest))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "a user's name and password belong into the file of --energy-credentials, not into the name of a "
            "meter");
    if (source == NULL)
        return refuse_unknown(word, name_bytes, err);
    bool wants_rest = source->is_configured && source->form[name_bytes] == ':';
    if ((wants_rest || word[name_bytes] == ':') && rest[0] == '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s says too little, wanted is %s",
            sy_word_quote(word).text, source->form);
    return SY_OK;
}

static sy_status check_word(char *const *word, size_t index, size_t count, sy_error *err) {
    bool is_off = strcmp(word[index], "off") == 0;
    for (size_t i = 0; i < index; i++)
        if (strcmp(word[i], word[index]) == 0)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "%s is there twice", sy_word_quote(word[index]).text);
    if (is_off && count > 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'off' stands alone");
    if (is_mode(word[index]) && index > 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' stands alone or first", word[index]);
    return is_mode(word[index]) ? SY_OK : check_spec(word[index], err);
}

sy_status sy_energy_wish_read(char *const *word, size_t count, sy_energy_wish *out_wish, sy_error *err) {
    *out_wish = (sy_energy_wish){0};
    for (size_t i = 0; i < count; i++) {
        sy_status status = check_word(word, i, count, err);
        if (status != SY_OK)
            return status;
    }
    bool has_mode = count > 0 && is_mode(word[0]);
    out_wish->is_auto = count == 0 || strcmp(word[0], "auto") == 0;
    out_wish->is_all = has_mode && strcmp(word[0], "all") == 0;
    out_wish->is_off = has_mode && strcmp(word[0], "off") == 0;
    out_wish->spec_count = has_mode ? count - 1 : count;
    out_wish->spec = out_wish->spec_count > 0 ? word + (has_mode ? 1 : 0) : NULL;
    return SY_OK;
}

bool sy_energy_spec_means(const char *spec, const sy_energy_found *found) {
    size_t bytes = strlen(spec);
    const char *name = found->facts.name;
    bool begins = strncmp(name, spec, bytes) == 0 && (name[bytes] == ':' || name[bytes] == '\0');
    return begins || strcmp(spec, found->spec) == 0;
}
