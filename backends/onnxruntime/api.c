#include "backends/onnxruntime/api.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "steelyard/model.h"

/* What the one exported symbol gives: the table of a version, and the library's own version. */
typedef struct api_base {
    void *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} api_base;

#define PLACE(member, place)                                                                                 \
    { offsetof(ort_api, member), (place) }

static const struct {
    size_t offset, place;
} places[] = {
    PLACE(get_error_code, 1),
    PLACE(get_error_message, 2),
    PLACE(create_env, 3),
    PLACE(create_session, 7),
    PLACE(create_session_from_array, 8),
    PLACE(run, 9),
    PLACE(create_session_options, 10),
    PLACE(set_optimisation, 23),
    PLACE(set_intra_threads, 24),
    PLACE(set_inter_threads, 25),
    PLACE(input_count, 30),
    PLACE(output_count, 31),
    PLACE(input_type, 33),
    PLACE(output_type, 34),
    PLACE(input_name, 36),
    PLACE(output_name, 37),
    PLACE(create_tensor, 49),
    PLACE(as_tensor_info, 55),
    PLACE(element_type, 60),
    PLACE(rank, 61),
    PLACE(extents, 62),
    PLACE(shape_of, 65),
    PLACE(create_cpu_memory_info, 69),
    PLACE(allocator_free, 76),
    PLACE(default_allocator, 78),
    PLACE(release_env, 92),
    PLACE(release_status, 93),
    PLACE(release_memory_info, 94),
    PLACE(release_session, 95),
    PLACE(release_value, 96),
    PLACE(release_type_info, 98),
    PLACE(release_shape_info, 99),
    PLACE(release_options, 100),
};

static const struct {
    int type;
    uint32_t dtype;
} types[] = {{1, SY_F32}, {2, SY_U8}, {3, SY_S8}, {4, SY_U16}, {5, SY_S16}, {6, SY_S32}, {7, SY_S64},
    {9, SY_BOOL}, {10, SY_F16}, {11, SY_F64}, {12, SY_U32}, {13, SY_U64}, {16, SY_BF16}};

uint32_t ort_dtype(int type) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return types[i].dtype;
    return SY_DTYPE_NONE;
}

int ort_type(uint32_t dtype) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].dtype == dtype)
            return types[i].type;
    return 0;
}

static sy_status take_functions(const sy_dynlib *file, ort_library *library, sy_error *err) {
    struct {
        const api_base *(*get_base)(void);
    } entry;
    static const sy_dynlib_symbol symbol[] = {{"OrtGetApiBase", 0, false}};
    sy_status status = sy_dynlib_bind(file, symbol, 1, &entry, err);
    if (status != SY_OK)
        return status;
    const api_base *base = entry.get_base();
    void *const *table = base->get_api(ORT_INTERFACE);
    snprintf(library->version, sizeof library->version, "%s", base->get_version());
    if (table == NULL)
        return sy_error_set(err, SY_INCOMPATIBLE,
            "onnxruntime: %s is version %s, which does not speak version %u of its interface", file->path,
            library->version, ORT_INTERFACE);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        memcpy((char *)&library->api + places[i].offset, &table[places[i].place], sizeof(void *));
    return SY_OK;
}

sy_status ort_library_open(const char *chosen, ort_library *out_library, sy_error *err) {
    static const char *const names[] = {"libonnxruntime.so.1", "libonnxruntime.so", NULL};
    const sy_dynlib_search search = {.chosen = chosen, .names = names};
    memset(out_library, 0, sizeof *out_library);
    sy_status status = sy_dynlib_open(&search, &out_library->file, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "onnxruntime: set STEELYARD_ONNXRUNTIME to its library");
    return take_functions(&out_library->file, out_library, err);
}

/* The library's error codes. */
static sy_status judge(int code) {
    enum { INVALID_ARGUMENT = 2, NO_FILE = 3, ENGINE = 5, EXCEPTION = 6, INVALID_PROTOBUF = 7 };
    enum { INVALID_GRAPH = 10, PROVIDER = 11 };
    switch (code) {
    case INVALID_ARGUMENT:
    case INVALID_PROTOBUF:
    case INVALID_GRAPH: return SY_INVALID_ARGUMENT;
    case NO_FILE: return SY_IO;
    case ENGINE:
    case EXCEPTION:
    case PROVIDER: return SY_INTERNAL;
    default: return SY_UNSUPPORTED;
    }
}

sy_status ort_check(const ort_api *api, ort_status *failure, const char *what, sy_error *err) {
    if (failure == NULL)
        return SY_OK;
    sy_status status = sy_error_set(err, judge(api->get_error_code(failure)), "onnxruntime: %s: %s", what,
        api->get_error_message(failure));
    api->release_status(failure);
    return status;
}
