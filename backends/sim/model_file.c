/* The text of a compiled model. */
#include "backends/sim/model_file.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

static const char MARK[] = "simmodel 1";

enum { WORDS_MAX = 6, LINE_MAX_BYTES = 512 };

typedef struct reader {
    sim_model_file *file;
    char line[LINE_MAX_BYTES];
    char *word[WORDS_MAX];
    uint32_t count, number; /* words of the line; of the line, from 1 */
} reader;

static sy_status wrong(const reader *r, const char *what, const char *right, sy_error *err) {
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "sim: line %u of the model: %s; %s", r->number, what, right);
}

static sy_status read_extents(const reader *r, char *text, sy_model_port *port, sy_error *err) {
    if (strcmp(text, "-") == 0)
        return SY_OK;
    for (char *rest = text, *word; (word = strsep(&rest, ",")) != NULL;) {
        if (port->rank == SY_MAX_RANK)
            return wrong(r, "too many extents", "at most 8", err);
        int64_t *dim = &port->dim[port->rank++];
        if (strcmp(word, "?") == 0)
            *dim = -1;
        else if (!sy_text_to_i64(word, dim) || *dim < 0)
            return wrong(r, "an extent is no number", "extents are as 1,3,? or -", err);
    }
    return SY_OK;
}

static sy_status take_name(const reader *r, sim_port *port, sy_error *err) {
    const sim_model_file *file = r->file;
    if (strlen(r->word[1]) >= sizeof port->known.name)
        return wrong(r, "a long name", "at most 127 bytes", err);
    for (uint32_t i = 0; i < file->n_in + file->n_out; i++)
        if (strcmp(file->port[i].known.name, r->word[1]) == 0)
            return wrong(r, "a name is there twice", "every port has its own", err);
    strcpy(port->known.name, r->word[1]);
    return SY_OK;
}

static sy_status read_input(reader *r, sim_port *port, sy_error *err) {
    if (r->count != 4 || r->file->n_out > 0)
        return wrong(r, "no input", "input NAME TYPE EXTENTS, before all outputs", err);
    port->known.dtype = sy_dtype_parse(r->word[2]);
    if (port->known.dtype == SY_DTYPE_NONE)
        return wrong(r, "an unknown type", "such as f32", err);
    sy_status status = read_extents(r, r->word[3], &port->known, err);
    r->file->n_in += status == SY_OK;
    return status;
}

static sy_status read_output(reader *r, sim_port *port, sy_error *err) {
    bool is_scale = r->count == 5 && strcmp(r->word[2], "scale") == 0;
    bool is_copy = r->count == 4 && strcmp(r->word[2], "copy") == 0;
    port->factor = 1.0;
    if ((!is_scale && !is_copy) || (is_scale && !sy_text_to_f64(r->word[4], &port->factor)))
        return wrong(r, "no output", "output NAME copy INPUT, or output NAME scale INPUT FACTOR", err);
    while (port->source < r->file->n_in && strcmp(r->file->port[port->source].known.name, r->word[3]) != 0)
        port->source++;
    if (port->source == r->file->n_in)
        return wrong(r, "an output of an unknown input", "inputs come before outputs", err);
    port->known.is_output = 1;
    r->file->n_out++;
    return SY_OK;
}

static sy_status read_port(reader *r, sy_error *err) {
    sim_model_file *file = r->file;
    if (file->n_in + file->n_out == SIM_PORTS_MAX)
        return wrong(r, "too many inputs and outputs", "at most 32", err);
    sim_port *port = &file->port[file->n_in + file->n_out];
    *port = (sim_port){.known = {.size = sizeof port->known}};
    sy_status status = r->count > 1 ? take_name(r, port, err) : wrong(r, "no name", "NAME", err);
    if (status != SY_OK)
        return status;
    return strcmp(r->word[0], "input") == 0 ? read_input(r, port, err) : read_output(r, port, err);
}

static sy_status read_line(reader *r, sy_error *err) {
    const char *kind = r->word[0];
    uint64_t *number = strcmp(kind, "flop") == 0   ? &r->file->flop
                       : strcmp(kind, "byte") == 0 ? &r->file->byte
                                                   : NULL;
    if (strcmp(kind, "input") == 0 || strcmp(kind, "output") == 0)
        return read_port(r, err);
    if (number == NULL)
        return wrong(r, "an unknown word", "input, output, flop and byte are known", err);
    if (r->count != 2 || !sy_text_to_size(r->word[1], 1000, number))
        return wrong(r, "no number", "flop COUNT or byte COUNT, as 2G", err);
    return SY_OK;
}

/* The next line as words; false where it has too many, or too many bytes. */
static bool split_line(reader *r, const char *text, size_t count) {
    r->count = 0;
    r->number++;
    if (count >= sizeof r->line || memchr(text, '\0', count) != NULL)
        return false;
    memcpy(r->line, text, count);
    r->line[count] = '\0';
    for (char *rest = r->line, *word; (word = strsep(&rest, " \t\r")) != NULL;) {
        if (*word == '\0')
            continue;
        if (r->count == WORDS_MAX)
            return false;
        r->word[r->count++] = word;
    }
    return true;
}

static sy_status check_whole(const sim_model_file *file, sy_error *err) {
    for (uint32_t i = 0; i < file->n_in; i++) {
        uint64_t bytes = sy_dtype_size(file->port[i].known.dtype);
        for (uint32_t d = 0; d < file->port[i].known.rank; d++)
            if (file->port[i].known.dim[d] > 0 &&
                !sy_mul_u64(bytes, (uint64_t)file->port[i].known.dim[d], &bytes))
                return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: input %s of the model is beyond 64 bits",
                    file->port[i].known.name);
    }
    return file->n_out > 0 ? SY_OK : sy_error_set(err, SY_INVALID_ARGUMENT, "sim: a model without outputs");
}

sy_status sim_model_file_read(const char *text, size_t count, sim_model_file *out_file, sy_error *err) {
    reader r = {.file = out_file};
    size_t at = sizeof MARK - 1;
    *out_file = (sim_model_file){0};
    if (count < at || memcmp(text, MARK, at) != 0 || (count > at && strchr("\r\n", text[at]) == NULL))
        return sy_error_set(err, SY_INCOMPATIBLE,
            "sim: not a compiled model of this device, whose first line is \"%s\"", MARK);
    sy_status status = SY_OK;
    r.number = 0;
    for (at = 0; status == SY_OK && at < count;) {
        const char *end = memchr(text + at, '\n', count - at);
        size_t bytes = end != NULL ? (size_t)(end - text) - at : count - at;
        if (!split_line(&r, text + at, bytes))
            status = wrong(&r, "it is too long", "at most 6 words and 511 bytes", err);
        else if (r.number > 1 && r.count > 0 && r.word[0][0] != '#')
            status = read_line(&r, err);
        at += bytes + 1;
    }
    return status == SY_OK ? check_whole(out_file, err) : status;
}
