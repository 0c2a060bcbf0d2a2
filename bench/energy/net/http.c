/* GET through libcurl. */
#include "bench/energy/net/http.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/energy/net/curl.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_http {
    sy_curl curl;
    void *handle;
    const char *fix;
    char base[160];
    char words[SY_CURL_ERROR_SIZE];
};

/* Where an answer goes, and what became of it. */
typedef struct http_answer {
    sy_text *body;
    size_t length;
    bool is_too_long;
} http_answer;

/* libcurl's write callback: another count than it was given ends the transfer. */
static size_t take_bytes(char *bytes, size_t size, size_t count, void *context) {
    http_answer *answer = context;
    size_t total = size * count; /* size is always 1 */
    if (total > SY_HTTP_BODY_MAX - answer->length) {
        answer->is_too_long = true;
        return 0;
    }
    answer->length += total;
    return sy_text_append(answer->body, bytes, total) ? total : 0;
}

static bool set_long(sy_http *http, int option, long value) {
    return http->curl.easy_setopt(http->handle, option, value) == SY_CURLE_OK;
}

static bool set_text(sy_http *http, int option, const char *value) {
    return http->curl.easy_setopt(http->handle, option, value) == SY_CURLE_OK;
}

static bool set_secret(sy_http *http, const sy_http_options *options) {
    if (options->secret == NULL || !options->secret->is_set)
        return true;
    long kinds = SY_CURLAUTH_BASIC | (options->has_digest ? SY_CURLAUTH_DIGEST : 0);
    return set_long(http, SY_CURLOPT_HTTPAUTH, kinds) &&
           set_text(http, SY_CURLOPT_USERNAME, options->secret->user) &&
           set_text(http, SY_CURLOPT_PASSWORD, options->secret->password);
}

static bool set_options(sy_http *http, const sy_http_options *options) {
    long timeout_ms = (long)((options->timeout_ns + 999999u) / 1000000u);
    bool is_set = set_long(http, SY_CURLOPT_NOSIGNAL, 1) &&
                  set_long(http, SY_CURLOPT_PROTOCOLS, SY_CURLPROTO_HTTP | SY_CURLPROTO_HTTPS) &&
                  set_long(http, SY_CURLOPT_FOLLOWLOCATION, 0) &&
                  set_long(http, SY_CURLOPT_TIMEOUT_MS, timeout_ms) &&
                  set_long(http, SY_CURLOPT_CONNECTTIMEOUT_MS, timeout_ms) &&
                  set_long(http, SY_CURLOPT_SSL_VERIFYPEER, options->is_insecure ? 0 : 1) &&
                  set_long(http, SY_CURLOPT_SSL_VERIFYHOST, options->is_insecure ? 0 : 2) &&
                  set_text(http, SY_CURLOPT_PROXY, "") && set_text(http, SY_CURLOPT_USERAGENT, "steelyard") &&
                  set_secret(http, options) &&
                  http->curl.easy_setopt(http->handle, SY_CURLOPT_ERRORBUFFER, http->words) == SY_CURLE_OK &&
                  http->curl.easy_setopt(http->handle, SY_CURLOPT_WRITEFUNCTION, take_bytes) == SY_CURLE_OK;
    return is_set && (options->ca_file == NULL || set_text(http, SY_CURLOPT_CAINFO, options->ca_file));
}

sy_status sy_http_open(const sy_http_options *options, sy_http **out_http, sy_error *err) {
    *out_http = NULL;
    sy_http *http = sy_mem_calloc(1, sizeof *http);
    if (http == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a connection");
    http->fix = "";
    snprintf(http->base, sizeof http->base, "%s", options->base);
    sy_status status = sy_curl_open(options->libraries, &http->curl, err);
    if (status == SY_OK)
        http->handle = http->curl.easy_init();
    if (status == SY_OK && http->handle == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "libcurl gave no handle");
    if (status == SY_OK && !set_options(http, options))
        status = sy_error_set(err, SY_INCOMPATIBLE, "%s does not take an option", http->curl.library.path);
    if (status != SY_OK)
        sy_http_close(http);
    else
        *out_http = http;
    return status;
}

/* A TLS library writes with write(), so that a host that has gone would end the program. */
static int perform_without_sigpipe(sy_http *http) {
    sigset_t pipe_alone, before, pending;
    const struct timespec at_once = {0};
    sigemptyset(&pipe_alone);
    sigaddset(&pipe_alone, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_alone, &before);
    int code = http->curl.easy_perform(http->handle);
    while (!was_pending && sigtimedwait(&pipe_alone, NULL, &at_once) > 0)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static sy_status judge_code(
    sy_http *http, const char *path, int code, const http_answer *answer, sy_error *err) {
    if (answer->is_too_long)
        return sy_error_set(
            err, SY_OVERFLOW, "%s%s: answers with more than %u bytes", http->base, path, SY_HTTP_BODY_MAX);
    if (answer->body->failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s%s: no memory for the answer", http->base, path);
    const char *words = http->words[0] != '\0' ? http->words : "failed";
    sy_status status = SY_IO;
    http->fix = "see that the address is right, and that nothing between blocks it";
    if (code == SY_CURLE_OPERATION_TIMEDOUT) {
        status = SY_TIMEOUT;
    } else if (code == SY_CURLE_PEER_FAILED_VERIFICATION || code == SY_CURLE_SSL_CACERT_BADFILE) {
        status = SY_REFUSED;
        http->fix = "name its certificate authority: ;cafile=FILE, or do without: ;insecure";
    }
    return sy_error_set(err, status, "%s%s: %s", http->base, path, words);
}

static sy_status judge_response(sy_http *http, const char *path, long response, sy_error *err) {
    if (response == 200)
        return SY_OK;
    if (response == 401 || response == 403) {
        http->fix = "a line 'HOST USER PASSWORD' in the file of --energy-credentials";
        return sy_error_set(err, SY_REFUSED,
            "%s%s: answers %ld, it wants a name and a password that it knows", http->base, path, response);
    }
    if (response >= 300 && response < 400) {
        http->fix = "name the address that it points to";
        return sy_error_set(err, SY_REFUSED, "%s%s: answers %ld, a redirect, which is not followed",
            http->base, path, response);
    }
    bool is_absent = response == 404 || response == 405;
    return sy_error_set(
        err, is_absent ? SY_UNAVAILABLE : SY_IO, "%s%s: answers %ld", http->base, path, response);
}

/* A path may come from an answer: nothing in it may end the request's line. */
static bool is_path(const char *path) {
    for (const char *c = path; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    return path[0] == '/';
}

sy_status sy_http_get(sy_http *http, const char *path, sy_text *out_body, sy_error *err) {
    char url[sizeof http->base + 256];
    http_answer answer = {.body = out_body};
    long response = 0;
    http->fix = "";
    http->words[0] = '\0';
    int length = snprintf(url, sizeof url, "%s%s", http->base, path);
    if (length < 0 || (size_t)length >= sizeof url || !is_path(path))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: a path too long or with characters that no path has", http->base);
    if (!set_text(http, SY_CURLOPT_URL, url) ||
        http->curl.easy_setopt(http->handle, SY_CURLOPT_WRITEDATA, &answer) != SY_CURLE_OK)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s%s: no memory for the address", http->base, path);
    int code = perform_without_sigpipe(http);
    if (code != SY_CURLE_OK)
        return judge_code(http, path, code, &answer, err);
    if (http->curl.easy_getinfo(http->handle, SY_CURLINFO_RESPONSE_CODE, &response) != SY_CURLE_OK)
        response = 0;
    return judge_response(http, path, response, err);
}

const char *sy_http_fix(const sy_http *http) {
    return http->fix;
}

void sy_http_close(sy_http *http) {
    if (http == NULL)
        return;
    if (http->handle != NULL)
        http->curl.easy_cleanup(http->handle);
    sy_mem_free(http);
}
