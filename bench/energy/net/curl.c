/* Opening libcurl. */
#include "bench/energy/net/curl.h"

#include <stddef.h>

#include "runtime/base/error.h"

static const sy_dynlib_symbol symbols[] = {
    {"curl_easy_init", offsetof(sy_curl, easy_init), false},
    {"curl_easy_cleanup", offsetof(sy_curl, easy_cleanup), false},
    {"curl_easy_setopt", offsetof(sy_curl, easy_setopt), false},
    {"curl_easy_perform", offsetof(sy_curl, easy_perform), false},
    {"curl_easy_getinfo", offsetof(sy_curl, easy_getinfo), false},
};

sy_status sy_curl_open(const char *const *names, sy_curl *out_curl, sy_error *err) {
    static const char *const usual[] = {"libcurl.so.4", "libcurl-gnutls.so.4", NULL};
    const sy_dynlib_search search = {.names = names != NULL ? names : usual};
    *out_curl = (sy_curl){0};
    sy_status status = sy_dynlib_open(&search, &out_curl->library, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "meters over HTTP need libcurl (Debian's package libcurl4)");
    return sy_dynlib_bind(&out_curl->library, symbols, sizeof symbols / sizeof symbols[0], out_curl, err);
}
