/* What OpenCL C calls each element type. */
#include "backends/opencl/element.h"

#include <string.h>

#include "runtime/base/error.h"

/* A row a dtype; those that are missing are not done. */
static const struct {
    uint32_t dtype;
    const char *type, *value;
} rows[] = {{SY_F64, "double", "double"}, {SY_F32, "float", "float"}, {SY_F16, "half", "float"},
    {SY_BF16, "ushort", "float"}, {SY_S8, "char", "int"}, {SY_U8, "uchar", "int"}, {SY_S32, "int", "int"}};
enum { ROWS = sizeof rows / sizeof rows[0] };

static size_t find(uint32_t dtype) {
    size_t row = 0;
    while (row < ROWS && rows[row].dtype != dtype)
        row++;
    return row;
}

sy_status ocl_element_check(const ocl_traits *traits, uint32_t dtype, sy_error *err) {
    if (find(dtype) == ROWS)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s is not done here; f64 f32 f16 bf16 s8 u8 s32 are", sy_dtype_name(dtype));
    if (dtype == SY_F64 && !traits->fp64)
        return sy_error_set(err, SY_UNSUPPORTED, "f64: the device has no double precision");
    return SY_OK;
}

const char *ocl_element_type(uint32_t dtype) {
    size_t row = find(dtype);
    return row < ROWS ? rows[row].type : "";
}

const char *ocl_element_value(uint32_t dtype) {
    size_t row = find(dtype);
    return row < ROWS ? rows[row].value : "";
}

static void define_type(ocl_recipe *recipe, const char *prefix, uint32_t dtype) {
    if (dtype == SY_F64 && strstr(recipe->defines, "#define HAS_F64") == NULL)
        ocl_define(recipe, "#define HAS_F64\n");
    ocl_define(recipe, "#define %s_T %s\n#define %s_VALUE %s\n", prefix, ocl_element_type(dtype), prefix,
        ocl_element_value(dtype));
}

void ocl_define_load(ocl_recipe *recipe, const char *prefix, uint32_t dtype) {
    const char *name = sy_dtype_name(dtype);
    define_type(recipe, prefix, dtype);
    ocl_define(recipe, "#define %s_LOAD(p, i) load_%s(p, i)\n#define %s_LOADV(p, i) loadv_%s(p, i)\n", prefix,
        name, prefix, name);
}

void ocl_define_store(ocl_recipe *recipe, const char *prefix, uint32_t dtype) {
    const char *name = sy_dtype_name(dtype);
    define_type(recipe, prefix, dtype);
    ocl_define(recipe,
        "#define %s_STORE(v, p, i) store_%s(v, p, i)\n#define %s_STOREV(v, p, i) storev_%s(v, p, i)\n",
        prefix, name, prefix, name);
}
