/* GET over HTTP and HTTPS, for one host. */
#ifndef STEELYARD_ENERGY_NET_HTTP_H
#define STEELYARD_ENERGY_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/energy/net/credentials.h"
#include "runtime/base/text.h"
#include "steelyard/status.h"

/** An answer larger than this is refused. */
#define SY_HTTP_BODY_MAX (1u << 20)

/**
 * How a host is spoken to.
 *
 * base        "http://HOST[:PORT]" or "https://..."; no other scheme is ever used.
 * secret      for basic authentication; NULL or not set: none. has_digest: digest is used instead where
 *             the host asks for it, and the name is then sent only after it has asked.
 * ca_file     certificates that are trusted instead of the system's; NULL: the system's.
 * is_insecure certificates are not looked at.
 * timeout_ns  for one GET, connecting included.
 * libraries   sonames of libcurl, ended by NULL; NULL: the usual ones.
 */
typedef struct sy_http_options {
    const char *base;
    const sy_net_secret *secret;
    const char *ca_file;
    const char *const *libraries;
    uint64_t timeout_ns;
    bool has_digest, is_insecure;
} sy_http_options;

/** A host; its connection is kept from one GET to the next. One thread at a time. */
typedef struct sy_http sy_http;

/**
 * Get ready; connects to nothing. Options are copied. Redirects are not followed, proxies not used (a meter
 * is near, and a proxy would see the password), netrc is not read.
 *
 * Errors  SY_UNAVAILABLE: no libcurl; SY_INCOMPATIBLE: another one; SY_OUT_OF_MEMORY. *out_http NULL then.
 */
sy_status sy_http_open(const sy_http_options *options, sy_http **out_http, sy_error *err);

/**
 * GET `path`, which begins with '/'. The answer's bytes are appended to `out_body`.
 *
 * Errors  SY_TIMEOUT; SY_REFUSED: 401, 403, a redirect, or a certificate that is not trusted; SY_UNAVAILABLE:
 *         404 or 405, no such path; SY_OVERFLOW: over SY_HTTP_BODY_MAX; SY_IO: not reached, closed in the
 *         middle, or another status than 200; SY_OUT_OF_MEMORY. Texts begin with the host and the path.
 */
sy_status sy_http_get(sy_http *http, const char *path, sy_text *out_body, sy_error *err);

/** What would help after the last GET that failed, for a user; "" if nothing is known. Static. */
const char *sy_http_fix(const sy_http *http);

/** Close; NULL is fine. */
void sy_http_close(sy_http *http);

#endif
