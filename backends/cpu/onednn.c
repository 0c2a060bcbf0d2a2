/* Finding, opening and starting oneDNN. */
#include "backends/cpu/onednn.h"

#include <stdio.h>

#include "backends/cpu/device.h"
#include "runtime/base/error.h"

#define CALL(name, member)                                                                                   \
    { "dnnl_" name, offsetof(sy_onednn_calls, member), false }

static const sy_dynlib_symbol version_symbol[] = {CALL("version", version)};

static const sy_dynlib_symbol common[] = {
    CALL("get_effective_cpu_isa", effective_isa),
    CALL("engine_create", engine_create),
    CALL("stream_create", stream_create),
    CALL("stream_wait", stream_wait),
    CALL("stream_destroy", stream_destroy),
    CALL("memory_desc_get_size", md_size),
    CALL("memory_desc_equal", md_equal),
    CALL("memory_create", memory_create),
    CALL("memory_destroy", memory_destroy),
    CALL("primitive_attr_create", attr_create),
    CALL("primitive_attr_destroy", attr_destroy),
    CALL("primitive_attr_set_scratchpad_mode", attr_set_scratchpad_mode),
    CALL("primitive_attr_set_post_ops", attr_set_posts),
    CALL("post_ops_create", posts_create),
    CALL("post_ops_destroy", posts_destroy),
    CALL("post_ops_append_binary", posts_append_binary),
    CALL("reorder_primitive_desc_create", reorder_pd),
    CALL("primitive_desc_query_md", pd_query_md),
    CALL("primitive_desc_query", pd_query),
    CALL("primitive_desc_destroy", pd_destroy),
    CALL("primitive_create", primitive_create),
    CALL("primitive_execute", primitive_execute),
    CALL("primitive_destroy", primitive_destroy),
};

static const sy_dynlib_symbol only_2[] = {
    CALL("memory_desc_init_by_strides", md_init_by_strides),
    CALL("memory_desc_init_by_tag", md_init_by_tag),
    CALL("post_ops_append_eltwise", append_eltwise_scaled),
    CALL("post_ops_append_sum", append_sum_plain),
    CALL("matmul_desc_init", matmul_desc_init),
    CALL("dilated_convolution_forward_desc_init", conv_desc_init),
    CALL("primitive_desc_create", pd_create),
};

static const sy_dynlib_symbol only_3[] = {
    CALL("memory_desc_create_with_strides", md_create_with_strides),
    CALL("memory_desc_create_with_tag", md_create_with_tag),
    CALL("memory_desc_clone", md_clone),
    CALL("memory_desc_destroy", md_destroy),
    CALL("post_ops_append_eltwise", append_eltwise),
    CALL("post_ops_append_sum", append_sum),
    CALL("primitive_attr_set_scales_mask", attr_set_scales_mask),
    CALL("matmul_primitive_desc_create", matmul_pd),
    CALL("convolution_forward_primitive_desc_create", conv_pd),
};

/* Looked up through the library, so that it is the OpenMP runtime that it runs on. */
static const sy_dynlib_symbol openmp[] = {
    {"omp_set_num_threads", offsetof(sy_onednn_calls, omp_set_num_threads), true},
    {"omp_get_max_threads", offsetof(sy_onednn_calls, omp_get_max_threads), true},
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

void sy_cpu_onednn_init(sy_cpu_onednn *onednn) {
    *onednn = (sy_cpu_onednn){.error = SY_ERROR_INIT};
    pthread_mutex_init(&onednn->lock, NULL);
    sy_onednn_layouts_init(&onednn->layouts);
}

void sy_cpu_onednn_release(sy_cpu_onednn *onednn) {
    sy_onednn_layouts_release(&onednn->layouts, &onednn->call, onednn->dialect);
    pthread_mutex_destroy(&onednn->lock);
}

sy_status sy_cpu_onednn_check(int status, const char *what, sy_error *err) {
    switch (status) {
    case SY_ONEDNN_OK: return SY_OK;
    case SY_ONEDNN_OUT_OF_MEMORY:
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onednn: no memory for %s", what);
    case SY_ONEDNN_INVALID: return sy_error_set(err, SY_UNSUPPORTED, "onednn: %s: invalid arguments", what);
    case SY_ONEDNN_UNIMPLEMENTED:
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: %s is not implemented on this processor", what);
    default: return sy_error_set(err, SY_INTERNAL, "onednn: %s failed with status %d", what, status);
    }
}

/* dnnl_cpu_isa_t; what is not named here is told as its number. */
static void name_isa(int isa, char *out_text, size_t capacity) {
    static const struct {
        int number;
        const char *name;
    } names[] = {{0x1, "sse41"}, {0x3, "avx"}, {0x7, "avx2"}, {0xf, "avx2_vnni"}, {0x1f, "avx2_vnni_2"},
        {0x27, "avx512_core"}, {0x67, "avx512_core_vnni"}, {0xe7, "avx512_core_bf16"},
        {0x1ef, "avx512_core_fp16"}, {0xfef, "avx512_core_amx"}, {0x1fef, "avx512_core_amx_fp16"}};
    snprintf(out_text, capacity, "isa 0x%x", (unsigned)isa);
    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i].number == isa)
            snprintf(out_text, capacity, "%s", names[i].name);
}

static const char *name_runtime(unsigned runtime) {
    return (runtime & SY_ONEDNN_SYCL) != 0         ? "SYCL"
           : (runtime & SY_ONEDNN_THREADPOOL) != 0 ? "threadpool"
           : (runtime & SY_ONEDNN_TBB) != 0        ? "TBB"
           : (runtime & SY_ONEDNN_OMP) != 0        ? "OpenMP"
                                                   : "sequential";
}

/* "3.9.1 avx2 OpenMP (a1b2...)": version, instruction set it chose, threading, commit. */
static void report(const sy_backend *backend, const sy_cpu_onednn *onednn) {
    const sy_host *host = &backend->host;
    const sy_onednn_version *version = onednn->call.version();
    char isa[32], text[160];
    name_isa(onednn->call.effective_isa(), isa, sizeof isa);
    snprintf(text, sizeof text, "%d.%d.%d %s %s (%.12s)", version->major, version->minor, version->patch, isa,
        name_runtime(onednn->runtime), version->hash != NULL ? version->hash : "");
    if (host->library != NULL)
        host->library(host->ctx, "onednn", onednn->library.path, onednn->library.handle);
    if (host->library_version != NULL)
        host->library_version(host->ctx, "onednn", text);
}

static sy_status bind_version(sy_cpu_onednn *onednn, sy_error *err) {
    sy_dynlib *library = &onednn->library;
    sy_status status = sy_dynlib_bind(library, version_symbol, COUNT(version_symbol), &onednn->call, err);
    if (status != SY_OK)
        return status;
    const sy_onednn_version *version = onednn->call.version();
    if (version == NULL || (version->major != 2 && version->major != 3))
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: %s is version %d, 2 and 3 are known here",
            library->path, version != NULL ? version->major : 0);
    bool is_3 = version->major == 3;
    onednn->dialect = is_3 ? &sy_onednn_dialect_3 : &sy_onednn_dialect_2;
    onednn->runtime = version->cpu_runtime;
    status = sy_dynlib_bind(library, common, COUNT(common), &onednn->call, err);
    if (status == SY_OK)
        status = sy_dynlib_bind(
            library, is_3 ? only_3 : only_2, is_3 ? COUNT(only_3) : COUNT(only_2), &onednn->call, err);
    return status == SY_OK ? sy_dynlib_bind(library, openmp, COUNT(openmp), &onednn->call, err) : status;
}

static sy_status open_library(const sy_backend *backend, sy_cpu_onednn *onednn) {
    static const char *const names[] = {"libdnnl.so.3", "libdnnl.so.2", NULL};
    const sy_dynlib_search search = {.chosen = sy_cpu_option(backend, "lib.onednn"), .names = names};
    sy_error *err = &onednn->error;
    sy_status status = sy_dynlib_open(&search, &onednn->library, err);
    if (status == SY_OK)
        status = bind_version(onednn, err);
    if (status == SY_OK)
        status = sy_cpu_onednn_check(
            onednn->call.engine_create(&onednn->engine, SY_ONEDNN_CPU, 0), "a CPU engine", err);
    if (status == SY_OK)
        report(backend, onednn);
    return status;
}

/* A peer that runs on another number of threads than the device has is no peer. */
static sy_status check_threads(const sy_cpu_onednn *onednn, int threads, sy_error *err) {
    bool is_settable = (onednn->runtime & SY_ONEDNN_OMP) != 0 && onednn->call.omp_set_num_threads != NULL &&
                       onednn->call.omp_get_max_threads != NULL;
    if (is_settable || (onednn->runtime == SY_ONEDNN_SEQUENTIAL && threads == 1))
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED,
        "onednn: %s runs on %s, which cannot be told to use %d thread%s; wanted is a build for OpenMP",
        onednn->library.path, name_runtime(onednn->runtime), threads, threads == 1 ? "" : "s");
}

sy_status sy_cpu_onednn_get(sy_device *device, sy_cpu_onednn **out_onednn, sy_error *err) {
    sy_cpu_onednn *onednn = &device->backend->onednn;
    *out_onednn = NULL;
    pthread_mutex_lock(&onednn->lock);
    if (!onednn->is_tried) {
        /* Its OpenMP counts the processors of the calling thread when it is loaded. */
        sy_cpu_pool_leave(device->pool);
        onednn->status = open_library(device->backend, onednn);
        onednn->is_tried = true;
    }
    pthread_mutex_unlock(&onednn->lock);
    if (onednn->status != SY_OK)
        return sy_error_set(err, onednn->status, "cpu: %s", sy_error_text(&onednn->error, onednn->status));
    sy_status status = check_threads(onednn, sy_cpu_pool_threads(device->pool), err);
    if (status == SY_OK)
        *out_onednn = onednn;
    return status;
}

void sy_cpu_onednn_enter(const sy_cpu_onednn *onednn, sy_cpu_pool *pool) {
    int threads = sy_cpu_pool_threads(pool);
    sy_cpu_pool_leave(pool);
    if (onednn->call.omp_set_num_threads != NULL && onednn->call.omp_get_max_threads() != threads)
        onednn->call.omp_set_num_threads(threads);
}

sy_status sy_cpu_onednn_layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    sy_cpu_onednn *onednn = &device->backend->onednn;
    sy_onednn_layout layout;
    sy_status status = sy_onednn_layouts_find(&onednn->layouts, tensor, &layout, err);
    if (status == SY_OK)
        *out_bytes = onednn->call.md_size(layout.md);
    return status;
}
