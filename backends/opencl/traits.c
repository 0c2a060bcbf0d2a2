/* What a driver says of a device. */
#include <stdlib.h>
#include <string.h>

#include "backends/opencl/opencl.h"
#include "backends/opencl/query.h"

/* Vendors' own numbers for the width of what runs in step; the headers of some distributions lack them. */
enum { QUERY_WARP_NV = 0x4003, QUERY_WAVEFRONT_AMD = 0x4043, QUERY_DOT_PRODUCT = 0x1073 };
enum { DOT_PACKED = 1 }; /* CL_DEVICE_INTEGER_DOT_PRODUCT_INPUT_4x8BIT_PACKED_KHR */

/* Where a driver gives no width: GPUs of all vendors run at least so many items in step. */
enum { SIMD_GPU_LEAST = 16 };

/* 100 x major + 10 x minor of "OpenCL 3.0 ..." or "OpenCL C 1.2 ..."; 120, the least there is, if unreadable.
 */
static uint32_t parse_version(const char *text) {
    const char *digits = strpbrk(text, "0123456789");
    char *end = NULL;
    unsigned long major = digits != NULL ? strtoul(digits, &end, 10) : 0, minor = 0;
    if (end != NULL && *end == '.')
        minor = strtoul(end + 1, NULL, 10);
    return major >= 1 && major < 100 && minor < 10 ? (uint32_t)(major * 100 + minor * 10) : 120;
}

/* OpenCL 3.0 devices list what their compiler takes; before, it is one version, which covers the earlier
 * ones.
 */
static uint32_t read_c_version(const ocl_api *api, cl_device_id device, uint32_t version) {
    char text[128];
    cl_name_version list[32];
    size_t bytes = 0;
    ocl_query_text(api, device, CL_DEVICE_OPENCL_C_VERSION, text, sizeof text);
    uint32_t newest = parse_version(text);
    if (version < 300 || api->clGetDeviceInfo(device, CL_DEVICE_OPENCL_C_ALL_VERSIONS, sizeof list, list,
                             &bytes) != CL_SUCCESS)
        return newest;
    for (size_t i = 0; i < bytes / sizeof list[0] && i < sizeof list / sizeof list[0]; i++) {
        uint32_t listed = 100 * CL_VERSION_MAJOR(list[i].version) + 10 * CL_VERSION_MINOR(list[i].version);
        newest = listed > newest ? listed : newest;
    }
    return newest;
}

static uint32_t kind_of(uint64_t type) {
    if ((type & CL_DEVICE_TYPE_GPU) != 0)
        return OCL_GPU;
    return (type & CL_DEVICE_TYPE_CPU) != 0 ? OCL_CPU : OCL_ACCELERATOR;
}

static uint64_t at_least_one(uint64_t value) {
    return value > 0 ? value : 1;
}

/* OpenCL 3.0 has a query for what runs in step, vendors had theirs before. */
static uint64_t query_simd(const ocl_api *api, cl_device_id device, uint32_t version) {
    if (ocl_query_extension(api, device, "cl_nv_device_attribute_query"))
        return ocl_query_number(api, device, QUERY_WARP_NV);
    if (ocl_query_extension(api, device, "cl_amd_device_attribute_query"))
        return ocl_query_number(api, device, QUERY_WAVEFRONT_AMD);
    return version >= 300 ? ocl_query_number(api, device, CL_DEVICE_PREFERRED_WORK_GROUP_SIZE_MULTIPLE) : 0;
}

static uint32_t read_simd(const ocl_api *api, cl_device_id device, const ocl_traits *traits) {
    uint64_t width = query_simd(api, device, traits->version);
    if (width > 0 && width <= traits->max_work_group)
        return (uint32_t)width;
    return traits->kind == OCL_GPU ? SIMD_GPU_LEAST : 1;
}

static void read_sizes(const ocl_api *api, cl_device_id device, ocl_traits *traits) {
    size_t items[16] = {0}, bytes = 0;
    traits->units = (uint32_t)at_least_one(ocl_query_number(api, device, CL_DEVICE_MAX_COMPUTE_UNITS));
    traits->max_work_group = at_least_one(ocl_query_number(api, device, CL_DEVICE_MAX_WORK_GROUP_SIZE));
    if (api->clGetDeviceInfo(device, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof items, items, &bytes) !=
        CL_SUCCESS)
        items[0] = items[1] = items[2] = 0;
    for (uint32_t i = 0; i < 3; i++)
        traits->max_items[i] = at_least_one(items[i]);
    traits->vector_f32 =
        (uint32_t)at_least_one(ocl_query_number(api, device, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT));
    traits->memory_bytes = ocl_query_number(api, device, CL_DEVICE_GLOBAL_MEM_SIZE);
    traits->max_alloc_bytes = ocl_query_number(api, device, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
    traits->cache_bytes = ocl_query_number(api, device, CL_DEVICE_GLOBAL_MEM_CACHE_SIZE);
    uint64_t local_type = ocl_query_number(api, device, CL_DEVICE_LOCAL_MEM_TYPE);
    if (local_type == CL_LOCAL || local_type == CL_GLOBAL)
        traits->local_bytes = ocl_query_number(api, device, CL_DEVICE_LOCAL_MEM_SIZE);
    traits->has_local = local_type == CL_LOCAL && traits->local_bytes > 0;
}

static void read_abilities(const ocl_api *api, cl_device_id device, ocl_traits *traits) {
    traits->fp64 = ocl_query_number(api, device, CL_DEVICE_DOUBLE_FP_CONFIG) != 0;
    traits->fp16 = ocl_query_extension(api, device, "cl_khr_fp16");
    traits->dot8 = ocl_query_extension(api, device, "cl_khr_integer_dot_product") &&
                   (ocl_query_number(api, device, QUERY_DOT_PRODUCT) & DOT_PACKED) != 0;
    traits->subgroups =
        ocl_query_extension(api, device, "cl_khr_subgroups") ||
        (traits->version >= 300 && ocl_query_number(api, device, CL_DEVICE_MAX_NUM_SUB_GROUPS) > 0);
    traits->unified = ocl_query_number(api, device, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
    traits->little_endian = ocl_query_number(api, device, CL_DEVICE_ENDIAN_LITTLE) != 0;
    traits->binaries = true;
}

void ocl_traits_read(const ocl_api *api, const ocl_place *place, ocl_traits *out_traits) {
    cl_device_id device = place->device;
    char text[128];
    *out_traits = (ocl_traits){0};
    uint64_t type = ocl_query_number(api, device, CL_DEVICE_TYPE);
    out_traits->kind = kind_of(type);
    ocl_query_text(api, device, CL_DEVICE_VERSION, text, sizeof text);
    out_traits->version = parse_version(text);
    out_traits->c_version = read_c_version(api, device, out_traits->version);
    read_sizes(api, device, out_traits);
    read_abilities(api, device, out_traits);
    out_traits->simd = read_simd(api, device, out_traits);
    out_traits->is_host = out_traits->kind == OCL_CPU && out_traits->unified;
    ocl_query_text(api, device, CL_DEVICE_NAME, out_traits->name, sizeof out_traits->name);
    ocl_query_text(api, device, CL_DEVICE_VENDOR, out_traits->vendor, sizeof out_traits->vendor);
    ocl_query_text(api, device, CL_DRIVER_VERSION, out_traits->driver, sizeof out_traits->driver);
    ocl_query_platform_text(
        api, place->platform, CL_PLATFORM_VERSION, out_traits->platform, sizeof out_traits->platform);
}
