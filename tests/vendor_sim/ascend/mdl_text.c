/* The text of a simulated offline model. */
#include "tests/vendor_sim/ascend/mdl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/ascend/op.h"

static bool read_extents(char *text, as_mdl_port *port) {
    if (strcmp(text, "-") == 0)
        return true;
    for (char *rest = text, *word; (word = strsep(&rest, ",")) != NULL;) {
        if (port->dims.dimCount == sizeof port->dims.dims / sizeof port->dims.dims[0])
            return false;
        port->dims.dims[port->dims.dimCount++] = strtoll(word, NULL, 10);
    }
    return true;
}

static size_t packed_bytes(const as_mdl_port *port) {
    size_t bytes = as_type_bytes(port->type) > 0 ? as_type_bytes(port->type) : 1;
    for (size_t i = 0; i < port->dims.dimCount; i++)
        bytes *= port->dims.dims[i] > 0 ? (size_t)port->dims.dims[i] : 1;
    return bytes;
}

/* NAME TYPE FORMAT EXTENTS, of an output FACTOR; SIZE. */
static bool read_port(char *line, bool is_output, as_mdl_port *port) {
    char *word[6] = {NULL};
    uint32_t count = 0, wanted = is_output ? 5 : 4;
    for (char *rest = line, *each; (each = strsep(&rest, " ")) != NULL;)
        if (*each != '\0' && count < 6)
            word[count++] = each;
    if (count < wanted || !read_extents(word[3], port))
        return false;
    snprintf(port->dims.name, sizeof port->dims.name, "%s", word[0]);
    port->type = (int)strtol(word[1], NULL, 10);
    port->format = (int)strtol(word[2], NULL, 10);
    port->factor = is_output ? strtod(word[4], NULL) : 1.0;
    port->bytes = count > wanted ? strtoull(word[wanted], NULL, 10) : packed_bytes(port);
    return true;
}

static bool read_line(char *line, as_mdl *model) {
    char *rest = line;
    const char *kind = strsep(&rest, " ");
    if (rest == NULL)
        return *kind == '\0';
    if (strcmp(kind, "input") == 0)
        return model->n_in < AS_MDL_PORTS && read_port(rest, false, &model->in[model->n_in++]);
    if (strcmp(kind, "output") == 0)
        return model->n_out < AS_MDL_PORTS && read_port(rest, true, &model->out[model->n_out++]);
    if (strcmp(kind, "memory") == 0)
        model->memory_bytes = strtoull(rest, NULL, 10);
    else if (strcmp(kind, "flop") == 0)
        model->flop = strtod(rest, NULL);
    else if (strcmp(kind, "chip") == 0)
        snprintf(model->chip, sizeof model->chip, "%s", rest);
    else
        return false;
    return true;
}

bool as_mdl_read(char *text, as_mdl *out_model) {
    memset(out_model, 0, sizeof *out_model);
    out_model->memory_bytes = 4096;
    char *rest = text;
    const char *mark = strsep(&rest, "\n");
    bool is_good = strcmp(mark, "om-sim 1") == 0;
    for (char *line; is_good && (line = strsep(&rest, "\n")) != NULL;)
        is_good = read_line(line, out_model);
    return is_good;
}
