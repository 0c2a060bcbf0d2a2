/* The text of simulated models. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/convert.h"
#include "steelyard/model.h"
#include "tests/vendor_sim/horizon/model.h"

#if HZ_FORM == 2
#define NUMBER(older, newer) (newer)
#else
#define NUMBER(older, newer) (older)
#endif

static const hz_type types[] = {{"y", NUMBER(0, -1), SY_U8, 1}, {"nv12", NUMBER(1, -1), SY_U8, 1},
    {"nv12s", NUMBER(2, -1), SY_U8, 1}, {"rgb", NUMBER(4, -1), SY_U8, 1}, {"s4", NUMBER(6, 0), SY_S8, 1},
    {"s8", NUMBER(8, 2), SY_S8, 1}, {"u8", NUMBER(9, 3), SY_U8, 1}, {"f16", NUMBER(10, 4), SY_F16, 2},
    {"s16", NUMBER(11, 5), SY_S16, 2}, {"f32", NUMBER(13, 7), SY_F32, 4}, {"s32", NUMBER(14, 8), SY_S32, 4},
    {"f64", NUMBER(16, 10), SY_F64, 8}, {"s64", NUMBER(17, 11), SY_S64, 8},
    {"bool", NUMBER(19, 13), SY_BOOL, 1}, {"odd", 77, SY_U8, 1}};

double hz_element_get(const hz_type *type, const unsigned char *from) {
    double value = 0;
    int16_t s16;
    int64_t s64;
    if (type->dtype < SY_DTYPE_COUNT) {
        sy_convert_to_f64(type->dtype, from, 1, &value);
        return value;
    }
    memcpy(&s16, from, type->bytes == 2 ? sizeof s16 : 0);
    memcpy(&s64, from, type->bytes == 8 ? sizeof s64 : 0);
    return type->bytes == 2 ? s16 : type->bytes == 8 ? (double)s64 : from[0];
}

void hz_element_set(const hz_type *type, unsigned char *to, double value) {
    const int16_t s16 = (int16_t)value;
    const int64_t s64 = (int64_t)value;
    if (type->dtype < SY_DTYPE_COUNT)
        sy_convert_from_f64(type->dtype, &value, 1, to);
    else if (type->bytes == 2)
        memcpy(to, &s16, sizeof s16);
    else if (type->bytes == 8)
        memcpy(to, &s64, sizeof s64);
    else
        to[0] = value != 0;
}

static int32_t read_numbers(char *text, int64_t out[HZ_RANK]) {
    int32_t count = 0;
    for (char *rest = text, *word; (word = strsep(&rest, ",")) != NULL;)
        if (count < HZ_RANK)
            out[count++] = strtoll(word, NULL, 10);
    return count;
}

static int32_t read_layout(const char *text) {
    return strcmp(text, "nchw") == 0   ? 2
           : strcmp(text, "nhwc") == 0 ? 0
           : strcmp(text, "none") == 0 ? 255
                                       : (int32_t)strtol(text, NULL, 10);
}

static void read_quant(const char *text, hz_port *port) {
    const double value = strtod(strchr(text, ':') + 1, NULL);
    bool is_shift = strncmp(text, "shift", 5) == 0;
    port->quantisation = is_shift ? 1 : NUMBER(2, 1);
    port->shift = is_shift ? (uint8_t)value : 0;
    port->scale = (float)value;
}

static bool read_option(char *word, hz_port *port) {
    char *value = strchr(word, '=');
    if (value == NULL)
        return false;
    *value++ = '\0';
    if (strcmp(word, "aligned") == 0)
        return read_numbers(value, port->aligned) == port->rank;
    if (strcmp(word, "stride") == 0)
        return read_numbers(value, port->stride) == port->rank;
    if (strcmp(word, "layout") == 0)
        port->layout = read_layout(value);
    else if (strcmp(word, "bytes") == 0)
        port->bytes = strtoll(value, NULL, 10);
    else if (strcmp(word, "factor") == 0)
        port->factor = strtod(value, NULL);
    else if (strcmp(word, "quant") == 0 && strchr(value, ':') != NULL)
        read_quant(value, port);
    else
        return false;
    return true;
}

/* By the aligned extents, unless they are told. */
static void fill_strides(hz_port *port) {
    int64_t step = port->type->bytes;
    for (int32_t i = port->rank; i-- > 0;) {
        if (port->stride[i] == 0)
            port->stride[i] = step;
        step *= port->aligned[i];
    }
    if (port->bytes == 0 && strncmp(port->type->name, "nv12", 4) == 0)
        port->bytes = step / 2;
    else if (port->bytes == 0)
        port->bytes = port->stride[0] > 0 ? port->stride[0] * port->aligned[0] : 0;
}

static bool read_port(char *line, hz_port *port) {
    char *word[3] = {NULL}, *rest = line;
    *port = (hz_port){.factor = 1, .layout = 2};
    for (int i = 0; i < 3; i++)
        if ((word[i] = strsep(&rest, " ")) == NULL)
            return false;
    snprintf(port->name, sizeof port->name, "%s", word[0]);
    for (size_t i = 0; i < sizeof types / sizeof types[0] && port->type == NULL; i++)
        port->type = strcmp(types[i].name, word[1]) == 0 ? &types[i] : NULL;
    port->rank = read_numbers(word[2], port->dim);
    if (port->type == NULL)
        return false;
    memcpy(port->aligned, port->dim, sizeof port->aligned);
    for (char *each; (each = strsep(&rest, " ")) != NULL;)
        if (*each != '\0' && !read_option(each, port))
            return false;
    fill_strides(port);
    return true;
}

static bool read_line(char *line, hz_pack *pack) {
    char *rest = line;
    const char *kind = strsep(&rest, " ");
    hz_model *model = pack->models > 0 ? &pack->model[pack->models - 1] : NULL;
    if (rest == NULL)
        return *kind == '\0';
    if (strcmp(kind, "model") == 0 && pack->models < HZ_MODELS_MAX) {
        snprintf(pack->model[pack->models++].name, sizeof pack->model[0].name, "%s", rest);
        return true;
    }
    if (model == NULL)
        return false;
    if (strcmp(kind, "input") == 0)
        return model->n_in < HZ_PORTS_MAX && read_port(rest, &model->in[model->n_in++]);
    if (strcmp(kind, "output") == 0)
        return model->n_out < HZ_PORTS_MAX && read_port(rest, &model->out[model->n_out++]);
    if (strcmp(kind, "march") == 0)
        snprintf(model->march, sizeof model->march, "%s", rest);
    else if (strcmp(kind, "flop") == 0)
        model->flop = strtod(rest, NULL);
    else
        return false;
    return true;
}

bool hz_text_read(char *text, hz_pack *out_pack) {
    char *rest = text;
    bool is_good = strcmp(strsep(&rest, "\n"), "bin-sim 1") == 0;
    memset(out_pack, 0, sizeof *out_pack);
    for (char *line; is_good && (line = strsep(&rest, "\n")) != NULL;)
        is_good = read_line(line, out_pack);
    return is_good;
}
