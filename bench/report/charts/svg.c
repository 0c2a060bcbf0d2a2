/* Reading a drawing element by element, and writing what of it may stand in a page. */
#include "bench/report/charts/svg.h"

#include <stdlib.h>
#include <string.h>

#include "bench/report/charts/attribute.h"
#include "bench/report/charts/words.h"
#include "runtime/base/error.h"

enum { DEPTH_MAX = 32, NAME_MAX_BYTES = 24, TEXT_MAX_BYTES = 200 };

/* An element that is open: where it begins in what is written, and where its content does. */
typedef struct open_element {
    char name[NAME_MAX_BYTES];
    size_t start, content;
    bool is_kept, is_text;
} open_element;

typedef struct svg_reader {
    const char *next;
    const sy_layout *layout;
    sy_text *out;
    open_element open[DEPTH_MAX];
    size_t depth;
    bool has_root;
} svg_reader;

static bool is_in(const char *name, const char *const *list) {
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

static bool is_wanted(const char *name) {
    static const char *const wanted[] = {
        "g", "path", "text", "tspan", "rect", "circle", "use", "defs", "polygon", "polyline", "line", NULL};
    return is_in(name, wanted);
}

/* What is inside the innermost element that is open. */
static bool is_inside_kept(const svg_reader *reader) {
    return reader->depth == 0 || reader->open[reader->depth - 1].is_kept;
}

/* A placeholder that begins at `text`: its bytes and the word; 0 if it is none. */
static size_t placeholder(const sy_layout *layout, const char *text, const sy_chart_word **out_word) {
    static const char fixed[] = "XYM";
    const char *which = text[0] == '@' && text[1] != '\0' ? strchr(fixed, text[1]) : NULL;
    size_t at = which != NULL ? (size_t)(which - fixed) : 0;
    const char *end = text + 2;
    if (which == NULL) {
        if (text[0] != '@' || (text[1] != 'S' && text[1] != 'T') || text[2] < '0' || text[2] > '9')
            return 0;
        char *after = NULL;
        unsigned long number = strtoul(text + 2, &after, 10);
        if (number > layout->word_count)
            return 0;
        at = text[1] == 'T' ? (size_t)number : (size_t)number + SY_WORD_SERIES - 1;
        end = after;
    }
    if (*end != '@' || at >= layout->word_count)
        return 0;
    *out_word = &layout->word[at];
    return (size_t)(end - text) + 1;
}

/* Text of the drawing: numbers of ours and placeholders. */
static void put_text(svg_reader *reader, const char *text) {
    char plain[TEXT_MAX_BYTES];
    size_t used = 0;
    while (*text != '\0') {
        const sy_chart_word *word = NULL;
        size_t bytes = placeholder(reader->layout, text, &word);
        if (bytes == 0 && used + 1 < sizeof plain) {
            plain[used++] = *text++;
            continue;
        }
        plain[used] = '\0';
        sy_chart_put_sentence(reader->out, plain);
        used = 0;
        if (bytes > 0)
            sy_chart_put_name(reader->out, word->text, word->columns);
        text += bytes;
    }
    plain[used] = '\0';
    sy_chart_put_sentence(reader->out, plain);
}

/* Up to the next tag. */
static void read_text(svg_reader *reader) {
    size_t bytes = strcspn(reader->next, "<");
    bool is_shown = reader->depth > 0 && reader->open[reader->depth - 1].is_text && is_inside_kept(reader);
    if (is_shown && bytes > 0 && bytes < 4 * TEXT_MAX_BYTES) {
        char text[4 * TEXT_MAX_BYTES];
        memcpy(text, reader->next, bytes);
        text[bytes] = '\0';
        put_text(reader, text + strspn(text, " \t\n\r"));
    }
    reader->next += bytes;
}

/* Past the end of a comment, a declaration or a section; false if there is none. */
static bool skip_special(svg_reader *reader) {
    static const struct {
        const char *begin, *end;
    } specials[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}};
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        if (strncmp(reader->next, specials[i].begin, strlen(specials[i].begin)) == 0) {
            const char *end = strstr(reader->next, specials[i].end);
            reader->next = end != NULL ? end + strlen(specials[i].end) : NULL;
            return true;
        }
    return false;
}

static bool read_name(const char **next, char out_name[NAME_MAX_BYTES]) {
    size_t bytes = strcspn(*next, " \t\r\n/>=<\"'");
    if (bytes == 0 || bytes >= NAME_MAX_BYTES)
        return false;
    memcpy(out_name, *next, bytes);
    out_name[bytes] = '\0';
    *next += bytes;
    return true;
}

/* A group in which nothing was written is taken back. */
static bool close_element(svg_reader *reader) {
    char name[NAME_MAX_BYTES];
    reader->next += 2;
    if (!read_name(&reader->next, name))
        return false;
    reader->next += strspn(reader->next, " \t\r\n");
    if (*reader->next != '>' || reader->depth == 0)
        return false;
    reader->next++;
    open_element *open = &reader->open[--reader->depth];
    if (strcmp(open->name, name) != 0)
        return false;
    if (!open->is_kept || strcmp(name, "svg") == 0)
        return true;
    if (strcmp(name, "g") == 0 && reader->out->length == open->content && reader->out->data != NULL) {
        reader->out->length = open->start;
        reader->out->data[open->start] = '\0';
        return true;
    }
    sy_text_printf(reader->out, "</%s>", name);
    return true;
}

/* Attributes up to the end of the tag; what may stay is written. */
static bool read_attributes(svg_reader *reader, bool is_kept, bool *out_is_empty) {
    sy_attributes attributes = {.id = reader->layout->chart->id, .out = is_kept ? reader->out : NULL};
    for (;;) {
        char name[NAME_MAX_BYTES];
        reader->next += strspn(reader->next, " \t\r\n");
        *out_is_empty = *reader->next == '/';
        reader->next += *out_is_empty;
        if (*reader->next == '>') {
            reader->next++;
            sy_attributes_end(&attributes);
            return true;
        }
        if (*out_is_empty || !read_name(&reader->next, name))
            return false;
        reader->next += strspn(reader->next, " \t\r\n");
        if (*reader->next != '=')
            return false;
        reader->next++;
        reader->next += strspn(reader->next, " \t\r\n");
        char quote = *reader->next;
        const char *end = quote == '"' || quote == '\'' ? strchr(reader->next + 1, quote) : NULL;
        if (end == NULL)
            return false;
        sy_attributes_add(&attributes, name, reader->next + 1, (size_t)(end - reader->next - 1));
        reader->next = end + 1;
    }
}

static bool open_one(svg_reader *reader) {
    open_element element = {.start = reader->out->length};
    bool is_empty = false;
    reader->next++;
    if (!read_name(&reader->next, element.name) || reader->depth == DEPTH_MAX)
        return false;
    bool is_root = reader->depth == 0;
    if (is_root && (reader->has_root || strcmp(element.name, "svg") != 0))
        return false;
    element.is_kept = is_root || (is_inside_kept(reader) && is_wanted(element.name));
    element.is_text = strcmp(element.name, "text") == 0 || strcmp(element.name, "tspan") == 0;
    reader->has_root = true;
    bool is_written = element.is_kept && !is_root;
    if (is_written)
        sy_text_printf(reader->out, "<%s", element.name);
    if (!read_attributes(reader, is_written, &is_empty))
        return false;
    if (is_written)
        sy_text_printf(reader->out, is_empty ? "/>" : ">");
    element.content = reader->out->length;
    if (!is_empty)
        reader->open[reader->depth++] = element;
    return true;
}

sy_status sy_svg_clean(const char *drawing, const sy_layout *layout, sy_text *out, sy_error *err) {
    svg_reader reader = {.next = drawing, .layout = layout, .out = out};
    bool is_good = true;
    while (is_good && reader.next != NULL && *reader.next != '\0') {
        if (*reader.next != '<')
            read_text(&reader);
        else if (strncmp(reader.next, "</", 2) == 0)
            is_good = close_element(&reader);
        else if (!skip_special(&reader))
            is_good = open_one(&reader);
    }
    if (out->failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a figure");
    if (!is_good || reader.next == NULL || reader.depth > 0 || !reader.has_root)
        return sy_error_set(err, SY_INCOMPATIBLE, "what gnuplot has drawn is no SVG that can be read");
    return SY_OK;
}
