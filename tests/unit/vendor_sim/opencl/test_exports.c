/* The library as it is found at run time: the mark, and what a library of OpenCL 1.2 lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/base/dynlib.h"
#include "runtime/base/seam.h"
#include "steelyard/backend.h"

static sy_dynlib open_library(const char *path) {
    sy_dynlib library;
    assert_int_equal(sy_dynlib_open(&(sy_dynlib_search){.chosen = path}, &library, NULL), SY_OK);
    return library;
}

static void it_carries_the_mark(void **state) {
    (void)state;
    sy_dynlib library = open_library(SIM_PATH);
    assert_non_null(sy_dl_symbol(library.handle, SY_VENDOR_SIM_SYMBOL));
    assert_non_null(sy_dl_symbol(library.handle, "clGetPlatformIDs"));
    assert_non_null(sy_dl_symbol(library.handle, "clCreateCommandQueueWithProperties"));
    assert_non_null(sy_dl_symbol(library.handle, "cl_sim_configure"));
    assert_null(sy_dl_symbol(library.handle, "sim_enter")); /* the inside is not shown */
    sy_dynlib_close(&library);
}

static void an_old_library_lacks_what_came_later(void **state) {
    (void)state;
    sy_dynlib library = open_library(SIM_1_2_PATH);
    assert_non_null(sy_dl_symbol(library.handle, "clGetPlatformIDs"));
    assert_non_null(sy_dl_symbol(library.handle, "clCreateCommandQueue"));
    assert_null(sy_dl_symbol(library.handle, "clCreateCommandQueueWithProperties"));
    sy_dynlib_close(&library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_carries_the_mark), cmocka_unit_test(an_old_library_lacks_what_came_later)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
