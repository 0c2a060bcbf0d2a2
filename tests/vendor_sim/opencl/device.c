/* What a device says of itself: rows of constants and settings, and the few answers that are made up of
 * several. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdio.h>
#include <string.h>

/* Those of extensions, which the headers of some distributions lack. */
enum { QUERY_UUID = 0x106a, QUERY_DOT_PRODUCT = 0x1073, QUERY_PCI = 0x410f, UUID_BYTES = 16, DOT_PACKED = 1 };

/* Width of an answer. A text is copied, everything else is a number. */
enum { TEXT = 0, UINT = sizeof(cl_uint), ULONG = sizeof(cl_ulong) };

#define KNOB(field) true, offsetof(sim_knobs, field)
#define FIXED(value) false, (value)

/* A row: the setting at that offset, or that very value; `since` is the version of OpenCL that has it. */
typedef struct sim_row {
    cl_device_info name;
    uint32_t width;
    int64_t since;
    bool is_knob;
    uint64_t place;
} sim_row;

static const sim_row rows[] = {
    {CL_DEVICE_TYPE, ULONG, 100, KNOB(type)},
    {CL_DEVICE_VENDOR_ID, UINT, 100, FIXED(0x51d)},
    {CL_DEVICE_MAX_COMPUTE_UNITS, UINT, 100, KNOB(units)},
    {CL_DEVICE_MAX_WORK_ITEM_DIMENSIONS, UINT, 100, FIXED(3)},
    {CL_DEVICE_MAX_WORK_GROUP_SIZE, ULONG, 100, KNOB(group)},
    {CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT, UINT, 100, KNOB(vector)},
    {CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, UINT, 100, KNOB(vector)},
    {CL_DEVICE_MAX_CLOCK_FREQUENCY, UINT, 100, FIXED(1000)},
    {CL_DEVICE_ADDRESS_BITS, UINT, 100, FIXED(64)},
    {CL_DEVICE_MAX_MEM_ALLOC_SIZE, ULONG, 100, KNOB(alloc)},
    {CL_DEVICE_IMAGE_SUPPORT, UINT, 100, FIXED(CL_FALSE)},
    {CL_DEVICE_MAX_PARAMETER_SIZE, ULONG, 100, FIXED(1024)},
    {CL_DEVICE_MEM_BASE_ADDR_ALIGN, UINT, 100, KNOB(align)},
    {CL_DEVICE_SINGLE_FP_CONFIG, ULONG, 100, FIXED(CL_FP_ROUND_TO_NEAREST | CL_FP_INF_NAN | CL_FP_FMA)},
    {CL_DEVICE_GLOBAL_MEM_CACHE_TYPE, UINT, 100, FIXED(CL_READ_WRITE_CACHE)},
    {CL_DEVICE_GLOBAL_MEM_CACHELINE_SIZE, UINT, 100, FIXED(64)},
    {CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, ULONG, 100, KNOB(cache)},
    {CL_DEVICE_GLOBAL_MEM_SIZE, ULONG, 100, KNOB(memory)},
    {CL_DEVICE_MAX_CONSTANT_BUFFER_SIZE, ULONG, 100, FIXED(65536)},
    {CL_DEVICE_MAX_CONSTANT_ARGS, UINT, 100, FIXED(8)},
    {CL_DEVICE_LOCAL_MEM_SIZE, ULONG, 100, KNOB(local)},
    {CL_DEVICE_ERROR_CORRECTION_SUPPORT, UINT, 100, FIXED(CL_FALSE)},
    {CL_DEVICE_PROFILING_TIMER_RESOLUTION, ULONG, 100, KNOB(resolution)},
    {CL_DEVICE_ENDIAN_LITTLE, UINT, 100, FIXED(CL_TRUE)},
    {CL_DEVICE_AVAILABLE, UINT, 100, KNOB(available)},
    {CL_DEVICE_COMPILER_AVAILABLE, UINT, 100, KNOB(compiler)},
    {CL_DEVICE_LINKER_AVAILABLE, UINT, 120, KNOB(compiler)},
    {CL_DEVICE_EXECUTION_CAPABILITIES, ULONG, 100, FIXED(CL_EXEC_KERNEL)},
    {CL_DEVICE_QUEUE_PROPERTIES, ULONG, 100, FIXED(CL_QUEUE_PROFILING_ENABLE)},
    {CL_DEVICE_NAME, TEXT, 100, KNOB(name)},
    {CL_DEVICE_VENDOR, TEXT, 100, KNOB(vendor)},
    {CL_DRIVER_VERSION, TEXT, 100, KNOB(driver)},
    {CL_DEVICE_HOST_UNIFIED_MEMORY, UINT, 110, KNOB(unified)},
    {CL_DEVICE_PREFERRED_WORK_GROUP_SIZE_MULTIPLE, ULONG, 300, KNOB(simd)},
    {CL_DEVICE_MAX_NUM_SUB_GROUPS, UINT, 210, KNOB(subgroups)},
};

/* Bits of what arithmetic in a type can do; 0: it cannot be done. */
static cl_ulong arithmetic(int64_t is_there) {
    return is_there ? CL_FP_ROUND_TO_NEAREST | CL_FP_INF_NAN | CL_FP_FMA | CL_FP_DENORM : 0;
}

static void extensions(const sim_knobs *knobs, char *text, size_t capacity) {
    snprintf(text, capacity, "cl_khr_byte_addressable_store%s%s%s%s%s%s", knobs->fp64 ? " cl_khr_fp64" : "",
        knobs->fp16 ? " cl_khr_fp16" : "", knobs->dot ? " cl_khr_integer_dot_product" : "",
        knobs->subgroups ? " cl_khr_subgroups" : "", knobs->pci[0] != '\0' ? " cl_khr_pci_bus_info" : "",
        knobs->uuid[0] != '\0' ? " cl_khr_device_uuid" : "");
}

/* Texts that tell a version or what there is; false: no such text. */
static bool write_text(const sim_knobs *knobs, cl_device_info name, char *text, size_t capacity) {
    int major = (int)(knobs->version / 100), minor = (int)(knobs->version / 10 % 10);
    switch (name) {
    case CL_DEVICE_VERSION: snprintf(text, capacity, "OpenCL %d.%d simulated", major, minor); return true;
    case CL_DEVICE_OPENCL_C_VERSION: snprintf(text, capacity, "OpenCL C %d.%d", major, minor); return true;
    case CL_DEVICE_PROFILE: snprintf(text, capacity, "FULL_PROFILE"); return true;
    case CL_DEVICE_EXTENSIONS: extensions(knobs, text, capacity); return true;
    case CL_DEVICE_BUILT_IN_KERNELS: text[0] = '\0'; return true;
    default: return false;
    }
}

/* Answers of several bytes that are no text; 0: no such answer. */
static size_t write_value(cl_device_id device, cl_device_info name, void *value) {
    const sim_knobs *knobs = device->knobs;
    size_t items[3] = {(size_t)knobs->group, (size_t)knobs->group, (size_t)knobs->group};
    cl_ulong number = 0;
    cl_uint place[4] = {0};
    switch (name) {
    case CL_DEVICE_MAX_WORK_ITEM_SIZES: memcpy(value, items, sizeof items); return sizeof items;
    case CL_DEVICE_PLATFORM:
        memcpy(value, &device->platform, sizeof device->platform);
        return sizeof device->platform;
    case CL_DEVICE_LOCAL_MEM_TYPE:
        place[0] = knobs->local == 0 ? CL_NONE : knobs->type == CL_DEVICE_TYPE_CPU ? CL_GLOBAL : CL_LOCAL;
        memcpy(value, place, sizeof *place);
        return sizeof *place;
    case CL_DEVICE_DOUBLE_FP_CONFIG: number = arithmetic(knobs->fp64); break;
    case CL_DEVICE_HALF_FP_CONFIG: number = arithmetic(knobs->fp16); break;
    case QUERY_DOT_PRODUCT: number = knobs->dot ? DOT_PACKED : 0; break;
    case QUERY_PCI:
        if (sscanf(knobs->pci, "%x:%x:%x.%x", &place[0], &place[1], &place[2], &place[3]) != 4)
            return 0;
        memcpy(value, place, sizeof place);
        return sizeof place;
    case QUERY_UUID:
        for (uint32_t i = 0; i < UUID_BYTES; i++)
            if (sscanf(knobs->uuid + 2 * i, "%2hhx", (unsigned char *)value + i) != 1)
                return 0;
        return UUID_BYTES;
    default: return 0;
    }
    memcpy(value, &number, sizeof number);
    return sizeof number;
}

static cl_int answer_row(
    cl_device_id device, const sim_row *row, size_t capacity, void *value, size_t *out_size) {
    const char *knob = (const char *)device->knobs + row->place;
    if (row->since > device->knobs->version)
        return CL_INVALID_VALUE;
    if (row->width == TEXT)
        return sim_answer(knob, strlen(knob) + 1, capacity, value, out_size);
    int64_t number = row->is_knob ? *(const int64_t *)(const void *)knob : (int64_t)row->place;
    return sim_answer(
        &number, row->width, capacity, value, out_size); /* little-endian: its low bytes come first */
}

static cl_int answer(
    cl_device_id device, cl_device_info name, size_t capacity, void *value, size_t *out_size) {
    union {
        char text[512];
        cl_ulong aligned;
    } made;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].name == name)
            return answer_row(device, &rows[i], capacity, value, out_size);
    if (write_text(device->knobs, name, made.text, sizeof made.text))
        return sim_answer(made.text, strlen(made.text) + 1, capacity, value, out_size);
    size_t bytes = write_value(device, name, &made);
    return bytes > 0 ? sim_answer(&made, bytes, capacity, value, out_size) : CL_INVALID_VALUE;
}

cl_int clGetDeviceInfo(
    cl_device_id device, cl_device_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter(__func__);
    if (code == CL_SUCCESS && !sim_is_device(device))
        code = CL_INVALID_DEVICE;
    if (code == CL_SUCCESS)
        code = answer(device, name, capacity, value, out_size);
    return sim_leave(code);
}
