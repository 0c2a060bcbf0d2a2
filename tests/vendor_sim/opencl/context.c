/* Contexts, of one device each. */
#include "tests/vendor_sim/opencl/sim.h"

cl_context clCreateContext(const cl_context_properties *properties, cl_uint count,
    const cl_device_id *devices, void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *),
    void *notify_data, cl_int *out_code) {
    cl_int code = sim_enter(__func__);
    cl_context context = NULL;
    (void)properties;
    if (code == CL_SUCCESS && (count != 1 || devices == NULL || (notify == NULL && notify_data != NULL)))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS && !sim_is_device(devices[0]))
        code = CL_INVALID_DEVICE;
    if (code == CL_SUCCESS && !devices[0]->knobs->available)
        code = CL_DEVICE_NOT_AVAILABLE;
    if (code == CL_SUCCESS && (context = sim_object_make(CL_SIM_CONTEXT, sizeof *context, true)) == NULL)
        code = CL_OUT_OF_HOST_MEMORY;
    if (code == CL_SUCCESS)
        context->device = devices[0];
    return sim_leave_with(context, code, out_code);
}

cl_int clRetainContext(cl_context context) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(context) : code);
}

cl_int clReleaseContext(cl_context context) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    return sim_leave(code == CL_SUCCESS ? sim_object_release(context) : code);
}
