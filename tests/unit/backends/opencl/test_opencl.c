/* The backend: its library, and what is said where there is none, or no platform. Error codes. */
#include "tests/unit/backends/opencl/world.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void unavailable(const char *library, const char *words) {
    world w = {.host.library = library};
    uint32_t count = 99;
    sy_device_info info = {.size = sizeof info};
    sy_device *device = NULL;
    sy_status status = strstr(words, "lacks") != NULL ? SY_INCOMPATIBLE : SY_UNAVAILABLE;
    world_backend(&w);
    world_refused(w.api->device->count(w.backend, &count, err), status, words);
    assert_int_equal(count, 0);
    world_refused(w.api->device->describe(w.backend, 0, &info, err), status, words);
    world_refused(w.api->device->open(w.backend, 0, "", &device, err), status, words);
    assert_null(device);
    w.api->destroy(w.backend);
}

static void a_library_that_is_not_there_is_named(void **state) {
    (void)state;
    unavailable("/nowhere/libOpenCL.so", "STEELYARD_OPENCL: /nowhere/libOpenCL.so: ");
}

static void a_library_of_something_else_is_named(void **state) {
    (void)state;
    unavailable("libm.so.6", "lacks clGetPlatformIDs, ");
}

/* The loader reads its variable once in a process: so in one of its own, before any other test here. */
static void no_platform_says_what_to_install(void **state) {
    int code = 0;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        world w = {0};
        uint32_t count = 0;
        sy_error error = SY_ERROR_INIT;
        setenv("OCL_ICD_VENDORS", "/nowhere/at/all/", 1);
        unsetenv("OCL_ICD_FILENAMES");
        sy_status status = world_backend(&w)->library.handle != NULL
                               ? w.api->device->count(w.backend, &count, &error)
                               : SY_UNSUPPORTED;
        bool is_said = strstr(error.text, "pocl-opencl-icd") != NULL &&
                       strstr(error.text, "/etc/OpenCL/vendors") != NULL;
        _exit(status == SY_UNSUPPORTED ? 77 : status == SY_UNAVAILABLE && count == 0 && is_said ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    if (WEXITSTATUS(code) == 77)
        skip(); /* no loader */
    assert_int_equal(WEXITSTATUS(code), 0);
}

/* What the host is told of libraries: how often, the last name and version. */
typedef struct told {
    unsigned libraries, versions;
    void *handle;
    char name[32], version[64];
} told;

static void tell_library(void *ctx, const char *name, const char *path, void *handle) {
    told *t = ctx;
    (void)path;
    t->libraries++;
    t->handle = handle;
    snprintf(t->name, sizeof t->name, "%s", name);
}

static void tell_version(void *ctx, const char *name, const char *version) {
    told *t = ctx;
    assert_string_equal(name, t->name); /* reported before */
    t->versions++;
    snprintf(t->version, sizeof t->version, "%s", version);
}

static void the_library_is_reported(void **state) {
    told t = {0};
    sy_host host = {.size = sizeof host, .ctx = &t, .library = tell_library, .library_version = tell_version};
    sy_backend *backend = NULL;
    (void)state;
    assert_int_equal(ocl_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->create(&host, &backend, NULL), SY_OK);
    const bool is_there = backend->library.handle != NULL;
    assert_int_equal(t.libraries, is_there ? 1 : 0);
    assert_true(!is_there || (strcmp(t.name, "opencl") == 0 && t.handle == backend->library.handle));
    /* Loaders tell their version; a driver that is the library itself does not. */
    assert_true(t.versions == 0 || strpbrk(t.version, "0123456789") != NULL);
    ocl_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->destroy(backend);
}

static void another_major_is_refused(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    assert_null(ocl_query(SY_ABI_MAJOR + 1, 0, &error));
    assert_non_null(strstr(error.text, "opencl speaks ABI"));
    assert_string_equal(ocl_query(SY_ABI_MAJOR, 0, NULL)->name, "opencl");
}

static void codes_are_statuses_and_words(void **state) {
    sy_backend backend = {0};
    sy_device device = {.backend = &backend, .index = 3, .traits.name = "card"};
    sy_error error = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(ocl_fail(&device, CL_MEM_OBJECT_ALLOCATION_FAILURE, "thing", &error), SY_OUT_OF_MEMORY);
    assert_string_equal(error.text, "opencl:3 (card): thing: CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)");
    assert_int_equal(error.vendor_code, -4);
    assert_int_equal(ocl_fail(&device, CL_OUT_OF_RESOURCES, "", NULL), SY_OUT_OF_MEMORY);
    assert_int_equal(ocl_fail(&device, CL_OUT_OF_HOST_MEMORY, "", NULL), SY_OUT_OF_MEMORY);
    assert_int_equal(ocl_fail(&device, CL_INVALID_KERNEL_ARGS, "", NULL), SY_INTERNAL);
    assert_int_equal(ocl_fail(&device, -12345, "", &error), SY_INTERNAL);
    assert_non_null(strstr(error.text, "unknown code (-12345)"));
    assert_false(device.is_lost);
    static const cl_int lost[] = {CL_DEVICE_NOT_AVAILABLE, CL_INVALID_COMMAND_QUEUE, CL_INVALID_CONTEXT};
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        device.is_lost = false;
        assert_int_equal(ocl_fail(&device, lost[i], "", NULL), SY_LOST);
        assert_true(device.is_lost);
    }
    assert_string_equal(ocl_code_name(CL_BUILD_PROGRAM_FAILURE), "CL_BUILD_PROGRAM_FAILURE");
    assert_string_equal(ocl_code_name(1), "unknown code");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_platform_says_what_to_install),
        cmocka_unit_test(a_library_that_is_not_there_is_named),
        cmocka_unit_test(a_library_of_something_else_is_named),
        cmocka_unit_test(the_library_is_reported),
        cmocka_unit_test(another_major_is_refused),
        cmocka_unit_test(codes_are_statuses_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
