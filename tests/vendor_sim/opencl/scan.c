/*
 * Names of kernels in a source, and how many arguments they have. There is no preprocessor: kernels between
 * #if and #endif count, and what has directives among its arguments tells nothing of them.
 */
#include "tests/vendor_sim/opencl/sim.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_space(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Behind the parenthesis that closes the one at `at`; its end if there is none. */
static const char *skip_parentheses(const char *at) {
    int depth = 0;
    do {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        at += *at != '\0';
    } while (depth > 0 && *at != '\0');
    return at;
}

static const char *read_word(const char *at, char *word, size_t capacity) {
    size_t length = 0;
    for (at = skip_space(at); is_word(*at); at++)
        if (length + 1 < capacity)
            word[length++] = *at;
    word[length] = '\0';
    return at;
}

/* Comments become blanks. */
static char *without_comments(const char *source) {
    char *text = strdup(source);
    for (char *at = text; at != NULL && *at != '\0';) {
        const char *end = strncmp(at, "/*", 2) == 0   ? strstr(at + 2, "*/")
                          : strncmp(at, "//", 2) == 0 ? strchr(at, '\n')
                                                      : at;
        if (end == at) {
            at++;
            continue;
        }
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at) + (*end == '*' ? 2 : 0);
        memset(at, ' ', length);
        at += length;
    }
    return text;
}

/* Whether the text has a directive or a word without small letters, which may be a macro of any number of
 * arguments. */
static bool is_unclear(const char *at, const char *end) {
    bool has_capital = false, has_small = false;
    for (; at <= end; at++) {
        if (*at == '#' || (!is_word(*at) && has_capital && !has_small))
            return true;
        has_capital = is_word(*at) && (has_capital || isupper((unsigned char)*at));
        has_small = is_word(*at) && (has_small || islower((unsigned char)*at));
    }
    return false;
}

static uint32_t count_arguments(const char *open) {
    const char *close = skip_parentheses(open) - 1;
    const char *first = skip_space(open + 1);
    uint32_t commas = 0;
    int depth = 0;
    if (first >= close || (strncmp(first, "void", 4) == 0 && skip_space(first + 4) >= close))
        return 0;
    if (is_unclear(open, close))
        return UINT32_MAX;
    for (const char *at = open + 1; at < close; at++) {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        commas += *at == ',' && depth == 0;
    }
    return commas + 1;
}

/* What follows the word "kernel": attributes, "void", attributes, a name and a parenthesis. */
static bool read_kernel(const char *at, sim_signature *out_signature) {
    bool has_void = false;
    for (;;) {
        at = read_word(at, out_signature->name, sizeof out_signature->name);
        const char *next = skip_space(at);
        if (strcmp(out_signature->name, "__attribute__") == 0 && *next == '(') {
            at = skip_parentheses(next);
        } else if (strcmp(out_signature->name, "void") == 0) {
            has_void = true;
        } else {
            out_signature->args = *next == '(' ? count_arguments(next) : 0;
            return has_void && out_signature->name[0] != '\0' && *next == '(';
        }
    }
}

static bool add(sim_signature **signature, uint32_t *count, const sim_signature *found) {
    sim_signature *grown = realloc(*signature, (*count + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    *signature = grown;
    grown[(*count)++] = *found;
    return true;
}

bool sim_scan(const char *source, sim_signature **out_signature, uint32_t *out_count) {
    char *text = without_comments(source);
    bool is_fine = text != NULL;
    *out_signature = NULL;
    *out_count = 0;
    for (const char *at = text; is_fine && *at != '\0';) {
        char word[16];
        sim_signature found;
        if (!is_word(*at)) {
            at++;
            continue;
        }
        at = read_word(at, word, sizeof word);
        if ((strcmp(word, "kernel") == 0 || strcmp(word, "__kernel") == 0) && read_kernel(at, &found))
            is_fine = add(out_signature, out_count, &found);
    }
    free(text);
    return is_fine;
}
