/* The tables behind the command line: a row a verb, a row an option. Parser, help, manual page, completion
 * and the list of settings all come from these rows. */
#ifndef STEELYARD_BENCH_CLI_OPTION_H
#define STEELYARD_BENCH_CLI_OPTION_H

#include "bench/cli/config.h"

/* What an option's value is, and the type of its field in sy_config. */
enum {
    SY_VALUE_FLAG = 1,     /* bool; "yes", "no" (and 1 0 true false on off) where a value is written */
    SY_VALUE_COUNT = 2,    /* uint64_t; each use adds one; a number where a value is written */
    SY_VALUE_CHOICE = 3,   /* uint32_t; one of `choice` */
    SY_VALUE_UINT = 4,     /* uint64_t within [least, most] */
    SY_VALUE_FRACTION = 5, /* double within [least, most] / 1e6; "1%" or "0.01" */
    SY_VALUE_DURATION =
        6,             /* uint64_t, ns, within [least, most]; "10m", "90s", "1500ms"; a plain number is s */
    SY_VALUE_TEXT = 7, /* char *; not empty */
    SY_VALUE_LIST = 8, /* sy_words; parted by commas */
    SY_VALUE_DEVICES = 9,  /* sy_words; parted by commas that are not within a device's parameters */
    SY_VALUE_DIGESTS = 10, /* sy_words; each 64 hex digits */
    SY_VALUE_ENERGY = 11,  /* sy_words; parted as devices are; see sy_energy_wish_read() */
    SY_VALUE_SHARE = 12    /* double as FRACTION's; only as "--name=5%", and "--name" alone is `most` */
};

/** One word of a choice and its number. verbs: SY_VERB_* that know it, 0 for every one that has the option.
 */
typedef struct sy_choice {
    const char *name;
    uint32_t value, verbs;
} sy_choice;

/**
 * One option.
 *
 * name         after "--"; its twin in the environment is STEELYARD_NAME with '_' for '-'.
 * letter       short form, 0 if it has none.
 * kind         SY_VALUE_*.
 * verbs        SY_VERB_* that know it.
 * offset       of its field in sy_config.
 * least, most  of a number, in the field's unit (FRACTION: millionths).
 * choice       words of a CHOICE; a NULL name ends them.
 * preset       the default, in the form a user would write; NULL: NULL, empty, false. A UINT or DURATION may
 *              have a word there ("auto", "none"): it stands for 0, and the user may write it too.
 * value        what help calls the value ("ID[,ID]|all"); NULL for flags and counts.
 * help         one line for help and manual page; no full stop.
 * alone        what the long name alone stands for, with the verbs of alone_verbs: a value then only as
 *              "--name=value". 0: it always takes one.
 */
typedef struct sy_option {
    const char *name;
    char letter;
    uint32_t kind, verbs;
    size_t offset;
    uint64_t least, most;
    const sy_choice *choice;
    const char *preset, *value, *help, *alone;
    uint32_t alone_verbs;
} sy_option;

/**
 * One verb.
 *
 * least, most  how many arguments it takes.
 * what         its arguments as help shows them.
 * help, more   one line for help without a full stop; a few sentences more for its own help and the manual.
 */
typedef struct sy_verb {
    const char *name;
    uint32_t verb;
    size_t least, most;
    const char *what, *help, *more;
} sy_verb;

/**
 * What can be asked instead of working: --help, --version, and two of the verb help (the rows with `verb`).
 * They have no twin and no place in the config's file.
 */
typedef struct sy_question {
    const char *name;
    char letter;
    uint32_t action, verb;
    const char *help;
} sy_question;

/** The tables; count in *out_count. Static storage. */
const sy_option *sy_option_table(size_t *out_count);
const sy_verb *sy_verb_table(size_t *out_count);
const sy_question *sy_question_table(size_t *out_count);

/** Row by long name of `bytes` bytes, by letter, verb by name, by number; NULL if there is none. */
const sy_option *sy_option_find(const char *name, size_t bytes);
const sy_option *sy_option_by_letter(char letter);
const sy_verb *sy_verb_find(const char *name);
const sy_verb *sy_verb_by_number(uint32_t verb);

/** Name of the option's twin in the environment ("STEELYARD_MAX_TIME"). */
#define SY_TWIN_MAX 48u
void sy_option_twin(const sy_option *option, char out_name[SY_TWIN_MAX]);

#endif
