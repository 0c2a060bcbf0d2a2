/* Attributes that a figure needs. */
#include "bench/report/charts/attribute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *value, size_t bytes) {
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.()+-%\t\r\n";
    for (size_t i = 0; i < bytes; i++)
        if (value[i] == '\0' || strchr(plain, value[i]) == NULL)
            return false;
    return true;
}

/* Three numbers of "rgb( 4, 2, 0)"; false if it is no such text. */
static bool read_rgb(const char *value, size_t bytes, int out_part[3]) {
    char text[32];
    if (bytes >= sizeof text || strncmp(value, "rgb(", 4) != 0)
        return false;
    memcpy(text, value, bytes);
    text[bytes] = '\0';
    return sscanf(text, "rgb(%d ,%d ,%d", &out_part[0], &out_part[1], &out_part[2]) == 3;
}

/* Codes of style.gp; every other colour is ink. How much of the ink is seen, as an attribute of the same
 * name. */
static void put_colour(sy_attributes *attributes, const char *name, const char *value, size_t bytes) {
    static const char *const thinned[] = {NULL, NULL, "0.14", "0.75", NULL, "0.2"};
    int part[3] = {0};
    bool is_code = read_rgb(value, bytes, part);
    bool is_tone = is_code && part[0] == 4 && part[1] >= 0 && part[1] < 8;
    if (is_tone)
        attributes->tone = 1 + part[1];
    /* The colour itself comes from the class or from the page. */
    if (strcmp(name, "color") == 0)
        return;
    bool is_none = bytes == 4 && strncmp(value, "none", 4) == 0;
    sy_text_printf(attributes->out, " %s=\"%s\"", name, is_none ? "none" : "currentColor");
    if (is_code && !is_tone && part[0] >= 0 && part[0] < 6 && thinned[part[0]] != NULL)
        sy_text_printf(attributes->out, " %s-opacity=\"%s\"", name, thinned[part[0]]);
}

/* An id of the drawing: "gpPt6". */
static bool is_id(const char *value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        if (!((value[i] >= 'a' && value[i] <= 'z') || (value[i] >= 'A' && value[i] <= 'Z') ||
                (value[i] >= '0' && value[i] <= '9') || value[i] == '_'))
            return false;
    return bytes > 0 && bytes < 40;
}

void sy_attributes_add(sy_attributes *attributes, const char *name, const char *value, size_t bytes) {
    static const char *const kept[] = {"d", "transform", "x", "y", "cx", "cy", "r", "x1", "y1", "x2", "y2",
        "width", "height", "points", "stroke-width", "stroke-dasharray", "text-anchor", "font-size",
        "fill-opacity", "stroke-opacity", NULL};
    if (attributes->out == NULL)
        return;
    if (strcmp(name, "fill") == 0 || strcmp(name, "stroke") == 0 || strcmp(name, "color") == 0) {
        put_colour(attributes, name, value, bytes);
        return;
    }
    if (strcmp(name, "id") == 0 && is_id(value, bytes))
        sy_text_printf(attributes->out, " id=\"%s-%.*s\"", attributes->id, (int)bytes, value);
    if (strcmp(name, "xlink:href") == 0 && bytes > 0 && value[0] == '#' && is_id(value + 1, bytes - 1))
        sy_text_printf(attributes->out, " href=\"#%s-%.*s\"", attributes->id, (int)(bytes - 1), value + 1);
    for (size_t i = 0; kept[i] != NULL; i++)
        if (strcmp(kept[i], name) == 0 && is_plain(value, bytes)) {
            sy_text_printf(attributes->out, " %s=\"", name);
            sy_text_append(attributes->out, value, bytes);
            sy_text_append(attributes->out, "\"", 1);
        }
}

void sy_attributes_end(sy_attributes *attributes) {
    /* For who shows the figure without the style: the light colours. */
    static const char *const colours[] = {
        "#0b5cad", "#b8470c", "#00785a", "#9d3f86", "#7d6200", "#2a7fa8", "#5b5f66", "#1b1f24"};
    if (attributes->out != NULL && attributes->tone > 0)
        sy_text_printf(attributes->out, " class=\"sy-k%d\" color=\"%s\"", attributes->tone - 1,
            colours[attributes->tone - 1]);
}
