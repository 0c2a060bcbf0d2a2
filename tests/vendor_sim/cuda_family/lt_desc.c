/* Descriptors of the Lt library. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/lt.h"

#define HANDLE "lt"

typedef struct attribute {
    const char *key;
    size_t offset, bytes;
} attribute;

#define FIELD(key, type, field)                                                                              \
    { key, offsetof(type, field), sizeof((type *)NULL)->field }

static const attribute desc_attributes[] = {FIELD("lt.compute", lt_desc, compute),
    FIELD("lt.scale", lt_desc, scale), FIELD("lt.transa", lt_desc, transa),
    FIELD("lt.transb", lt_desc, transb), FIELD("lt.epilogue", lt_desc, epilogue),
    FIELD("lt.bias", lt_desc, bias), FIELD("lt.bias_type", lt_desc, bias_type),
    FIELD("lt.a_scale", lt_desc, a_scale), FIELD("lt.b_scale", lt_desc, b_scale),
    FIELD("lt.c_scale", lt_desc, c_scale), FIELD("lt.d_scale", lt_desc, d_scale),
    FIELD("lt.fast", lt_desc, fast), {NULL, 0, 0}};

static const attribute layout_attributes[] = {FIELD("lt.type", lt_layout, type),
    FIELD("lt.order", lt_layout, order), FIELD("lt.rows", lt_layout, rows), FIELD("lt.cols", lt_layout, cols),
    FIELD("lt.ld", lt_layout, ld), FIELD("lt.batch", lt_layout, batch), FIELD("lt.stride", lt_layout, stride),
    {NULL, 0, 0}};

static const attribute preference_attributes[] = {FIELD("lt.workspace", lt_preference, workspace),
    FIELD("lt.align_a", lt_preference, align_a), FIELD("lt.align_b", lt_preference, align_b),
    FIELD("lt.align_c", lt_preference, align_c), FIELD("lt.align_d", lt_preference, align_d), {NULL, 0, 0}};

/* bytes: of the library's own object. */
static void *make(int *code, void **out_handle, const char *kind, size_t bytes) {
    void *object = NULL;
    if (*code == 0 && out_handle == NULL)
        *code = status_of("blas", VERDICT_INVALID);
    if (*code == 0)
        *out_handle = sim_handle_make(kind, bytes, &object);
    return object;
}

static int destroy(int code, void *handle, const char *kind) {
    if (code == 0 && sim_handle_get(handle, kind) == NULL)
        code = status_of("blas", VERDICT_INVALID);
    if (code == 0)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

static int set(int code, void *handle, const char *kind, const attribute *known, int number,
    const void *value, size_t bytes) {
    char *object = code == 0 ? sim_handle_get(handle, kind) : NULL;
    if (code != 0)
        return sim_leave(code);
    while (known->key != NULL && family_number(known->key) != number)
        known++;
    if (object == NULL || value == NULL || known->key == NULL || known->bytes != bytes)
        return sim_leave(status_of("blas", VERDICT_INVALID));
    memcpy(object + known->offset, value, bytes);
    return sim_leave(0);
}

SIM_API int LT(Create)(void **out_handle) {
    int code = sim_enter(__func__);
    if (code == 0 && sim_devices() == 0)
        code = status_of("blas", VERDICT_UNINITIALIZED);
    int *device = make(&code, out_handle, HANDLE, sizeof *device);
    if (device != NULL)
        *device = family_device();
    return sim_leave(code);
}

SIM_API int LT(Destroy)(void *handle) {
    return destroy(sim_enter_apart(__func__), handle, HANDLE);
}

SIM_API size_t LT(GetVersion)(void) {
    sim_enter_apart(__func__);
    sim_leave(0);
    return (size_t)family_number("runtime") * 10;
}

SIM_API int LT(MatmulDescCreate)(void **out_desc, int compute, int scale) {
    int code = sim_enter(__func__);
    if (code == 0 && (compute_of(LT_COMPUTES, LT_TYPES, compute) == COMPUTE_NONE ||
                         family_dtype(LT_TYPES, scale) == SY_DTYPE_NONE))
        code = status_of("blas", VERDICT_INVALID);
    lt_desc *desc = make(&code, out_desc, LT_DESC, sizeof *desc);
    if (desc != NULL) {
        int no_transposition = (int)family_number("op.n");
        *desc = (lt_desc){.compute = compute, .scale = scale, .transa = no_transposition, .bias_type = -1};
        desc->transb = no_transposition;
        desc->epilogue = LT_EPILOGUE_NONE;
    }
    return sim_leave(code);
}

SIM_API int LT(MatmulDescDestroy)(void *desc) {
    return destroy(sim_enter_apart(__func__), desc, LT_DESC);
}

SIM_API int LT(MatmulDescSetAttribute)(void *desc, int number, const void *value, size_t bytes) {
    return set(sim_enter(__func__), desc, LT_DESC, desc_attributes, number, value, bytes);
}

SIM_API int LT(MatrixLayoutCreate)(void **out_layout, int type, uint64_t rows, uint64_t cols, int64_t ld) {
    int code = sim_enter(__func__);
    if (code == 0 && (family_dtype(LT_TYPES, type) == SY_DTYPE_NONE || ld < 1))
        code = status_of("blas", VERDICT_INVALID);
    lt_layout *layout = make(&code, out_layout, LT_LAYOUT, sizeof *layout);
    if (layout != NULL)
        *layout = (lt_layout){.type = (uint32_t)type, .rows = rows, .cols = cols, .ld = ld, .batch = 1};
    return sim_leave(code);
}

SIM_API int LT(MatrixLayoutDestroy)(void *layout) {
    return destroy(sim_enter_apart(__func__), layout, LT_LAYOUT);
}

SIM_API int LT(MatrixLayoutSetAttribute)(void *layout, int number, const void *value, size_t bytes) {
    return set(sim_enter(__func__), layout, LT_LAYOUT, layout_attributes, number, value, bytes);
}

SIM_API int LT(MatmulPreferenceCreate)(void **out_preference) {
    int code = sim_enter(__func__);
    lt_preference *preference = make(&code, out_preference, LT_PREFERENCE, sizeof *preference);
    if (preference != NULL)
        *preference = (lt_preference){0, 256, 256, 256, 256};
    return sim_leave(code);
}

SIM_API int LT(MatmulPreferenceDestroy)(void *preference) {
    return destroy(sim_enter_apart(__func__), preference, LT_PREFERENCE);
}

SIM_API int LT(MatmulPreferenceSetAttribute)(void *preference, int number, const void *value, size_t bytes) {
    return set(sim_enter(__func__), preference, LT_PREFERENCE, preference_attributes, number, value, bytes);
}
