/* Names and numbers of rows as all formats have them. */
#include "bench/report/export/facts.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fields/json_text.h"
#include "bench/record/key.h"
#include "bench/report/energy_entry.h"
#include "bench/report/problem_text.h"
#include "bench/words/words.h"

/* Append to a name, as much as fits. */
static void add(sy_export_name *name, const char *before, const char *text) {
    size_t used = strlen(name->text);
    snprintf(name->text + used, sizeof name->text - used, "%s%s", used > 0 ? before : "", text);
}

static void add_clean(sy_export_name *name, const char *before, const char *text) {
    sy_cell cell = sy_print_clean(text, true);
    /* Devices and suites may have names that would crowd out everything else. */
    cell.text[160] = '\0';
    for (size_t i = strlen(cell.text); i > 0 && !sy_word_is_clean(cell.text, i); i--)
        cell.text[i - 1] = '\0';
    add(name, before, cell.text);
}

static void add_unless(sy_export_name *name, const char *text, const char *usual) {
    if (text != NULL && strcmp(text, usual) != 0)
        add_clean(name, " ", text);
}

bool sy_export_is_simulated(const sy_row *row) {
    return row->subject.simulated == SY_TRI_YES;
}

static sy_export_name base_name(const sy_row *row) {
    sy_export_name name = {""};
    char number[48];
    const char *problem = row->key.problem != NULL ? row->key.problem : "";
    if (row->origin.name != NULL)
        add_clean(&name, " ", row->origin.name);
    add_clean(&name, " ", sy_problem_short(problem).text);
    if (sy_problem_dtype(problem).text[0] != '\0')
        add_clean(&name, " ", sy_problem_dtype(problem).text);
    add_unless(&name, row->key.data, "uniform");
    add_unless(&name, row->key.cache, "weights");
    add_unless(&name, row->key.launch, "direct");
    add_unless(&name, row->request.algorithm, "auto");
    if (row->request.device != NULL)
        add_clean(&name, " on ", row->request.device);
    if (row->process != SY_NO_COUNT && row->process > 0) {
        snprintf(number, sizeof number, " process %llu", (unsigned long long)row->process);
        add(&name, "", number);
    }
    if (row->pair.side != NULL)
        add_clean(&name, " side ", row->pair.side);
    return name;
}

static void add_mark(sy_export_name *name, const sy_row *row) {
    if (sy_export_is_simulated(row))
        add(name, "", SY_EXPORT_SIMULATED);
}

sy_export_name sy_export_name_of(const sy_row *row) {
    sy_export_name name = base_name(row);
    /* Whatever the parts are, the mark must fit. */
    name.text[SY_EXPORT_NAME_MAX - sizeof SY_EXPORT_SIMULATED - 80] = '\0';
    for (size_t i = strlen(name.text); i > 0 && !sy_word_is_clean(name.text, i); i--)
        name.text[i - 1] = '\0';
    add_mark(&name, row);
    return name;
}

sy_export_name sy_export_once(sy_export *export, const sy_row *row) {
    sy_export_name name = sy_export_name_of(row);
    uint64_t key = sy_line_key(name.text, strlen(name.text));
    if (sy_ids_get(&export->names, key) == 0) {
        if (!sy_ids_set(&export->names, key, 1))
            export->failed = true;
        return name;
    }
    char tail[80];
    snprintf(tail, sizeof tail, " #%.16s", row->id != NULL ? row->id : "?");
    add(&name, "", tail);
    if (export->run_id != NULL && export->run_id[0] != '\0') {
        snprintf(tail, sizeof tail, " %.32s", sy_print_clean(export->run_id, false).text);
        add(&name, "", tail);
    }
    return name;
}

double sy_export_time(const sy_row *row, double out_ci95_ns[2]) {
    double ns = NAN;
    out_ci95_ns[0] = out_ci95_ns[1] = NAN;
    if (sy_row_has_time(row))
        sy_row_headline(row, &ns, out_ci95_ns);
    return ns;
}

static double rate_of(const sy_row *row, double rate) {
    return sy_row_has_time(row) && isfinite(rate) && rate > 0.0 ? rate : NAN;
}

double sy_export_flop_per_s(const sy_row *row) {
    return rate_of(row, row->rate.flop_per_s);
}

double sy_export_byte_per_s(const sy_row *row) {
    return rate_of(row, row->rate.byte_per_s);
}

const char *sy_export_work_unit(const sy_row *row) {
    const char *problem = row->key.problem != NULL ? row->key.problem : "";
    return sy_dtype_is_integer(sy_problem_dtype(problem).text) ? "OP/s" : "FLOP/s";
}

sy_export_name sy_export_why(const sy_row *row) {
    sy_export_name why = {""};
    if (sy_row_has_time(row))
        return why;
    bool is_good = row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE;
    add(&why, "", is_good ? "no time that is believed" : sy_row_status_name(row->status));
    const char *reason = is_good && row->time.device_reason != NULL ? row->time.device_reason : row->reason;
    if (reason != NULL)
        add(&why, ": ", sy_print_clean(reason, true).text);
    return why;
}

static size_t character_bytes(const char *text) {
    unsigned char lead = (unsigned char)text[0];
    return strnlen(text, lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}

void sy_export_clean(sy_text *out, const char *text) {
    const char *next = text != NULL ? text : "";
    while (*next != '\0') {
        size_t plain = 0;
        while (next[plain] >= 0x20 && next[plain] < 0x7f)
            plain++;
        sy_text_append(out, next, plain);
        next += plain;
        if (*next == '\0')
            break;
        size_t bytes = character_bytes(next);
        bool is_clean = sy_word_is_clean(next, bytes);
        bool is_space = *next == '\n' || *next == '\r' || *next == '\t';
        sy_text_append(out, is_clean ? next : is_space ? " " : "?", is_clean ? bytes : 1);
        next += is_clean ? bytes : 1;
    }
}

const sy_row_energy *sy_export_energy(const sy_row *row, size_t index) {
    const sy_row_energy *entry = &row->energy.item[index];
    if (entry->scope == NULL || !sy_energy_is_shown(row, entry))
        return NULL;
    return sy_energy_of_scope(row, entry->scope) == entry ? entry : NULL;
}

sy_export_word sy_export_scope(const char *scope) {
    sy_export_word name = {""};
    size_t used = 0;
    for (; scope[used] != '\0' && used + 1 < sizeof name.text; used++) {
        unsigned char c = (unsigned char)scope[used];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        name.text[used] = is_plain ? (char)c : '_';
    }
    name.text[used] = '\0';
    return name;
}

void sy_export_put(sy_text *out, const char *text) {
    sy_text_append(out, text, strlen(text));
}

void sy_export_number(sy_text *out, double value) {
    sy_json_f64(out, value);
}
