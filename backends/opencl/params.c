/* Parameters of a device: traits that are switched off or forced, so that kernels for other devices can be
 * tried. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "backends/opencl/opencl.h"
#include "runtime/base/error.h"

/* Traits that "name=0" takes away; "name=1" leaves them as the driver says. */
static const struct {
    const char *name;
    size_t offset;
} switches[] = {{"fp64", offsetof(ocl_traits, fp64)}, {"fp16", offsetof(ocl_traits, fp16)},
    {"dot8", offsetof(ocl_traits, dot8)}, {"subgroups", offsetof(ocl_traits, subgroups)},
    {"binaries", offsetof(ocl_traits, binaries)}};
enum { SWITCHES = sizeof switches / sizeof switches[0] };

static sy_status set_family(const char *value, ocl_traits *traits, sy_error *err) {
    if (strcmp(value, "cpu") != 0 && strcmp(value, "gpu") != 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: family cannot be '%s'; it is cpu or gpu", value);
    traits->kind = value[0] == 'g' ? OCL_GPU : OCL_CPU;
    traits->has_local = traits->kind == OCL_GPU && traits->local_bytes > 0;
    return SY_OK;
}

static sy_status parse_switch(const char *key, const char *value, bool *out_is_on, sy_error *err) {
    if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: %s cannot be '%s'; it is 0 (not used) or 1 (as the driver says)", key, value);
    *out_is_on = value[0] == '1';
    return SY_OK;
}

static sy_status apply_pair(const char *key, const char *value, ocl_traits *traits, sy_error *err) {
    bool is_on = true;
    if (strcmp(key, "family") == 0)
        return set_family(value, traits, err);
    if (strcmp(key, "local") == 0) {
        sy_status status = parse_switch(key, value, &is_on, err);
        if (status == SY_OK && !is_on) {
            traits->local_bytes = 0;
            traits->has_local = false;
        }
        return status;
    }
    for (size_t i = 0; i < SWITCHES; i++) {
        if (strcmp(key, switches[i].name) != 0)
            continue;
        sy_status status = parse_switch(key, value, &is_on, err);
        bool *trait = (bool *)((char *)traits + switches[i].offset);
        *trait = *trait && is_on;
        return status;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "opencl has no parameter '%s'; it has family local fp64 fp16 dot8 subgroups binaries", key);
}

sy_status ocl_params_apply(const char *params, ocl_traits *traits, sy_error *err) {
    char text[256], *rest = text;
    sy_status status = SY_OK;
    if (params == NULL)
        return SY_OK;
    if (strlen(params) >= sizeof text)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: parameters of more than %zu bytes", sizeof text - 1);
    strcpy(text, params);
    while (status == SY_OK && rest != NULL && *rest != '\0') {
        char *key = strsep(&rest, ","), *value = strchr(key, '=');
        if (value == NULL)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: '%s' is not of the form key=value", key);
        *value = '\0';
        status = apply_pair(key, value + 1, traits, err);
    }
    return status;
}
