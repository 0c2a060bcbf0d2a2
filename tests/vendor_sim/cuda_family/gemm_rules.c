#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/cuda_family/gemm.h"

int status_of(const char *table, verdict said) {
    static const char *const names[] = {[VERDICT_UNINITIALIZED] = "uninitialized",
        [VERDICT_ALLOC] = "alloc",
        [VERDICT_INVALID] = "invalid",
        [VERDICT_EXECUTION] = "execution",
        [VERDICT_UNSUPPORTED] = "unsupported"};
    char key[SIM_NAME_MAX];
    if (said == VERDICT_OK)
        return 0;
    snprintf(key, sizeof key, "%s.%s", table, names[said]);
    return (int)family_number(key);
}

static compute_kind compute_of_type(uint32_t dtype) {
    switch (dtype) {
    case SY_F16: return COMPUTE_F16;
    case SY_F32: return COMPUTE_F32;
    case SY_F64: return COMPUTE_F64;
    case SY_S32: return COMPUTE_S32;
    default: return COMPUTE_NONE;
    }
}

compute_kind compute_of(const char *computes, const char *types, int64_t number) {
    static const struct {
        const char *name;
        compute_kind kind;
    } known[] = {{"f16", COMPUTE_F16}, {"f32", COMPUTE_F32}, {"f32_pedantic", COMPUTE_F32_PEDANTIC},
        {"tf32", COMPUTE_TF32}, {"f64", COMPUTE_F64}, {"s32", COMPUTE_S32}};
    const char *convention = sim_text(SIM_NO_DEVICE, "ct", family_number("ct") == 10 ? "10" : "11");
    if (strcmp(convention, "11") != 0 && compute_of_type(family_dtype(types, number)) != COMPUTE_NONE)
        return compute_of_type(family_dtype(types, number));
    for (size_t i = 0; i < sizeof known / sizeof known[0] && strcmp(convention, "10") != 0; i++) {
        char key[SIM_NAME_MAX];
        snprintf(key, sizeof key, "%s.%s", computes, known[i].name);
        if (family_number(key) == number)
            return known[i].kind;
    }
    return COMPUTE_NONE;
}

uint32_t scalar_dtype(compute_kind compute) {
    switch (compute) {
    case COMPUTE_F16: return SY_F16;
    case COMPUTE_F64: return SY_F64;
    case COMPUTE_S32: return SY_S32;
    default: return SY_F32;
    }
}

bool types_go_together(uint32_t a, uint32_t b, uint32_t d, compute_kind compute) {
    if (a != b)
        return false;
    switch (compute) {
    case COMPUTE_F16: return a == SY_F16 && d == SY_F16;
    case COMPUTE_F64: return a == SY_F64 && d == SY_F64;
    case COMPUTE_TF32: return a == SY_F32 && d == SY_F32;
    case COMPUTE_S32: return a == SY_S8 && d == SY_S32;
    case COMPUTE_F32:
    case COMPUTE_F32_PEDANTIC:
        return (a == SY_F32 && d == SY_F32) || ((a == SY_F16 || a == SY_BF16) && (d == a || d == SY_F32)) ||
               (a == SY_S8 && d == SY_F32);
    default: return false;
    }
}

bool is_refused(const char *setting, uint32_t dtype) {
    const char *list = sim_text(SIM_NO_DEVICE, setting, ""), *name = sy_dtype_name(dtype);
    size_t bytes = strlen(name);
    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, bytes) == 0 && (at[bytes] == ',' || at[bytes] == '\0'))
            return true;
    }
    return false;
}
