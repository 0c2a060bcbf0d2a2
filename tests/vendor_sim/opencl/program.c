/* Programs: never compiled. A binary is the source behind a magic text and the driver's version. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BINARY_MAGIC "CLSIM-%s\n"

static const char log_of_failure[] = "<source>:7:11: warning: unused variable 'lane' [-Wunused-variable]\n"
                                     "    const int lane = get_local_id(0);\n"
                                     "              ^\n"
                                     "<source>:12:5: error: use of undeclared identifier 'simulated'\n"
                                     "    simulated = 1;\n"
                                     "    ^\n"
                                     "<source>:19:9: error: expected ';' after expression\n"
                                     "2 errors and 1 warning generated.\n";
static const char log_of_warning[] = "<source>:7:11: warning: unused variable 'lane' [-Wunused-variable]\n";

void sim_program_destroy(cl_program program) {
    free(program->source);
    free(program->log);
    free(program->signature);
    sim_object_drop(program->context);
}

/* A program of this source, which it takes. */
static cl_program make(cl_context context, char *source, cl_int *code) {
    cl_program program = NULL;
    if (*code == CL_SUCCESS &&
        (source == NULL || (program = sim_object_make(CL_SIM_PROGRAM, sizeof *program, true)) == NULL))
        *code = CL_OUT_OF_HOST_MEMORY;
    if (*code != CL_SUCCESS) {
        free(source);
        return NULL;
    }
    sim_object_hold(context);
    program->context = context;
    program->source = source;
    program->status = CL_BUILD_NONE;
    return program;
}

/* All strings in one; a length of 0 is that up to the NUL. */
static char *join(cl_uint count, const char **strings, const size_t *lengths) {
    size_t total = 0;
    for (cl_uint i = 0; i < count; i++)
        total += lengths != NULL && lengths[i] > 0 ? lengths[i] : strlen(strings[i]);
    char *text = malloc(total + 1), *end = text;
    for (cl_uint i = 0; text != NULL && i < count; i++) {
        size_t length = lengths != NULL && lengths[i] > 0 ? lengths[i] : strlen(strings[i]);
        memcpy(end, strings[i], length);
        end += length;
    }
    if (text != NULL)
        *end = '\0';
    return text;
}

cl_program clCreateProgramWithSource(
    cl_context context, cl_uint count, const char **strings, const size_t *lengths, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    cl_program program = NULL;
    if (code == CL_SUCCESS && (count == 0 || strings == NULL))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS)
        program = make(context, join(count, strings, lengths), &code);
    return sim_leave_with(program, code, out_code);
}

static size_t head_of_binary(const struct _cl_context *context, char head[64]) {
    return (size_t)snprintf(head, 64, BINARY_MAGIC, context->device->knobs->driver);
}

static cl_int check_binary(const struct _cl_context *context, size_t bytes, const unsigned char *binary) {
    char head[64];
    size_t head_bytes = head_of_binary(context, head);
    if (sim.config.binary == SIM_BINARY_REJECT || bytes < head_bytes || memcmp(binary, head, head_bytes) != 0)
        return CL_INVALID_BINARY;
    return CL_SUCCESS;
}

cl_program clCreateProgramWithBinary(cl_context context, cl_uint count, const cl_device_id *devices,
    const size_t *lengths, const unsigned char **binaries, cl_int *out_status, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    cl_program program = NULL;
    if (code == CL_SUCCESS && (count != 1 || devices == NULL || lengths == NULL || binaries == NULL ||
                                  lengths[0] == 0 || binaries[0] == NULL))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS && devices[0] != context->device)
        code = CL_INVALID_DEVICE;
    if (code == CL_SUCCESS) {
        code = check_binary(context, lengths[0], binaries[0]);
        if (out_status != NULL)
            *out_status = code;
    }
    if (code == CL_SUCCESS) {
        char head[64];
        size_t head_bytes = head_of_binary(context, head);
        program =
            make(context, strndup((const char *)binaries[0] + head_bytes, lengths[0] - head_bytes), &code);
        if (program != NULL)
            program->is_binary = true;
    }
    return sim_leave_with(program, code, out_code);
}

static void set_log(cl_program program, const char *log) {
    free(program->log);
    program->log = strdup(log);
}

/* Whether the settings let this program fail, or it is a binary that fits no more. */
static bool has_to_fail(const struct _cl_program *program) {
    bool is_failing = sim.config.build == SIM_BUILD_FAIL || sim.config.build == SIM_BUILD_MUTE;
    if (program->is_binary && sim.config.binary == SIM_BINARY_STALE)
        return true;
    return is_failing && strstr(program->source, sim.config.build_of) != NULL;
}

static cl_int build(cl_program program, cl_int code) {
    const sim_knobs *knobs = program->context->device->knobs;
    if (program->kernels > 0)
        return CL_INVALID_OPERATION;
    if (!knobs->compiler && !program->is_binary)
        return CL_COMPILER_NOT_AVAILABLE;
    if (code == CL_SUCCESS && has_to_fail(program))
        code = CL_BUILD_PROGRAM_FAILURE;
    bool is_mute = sim.config.build == SIM_BUILD_MUTE;
    set_log(program, code == CL_BUILD_PROGRAM_FAILURE && !is_mute ? log_of_failure
                     : sim.config.build == SIM_BUILD_WARN         ? log_of_warning
                                                                  : "");
    free(program->signature);
    program->signature = NULL;
    program->signatures = 0;
    if (code == CL_SUCCESS && !sim_scan(program->source, &program->signature, &program->signatures))
        code = CL_OUT_OF_HOST_MEMORY;
    program->status = code == CL_SUCCESS ? CL_BUILD_SUCCESS : CL_BUILD_ERROR;
    return code;
}

/* A failure that is armed as CL_BUILD_PROGRAM_FAILURE has its log, too. */
cl_int clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
    void(CL_CALLBACK *notify)(cl_program, void *), void *notify_data) {
    cl_int code = sim_enter(__func__);
    (void)options;
    if ((code == CL_SUCCESS || code == CL_BUILD_PROGRAM_FAILURE) &&
        sim_object_check(program, CL_SIM_PROGRAM) != CL_SUCCESS)
        code = CL_INVALID_PROGRAM;
    if (code == CL_SUCCESS && (count > 1 || (count == 0) != (devices == NULL)))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS && count == 1 && devices[0] != program->context->device)
        code = CL_INVALID_DEVICE;
    if (code == CL_SUCCESS || code == CL_BUILD_PROGRAM_FAILURE)
        code = build(program, code);
    sim_leave(code);
    if (notify != NULL)
        notify(program, notify_data);
    return notify != NULL && code == CL_BUILD_PROGRAM_FAILURE ? CL_SUCCESS : code;
}

static size_t binary_bytes(const struct _cl_program *program) {
    char head[64];
    if (program->status != CL_BUILD_SUCCESS || sim.config.binary == SIM_BINARY_NONE)
        return 0;
    return head_of_binary(program->context, head) + strlen(program->source);
}

static cl_int copy_binary(
    const struct _cl_program *program, size_t capacity, unsigned char **value, size_t *out_size) {
    char head[64];
    size_t head_bytes = head_of_binary(program->context, head), bytes = binary_bytes(program);
    if (value != NULL && capacity < sizeof *value)
        return CL_INVALID_VALUE;
    if (value != NULL && value[0] != NULL && bytes > 0) {
        memcpy(value[0], head, head_bytes);
        memcpy(value[0] + head_bytes, program->source, bytes - head_bytes);
    }
    if (out_size != NULL)
        *out_size = sizeof *value;
    return CL_SUCCESS;
}

cl_int clGetProgramInfo(
    cl_program program, cl_program_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, program, CL_SIM_PROGRAM);
    if (code != CL_SUCCESS)
        return sim_leave(code);
    size_t bytes = binary_bytes(program);
    cl_uint devices = 1;
    switch (name) {
    case CL_PROGRAM_NUM_DEVICES:
        code = sim_answer(&devices, sizeof devices, capacity, value, out_size);
        break;
    case CL_PROGRAM_BINARY_SIZES: code = sim_answer(&bytes, sizeof bytes, capacity, value, out_size); break;
    case CL_PROGRAM_BINARIES: code = copy_binary(program, capacity, value, out_size); break;
    case CL_PROGRAM_SOURCE:
        code = sim_answer(program->source, strlen(program->source) + 1, capacity, value, out_size);
        break;
    case CL_PROGRAM_REFERENCE_COUNT:
        code = sim_answer(&program->object.refs, sizeof program->object.refs, capacity, value, out_size);
        break;
    default: code = CL_INVALID_VALUE;
    }
    return sim_leave(code);
}

cl_int clGetProgramBuildInfo(cl_program program, cl_device_id device, cl_program_build_info name,
    size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, program, CL_SIM_PROGRAM);
    if (code == CL_SUCCESS && device != program->context->device)
        code = CL_INVALID_DEVICE;
    const char *log = code == CL_SUCCESS && program->log != NULL ? program->log : "";
    if (code == CL_SUCCESS && name == CL_PROGRAM_BUILD_STATUS)
        code = sim_answer(&program->status, sizeof program->status, capacity, value, out_size);
    else if (code == CL_SUCCESS && name == CL_PROGRAM_BUILD_LOG)
        code = sim_answer(log, strlen(log) + 1, capacity, value, out_size);
    else if (code == CL_SUCCESS)
        code = CL_INVALID_VALUE;
    return sim_leave(code);
}

cl_int clRetainProgram(cl_program program) {
    cl_int code = sim_enter_on(__func__, program, CL_SIM_PROGRAM);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(program) : code);
}

cl_int clReleaseProgram(cl_program program) {
    cl_int code = sim_enter_on(__func__, program, CL_SIM_PROGRAM);
    return sim_leave(code == CL_SUCCESS ? sim_object_release(program) : code);
}
