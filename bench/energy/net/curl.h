/*
 * libcurl as we use it: opened at run time, so that neither building nor running needs it unless a meter that
 * speaks HTTP is named. Numbers and prototypes are ours, from the documentation of libcurl's stable interface
 * (curl.se/libcurl/c), which promises never to change them; a test compares them with curl/curl.h where
 * that is installed.
 */
#ifndef STEELYARD_ENERGY_NET_CURL_H
#define STEELYARD_ENERGY_NET_CURL_H

#include "runtime/base/dynlib.h"
#include "steelyard/status.h"

/* Options of an easy handle: 0 and up take a long, 10000 and up a pointer, 20000 and up a function. */
enum {
    SY_CURLOPT_TIMEOUT_MS = 155,
    SY_CURLOPT_CONNECTTIMEOUT_MS = 156,
    SY_CURLOPT_FOLLOWLOCATION = 52,
    SY_CURLOPT_SSL_VERIFYPEER = 64,
    SY_CURLOPT_SSL_VERIFYHOST = 81,
    SY_CURLOPT_NOSIGNAL = 99,
    SY_CURLOPT_HTTPAUTH = 107,
    SY_CURLOPT_PROTOCOLS = 181,
    SY_CURLOPT_WRITEDATA = 10001,
    SY_CURLOPT_URL = 10002,
    SY_CURLOPT_PROXY = 10004,
    SY_CURLOPT_ERRORBUFFER = 10010,
    SY_CURLOPT_USERAGENT = 10018,
    SY_CURLOPT_CAINFO = 10065,
    SY_CURLOPT_USERNAME = 10173,
    SY_CURLOPT_PASSWORD = 10174,
    SY_CURLOPT_WRITEFUNCTION = 20011
};

/* Values of options, information, and results of a transfer. */
enum {
    SY_CURLAUTH_BASIC = 1,
    SY_CURLAUTH_DIGEST = 2,
    SY_CURLPROTO_HTTP = 1,
    SY_CURLPROTO_HTTPS = 2,
    SY_CURL_ERROR_SIZE = 256,
    SY_CURLINFO_RESPONSE_CODE = 0x200002,
    SY_CURLE_OK = 0,
    SY_CURLE_COULDNT_RESOLVE_HOST = 6,
    SY_CURLE_COULDNT_CONNECT = 7,
    SY_CURLE_WRITE_ERROR = 23,
    SY_CURLE_OPERATION_TIMEDOUT = 28,
    SY_CURLE_PEER_FAILED_VERIFICATION = 60,
    SY_CURLE_SSL_CACERT_BADFILE = 77
};

/** The library. */
typedef struct sy_curl {
    sy_dynlib library;
    void *(*easy_init)(void);
    void (*easy_cleanup)(void *handle);
    int (*easy_setopt)(void *handle, int option, ...);
    int (*easy_perform)(void *handle);
    int (*easy_getinfo)(void *handle, int info, ...);
} sy_curl;

/**
 * Open it. names: sonames to be tried, ended by NULL; NULL: those of libcurl 4 with any TLS library. It is
 * never unloaded: its TLS library leaves exit handlers behind.
 *
 * Threads  The first call in a process, with the first easy_init(), must not run beside another.
 * Errors   SY_UNAVAILABLE: not installed (the text names the package); SY_INCOMPATIBLE: lacks a function.
 */
sy_status sy_curl_open(const char *const *names, sy_curl *out_curl, sy_error *err);

#endif
