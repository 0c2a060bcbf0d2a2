/* Looking up OpenCL's functions. */
#include "backends/opencl/api.h"

#include <stddef.h>

sy_status ocl_api_bind(const sy_dynlib *library, ocl_api *out_api, sy_error *err) {
#define ROW(function, is_optional) {#function, offsetof(ocl_api, function), is_optional},
    static const sy_dynlib_symbol symbols[] = {OCL_API_LIST(ROW)};
#undef ROW
    return sy_dynlib_bind(library, symbols, sizeof symbols / sizeof symbols[0], out_api, err);
}
