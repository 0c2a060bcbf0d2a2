/*
 * ONNX Runtime's C interface as far as it is called here: a table of functions that only ever grows at its
 * end, so that a function's place in it is its address. Places as in interface version 1 (2019), unchanged
 * since.
 */
#ifndef BACKENDS_ONNXRUNTIME_API_H
#define BACKENDS_ONNXRUNTIME_API_H

#include <stdint.h>

#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/* Objects of the library. A status of NULL is success. */
typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_options ort_options;
typedef struct ort_value ort_value;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_type_info ort_type_info;
typedef struct ort_shape_info ort_shape_info;
typedef struct ort_allocator ort_allocator;

/** The version of the interface that is asked for: one that every library since 1.14 answers. */
#define ORT_INTERFACE 14u

enum { ORT_LOG_ERROR = 3, ORT_OPTIMISE_ALL = 99, ORT_ARENA_ALLOCATOR = 1, ORT_MEMORY_DEFAULT = 0 };

/** The functions. Names are the library's own; each that returns ort_status gives its error there. */
typedef struct ort_api {
    int (*get_error_code)(const ort_status *status);
    const char *(*get_error_message)(const ort_status *status);
    ort_status *(*create_env)(int level, const char *name, ort_env **out);
    ort_status *(*create_session)(
        const ort_env *env, const char *path, const ort_options *options, ort_session **out);
    ort_status *(*create_session_from_array)(
        const ort_env *env, const void *bytes, size_t count, const ort_options *options, ort_session **out);
    ort_status *(*run)(ort_session *session, const void *run_options, const char *const *in_name,
        const ort_value *const *in, size_t n_in, const char *const *out_name, size_t n_out, ort_value **out);
    ort_status *(*create_session_options)(ort_options **out);
    ort_status *(*set_optimisation)(ort_options *options, int level);
    ort_status *(*set_intra_threads)(ort_options *options, int threads);
    ort_status *(*set_inter_threads)(ort_options *options, int threads);
    ort_status *(*input_count)(const ort_session *session, size_t *out);
    ort_status *(*output_count)(const ort_session *session, size_t *out);
    ort_status *(*input_type)(const ort_session *session, size_t index, ort_type_info **out);
    ort_status *(*output_type)(const ort_session *session, size_t index, ort_type_info **out);
    ort_status *(*input_name)(const ort_session *session, size_t index, ort_allocator *allocator, char **out);
    ort_status *(*output_name)(
        const ort_session *session, size_t index, ort_allocator *allocator, char **out);
    ort_status *(*create_tensor)(const ort_memory_info *info, void *data, size_t bytes, const int64_t *dim,
        size_t rank, int type, ort_value **out);
    ort_status *(*as_tensor_info)(const ort_type_info *info, const ort_shape_info **out);
    ort_status *(*element_type)(const ort_shape_info *info, int *out);
    ort_status *(*rank)(const ort_shape_info *info, size_t *out);
    ort_status *(*extents)(const ort_shape_info *info, int64_t *out, size_t rank);
    ort_status *(*shape_of)(const ort_value *value, ort_shape_info **out);
    ort_status *(*create_cpu_memory_info)(int allocator, int memory, ort_memory_info **out);
    ort_status *(*allocator_free)(ort_allocator *allocator, void *memory);
    ort_status *(*default_allocator)(ort_allocator **out);
    void (*release_env)(ort_env *env);
    void (*release_status)(ort_status *status);
    void (*release_memory_info)(ort_memory_info *info);
    void (*release_session)(ort_session *session);
    void (*release_value)(ort_value *value);
    void (*release_type_info)(ort_type_info *info);
    void (*release_shape_info)(ort_shape_info *info);
    void (*release_options)(ort_options *options);
} ort_api;

/** The library, opened: its functions and its version ("1.22.0"). */
typedef struct ort_library {
    sy_dynlib file;
    ort_api api;
    char version[32];
} ort_library;

/**
 * Open it: the path that is chosen ("lib.onnxruntime"), else by name. Errors: SY_UNAVAILABLE: not there;
 * SY_INCOMPATIBLE: older than ORT_INTERFACE.
 */
sy_status ort_library_open(const char *chosen, ort_library *out_library, sy_error *err);

/** A failure of the library as ours, `what` before its text; NULL is SY_OK. Releases it. SY_INVALID_ARGUMENT:
 * the model is damaged, or a call's arguments; SY_IO: no such file; SY_UNSUPPORTED: it cannot; SY_INTERNAL:
 * what fails while it runs. */
sy_status ort_check(const ort_api *api, ort_status *failure, const char *what, sy_error *err);

/** Element types: the library's numbers and ours; 0 (SY_DTYPE_NONE) for what has no match. */
uint32_t ort_dtype(int type);
int ort_type(uint32_t dtype);

#endif
