/* Taking apart an address with options. */
#include "bench/energy/net/spec.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#define DEFAULT_TIMEOUT_NS 5000000000u

static bool copy_part(char *to, size_t capacity, const char *from, size_t length) {
    if (length >= capacity)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

static sy_status fail_key(const char *key, const char *const *keys, sy_error *err) {
    sy_text list = {0};
    for (size_t i = 0; keys[i] != NULL; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "", keys[i]);
    sy_status status = sy_error_set(err, SY_INVALID_ARGUMENT, "no option '%s'; there are: %s", key,
        list.data != NULL ? list.data : "none");
    sy_text_release(&list);
    return status;
}

static sy_status add_option(
    const char *text, size_t length, const char *const *keys, sy_net_spec *spec, sy_error *err) {
    if (spec->option_count == SY_NET_OPTIONS_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "more than %u options", SY_NET_OPTIONS_MAX);
    sy_net_option *option = &spec->option[spec->option_count];
    const char *equals = memchr(text, '=', length);
    size_t key_length = equals != NULL ? (size_t)(equals - text) : length;
    const char *value = equals != NULL ? equals + 1 : text + length;
    if (!copy_part(option->key, sizeof option->key, text, key_length) ||
        !copy_part(option->value, sizeof option->value, value, (size_t)(text + length - value)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "an option of %zu characters is too long", length);
    size_t known = 0;
    while (keys[known] != NULL && strcmp(keys[known], option->key) != 0)
        known++;
    if (keys[known] == NULL)
        return fail_key(option->key, keys, err);
    if (sy_net_spec_option(spec, option->key) != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "option '%s' is given twice", option->key);
    spec->option_count++;
    return SY_OK;
}

static sy_status add_options(const char *text, const char *const *keys, sy_net_spec *spec, sy_error *err) {
    sy_status status = SY_OK;
    while (status == SY_OK && *text != '\0') {
        size_t length = strcspn(text, ";");
        status = add_option(text, length, keys, spec, err);
        text += length + (text[length] == ';');
    }
    return status;
}

sy_status sy_net_spec_options(
    const char *text, const char *const *keys, sy_net_spec *out_spec, sy_error *err) {
    *out_spec = (sy_net_spec){0};
    return text != NULL ? add_options(text, keys, out_spec, err) : SY_OK;
}

/* The scheme, if there is one. Returns the address behind it. */
static const char *take_scheme(const char *text, size_t length, sy_net_spec *spec) {
    for (size_t i = 0; i + 3 <= length && i < sizeof spec->scheme; i++) {
        if (memcmp(text + i, "://", 3) != 0)
            continue;
        copy_part(spec->scheme, sizeof spec->scheme, text, i);
        return text + i + 3;
    }
    return text;
}

/* Characters of names and of IPv4 addresses; between brackets those of IPv6 addresses. */
static bool is_host(const char *host, bool is_bracketed) {
    const char *others = is_bracketed ? ":.%" : ".-_";
    for (; *host != '\0'; host++)
        if (!isalnum((unsigned char)*host) && strchr(others, *host) == NULL)
            return false;
    return true;
}

static bool take_port(const char *text, size_t length, sy_net_spec *spec) {
    uint64_t number = 0;
    return copy_part(spec->port, sizeof spec->port, text, length) && sy_text_to_u64(spec->port, &number) &&
           number >= 1 && number <= UINT16_MAX;
}

/* HOST[:PORT] or [HOST][:PORT], `length` characters. */
static bool take_host(const char *text, size_t length, sy_net_spec *spec) {
    bool is_bracketed = length > 0 && text[0] == '[';
    const char *begin = text + is_bracketed;
    const char *end = memchr(text, is_bracketed ? ']' : ':', length);
    if (end == NULL && is_bracketed)
        return false;
    if (end == NULL)
        end = text + length;
    if (end == begin || !copy_part(spec->host, sizeof spec->host, begin, (size_t)(end - begin)) ||
        !is_host(spec->host, is_bracketed))
        return false;
    end += is_bracketed;
    size_t rest = (size_t)(text + length - end);
    return rest == 0 || (*end == ':' && take_port(end + 1, rest - 1, spec));
}

sy_status sy_net_spec_parse(const char *text, const char *const *keys, sy_net_spec *out_spec, sy_error *err) {
    *out_spec = (sy_net_spec){0};
    if (text == NULL || text[0] == '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no address; HOST[:PORT] would be right");
    size_t length = strcspn(text, ";");
    if (memchr(text, '@', length) != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "no name or password in an address: a line 'HOST USER PASSWORD' in the file of "
            "--energy-credentials would be right");
    const char *address = take_scheme(text, length, out_spec);
    size_t address_length = length - (size_t)(address - text);
    if (address_length > 0 && out_spec->scheme[0] != '\0' && address[address_length - 1] == '/')
        address_length--;
    if (!take_host(address, address_length, out_spec))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "'%.*s' is no address; [http[s]://]HOST[:PORT] would be right, [HOST]:PORT for IPv6, no path",
            (int)(length < 128 ? length : 128), text);
    return add_options(text + length + (text[length] == ';'), keys, out_spec, err);
}

const char *sy_net_spec_option(const sy_net_spec *spec, const char *key) {
    for (size_t i = 0; i < spec->option_count; i++)
        if (strcmp(spec->option[i].key, key) == 0)
            return spec->option[i].value;
    return NULL;
}

sy_status sy_net_spec_timeout(const sy_net_spec *spec, uint64_t *out_ns, sy_error *err) {
    const char *text = sy_net_spec_option(spec, "timeout");
    double seconds = 0.0;
    *out_ns = DEFAULT_TIMEOUT_NS;
    if (text == NULL)
        return SY_OK;
    if (!sy_text_to_seconds(text, &seconds) || seconds < 1e-3 || seconds > 60.0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "timeout '%s': from 1ms to 60s would be right", text);
    *out_ns = (uint64_t)(seconds * 1e9);
    return SY_OK;
}

sy_status sy_net_spec_whole(const sy_net_spec *spec, const char *key, uint32_t least, uint32_t most,
    uint32_t *out_number, sy_error *err) {
    const char *text = sy_net_spec_option(spec, key);
    uint64_t number = 0;
    if (text == NULL)
        return SY_OK;
    if (!sy_text_to_u64(text, &number) || number < least || number > most)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s '%s': a number from %u to %u would be right", key,
            text, least, most);
    *out_number = (uint32_t)number;
    return SY_OK;
}

void sy_net_spec_name(const sy_net_spec *spec, char *out_name, size_t capacity) {
    bool is_ipv6 = strchr(spec->host, ':') != NULL;
    snprintf(out_name, capacity, "%s%s%s%s%s", is_ipv6 ? "[" : "", spec->host, is_ipv6 ? "]" : "",
        spec->port[0] != '\0' ? ":" : "", spec->port);
}
