/* Labels and descriptions of options and questions. */
#include "bench/cli/describe.h"

#include "bench/energy/source.h"

#include <stdio.h>
#include <string.h>

static void write_label(char letter, const char *name, const char *value, char out_text[SY_LABEL_MAX]) {
    char dash[8] = "    ";
    if (letter != '\0') {
        snprintf(dash, sizeof dash, "-%c, ", letter);
    }
    bool is_apart = value[0] != '\0' && value[0] != '[';
    snprintf(out_text, SY_LABEL_MAX, "%s--%s%s%s", dash, name, is_apart ? " " : "", value);
}

void sy_verb_label(const sy_verb *verb, char out_text[SY_LABEL_MAX]) {
    snprintf(out_text, SY_LABEL_MAX, "%s%s%s", verb->name, verb->what[0] != '\0' ? " " : "", verb->what);
}

void sy_option_label(const sy_option *option, char out_text[SY_LABEL_MAX]) {
    write_label(option->letter, option->name, option->value != NULL ? option->value : "", out_text);
}

void sy_question_label(const sy_question *question, char out_text[SY_LABEL_MAX]) {
    write_label(question->letter, question->name, "", out_text);
}

/* Append a word; false once there is no more room. */
static bool add_word(const char *word, const char *joint, char out_text[SY_CHOICES_MAX]) {
    size_t used = strlen(out_text);
    int bytes = snprintf(out_text + used, SY_CHOICES_MAX - used, "%s%s", used > 0 ? joint : "", word);
    return bytes >= 0 && (size_t)bytes < SY_CHOICES_MAX - used;
}

void sy_option_choices(
    const sy_option *option, uint32_t verbs, const char *joint, char out_text[SY_CHOICES_MAX]) {
    static const char *const energy[] = {"auto", "all", "off"};
    bool has_room = true;
    out_text[0] = '\0';
    for (const sy_choice *choice = option->choice; has_room && choice != NULL && choice->name != NULL;
         choice++) {
        bool is_known = choice->verbs == 0 || (choice->verbs & verbs) != 0;
        has_room = !is_known || add_word(choice->name, joint, out_text);
    }
    if (option->kind != SY_VALUE_ENERGY) {
        return;
    }
    for (size_t i = 0; has_room && i < sizeof energy / sizeof energy[0]; i++) {
        has_room = add_word(energy[i], joint, out_text);
    }
    for (size_t i = 0; has_room && sy_energy_sources[i] != NULL; i++) {
        has_room = add_word(sy_energy_sources[i]->name, joint, out_text);
    }
}

void sy_option_describe(const sy_option *option, uint32_t verbs, char out_text[SY_DESCRIPTION_MAX]) {
    char choices[SY_CHOICES_MAX];
    bool has_preset = option->preset != NULL;
    sy_option_choices(option, verbs, ", ", choices);
    snprintf(out_text, SY_DESCRIPTION_MAX, "%s%s%s%s%s%s%s", option->help, choices[0] != '\0' ? " (" : "",
        choices, choices[0] != '\0' ? ")" : "", has_preset ? " [" : "", has_preset ? option->preset : "",
        has_preset ? "]" : "");
}
