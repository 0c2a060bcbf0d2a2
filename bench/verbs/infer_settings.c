/* What `infer` was asked for, from the command line. */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/pair.h"
#include "bench/verbs/infer_job.h"
#include "bench/words/words.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { MULTI_STREAM_SAMPLES = 8 };

static void name_model(const char *path, sy_infer_settings *out) {
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t bytes = strlen(base);
    if (bytes > 5 && strcmp(base + bytes - 5, ".onnx") == 0)
        bytes -= 5;
    snprintf(out->name, sizeof out->name, "%.*s", bytes < sizeof out->name ? (int)bytes : 127, base);
}

static sy_status hash_stream(int fd, const char *path, char out_hex[65], sy_error *err) {
    unsigned char digest[crypto_hash_sha256_BYTES], bytes[65536];
    crypto_hash_sha256_state state;
    ssize_t got;
    crypto_hash_sha256_init(&state);
    while ((got = sy_file_read(fd, bytes, sizeof bytes)) > 0)
        crypto_hash_sha256_update(&state, bytes, (unsigned long long)got);
    if (got < 0)
        return sy_error_io(err, "%s", path);
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(out_hex, 65, digest, sizeof digest);
    return SY_OK;
}

/* A folder, a pipe or a device is no model: nothing is waited for. */
static sy_status hash_file(const char *path, char out_hex[65], sy_error *err) {
    struct stat facts;
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = SY_OK;
    if (sy_file_stat(fd, &facts) != 0)
        status = sy_error_io(err, "%s", path);
    else if (!S_ISREG(facts.st_mode))
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: not a file", path);
    else
        status = hash_stream(fd, path, out_hex, err);
    sy_file_close(fd);
    return status;
}

/* "1x3x224x224"; false: not of that form. */
static bool read_extents(const char *text, json_t *list) {
    char part[24];
    while (*text != '\0') {
        size_t bytes = strcspn(text, "x");
        uint64_t extent;
        if (bytes == 0 || bytes >= sizeof part)
            return false;
        memcpy(part, text, bytes);
        part[bytes] = '\0';
        if (!sy_text_to_u64(part, &extent) || extent > INT32_MAX)
            return false;
        json_array_append_new(list, json_integer((json_int_t)extent));
        text += bytes + (text[bytes] == 'x');
        if (text[-1] == 'x' && *text == '\0')
            return false;
    }
    return json_array_size(list) > 0 && json_array_size(list) <= SY_MAX_RANK;
}

static sy_status add_bind(const char *word, json_t *list, sy_error *err) {
    const char *equal = strrchr(word, '=');
    json_t *extents = json_array();
    if (equal == NULL || equal == word || !read_extents(equal + 1, extents)) {
        json_decref(extents);
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--bind is %s, wanted is NAME=EXTENT of a symbol or NAME=1x3x224x224 of an input",
            sy_word_quote(word).text);
    }
    json_array_append_new(list, json_pack("{s:o,s:b,s:o}", "name", json_stringn(word, (size_t)(equal - word)),
                                    "is_symbol", json_array_size(extents) == 1, "dim", extents));
    return SY_OK;
}

static sy_status add_range(const char *word, json_t *list, sy_error *err) {
    char low[48] = "", high[48] = "";
    double from = 0.0, to = 0.0;
    const char *equal = strrchr(word, '='), *colon = equal != NULL ? strchr(equal, ':') : NULL;
    bool is_whole = colon != NULL && equal > word && (size_t)(colon - equal) <= sizeof low &&
                    strlen(colon + 1) < sizeof high;
    if (is_whole) {
        snprintf(low, sizeof low, "%.*s", (int)(colon - equal - 1), equal + 1);
        snprintf(high, sizeof high, "%s", colon + 1);
    }
    if (!is_whole || !sy_text_to_f64(low, &from) || !sy_text_to_f64(high, &to) || from > to)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--input-range is %s, wanted is NAME=LOW:HIGH (* for every input)", sy_word_quote(word).text);
    json_array_append_new(list, json_pack("{s:o,s:f,s:f}", "name", json_stringn(word, (size_t)(equal - word)),
                                    "low", from, "high", to));
    return SY_OK;
}

/* "name=path", or a path; a '=' behind a slash is the path's. */
static sy_status add_input(const char *word, json_t *list, sy_error *err) {
    const char *equal = strchr(word, '='), *slash = strchr(word, '/');
    bool has_name = equal != NULL && equal > word && (slash == NULL || equal < slash);
    json_t *object = json_object();
    (void)err;
    if (has_name)
        json_object_set_new(object, "name", json_stringn(word, (size_t)(equal - word)));
    json_object_set_new(object, "path", json_string(has_name ? equal + 1 : word));
    json_array_append_new(list, object);
    return SY_OK;
}

static sy_status add_words(json_t *request, const char *name, const sy_words *words,
    sy_status (*add)(const char *, json_t *, sy_error *), sy_error *err) {
    json_t *list = json_array();
    sy_status status = SY_OK;
    json_object_set_new(request, name, list);
    for (size_t i = 0; status == SY_OK && i < words->count; i++)
        status = add(words->word[i], list, err);
    return status;
}

static sy_status read_dtype(const char *text, uint32_t *out_dtype, sy_error *err) {
    *out_dtype = text == NULL || strcmp(text, "f32") == 0 ? SY_F32 : strcmp(text, "bf16") == 0 ? SY_BF16 : 0;
    return *out_dtype != 0
               ? SY_OK
               : sy_error_set(err, SY_INVALID_ARGUMENT, "--dtype is %s, wanted for a network is f32 or bf16",
                     sy_word_quote(text).text);
}

static sy_status make_request(const sy_config *config, sy_infer_settings *out, sy_error *err) {
    out->request = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "call", "model", "path", out->path,
        "dtype", (json_int_t)out->dtype, "math", (json_int_t)config->math, "batch", (json_int_t)out->batch,
        "instances", (json_int_t)out->instances, "sets", (json_int_t)out->sets, "data",
        (json_int_t)config->data, "seed", sy_protocol_from_hex(config->seed));
    if (out->request == NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: a path that is not UTF-8", sy_word_quote(out->path).text);
    sy_status status = add_words(out->request, "binds", &config->bind, add_bind, err);
    if (status == SY_OK)
        status = add_words(out->request, "ranges", &config->input_range, add_range, err);
    return status == SY_OK ? add_words(out->request, "inputs", &config->inputs, add_input, err) : status;
}

static sy_status read_qps(const sy_config *config, sy_infer_settings *out, sy_error *err) {
    bool is_server = out->scenario == SY_SCENARIO_SERVER;
    out->qps = NAN;
    if (!is_server && (sy_config_has(config, "qps") || sy_config_has(config, "latency-bound") ||
                          sy_config_has(config, "batch-delay")))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--qps, --latency-bound and --batch-delay belong to --scenario server");
    if (!is_server || config->qps == NULL || strcmp(config->qps, "search") == 0)
        return SY_OK;
    if (!sy_text_to_f64(config->qps, &out->qps) || !(out->qps > 0.0) || out->qps > 1e9)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--qps is %s, wanted is a number above 0, or search",
            sy_word_quote(config->qps).text);
    return SY_OK;
}

/* A pair's rounds come in twos; a server is one long round, for its queue is to be seen. */
static sy_status choose_rounds(const sy_config *config, sy_infer_settings *out, sy_error *err) {
    bool is_asked = sy_config_has(config, "rounds");
    bool is_server = out->scenario == SY_SCENARIO_SERVER;
    out->rounds = is_server ? 1 : config->rounds;
    if (!out->is_pair)
        return SY_OK;
    if (is_server && isnan(out->qps))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--pair of servers takes one rate for both (--qps N): a search has no blocks A B B A");
    if (is_asked && config->rounds % SY_PAIR_ROUNDS != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--rounds %" PRIu64 ": a pair's rounds come in twos (A B B A), such as %" PRIu64, config->rounds,
            config->rounds + 1);
    out->rounds = is_asked ? config->rounds : is_server ? SY_PAIR_ROUNDS : SY_PAIR_ROUNDS_PRESET;
    return SY_OK;
}

static void read_sizes(const sy_config *config, sy_infer_settings *out) {
    out->batch = config->batch > 0 ? config->batch : 1;
    out->instances = config->instances > 0 ? config->instances : 1;
    out->sets = config->inputs.count > 0 ? 1 : config->sets > 0 ? config->sets : 1;
    out->query_samples = out->scenario == SY_SCENARIO_MULTI_STREAM ? MULTI_STREAM_SAMPLES
                         : out->scenario == SY_SCENARIO_SERVER     ? 1
                                                                   : out->batch;
    out->duration_ns = config->duration_ns;
    out->queries = config->queries;
}

sy_status sy_infer_settings_read(const sy_program *program, sy_infer_settings *out, sy_error *err) {
    const sy_config *config = program->config;
    *out = (sy_infer_settings){.path = config->what.word[0], .scenario = config->scenario};
    out->is_pair = config->pair.count > 0;
    read_sizes(config, out);
    name_model(out->path, out);
    if (out->batch > 4096)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--batch %" PRIu64 ": at most 4096", out->batch);
    sy_status status = read_dtype(config->dtype, &out->dtype, err);
    if (status == SY_OK)
        status = read_qps(config, out, err);
    if (status == SY_OK)
        status = choose_rounds(config, out, err);
    if (status == SY_OK)
        status = make_request(config, out, err);
    return status == SY_OK ? hash_file(out->path, out->sha256, err) : status;
}

void sy_infer_settings_release(sy_infer_settings *settings) {
    json_decref(settings->request);
    settings->request = NULL;
}
