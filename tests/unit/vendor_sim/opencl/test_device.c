/* Platforms and devices, as the settings have them. */
#include "tests/unit/vendor_sim/opencl/rig.h"

/* Of extensions, which the headers of some distributions lack. */
enum { QUERY_UUID = 0x106a, QUERY_PCI = 0x410f };

static cl_ulong number_of(cl_device_id device, cl_device_info name, size_t bytes) {
    cl_ulong value = 0;
    size_t size = 0;
    assert_int_equal(clGetDeviceInfo(device, name, sizeof value, &value, &size), CL_SUCCESS);
    assert_int_equal(size, bytes);
    return value;
}

static void expect_text(cl_device_id device, cl_device_info name, const char *wanted) {
    char text[256] = "";
    size_t size = 0;
    assert_int_equal(clGetDeviceInfo(device, name, sizeof text, text, &size), CL_SUCCESS);
    assert_string_equal(text, wanted);
    assert_int_equal(size, strlen(wanted) + 1);
}

static bool has_extension(cl_device_id device, const char *extension) {
    char text[512] = "";
    assert_int_equal(clGetDeviceInfo(device, CL_DEVICE_EXTENSIONS, sizeof text, text, NULL), CL_SUCCESS);
    return strstr(text, extension) != NULL;
}

static void an_ordinary_world_has_one_gpu(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_uint count = 9;
    assert_int_equal(clGetPlatformIDs(0, NULL, &count), CL_SUCCESS);
    assert_int_equal(count, 1);
    assert_int_equal(clGetDeviceIDs(r.platform, CL_DEVICE_TYPE_ALL, 0, NULL, &count), CL_SUCCESS);
    assert_int_equal(count, 1);
    assert_int_equal(number_of(r.device, CL_DEVICE_TYPE, 8), CL_DEVICE_TYPE_GPU);
    assert_int_equal(number_of(r.device, CL_DEVICE_LOCAL_MEM_SIZE, 8), 48 << 10);
    assert_int_equal(number_of(r.device, CL_DEVICE_LOCAL_MEM_TYPE, 4), CL_LOCAL);
    assert_int_equal(number_of(r.device, CL_DEVICE_MAX_COMPUTE_UNITS, 4), 8);
    assert_int_equal(number_of(r.device, CL_DEVICE_PREFERRED_WORK_GROUP_SIZE_MULTIPLE, 8), 32);
    assert_true(number_of(r.device, CL_DEVICE_DOUBLE_FP_CONFIG, 8) != 0);
    assert_int_equal(number_of(r.device, CL_DEVICE_HALF_FP_CONFIG, 8), 0);
    expect_text(r.device, CL_DEVICE_VERSION, "OpenCL 3.0 simulated");
    expect_text(r.device, CL_DEVICE_NAME, "Simulated GPU 0");
    expect_text(r.device, CL_DRIVER_VERSION, "1.0");
    assert_true(has_extension(r.device, "cl_khr_fp64") && !has_extension(r.device, "cl_khr_fp16"));
    close_rig(&r);
}

static void an_answer_that_does_not_fit_is_refused(void **state) {
    (void)state;
    rig r = open_rig("");
    char text[8];
    size_t size = 0;
    assert_int_equal(clGetDeviceInfo(r.device, CL_DEVICE_NAME, sizeof text, text, NULL), CL_INVALID_VALUE);
    assert_int_equal(clGetDeviceInfo(r.device, CL_DEVICE_NAME, 0, NULL, &size), CL_SUCCESS);
    assert_int_equal(size, sizeof "Simulated GPU 0");
    assert_int_equal(clGetDeviceInfo(r.device, 0x7777, sizeof text, text, NULL), CL_INVALID_VALUE);
    assert_int_equal(clGetDeviceInfo(NULL, CL_DEVICE_NAME, sizeof text, text, NULL), CL_INVALID_DEVICE);
    assert_int_equal(clGetPlatformInfo(NULL, CL_PLATFORM_NAME, sizeof text, text, NULL), CL_INVALID_PLATFORM);
    close_rig(&r);
}

static void settings_change_what_a_device_says(void **state) {
    (void)state;
    rig r = open_rig("local=0;fp64=0;fp16=1;units=0;alloc=0;type=cpu;name=Odd;dot=1;pci=0001:3b:1f.7;uuid="
                     "000102030405060708090a0b0c0d0e0f");
    cl_uint pci[4] = {0};
    unsigned char uuid[16] = {0};
    assert_int_equal(number_of(r.device, CL_DEVICE_LOCAL_MEM_SIZE, 8), 0);
    assert_int_equal(number_of(r.device, CL_DEVICE_LOCAL_MEM_TYPE, 4), CL_NONE);
    assert_int_equal(number_of(r.device, CL_DEVICE_DOUBLE_FP_CONFIG, 8), 0);
    assert_true(number_of(r.device, CL_DEVICE_HALF_FP_CONFIG, 8) != 0);
    assert_int_equal(number_of(r.device, CL_DEVICE_MAX_COMPUTE_UNITS, 4), 0);
    assert_int_equal(number_of(r.device, CL_DEVICE_MAX_MEM_ALLOC_SIZE, 8), 0);
    assert_int_equal(number_of(r.device, CL_DEVICE_TYPE, 8), CL_DEVICE_TYPE_CPU);
    expect_text(r.device, CL_DEVICE_NAME, "Odd");
    assert_true(!has_extension(r.device, "cl_khr_fp64") && has_extension(r.device, "cl_khr_fp16"));
    assert_true(has_extension(r.device, "cl_khr_integer_dot_product"));
    assert_int_equal(clGetDeviceInfo(r.device, QUERY_PCI, sizeof pci, pci, NULL), CL_SUCCESS);
    assert_true(pci[0] == 1 && pci[1] == 0x3b && pci[2] == 0x1f && pci[3] == 7);
    assert_int_equal(clGetDeviceInfo(r.device, QUERY_UUID, sizeof uuid, uuid, NULL), CL_SUCCESS);
    assert_true(uuid[0] == 0 && uuid[15] == 15);
    close_rig(&r);
}

static void a_device_may_have_no_identity(void **state) {
    (void)state;
    rig r = open_rig("pci=;uuid=");
    cl_uint pci[4];
    assert_false(
        has_extension(r.device, "cl_khr_pci_bus_info") || has_extension(r.device, "cl_khr_device_uuid"));
    assert_int_equal(clGetDeviceInfo(r.device, QUERY_PCI, sizeof pci, pci, NULL), CL_INVALID_VALUE);
    assert_int_equal(clGetDeviceInfo(r.device, QUERY_UUID, sizeof pci, pci, NULL), CL_INVALID_VALUE);
    close_rig(&r);
}

static void an_old_device_lacks_what_came_later(void **state) {
    (void)state;
    rig r = open_rig("version=120");
    size_t size = 0;
    cl_int code = 0;
    expect_text(r.device, CL_DEVICE_OPENCL_C_VERSION, "OpenCL C 1.2");
    assert_int_equal(clGetDeviceInfo(r.device, CL_DEVICE_PREFERRED_WORK_GROUP_SIZE_MULTIPLE, 0, NULL, &size),
        CL_INVALID_VALUE);
    assert_null(clCreateCommandQueueWithProperties(r.context, r.device, NULL, &code));
    assert_int_equal(code, CL_INVALID_OPERATION);
    close_rig(&r);
}

static void no_platform_and_no_device_are_errors(void **state) {
    (void)state;
    cl_uint count = 9;
    cl_platform_id platform = NULL;
    cl_device_id device = NULL;
    cl_sim_configure("platforms=0");
    assert_int_equal(clGetPlatformIDs(1, &platform, &count), CL_PLATFORM_NOT_FOUND_KHR);
    assert_int_equal(count, 0);
    cl_sim_configure("devices=0");
    assert_int_equal(clGetPlatformIDs(1, &platform, NULL), CL_SUCCESS);
    assert_int_equal(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, &count), CL_DEVICE_NOT_FOUND);
    assert_int_equal(count, 0);
    assert_null(device);
}

static void several_platforms_have_devices_of_their_own(void **state) {
    (void)state;
    cl_platform_id platforms[3] = {0}, platform = NULL;
    cl_device_id devices[3] = {0};
    cl_uint count = 0;
    cl_sim_configure("platforms=2;devices=2;device=3;type=cpu;units=3");
    assert_int_equal(clGetPlatformIDs(3, platforms, &count), CL_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(clGetDeviceIDs(platforms[1], CL_DEVICE_TYPE_ALL, 3, devices, &count), CL_SUCCESS);
    assert_int_equal(count, 2);
    expect_text(devices[0], CL_DEVICE_NAME, "Simulated GPU 2");
    assert_int_equal(
        clGetDeviceInfo(devices[0], CL_DEVICE_PLATFORM, sizeof platform, &platform, NULL), CL_SUCCESS);
    assert_ptr_equal(platform, platforms[1]);
    assert_int_equal(number_of(devices[0], CL_DEVICE_MAX_COMPUTE_UNITS, 4), 8);
    assert_int_equal(number_of(devices[1], CL_DEVICE_MAX_COMPUTE_UNITS, 4), 3);
    assert_int_equal(clGetDeviceIDs(platforms[1], CL_DEVICE_TYPE_CPU, 1, devices, &count), CL_SUCCESS);
    assert_int_equal(count, 1);
    assert_int_equal(number_of(devices[0], CL_DEVICE_TYPE, 8), CL_DEVICE_TYPE_CPU);
    assert_int_equal(
        clGetDeviceIDs(platforms[0], CL_DEVICE_TYPE_CPU, 1, devices, &count), CL_DEVICE_NOT_FOUND);
}

static void a_device_that_is_not_available_opens_no_context(void **state) {
    (void)state;
    cl_platform_id platform = NULL;
    cl_device_id device = NULL;
    cl_int code = 0;
    cl_sim_configure("available=0");
    assert_int_equal(clGetPlatformIDs(1, &platform, NULL), CL_SUCCESS);
    assert_int_equal(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, NULL), CL_SUCCESS);
    assert_null(clCreateContext(NULL, 1, &device, NULL, NULL, &code));
    assert_int_equal(code, CL_DEVICE_NOT_AVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_ordinary_world_has_one_gpu),
        cmocka_unit_test(an_answer_that_does_not_fit_is_refused),
        cmocka_unit_test(settings_change_what_a_device_says), cmocka_unit_test(a_device_may_have_no_identity),
        cmocka_unit_test(an_old_device_lacks_what_came_later),
        cmocka_unit_test(no_platform_and_no_device_are_errors),
        cmocka_unit_test(several_platforms_have_devices_of_their_own),
        cmocka_unit_test(a_device_that_is_not_available_opens_no_context)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
