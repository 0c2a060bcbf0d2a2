/* Completion for bash, out of the tables. */
#include "bench/cli/cli.h"
#include "bench/cli/describe.h"
#include "bench/cli/option.h"
#include "runtime/base/error.h"

#include <stdio.h>

/* A case for each choice: its words; options of free values leave the choice to file names. */
static void write_values(FILE *out) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    fputs("  case \"$before\" in\n", out);
    for (size_t i = 0; i < count; i++) {
        char choices[SY_CHOICES_MAX];
        if (option[i].value == NULL) {
            continue;
        }
        fprintf(out, "    --%s", option[i].name);
        if (option[i].letter != '\0') {
            fprintf(out, "|-%c", option[i].letter);
        }
        sy_option_choices(&option[i], UINT32_MAX, " ", choices);
        if (choices[0] != '\0') {
            fprintf(out, ") COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", choices);
        } else {
            fputs(") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", out);
        }
    }
    fputs("  esac\n", out);
}

/* A case for each verb: its options. */
static void write_verbs(FILE *out) {
    size_t verb_count, count, question_count;
    const sy_verb *verb = sy_verb_table(&verb_count);
    const sy_option *option = sy_option_table(&count);
    const sy_question *question = sy_question_table(&question_count);
    fputs("  case \"$verb\" in\n", out);
    for (size_t i = 0; i < verb_count; i++) {
        fprintf(out, "    %s) words='", verb[i].name);
        for (size_t j = 0; j < count; j++) {
            if ((option[j].verbs & verb[i].verb) != 0) {
                fprintf(out, "--%s ", option[j].name);
            }
        }
        for (size_t j = 0; j < question_count; j++) {
            if (question[j].verb == 0 || question[j].verb == verb[i].verb) {
                fprintf(out, "--%s ", question[j].name);
            }
        }
        fputs("' ;;\n", out);
    }
    fputs("    *) words='--help --version", out);
    for (size_t i = 0; i < verb_count; i++) {
        fprintf(out, " %s", verb[i].name);
    }
    fputs("' ;;\n  esac\n", out);
}

sy_status sy_cli_write_completion(FILE *out, sy_error *err) {
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    fputs("# bash completion for steelyard\n_steelyard() {\n"
          "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" verb='' "
          "words='' i\n"
          "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "    case \"${COMP_WORDS[i]}\" in\n      ",
        out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s", i > 0 ? "|" : "", verb[i].name);
    }
    fputs(") verb=\"${COMP_WORDS[i]}\"; break ;;\n    esac\n  done\n", out);
    write_values(out);
    write_verbs(out);
    fputs("  if [[ -n $verb && $word != -* ]]; then\n"
          "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
          "  else\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "  fi\n}\ncomplete -o filenames -F _steelyard steelyard\n",
        out);
    return ferror(out) == 0 ? SY_OK : sy_error_set(err, SY_IO, "the completion could not be written");
}
