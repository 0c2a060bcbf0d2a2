/* Talking to a device over HTTP: connecting by a spec, getting JSON, and looking into it. */
#include "bench/energy/web.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/answer.h"
#include "bench/energy/web_meter.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* Who may be asked how, once the spec is known. */
static sy_status connect_by_spec(sy_web *web, const char *credentials, uint64_t timeout_ns, sy_error *err) {
    char base[160];
    sy_net_secret secret;
    snprintf(base, sizeof base, "%s://%s", web->spec.scheme, web->name);
    sy_status status = sy_net_secret_find(credentials, web->spec.host, web->name, &secret, err);
    if (status == SY_OK && secret.is_set && web->source->is_secret_over_tls &&
        strcmp(web->spec.scheme, "https") != 0)
        status = sy_error_set(
            err, SY_REFUSED, "%s: a password is not sent without TLS; https:// would be right", web->name);
    const sy_http_options options = {.base = base,
        .secret = &secret,
        .ca_file = sy_net_spec_option(&web->spec, "cafile"),
        .is_insecure = sy_net_spec_option(&web->spec, "insecure") != NULL,
        .has_digest = web->source->has_digest,
        .timeout_ns = timeout_ns};
    if (status == SY_OK)
        status = sy_http_open(&options, &web->http, err);
    sy_net_secret_forget(&secret);
    return status;
}

static sy_status parse_spec(sy_web *web, const char *spec, uint64_t *out_timeout_ns, sy_error *err) {
    const sy_web_source *source = web->source;
    sy_status status = sy_net_spec_parse(spec, source->keys, &web->spec, err);
    if (status == SY_OK)
        status = sy_net_spec_timeout(&web->spec, out_timeout_ns, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "%s", source->name);
    if (web->spec.scheme[0] == '\0' && source->scheme != NULL)
        snprintf(web->spec.scheme, sizeof web->spec.scheme, "%s", source->scheme);
    if (strcmp(web->spec.scheme, "https") != 0 && strcmp(web->spec.scheme, "http") != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: neither http:// nor https://; %s would be right",
            source->name, source->form);
    sy_net_spec_name(&web->spec, web->name, sizeof web->name);
    return SY_OK;
}

sy_status sy_web_connect(
    const sy_web_source *source, const char *credentials, const char *spec, sy_web *out_web, sy_error *err) {
    uint64_t timeout_ns = 0;
    *out_web = (sy_web){.source = source};
    sy_status status = parse_spec(out_web, spec, &timeout_ns, err);
    if (status != SY_OK) {
        out_web->name[0] = '\0';
        return status;
    }
    return connect_by_spec(out_web, credentials, timeout_ns, err);
}

sy_status sy_web_get(sy_web *web, const char *path, json_t **out_root, sy_error *err) {
    sy_text body = {0};
    json_error_t where;
    *out_root = NULL;
    sy_status status = sy_http_get(web->http, path, &body, err);
    if (status == SY_OK)
        *out_root =
            json_loadb(body.data != NULL ? body.data : "", body.length, JSON_REJECT_DUPLICATES, &where);
    sy_text_release(&body);
    if (status == SY_OK && *out_root == NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s%s: answers no JSON (line %d)", web->name, path, where.line);
    return status;
}

json_t *sy_web_at(json_t *root, const char *pointer) {
    char key[64];
    uint64_t index;
    while (root != NULL && *pointer != '\0') {
        size_t length = strcspn(pointer, "/");
        if (length >= sizeof key)
            return NULL;
        memcpy(key, pointer, length);
        key[length] = '\0';
        pointer += length + (pointer[length] == '/');
        if (json_is_array(root))
            root = sy_text_to_u64(key, &index) ? json_array_get(root, (size_t)index) : NULL;
        else
            root = json_object_get(root, key);
    }
    return root;
}

sy_status sy_web_number(
    const char *meter, json_t *root, const char *pointer, double *out_value, sy_error *err) {
    json_t *value = sy_web_at(root, pointer);
    if (!json_is_number(value))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s in its answer %s; a number would be right",
            meter, pointer, value == NULL ? "is not there" : "is no number");
    *out_value = json_number_value(value);
    return SY_OK;
}

sy_status sy_web_add(sy_web *web, sy_web_rows *rows, const sy_web_row *row, sy_error *err) {
    if (rows->count == SY_WEB_ROWS_MAX)
        return sy_error_set(err, SY_OVERFLOW, "%s: more than %u meters", web->name, SY_WEB_ROWS_MAX);
    if (rows->row == NULL)
        rows->row = sy_mem_calloc(SY_WEB_ROWS_MAX, sizeof *rows->row);
    if (rows->row == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u meters", SY_WEB_ROWS_MAX);
    sy_web_row *copy = &rows->row[rows->count++];
    *copy = *row;
    sy_answer_name(&copy->facts, web->source->name, web->name, row->part);
    for (size_t i = 0; i + 1 < rows->count; i++)
        if (strcmp(rows->row[i].facts.name, copy->facts.name) == 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: has two meters of one name", copy->facts.name);
    if (sy_net_spec_option(&web->spec, "insecure") != NULL) {
        size_t used = strlen(copy->facts.detail);
        snprintf(copy->facts.detail + used, sizeof copy->facts.detail - used,
            "%sinsecure: certificate not checked", used > 0 ? "; " : "");
    }
    return SY_OK;
}

void sy_web_row_set(
    sy_web_row *row, const sy_web *web, uint32_t kind, const char *part, const char *path, double scale) {
    *row = (sy_web_row){.scale = scale};
    sy_answer_facts(&row->facts, kind, web->source->scope);
    row->facts.least_poll_ns = 1000000000u;
    snprintf(row->part, sizeof row->part, "%s", part);
    snprintf(row->path, sizeof row->path, "%s", path);
}

void sy_web_print(char *out_text, size_t capacity, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out_text, capacity, format, arguments);
    va_end(arguments);
}
