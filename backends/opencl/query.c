/* Properties of devices and platforms. */
#include "backends/opencl/query.h"

#include <ctype.h>
#include <string.h>

#include "runtime/base/seam.h"

/* No text of a driver is longer; one that says so is not believed. */
#define TEXT_BYTES_MAX (1u << 20)

bool ocl_query_value(
    const ocl_api *api, cl_device_id device, cl_device_info what, void *out_value, size_t bytes) {
    size_t written = 0;
    memset(out_value, 0, bytes);
    if (api->clGetDeviceInfo(device, what, bytes, out_value, &written) == CL_SUCCESS && written == bytes)
        return true;
    memset(out_value, 0, bytes);
    return false;
}

uint64_t ocl_query_number(const ocl_api *api, cl_device_id device, cl_device_info what) {
    unsigned char bytes[8] = {0};
    size_t written = 0;
    uint32_t narrow;
    uint64_t wide;
    if (api->clGetDeviceInfo(device, what, sizeof bytes, bytes, &written) != CL_SUCCESS)
        return 0;
    memcpy(&narrow, bytes, sizeof narrow);
    memcpy(&wide, bytes, sizeof wide);
    return written == sizeof narrow ? narrow : written == sizeof wide ? wide : 0;
}

static void clean_text(const char *from, char *out_text, size_t capacity) {
    size_t length = 0;
    while (isspace((unsigned char)*from))
        from++;
    for (; *from != '\0' && length + 1 < capacity; from++)
        out_text[length++] = (unsigned char)*from < ' ' || *from == 127 ? '?' : *from;
    while (length > 0 && out_text[length - 1] == ' ')
        length--;
    out_text[length] = '\0';
}

/* A whole text in memory of its own, of a device if there is one, else of a platform; NULL without one. */
static char *read_text(
    const ocl_api *api, cl_platform_id platform, cl_device_id device, cl_device_info what) {
    size_t bytes = 0;
    cl_int code = device != NULL ? api->clGetDeviceInfo(device, what, 0, NULL, &bytes)
                                 : api->clGetPlatformInfo(platform, what, 0, NULL, &bytes);
    if (code != CL_SUCCESS || bytes == 0 || bytes > TEXT_BYTES_MAX)
        return NULL;
    char *text = sy_mem_calloc(bytes + 1, 1);
    if (text == NULL)
        return NULL;
    code = device != NULL ? api->clGetDeviceInfo(device, what, bytes, text, NULL)
                          : api->clGetPlatformInfo(platform, what, bytes, text, NULL);
    if (code != CL_SUCCESS)
        text[0] = '\0';
    return text;
}

static void take_text(char *text, char *out_text, size_t capacity) {
    clean_text(text != NULL ? text : "", out_text, capacity);
    sy_mem_free(text);
}

void ocl_query_text(
    const ocl_api *api, cl_device_id device, cl_device_info what, char *out_text, size_t capacity) {
    take_text(read_text(api, NULL, device, what), out_text, capacity);
}

void ocl_query_platform_text(
    const ocl_api *api, cl_platform_id platform, cl_platform_info what, char *out_text, size_t capacity) {
    take_text(read_text(api, platform, NULL, what), out_text, capacity);
}

bool ocl_query_extension(const ocl_api *api, cl_device_id device, const char *name) {
    char *list = read_text(api, NULL, device, CL_DEVICE_EXTENSIONS), *rest = list, *word;
    bool is_there = false;
    while (!is_there && rest != NULL && (word = strsep(&rest, " ")) != NULL)
        is_there = strcmp(word, name) == 0;
    sy_mem_free(list);
    return is_there;
}
