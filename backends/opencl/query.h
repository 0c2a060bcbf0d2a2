/* Asking a driver for properties, bounded and with an answer whatever it says. */
#ifndef BACKENDS_OPENCL_QUERY_H
#define BACKENDS_OPENCL_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "backends/opencl/api.h"

/** A property of exactly `bytes` bytes; false, and zeros, if the driver refuses or has another size. */
bool ocl_query_value(
    const ocl_api *api, cl_device_id device, cl_device_info what, void *out_value, size_t bytes);

/** A number of 4 or 8 bytes (cl_uint, cl_bool, cl_ulong, size_t, bit fields); 0 if the driver refuses. */
uint64_t ocl_query_number(const ocl_api *api, cl_device_id device, cl_device_info what);

/** A text, cut to fit, without leading and trailing blanks, unprintable bytes as '?'; "" if the driver
 * refuses. */
void ocl_query_text(
    const ocl_api *api, cl_device_id device, cl_device_info what, char *out_text, size_t capacity);
void ocl_query_platform_text(
    const ocl_api *api, cl_platform_id platform, cl_platform_info what, char *out_text, size_t capacity);

/** Whether the device's extensions have this name, as a whole word. */
bool ocl_query_extension(const ocl_api *api, cl_device_id device, const char *name);

#endif
