/* Scopes of energy, prices. */
#include "bench/report/html/scope.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

sy_html_scopes sy_html_scopes_of(const sy_html_page *page, size_t device) {
    sy_html_scopes scopes = {0};
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        for (size_t j = 0; row->device == device && j < row->meters; j++) {
            size_t k = 0;
            while (k < scopes.count && scopes.scope[k] != row->meter[j].scope)
                k++;
            if (k == scopes.count && k < SY_HTML_SCOPES_MAX)
                scopes.scope[scopes.count++] = row->meter[j].scope;
        }
    }
    return scopes;
}

sy_html_joules sy_html_joules_of(const sy_html_page *page, size_t device, const char *scope) {
    sy_html_joules all = {.per_joule = NAN, .watt = NAN, .u_random = NAN, .u_systematic = NAN};
    double amount = 0.0, random = 0.0, systematic = 0.0, seconds = 0.0;
    for (size_t i = 0; i < page->works.works; i++) {
        const sy_html_work *work = &page->works.work[i];
        sy_html_joules each = sy_html_add_joules(&page->works, work, device, scope);
        all.reason = all.reason == NULL ? each.reason : all.reason;
        if (work->is_memory || each.rows == 0)
            continue;
        all.rows += each.rows;
        all.joule += each.joule;
        all.net += each.net;
        all.source = each.source;
        amount += each.per_joule * each.joule;
        seconds += each.joule / each.watt;
        random += each.u_random * each.joule * each.u_random * each.joule;
        systematic += each.u_systematic * each.joule;
    }
    if (all.rows > 0) {
        all.per_joule = amount / all.joule;
        all.watt = all.joule / seconds;
        all.u_random = sqrt(random) / all.joule;
        all.u_systematic = systematic / all.joule;
    }
    return all;
}

const char *sy_html_no_joules(const sy_html_page *page, size_t device) {
    for (size_t i = 0; i < page->model->rows; i++)
        if (page->model->row[i].device == device && page->model->row[i].energy_reason != NULL)
            return page->model->row[i].energy_reason;
    return NULL;
}

/* One "NAME=NUMBER" or "NUMBER" at `text`, `bytes` long. False if it is neither. */
static bool read_price(const char *text, size_t bytes, char out_name[200], double *out_value) {
    char item[260];
    if (bytes == 0 || bytes >= sizeof item)
        return false;
    memcpy(item, text, bytes);
    item[bytes] = '\0';
    /* Devices have "=" in their parameters: the last one counts. */
    char *equal = strrchr(item, '=');
    if (equal != NULL)
        *equal = '\0';
    snprintf(out_name, 200, "%.199s", equal != NULL ? item : "");
    return sy_text_to_rate(equal != NULL ? equal + 1 : item, out_value) && *out_value > 0.0;
}

sy_status sy_html_price_check(const char *price, sy_error *err) {
    char name[200];
    double value;
    for (const char *next = price; next != NULL && *next != '\0';) {
        size_t bytes = strcspn(next, ",");
        if (!read_price(next, bytes, name, &value))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "--price %s: wanted a number above 0, or DEVICE=NUMBER[,DEVICE=NUMBER] "
                "(cuda:0=210000,cpu=30000)",
                price);
        next += bytes + (next[bytes] == ',' ? 1 : 0);
    }
    return SY_OK;
}

double sy_html_price_of(const sy_html_page *page, size_t device) {
    const sy_html_device *of = &page->model->device[device];
    char name[200];
    double value;
    for (const char *next = page->request->price; next != NULL && *next != '\0';) {
        size_t bytes = strcspn(next, ",");
        if (read_price(next, bytes, name, &value) &&
            (name[0] == '\0' || (of->id != NULL && strcmp(name, of->id) == 0) ||
                (of->name != NULL && strcmp(name, of->name) == 0)))
            return value;
        next += bytes + (next[bytes] == ',' ? 1 : 0);
    }
    return NAN;
}

void sy_html_put_doubt(sy_html_page *page, double random, double systematic) {
    sy_cell first = sy_print_precision(2.0 * random, &sy_html_style);
    sy_cell second = sy_print_precision(2.0 * systematic, &sy_html_style);
    sy_html_put(page, " <small>");
    if (second.text[0] != '\0')
        sy_html_say(page, "{1} random, {2} scale", first.text, second.text, NULL);
    else
        sy_html_say(page, "{1} random, scale unknown", first.text, NULL);
    sy_html_put(page, "</small>");
}
