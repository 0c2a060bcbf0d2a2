/* Streams and peaks through the table. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "tests/support/near.h"
#include "tests/unit/backends/cpu/rig.h"

static int open_rig(void **state) {
    static rig r;
    r = (rig){0};
    rig_open(&r, "");
    *state = &r;
    return 0;
}

static int open_generic(void **state) {
    static rig r;
    r = (rig){.host = {.isa = "generic"}};
    rig_open(&r, "threads=1");
    *state = &r;
    return 0;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

static void run(rig *r, const char *text, rig_case *c) {
    sy_error err = SY_ERROR_INIT;
    sy_status status = rig_run(r, text, "native", 5, c, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(status, SY_OK);
}

static const uint64_t sizes[] = {4, 8, 4092, 4096, 4100, 1000000};

static void read_sums_everything(void **state) {
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char text[64];
        rig_case c;
        double sum = 0.0, got = 0.0;
        snprintf(text, sizeof text, "stream:bytes=%llu,kind=read", (unsigned long long)sizes[i]);
        run(*state, text, &c);
        for (int64_t j = 0; j < c.plain.tensor[0].dim[0]; j++)
            sum += sy_cpu_element_load(SY_F32, c.data[0], j);
        for (int64_t j = 0; j < c.plain.tensor[1].dim[0]; j++)
            got += sy_cpu_element_load(SY_F32, c.data[1], j);
        assert_near(sum, got, 0.0);
        rig_release(*state, &c);
    }
}

static void triad_and_fill_write_everything(void **state) {
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char text[64];
        rig_case c;
        snprintf(text, sizeof text, "stream:bytes=%llu,kind=triad", (unsigned long long)sizes[i]);
        run(*state, text, &c);
        for (int64_t j = 0; j < c.plain.tensor[0].dim[0]; j++)
            assert_near(
                sy_cpu_element_load(SY_F32, c.data[0], j) + 3.0 * sy_cpu_element_load(SY_F32, c.data[1], j),
                sy_cpu_element_load(SY_F32, c.data[2], j), 0.0);
        rig_release(*state, &c);
        snprintf(text, sizeof text, "stream:bytes=%llu,kind=fill", (unsigned long long)sizes[i]);
        run(*state, text, &c);
        for (int64_t j = 0; j < c.plain.tensor[0].dim[0]; j++)
            assert_near(1.5, sy_cpu_element_load(SY_F32, c.data[0], j), 0.0);
        rig_release(*state, &c);
    }
}

static void peak_counts_what_it_did(void **state) {
    static const char *const dtypes[] = {"f32", "f64", "bf16", "f16", "s8"};
    rig *r = *state;
    sy_device_info info = {.size = sizeof info};
    r->api->device->info(r->device, &info, NULL);
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++) {
        char text[64];
        rig_case c;
        double sum = 0.0;
        snprintf(text, sizeof text, "peak:flop=1M,dtype=%s", dtypes[i]);
        run(r, text, &c);
        const sy_tensor *sums = &c.plain.tensor[0];
        for (int64_t j = 0; j < sums->dim[0]; j++)
            sum += sy_cpu_element_load(sums->dtype, c.data[0], j);
        assert_true(isfinite(sum) && sum > 0.0);
        assert_true(c.algorithm.flop_ratio >= 1.0 && c.algorithm.flop_ratio < 1.1);
        rig_release(r, &c);
    }
}

static void peak_refuses_types_without_a_product(void **state) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    assert_int_equal(rig_run(*state, "peak:flop=1M,dtype=f8e4m3", "native", 1, &c, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "f8e4m3"));
    rig_release(*state, &c);
}

#define WITH(test, setup) cmocka_unit_test_setup_teardown(test, setup, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH(read_sums_everything, open_rig),
        WITH(read_sums_everything, open_generic),
        WITH(triad_and_fill_write_everything, open_rig),
        WITH(triad_and_fill_write_everything, open_generic),
        WITH(peak_counts_what_it_did, open_rig),
        WITH(peak_counts_what_it_did, open_generic),
        WITH(peak_refuses_types_without_a_product, open_rig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
