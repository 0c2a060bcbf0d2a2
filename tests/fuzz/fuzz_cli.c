/* Any lines as a command line (up to an empty line), an environment (up to the next) and a config's file. */
#include "bench/cli/cli.h"
#include "bench/cli/sources.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 40u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth) {
    if (!truth) {
        abort();
    }
}

/* Lines of `text` up to an empty one as words; returns what follows. */
static char *split(char *text, char **word, size_t *count) {
    while (*text != '\0' && *text != '\n' && *count < WORDS_MAX) {
        size_t length = strcspn(text, "\n");
        bool is_last = text[length] == '\0';
        word[(*count)++] = text;
        text[length] = '\0';
        text += length + !is_last;
    }
    word[*count] = NULL;
    return text + (*text == '\n');
}

/* The settings as a file would have them; blanks around a value cannot be written there. */
typedef struct settings {
    FILE *out;
    char *text;
    size_t length;
    bool has_blanks;
} settings;

static bool write_line(void *ctx, const char *name, const char *value, uint32_t from) {
    settings *all = ctx;
    size_t length = strlen(value);
    require(from <= SY_FROM_OPTION);
    all->has_blanks = all->has_blanks || (length > 0 && (value[0] == ' ' || value[length - 1] == ' '));
    if (length > 0) {
        fprintf(all->out, "%s=%s\n", name, value);
    }
    return true;
}

/* The caller frees `text`. */
static settings print_settings(const sy_config *config) {
    settings all = {0};
    all.out = open_memstream(&all.text, &all.length);
    require(all.out != NULL && sy_config_walk(config, write_line, &all, NULL) == SY_OK);
    fclose(all.out);
    return all;
}

/* What a walk gives must be accepted, and give the same again. */
static void check_settings(const sy_config *config) {
    settings first = print_settings(config);
    sy_config again = {.verb = config->verb};
    sy_error err = SY_ERROR_INIT;
    if (!first.has_blanks) {
        require(sy_source_presets(&again, &err) == SY_OK);
        require(sy_source_lines(&again, first.text, first.length, "walk", &err) == SY_OK);
        settings second = print_settings(&again);
        require(strcmp(first.text, second.text) == 0);
        sy_config_release(&again);
        free(second.text);
    }
    free(first.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    char *text = malloc(bytes + 1), *argv[WORDS_MAX + 2] = {"steelyard"}, *environment[WORDS_MAX + 1];
    size_t argc = 1, variables = 0;
    sy_config config;
    sy_error err = SY_ERROR_INIT;
    require(text != NULL);
    memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *rest = split(text, argv, &argc);
    rest = split(rest, environment, &variables);
    for (size_t i = 0; i < variables; i++) {
        /* The file system is not part of the input. */
        if (strncmp(environment[i], "HOME=", 5) == 0 || strncmp(environment[i], "XDG_", 4) == 0) {
            environment[i][0] = '_';
        }
    }
    sy_status status = sy_cli_parse((int)argc, argv, environment, &config, &err);
    require((status == SY_OK) == (err.text[0] == '\0'));
    if (status == SY_OK && config.action == SY_ACTION_VERB) {
        check_settings(&config);
        sy_source_lines(&config, rest, strlen(rest), "rest", NULL);
    }
    sy_config_release(&config);
    free(text);
    return 0;
}
