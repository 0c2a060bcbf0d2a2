/* Reading and writing the values of options, one pair of functions a kind. */
#include "bench/cli/value.h"

#include "bench/energy/wish.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

/* What a reader needs: the row, the text, where to put the value, how errors call the place. */
typedef struct reading {
    const sy_option *option;
    const char *text, *origin;
    void *field;
} reading;

bool sy_words_add(sy_words *words, const char *word, size_t bytes) {
    char **grown = sy_mem_realloc(words->word, (words->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    words->word = grown;
    char *copy = sy_mem_alloc(bytes + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, word, bytes);
    copy[bytes] = '\0';
    words->word[words->count++] = copy;
    return true;
}

void sy_words_release(sy_words *words) {
    for (size_t i = 0; i < words->count; i++) {
        sy_mem_free(words->word[i]);
    }
    sy_mem_free(words->word);
    *words = (sy_words){0};
}

static sy_status refuse(const reading *in, const char *wanted, sy_error *err) {
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "%s is %s, wanted is %s", in->origin, sy_word_quote(in->text).text, wanted);
}

static sy_status out_of_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory while reading options");
}

static sy_status read_flag(const reading *in, sy_error *err) {
    static const struct {
        const char *name;
        bool value;
    } words[] = {{"yes", true}, {"true", true}, {"on", true}, {"1", true}, {"no", false}, {"false", false},
        {"off", false}, {"0", false}};
    bool *field = in->field;
    if (in->text == NULL) {
        *field = true;
        return SY_OK;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, in->text) == 0) {
            *field = words[i].value;
            return SY_OK;
        }
    }
    return refuse(in, "yes or no", err);
}

static sy_status read_uint(const reading *in, sy_error *err) {
    const sy_option *option = in->option;
    uint64_t value = 0, unused;
    bool is_word = option->preset != NULL && !sy_text_to_u64(option->preset, &unused);
    if (!(is_word && strcmp(in->text, option->preset) == 0) &&
        (!sy_text_to_u64(in->text, &value) || value < option->least || value > option->most)) {
        char wanted[96];
        snprintf(wanted, sizeof wanted, "a whole number from %llu to %llu%s%s",
            (unsigned long long)option->least, (unsigned long long)option->most, is_word ? " or " : "",
            is_word ? option->preset : "");
        return refuse(in, wanted, err);
    }
    *(uint64_t *)in->field = value;
    return SY_OK;
}

static sy_status read_count(const reading *in, sy_error *err) {
    uint64_t *field = in->field;
    if (in->text != NULL) {
        return read_uint(in, err);
    }
    *field += *field < in->option->most;
    return SY_OK;
}

/* Gives the words of a choice, in the manner of sy_word_suggest(). */
static const char *give_choice(const void *ctx, size_t index) {
    return ((const sy_choice *)ctx)[index].name;
}

static sy_status read_choice(const reading *in, sy_error *err) {
    const sy_choice *choice = in->option->choice;
    char wanted[160] = "";
    size_t used = 0;
    for (size_t i = 0; choice[i].name != NULL; i++) {
        if (strcmp(choice[i].name, in->text) == 0) {
            *(uint32_t *)in->field = choice[i].value;
            return SY_OK;
        }
        const char *joint = i == 0 ? "" : choice[i + 1].name != NULL ? ", " : " or ";
        used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%s%s", joint, choice[i].name);
    }
    const char *near = sy_word_suggest(in->text, give_choice, choice);
    if (near != NULL) {
        snprintf(wanted + used, sizeof wanted - used, " (did you mean '%s'?)", near);
    }
    return refuse(in, wanted, err);
}

static sy_status read_fraction(const reading *in, sy_error *err) {
    char number[32];
    size_t bytes = strlen(in->text);
    bool is_percent = bytes > 0 && in->text[bytes - 1] == '%';
    double value = -1.0;
    if (bytes < sizeof number) {
        memcpy(number, in->text, bytes + 1);
        number[bytes - is_percent] = '\0';
        value = sy_text_to_f64(number, &value) ? value / (is_percent ? 100.0 : 1.0) : -1.0;
    }
    /* A hair of room, because 0.0001 * 1e6 need not be 100. */
    double least = (double)in->option->least / 1e6, most = (double)in->option->most / 1e6;
    if (!(value >= least * (1 - 1e-12) && value <= most * (1 + 1e-12))) {
        char wanted[96];
        snprintf(wanted, sizeof wanted, "a fraction such as 1%% or 0.01, from %llu.%02llu%% to %llu%%",
            (unsigned long long)in->option->least / 10000, (unsigned long long)in->option->least / 100 % 100,
            (unsigned long long)in->option->most / 10000);
        return refuse(in, wanted, err);
    }
    *(double *)in->field = value;
    return SY_OK;
}

static sy_status read_share(const reading *in, sy_error *err) {
    if (in->text != NULL) {
        return read_fraction(in, err);
    }
    *(double *)in->field = (double)in->option->most / 1e6;
    return SY_OK;
}

static void print_duration(uint64_t ns, char out_text[32]) {
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{3600 * SECOND_NS, "h"}, {60 * SECOND_NS, "m"}, {SECOND_NS, "s"}, {1000000, "ms"},
        {1000, "us"}, {1, "ns"}};
    size_t i = 0;
    while (ns % units[i].ns != 0) {
        i++;
    }
    snprintf(out_text, 32, "%llu%s", (unsigned long long)(ns / units[i].ns), units[i].name);
}

static sy_status read_duration(const reading *in, sy_error *err) {
    const sy_option *option = in->option;
    double seconds = -1.0, unused;
    bool is_word = option->preset != NULL && !sy_text_to_seconds(option->preset, &unused);
    if (is_word && strcmp(in->text, option->preset) == 0) {
        *(uint64_t *)in->field = 0;
        return SY_OK;
    }
    bool good = sy_text_to_seconds(in->text, &seconds) && seconds >= 0 && seconds <= 1e9;
    uint64_t ns = good ? (uint64_t)llround(seconds * 1e9) : 0;
    if (!good || ns < option->least || ns > option->most) {
        char least[32], most[32], wanted[128];
        print_duration(option->least, least);
        print_duration(option->most, most);
        snprintf(wanted, sizeof wanted, "a time such as 10m, 90s or 1500ms, from %s to %s%s%s", least, most,
            is_word ? ", or " : "", is_word ? option->preset : "");
        return refuse(in, wanted, err);
    }
    *(uint64_t *)in->field = ns;
    return SY_OK;
}

/* Paths may be in any encoding, so only bytes below the space are refused. */
static bool is_plain(const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return *text != '\0' && strlen(text) <= SY_VALUE_TEXT_MAX;
}

static sy_status read_text(const reading *in, sy_error *err) {
    if (!is_plain(in->text)) {
        return refuse(in, "a text of 1 to 4096 bytes without control characters", err);
    }
    char *copy = sy_mem_strdup(in->text);
    if (copy == NULL) {
        return out_of_memory(err);
    }
    sy_mem_free(*(char **)in->field);
    *(char **)in->field = copy;
    return SY_OK;
}

/* The comma that ends the word at `begin`. With parameters ("sim:0?peak=1T,bw=1T") a comma that is followed
 * by another name=value goes on with them: no device's id has a '=' before its ':' or '?'. */
static size_t word_bytes(const char *begin, bool has_parameters) {
    size_t bytes = strcspn(begin, ",");
    while (has_parameters && memchr(begin, '?', bytes) != NULL && begin[bytes] == ',') {
        const char *next = begin + bytes + 1;
        if (next[strcspn(next, "=:?,")] != '=') {
            break;
        }
        bytes += 1 + strcspn(next, ",");
    }
    return bytes;
}

static void drop_words(sy_words *words, size_t left) {
    while (words->count > left) {
        sy_mem_free(words->word[--words->count]);
    }
}

static sy_status read_list(const reading *in, sy_error *err) {
    sy_words *words = in->field;
    size_t before = words->count;
    const char *at = in->text;
    if (!is_plain(at) || !sy_word_is_clean(at, strlen(at))) {
        return refuse(in, in->option->value, err);
    }
    for (;; at++) {
        size_t bytes = word_bytes(at, in->option->kind != SY_VALUE_LIST);
        bool good = bytes > 0 && at[0] != ' ' && at[bytes - 1] != ' ';
        if (!good || !sy_words_add(words, at, bytes)) {
            drop_words(words, before);
            return good ? out_of_memory(err)
                        : refuse(in, "a list without empty words and blanks around them", err);
        }
        at += bytes;
        if (*at == '\0') {
            return SY_OK;
        }
    }
}

/* The whole list counts, with the words that were there before: one may have to stand first, or alone. */
static sy_status read_energy(const reading *in, sy_error *err) {
    sy_words *words = in->field;
    sy_energy_wish unused;
    size_t before = words->count;
    sy_status status = read_list(in, err);
    if (status != SY_OK) {
        return status;
    }
    status = sy_energy_wish_read(words->word, words->count, &unused, err);
    if (status != SY_OK) {
        drop_words(words, before);
        return sy_error_prefix(err, status, "%s", in->origin);
    }
    return SY_OK;
}

static sy_status read_digest(const reading *in, sy_error *err) {
    char digest[65];
    size_t bytes = strlen(in->text);
    if (bytes != 64 || strspn(in->text, "0123456789abcdefABCDEF") != bytes) {
        return refuse(in, "a SHA-256: 64 hexadecimal digits", err);
    }
    for (size_t i = 0; i <= bytes; i++) {
        char c = in->text[i];
        digest[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    }
    return sy_words_add(in->field, digest, bytes) ? SY_OK : out_of_memory(err);
}

sy_status sy_value_set(
    sy_config *config, const sy_option *option, const char *text, const char *origin, sy_error *err) {
    static sy_status (*const reader[])(const reading *in, sy_error *err) = {
        [SY_VALUE_FLAG] = read_flag,
        [SY_VALUE_COUNT] = read_count,
        [SY_VALUE_CHOICE] = read_choice,
        [SY_VALUE_UINT] = read_uint,
        [SY_VALUE_FRACTION] = read_fraction,
        [SY_VALUE_DURATION] = read_duration,
        [SY_VALUE_TEXT] = read_text,
        [SY_VALUE_LIST] = read_list,
        [SY_VALUE_DEVICES] = read_list,
        [SY_VALUE_DIGESTS] = read_digest,
        [SY_VALUE_ENERGY] = read_energy,
        [SY_VALUE_SHARE] = read_share,
    };
    reading in = {.option = option, .text = text, .origin = origin};
    in.field = (char *)config + option->offset;
    if (text == NULL && !sy_value_is_bare(option)) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s needs a value: %s", origin, option->value);
    }
    return reader[option->kind](&in, err);
}

bool sy_value_is_bare(const sy_option *option) {
    return option->kind == SY_VALUE_FLAG || option->kind == SY_VALUE_COUNT || option->kind == SY_VALUE_SHARE;
}

void sy_value_clear(sy_config *config, const sy_option *option) {
    void *field = (char *)config + option->offset;
    switch (option->kind) {
    case SY_VALUE_FLAG: *(bool *)field = false; break;
    case SY_VALUE_CHOICE: *(uint32_t *)field = 0; break;
    case SY_VALUE_SHARE: /* fall through */
    case SY_VALUE_FRACTION: *(double *)field = 0; break;
    case SY_VALUE_TEXT:
        sy_mem_free(*(char **)field);
        *(char **)field = NULL;
        break;
    case SY_VALUE_LIST:    /* fall through */
    case SY_VALUE_DEVICES: /* fall through */
    case SY_VALUE_DIGESTS: /* fall through */
    case SY_VALUE_ENERGY: sy_words_release(field); break;
    default: *(uint64_t *)field = 0; break;
    }
}

static bool print_choice(const sy_choice *choice, uint32_t value, sy_text *out) {
    while (choice->name != NULL && choice->value != value) {
        choice++;
    }
    return sy_text_printf(out, "%s", choice->name != NULL ? choice->name : "?");
}

/* In percent where that reads back as the same number, else as the fraction itself. */
static bool print_fraction(double fraction, sy_text *out) {
    char number[32];
    double percent = round(fraction * 1e8) / 1e6;
    bool is_same = percent / 100.0 == fraction;
    if (is_same && percent == floor(percent)) {
        return sy_text_printf(out, "%d%%", (int)percent);
    }
    sy_text_from_f64(is_same ? percent : fraction, number, sizeof number);
    return sy_text_printf(out, "%s%s", number, is_same ? "%" : "");
}

/* A number, or the word that stands for 0. */
static bool print_number(const sy_option *option, uint64_t value, sy_text *out) {
    char text[32];
    uint64_t unused;
    double seconds;
    bool is_duration = option->kind == SY_VALUE_DURATION;
    bool is_word = option->preset != NULL && !(is_duration ? sy_text_to_seconds(option->preset, &seconds)
                                                           : sy_text_to_u64(option->preset, &unused));
    if (is_word && value == 0) {
        return sy_text_printf(out, "%s", option->preset);
    }
    if (is_duration) {
        print_duration(value, text);
        return sy_text_printf(out, "%s", text);
    }
    return sy_text_printf(out, "%llu", (unsigned long long)value);
}

static bool print_words(const sy_words *words, sy_text *out) {
    bool good = sy_text_append(out, "", 0);
    for (size_t i = 0; good && i < words->count; i++) {
        good = sy_text_printf(out, "%s%s", i > 0 ? "," : "", words->word[i]);
    }
    return good;
}

bool sy_value_print(const sy_config *config, const sy_option *option, sy_text *out) {
    const void *field = (const char *)config + option->offset;
    const char *text = NULL;
    switch (option->kind) {
    case SY_VALUE_FLAG: return sy_text_printf(out, "%s", *(const bool *)field ? "yes" : "no");
    case SY_VALUE_CHOICE: return print_choice(option->choice, *(const uint32_t *)field, out);
    case SY_VALUE_SHARE: /* fall through */
    case SY_VALUE_FRACTION: return print_fraction(*(const double *)field, out);
    case SY_VALUE_TEXT:
        text = *(char *const *)field;
        return sy_text_printf(out, "%s", text != NULL ? text : "");
    case SY_VALUE_LIST:    /* fall through */
    case SY_VALUE_DEVICES: /* fall through */
    case SY_VALUE_DIGESTS: /* fall through */
    case SY_VALUE_ENERGY: return print_words(field, out);
    default: return print_number(option, *(const uint64_t *)field, out);
    }
}
