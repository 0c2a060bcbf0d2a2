/* Problems of `peak`, as the text of a suite: what a user could have written himself. */
#include "bench/verbs/peak_problems.h"

#include <string.h>

#include "bench/environment/environment.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

/* Rows of arithmetic: name, type, what the microkernel is. */
static const struct {
    const char *name, *dtype, *method;
} arithmetic[] = {{"fma.f32", "f32", "microkernel: independent f32 multiply-add chains in registers"},
    {"fma.f64", "f64", "microkernel: independent f64 multiply-add chains in registers"},
    {"dot.bf16", "bf16", "microkernel: bf16 dot products summed in f32, in registers"},
    {"dot.s8", "s8", "microkernel: s8 dot products summed in s32, in registers"}};

/* Products of the libraries, for devices without microkernels: as large as keeps every unit busy. */
static const struct {
    const char *name, *dtype, *math;
} products[] = {{"library.f64", "f64", "strict"}, {"library.f32", "f32", "strict"},
    {"library.tf32", "f32", "tf32"}, {"library.f16", "f16", "strict"}, {"library.bf16", "bf16", "strict"},
    {"library.s8", "s8", "strict"}, {"library.f8e4m3", "f8e4m3", "any"}};

static const struct {
    const char *prefix, *method;
} streams[] = {{"memory.read", "stream: sums of an array far beyond the caches"},
    {"memory.triad", "stream: a = b + 3c, 3 x 8 bytes counted, no write-allocate"},
    {"memory.fill", "stream: stores alone"}, {"cache.", "stream: repeated sums of an array that fits"},
    {"memory.copy", "the stack's own copy within the device, read and written bytes counted"},
    {"library.", "the libraries' product of 8192: a floor of the peak, not the peak"}};

const char *sy_peak_method(const char *name) {
    for (size_t i = 0; i < sizeof arithmetic / sizeof arithmetic[0]; i++)
        if (strcmp(arithmetic[i].name, name) == 0)
            return arithmetic[i].method;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++)
        if (strncmp(streams[i].prefix, name, strlen(streams[i].prefix)) == 0)
            return streams[i].method;
    return "";
}

static bool is_wanted(const sy_config *config, const char *dtype) {
    return config->dtype == NULL || strcmp(config->dtype, dtype) == 0;
}

static void put_row(sy_text *text, const char *name, const char *fields) {
    bool first = text->length == 0 || text->data[text->length - 1] == '[';
    sy_text_printf(text, "%s{\"name\":\"%s\",%s}", first ? "" : ",", name, fields);
}

static void put_arithmetic(sy_text *text, const sy_config *config) {
    for (size_t i = 0; i < sizeof arithmetic / sizeof arithmetic[0]; i++) {
        sy_text fields = {0};
        if (!is_wanted(config, arithmetic[i].dtype))
            continue;
        sy_text_printf(
            &fields, "\"op\":\"peak\",\"flop\":\"100M\",\"dtype_hint\":[\"%s\"]", arithmetic[i].dtype);
        put_row(text, arithmetic[i].name, fields.data != NULL ? fields.data : "");
        sy_text_release(&fields);
    }
}

static void put_products(sy_text *text, const sy_config *config) {
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        sy_text fields = {0};
        if (!is_wanted(config, products[i].dtype))
            continue;
        sy_text_printf(&fields,
            "\"op\":\"gemm\",\"m\":8192,\"n\":8192,\"k\":8192,\"math\":\"%s\",\"dtype_hint\":[\"%s\"]",
            products[i].math, products[i].dtype);
        put_row(text, products[i].name, fields.data != NULL ? fields.data : "");
        sy_text_release(&fields);
    }
}

static void put_stream(sy_text *text, const char *name, const char *kind, uint64_t bytes) {
    sy_text fields = {0};
    sy_text_printf(
        &fields, "\"op\":\"stream\",\"kind\":\"%s\",\"bytes\":%llu", kind, (unsigned long long)bytes);
    put_row(text, name, fields.data != NULL ? fields.data : "");
    sy_text_release(&fields);
}

/* Half of each data cache, over all cores that have one of their own. */
static void put_caches(sy_text *text, const sy_environment *environment) {
    uint64_t threads = environment->cpu.threads;
    for (size_t i = 0; i < environment->cpu.caches.count; i++) {
        const sy_cache_fact *cache = &environment->cpu.caches.item[i];
        bool is_data = cache->kind != NULL && strcmp(cache->kind, "instruction") != 0;
        if (!is_data || cache->byte == SY_NO_COUNT || cache->level == SY_NO_COUNT)
            continue;
        uint64_t shared_by = cache->shared_by == SY_NO_COUNT || cache->shared_by == 0 ? 1 : cache->shared_by;
        uint64_t instances = threads == SY_NO_COUNT || threads < shared_by ? 1 : threads / shared_by;
        char name[32] = "cache.L?.read";
        name[7] = (char)('0' + cache->level % 10);
        put_stream(text, name, "read", cache->byte * instances / 2 / 64 * 64);
    }
}

sy_status sy_peak_suite(const sy_program *program, sy_suite **out_suite, sy_error *err) {
    sy_environment_request request = {.sysroot = program->sysroot};
    sy_environment_box *box = NULL;
    sy_text text = {0};
    sy_status status = sy_environment_collect(&request, &box, err);
    *out_suite = NULL;
    if (status != SY_OK)
        return status;
    sy_text_printf(&text, "{\"name\":\"peak\",\"problems\":[");
    put_arithmetic(&text, program->config);
    put_products(&text, program->config);
    put_caches(&text, sy_environment_of(box));
    put_stream(&text, "memory.read", "read", UINT64_C(1) << 30);
    put_stream(&text, "memory.triad", "triad", UINT64_C(1) << 28);
    put_stream(&text, "memory.fill", "fill", UINT64_C(1) << 30);
    put_row(&text, "memory.copy", "\"op\":\"copy\",\"kind\":\"d2d\",\"bytes\":\"1G\"");
    sy_text_printf(&text, "]}");
    sy_environment_destroy(box);
    status = text.failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the problems of peak")
                         : sy_suite_read(text.data, text.length, "peak", out_suite, err);
    sy_text_release(&text);
    return status;
}
