/* What the name of a problem says. */
#include "bench/totals/item.h"

#include <ctype.h>
#include <string.h>

#include "bench/fields/value.h"

/* Read "<digits>." at `text`: the number, and what follows the dot; NULL if it is not that. */
static const char *read_number(const char *text, uint64_t *out_number) {
    uint64_t number = 0;
    const char *next = text;
    for (; isdigit((unsigned char)*next) && next - text < 10; next++)
        number = number * 10 + (uint64_t)(*next - '0');
    if (next == text || *next != '.' || number == 0)
        return NULL;
    *out_number = number;
    return next + 1;
}

static bool parse_tokens(const char *name, sy_item *out_item) {
    static const char *const marks[][2] = {{".decode.t", "decode"}, {".prefill.t", "prefill"}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *mark = strstr(name, marks[i][0]);
        uint64_t tokens;
        const char *layer = mark != NULL ? read_number(mark + strlen(marks[i][0]), &tokens) : NULL;
        if (layer == NULL || mark == name)
            continue;
        *out_item = (sy_item){.name = name,
            .layer = layer,
            .phase = marks[i][1],
            .model_bytes = (size_t)(mark - name),
            .tokens = tokens};
        return true;
    }
    return false;
}

static bool parse_sequences(const char *name, const char *phase, sy_item *out_item) {
    const char *dot = strchr(name, '.');
    uint64_t batch, length;
    const char *next = dot != NULL && dot[1] == 'b' ? read_number(dot + 2, &batch) : NULL;
    const char *layer = next != NULL && *next == 's' ? read_number(next + 1, &length) : NULL;
    if (layer == NULL)
        return false;
    *out_item = (sy_item){.name = name,
        .layer = layer,
        .phase = phase,
        .model_bytes = (size_t)(layer - 1 - name),
        .tokens = batch * length};
    return true;
}

bool sy_item_parse(const char *name, const char *phase, sy_item *out_item) {
    const char *known = phase != NULL ? phase : "encode";
    if (!parse_tokens(name, out_item) && !parse_sequences(name, known, out_item)) {
        const char *dot = strchr(name, '.');
        if (dot == NULL)
            return false;
        *out_item = (sy_item){.name = name,
            .layer = dot + 1,
            .phase = known,
            .model_bytes = (size_t)(dot - name),
            .tokens = SY_NO_COUNT};
    }
    return out_item->layer[0] != '\0' && out_item->model_bytes > 0;
}
