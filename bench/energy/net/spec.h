/* What a user writes after the name of a source: [SCHEME://]HOST[:PORT][;KEY[=VALUE]]... */
#ifndef STEELYARD_ENERGY_NET_SPEC_H
#define STEELYARD_ENERGY_NET_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

#define SY_NET_OPTIONS_MAX 8u

/** One option; a key without a value has "". */
typedef struct sy_net_option {
    char key[16], value[224];
} sy_net_option;

/** The parts. scheme and port: "" if not given; host without the brackets of an IPv6 address. A plain value.
 */
typedef struct sy_net_spec {
    char scheme[8], host[128], port[8];
    sy_net_option option[SY_NET_OPTIONS_MAX];
    size_t option_count;
} sy_net_spec;

/**
 * Take a spec apart. keys: the options there are, ended by NULL.
 *
 * Errors  SY_INVALID_ARGUMENT: no host, a port that is none, a path, an option that does not exist or is
 * there twice. A name or password in the address is refused without being repeated: they belong in a file.
 */
sy_status sy_net_spec_parse(const char *text, const char *const *keys, sy_net_spec *out_spec, sy_error *err);

/** The same without an address: KEY[=VALUE][;KEY[=VALUE]]...; NULL and "" are no options. */
sy_status sy_net_spec_options(
    const char *text, const char *const *keys, sy_net_spec *out_spec, sy_error *err);

/** Value of an option; NULL if it is not there. Borrowed. */
const char *sy_net_spec_option(const sy_net_spec *spec, const char *key);

/** Option `timeout` in ns ("300ms", "5s"); 5 s if not given. SY_INVALID_ARGUMENT: not from 1 ms to 60 s. */
sy_status sy_net_spec_timeout(const sy_net_spec *spec, uint64_t *out_ns, sy_error *err);

/** A whole number from `least` to `most`; *out_number keeps its value if the option is not given. */
sy_status sy_net_spec_whole(const sy_net_spec *spec, const char *key, uint32_t least, uint32_t most,
    uint32_t *out_number, sy_error *err);

/** "HOST", "HOST:PORT" or "[HOST]:PORT", as it was written. capacity: 144 is enough. */
void sy_net_spec_name(const sy_net_spec *spec, char *out_name, size_t capacity);

#endif
