/* Writing recipes. */
#include "backends/opencl/recipe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "steelyard/types.h"

void ocl_define(ocl_recipe *recipe, const char *format, ...) {
    va_list arguments;
    size_t room = sizeof recipe->defines - recipe->defines_length;
    va_start(arguments, format);
    int length = vsnprintf(recipe->defines + recipe->defines_length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room) {
        recipe->defines[recipe->defines_length] = '\0';
        recipe->failed = 1;
        return;
    }
    recipe->defines_length += (uint64_t)length;
}

void ocl_source(ocl_recipe *recipe, const char *name) {
    for (uint32_t i = 0; i < recipe->sources; i++)
        if (strcmp(recipe->source[i], name) == 0)
            return;
    if (recipe->sources == OCL_SOURCES_MAX)
        recipe->failed = 1;
    else
        recipe->source[recipe->sources++] = name;
}

ocl_step *ocl_step_add(ocl_recipe *recipe, const char *kernel) {
    if (recipe->steps == OCL_STEPS_MAX || strlen(kernel) >= sizeof recipe->step[0].kernel) {
        recipe->failed = 1;
        return &recipe->step[OCL_STEPS_MAX - 1];
    }
    ocl_step *step = &recipe->step[recipe->steps++];
    *step = (ocl_step){.dims = 1};
    snprintf(step->kernel, sizeof step->kernel, "%s", kernel);
    return step;
}

/* One past OCL_ARGS_MAX counts too, so that too many are seen. */
static void add(ocl_step *step, ocl_arg arg) {
    if (step->args < OCL_ARGS_MAX)
        step->arg[step->args] = arg;
    if (step->args <= OCL_ARGS_MAX)
        step->args++;
}

void ocl_arg_operand(ocl_step *step, uint32_t tensor, uint32_t dtype) {
    add(step, (ocl_arg){.kind = OCL_ARG_OPERAND, .index = tensor, .bytes = sy_dtype_size(dtype)});
}

void ocl_arg_scratch(ocl_step *step, uint64_t offset_bytes, uint64_t element_bytes) {
    add(step, (ocl_arg){.kind = OCL_ARG_SCRATCH, .bytes = element_bytes, .index64 = offset_bytes});
}

void ocl_arg_int(ocl_step *step, int64_t value) {
    add(step, (ocl_arg){.kind = OCL_ARG_INT, .integer = value});
}

void ocl_arg_long(ocl_step *step, int64_t value) {
    add(step, (ocl_arg){.kind = OCL_ARG_LONG, .integer = value});
}

void ocl_arg_float(ocl_step *step, double value) {
    add(step, (ocl_arg){.kind = OCL_ARG_FLOAT, .real = value});
}

void ocl_arg_double(ocl_step *step, double value) {
    add(step, (ocl_arg){.kind = OCL_ARG_DOUBLE, .real = value});
}

void ocl_arg_local(ocl_step *step, uint64_t bytes) {
    add(step, (ocl_arg){.kind = OCL_ARG_LOCAL, .bytes = bytes});
}

void ocl_step_groups(ocl_step *step, const uint64_t groups[3], const uint64_t local[3]) {
    step->dims = 3;
    for (uint32_t i = 0; i < 3; i++) {
        step->local[i] = local[i];
        step->global[i] = groups[i] * local[i];
    }
}
