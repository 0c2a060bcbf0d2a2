/* The command line itself: a scan that finds the verb and its arguments, and a second one that sets options.
 */
#include "bench/cli/cli.h"
#include "bench/cli/option.h"
#include "bench/cli/sources.h"
#include "bench/cli/value.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

#include <stdio.h>
#include <string.h>

/* State of a scan. The first one (sets == false) only finds verb, arguments and questions. */
typedef struct argument_scan {
    int argc;
    char *const *argv;
    int next;
    bool sets, only_words, has_verb;
    const sy_question *question;
    sy_config *config;
} argument_scan;

static const sy_question *find_question(const char *name, size_t bytes, char letter) {
    size_t count;
    const sy_question *question = sy_question_table(&count);
    for (size_t i = 0; i < count; i++) {
        bool same_name = strlen(question[i].name) == bytes && memcmp(question[i].name, name, bytes) == 0;
        if (letter != '\0' ? question[i].letter == letter : same_name) {
            return &question[i];
        }
    }
    return NULL;
}

static const char *give_verb(const void *ctx, size_t index) {
    (void)ctx;
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    return index < count ? verb[index].name : NULL;
}

static sy_status find_verb(const char *word, uint32_t *out_verb, sy_error *err) {
    const sy_verb *verb = sy_verb_find(word);
    if (verb != NULL) {
        *out_verb = verb->verb;
        return SY_OK;
    }
    const char *near = sy_word_suggest(word, give_verb, NULL);
    char hint[64] = "see 'steelyard help'";
    if (near != NULL) {
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT, "unknown verb %s (%s)", sy_word_quote(word).text, hint);
}

static sy_status take_word(argument_scan *scan, const char *word, sy_error *err) {
    if (scan->sets) {
        return SY_OK;
    }
    if (!scan->has_verb) {
        scan->has_verb = true;
        return find_verb(word, &scan->config->verb, err);
    }
    return sy_words_add(&scan->config->what, word, strlen(word))
               ? SY_OK
               : sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory while reading arguments");
}

/* An option that the verb does not have is refused: accepted without effect, it would be a lie. */
static sy_status check_verb(const argument_scan *scan, const sy_option *option, sy_error *err) {
    if ((option->verbs & scan->config->verb) != 0) {
        return SY_OK;
    }
    char list[160] = "";
    size_t used = 0, count;
    const sy_verb *verb = sy_verb_table(&count);
    for (size_t i = 0; i < count; i++) {
        if ((option->verbs & verb[i].verb) != 0) {
            used +=
                (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", verb[i].name);
        }
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' has no option '--%s' (it belongs to: %s)",
        sy_verb_by_number(scan->config->verb)->name, option->name, list);
}

static sy_status take_option(
    argument_scan *scan, const sy_option *option, const char *value, const char *origin, sy_error *err) {
    if (!scan->sets) {
        return SY_OK;
    }
    sy_status status = check_verb(scan, option, err);
    return status == SY_OK ? sy_source_apply(scan->config, option, value, SY_FROM_OPTION, origin, err)
                           : status;
}

/* The value after an option: the next argument, if it does not look like an option itself. */
static sy_status next_value(
    argument_scan *scan, const sy_option *option, const char *origin, const char **out_value, sy_error *err) {
    const char *next = scan->next < scan->argc ? scan->argv[scan->next] : NULL;
    if (next == NULL) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s needs a value: %s", origin, option->value);
    }
    if (next[0] == '-' && next[1] != '\0') {
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s needs a value, but %s follows (if it is meant: --%s=VALUE)", origin, sy_word_quote(next).text,
            option->name);
    }
    scan->next++;
    *out_value = next;
    return SY_OK;
}

static void take_question(argument_scan *scan, const sy_question *question) {
    scan->question = scan->question != NULL ? scan->question : question;
}

static sy_status refuse_long(const char *word, size_t bytes, sy_error *err) {
    char name[64] = "", hint[64] = "";
    snprintf(name, sizeof name, "%.*s", bytes < sizeof name ? (int)bytes : 0, word);
    const char *near = sy_source_suggest(name);
    if (near != NULL) {
        snprintf(hint, sizeof hint, " (did you mean '--%s'?)", near);
    }
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "unknown option %s%s", sy_word_quote_bytes(word - 2, bytes + 2).text, hint);
}

/* "--name", "--name=value"; `word` begins after the dashes. */
static sy_status take_long(argument_scan *scan, const char *word, sy_error *err) {
    size_t bytes = strcspn(word, "=");
    const char *value = word[bytes] == '=' ? word + bytes + 1 : NULL;
    const sy_option *option = sy_option_find(word, bytes);
    const sy_question *question = find_question(word, bytes, '\0');
    char origin[48];
    if (question != NULL && value == NULL) {
        take_question(scan, question);
        return SY_OK;
    }
    if (option == NULL) {
        return refuse_long(word, bytes, err);
    }
    snprintf(origin, sizeof origin, "--%s", option->name);
    sy_status status = SY_OK;
    if (value == NULL && (option->alone_verbs & scan->config->verb) != 0) {
        value = option->alone;
    } else if (value == NULL && !sy_value_is_bare(option)) {
        status = next_value(scan, option, origin, &value, err);
    }
    return status == SY_OK ? take_option(scan, option, value, origin, err) : status;
}

/* "-q", "-qv", "-o FILE", "-oFILE"; `letters` begins after the dash. */
static sy_status take_short(argument_scan *scan, const char *letters, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && letters[i] != '\0'; i++) {
        const sy_option *option = sy_option_by_letter(letters[i]);
        const sy_question *question = find_question("", 0, letters[i]);
        char origin[4] = {'-', letters[i], '\0'};
        const char *value = NULL;
        if (question != NULL) {
            take_question(scan, question);
            continue;
        }
        if (option == NULL) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "unknown option %s in %s",
                sy_word_quote_bytes(origin, 2).text, sy_word_quote(letters - 1).text);
        }
        if (!sy_value_is_bare(option) && letters[i + 1] != '\0') {
            return take_option(scan, option, letters + i + 1, origin, err);
        }
        if (!sy_value_is_bare(option)) {
            status = next_value(scan, option, origin, &value, err);
        }
        if (status == SY_OK) {
            status = take_option(scan, option, value, origin, err);
        }
    }
    return status;
}

static sy_status scan_all(argument_scan *scan, bool sets, sy_error *err) {
    sy_status status = SY_OK;
    scan->sets = sets;
    scan->next = 1;
    scan->only_words = false;
    while (status == SY_OK && scan->next < scan->argc) {
        const char *word = scan->argv[scan->next++];
        if (scan->only_words || word[0] != '-' || word[1] == '\0') {
            status = take_word(scan, word, err);
        } else if (strcmp(word, "--") == 0) {
            scan->only_words = true;
        } else if (word[1] == '-') {
            status = take_long(scan, word + 2, err);
        } else {
            status = take_short(scan, word + 1, err);
        }
    }
    return status;
}

/* A question, or the verb help: what is to be shown, and about which verb. */
static sy_status settle_question(argument_scan *scan, sy_error *err) {
    sy_config *config = scan->config;
    const sy_question *question = scan->question;
    if (question != NULL && question->verb != 0 && question->verb != config->verb) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'--%s' belongs to 'steelyard %s'", question->name,
            sy_verb_by_number(question->verb)->name);
    }
    config->action = question != NULL ? question->action : SY_ACTION_HELP;
    if (config->action == SY_ACTION_HELP && config->verb == SY_VERB_HELP) {
        config->verb = question != NULL ? SY_VERB_HELP : 0;
        return config->what.count > 0 ? find_verb(config->what.word[0], &config->verb, err) : SY_OK;
    }
    return SY_OK;
}

static sy_status check_what(const sy_config *config, sy_error *err) {
    const sy_verb *verb = sy_verb_by_number(config->verb);
    if (config->what.count < verb->least) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' needs %s (see 'steelyard help %s')", verb->name,
            verb->what, verb->name);
    }
    if (config->what.count > verb->most) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' has no use for %s", verb->name,
            sy_word_quote(config->what.word[verb->most]).text);
    }
    return SY_OK;
}

/* A word may belong to other verbs than the one that is asked for. */
static sy_status check_words(const sy_config *config, sy_error *err) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (option[i].kind != SY_VALUE_CHOICE || (option[i].verbs & config->verb) == 0) {
            continue;
        }
        uint32_t value = *(const uint32_t *)((const char *)config + option[i].offset);
        const sy_choice *choice = option[i].choice;
        while (choice->name != NULL && choice->value != value) {
            choice++;
        }
        if (choice->name != NULL && choice->verbs != 0 && (choice->verbs & config->verb) == 0) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' has no --%s '%s' (see 'steelyard help %s')",
                sy_verb_by_number(config->verb)->name, option[i].name, choice->name,
                sy_verb_by_number(config->verb)->name);
        }
    }
    return SY_OK;
}

static sy_status settle_verb(argument_scan *scan, char *const *environment, sy_error *err) {
    sy_config *config = scan->config;
    config->action = SY_ACTION_VERB;
    sy_status status = check_what(config, err);
    if (status == SY_OK) {
        status = sy_source_presets(config, err);
    }
    if (status == SY_OK) {
        status = sy_source_file(config, environment, err);
    }
    if (status == SY_OK) {
        status = sy_source_environment(config, environment, err);
    }
    if (status == SY_OK) {
        status = scan_all(scan, true, err);
    }
    return status == SY_OK ? check_words(config, err) : status;
}

sy_status sy_cli_parse(
    int argc, char *const *argv, char *const *environment, sy_config *out_config, sy_error *err) {
    *out_config = (sy_config){0};
    argument_scan scan = {.argc = argc, .argv = argv, .config = out_config};
    sy_status status = scan_all(&scan, false, err);
    if (status == SY_OK && scan.question == NULL && !scan.has_verb) {
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "what is to be done? (see 'steelyard help')");
    } else if (status == SY_OK && (scan.question != NULL || out_config->verb == SY_VERB_HELP)) {
        status = settle_question(&scan, err);
    } else if (status == SY_OK) {
        status = settle_verb(&scan, environment, err);
    }
    if (status != SY_OK) {
        sy_config_release(out_config);
    }
    return status;
}
