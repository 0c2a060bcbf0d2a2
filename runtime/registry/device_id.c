/* Device ids as written: backend, plugin file, index, parameters. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/registry/registry.h"

static sy_status take(
    const char *from, size_t length, char *to, size_t capacity, const char *what, sy_error *err) {
    if (length >= capacity)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "device: %s is longer than %zu bytes", what, capacity - 1);
    memcpy(to, from, length);
    to[length] = '\0';
    return SY_OK;
}

static sy_status take_backend(const char *text, size_t length, sy_device_id *id, sy_error *err) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (length == 0 || text[0] < 'a' || text[0] > 'z' || strspn(text, letters) < length)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "device \"%s\": a backend's name is [a-z][a-z0-9_]*, as in \"cpu\" or \"cuda:0\"", text);
    return take(text, length, id->backend, sizeof id->backend, "the backend's name", err);
}

static sy_status take_index(const char *text, sy_device_id *id, sy_error *err) {
    uint64_t index = 0;
    if (!sy_text_to_u64(text, &index) || index > UINT32_MAX)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "device index \"%s\" is not a number, as in \"cuda:0\"", text);
    id->index = (uint32_t)index;
    return SY_OK;
}

/* "name", "name:index", "name@/file", "name@/file:index"; the file's own colons come before the last one. */
static sy_status parse_head(char *head, sy_device_id *id, sy_error *err) {
    char *at = strchr(head, '@');
    char *tail = at != NULL ? at : head;
    char *colon = strrchr(tail, ':');
    if (at != NULL && colon != NULL && strchr(colon, '/') != NULL)
        colon = NULL;
    sy_status status = SY_OK;
    if (colon != NULL) {
        *colon = '\0';
        status = take_index(colon + 1, id, err);
    }
    if (status == SY_OK && at != NULL && at[1] != '/')
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "device: the plugin after @ must be an absolute path, not \"%s\"", at + 1);
    if (status == SY_OK && at != NULL)
        status = take(at + 1, strlen(at + 1), id->plugin, sizeof id->plugin, "the plugin's path", err);
    if (at != NULL)
        *at = '\0';
    return status == SY_OK ? take_backend(head, strlen(head), id, err) : status;
}

sy_status sy_device_id_parse(const char *text, sy_device_id *out_id, sy_error *err) {
    char head[sizeof out_id->backend + sizeof out_id->plugin + 32];
    const char *question = strchr(text, '?');
    size_t length = question != NULL ? (size_t)(question - text) : strlen(text);
    *out_id = (sy_device_id){0};
    sy_status status = take(text, length, head, sizeof head, "the part before ?", err);
    if (status == SY_OK && question != NULL)
        status = take(
            question + 1, strlen(question + 1), out_id->params, sizeof out_id->params, "what follows ?", err);
    if (status == SY_OK)
        status = parse_head(head, out_id, err);
    if (status != SY_OK)
        *out_id = (sy_device_id){0};
    return status;
}
