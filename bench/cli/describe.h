/* Texts about the rows of the tables that help, manual page and completion share. */
#ifndef STEELYARD_BENCH_CLI_DESCRIBE_H
#define STEELYARD_BENCH_CLI_DESCRIBE_H

#include "bench/cli/option.h"

#define SY_LABEL_MAX 80u
#define SY_DESCRIPTION_MAX 520u

/** "run WHAT...". */
void sy_verb_label(const sy_verb *verb, char out_text[SY_LABEL_MAX]);

/** "-d, --device ID[,ID]|all" or "    --math MODE". */
void sy_option_label(const sy_option *option, char out_text[SY_LABEL_MAX]);
void sy_question_label(const sy_question *question, char out_text[SY_LABEL_MAX]);

/** The help, the words of a choice and the default: "verification of ...: full, sample, off [full]".
 * verbs: SY_VERB_* whose words are wanted. */
void sy_option_describe(const sy_option *option, uint32_t verbs, char out_text[SY_DESCRIPTION_MAX]);

/** The words of a choice that one of `verbs` knows, or those that energy's may begin with, with `joint`
 * between them; "" for other kinds. */
#define SY_CHOICES_MAX 320u
void sy_option_choices(
    const sy_option *option, uint32_t verbs, const char *joint, char out_text[SY_CHOICES_MAX]);

#endif
