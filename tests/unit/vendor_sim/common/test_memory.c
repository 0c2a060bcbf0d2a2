/* Device memory: no bytes at its address, limits, ranges, what is behind an allocation. */
#include "tests/vendor_sim/common/memory.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/unit/vendor_sim/common/rig.h"

/* The kernel looks in our stead: a bad address is an error, not a signal. */
static bool can_read(void *address) {
    char byte;
    struct iovec to = {&byte, 1}, from = {address, 1};
    return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1;
}

static void test_host_cannot_read(void **state) {
    (void)state;
    rig_begin("");
    char *device = sim_memory_alloc(0, 5000), *pinned = sim_memory_alloc_pinned(10);
    assert_false(can_read(device));
    assert_false(can_read(device + 4999));
    assert_true(can_read(pinned));
    char *view = sim_memory_view(0, device, 5000);
    assert_true(can_read(view));
    assert_ptr_equal(sim_memory_view(-1, device + 100, 4900), view + 100);
    assert_null(sim_memory_view(0, device + 100, 4901));
    assert_null(sim_memory_view(0, device - 1, 1));
    assert_null(sim_memory_view(1, device, 1));
    assert_null(sim_memory_view(-1, pinned, 1));
    assert_false(sim_memory_free(pinned, false));
    assert_false(sim_memory_free(device + 1, false));
    assert_true(sim_memory_free(pinned, true));
    assert_true(sim_memory_free(device, false));
    assert_false(sim_memory_free(device, false));
    rig_end();
    assert_int_equal(sim_misuses("free_of_nothing"), 3);
}

static void test_limits(void **state) {
    (void)state;
    rig_begin("devices=2;memory=1M;memory@1=2M");
    assert_int_equal(sim_memory_total_bytes(1), 2 << 20);
    void *all = sim_memory_alloc(0, 1 << 20);
    assert_non_null(all);
    assert_int_equal(sim_memory_free_bytes(0), 0);
    assert_null(sim_memory_alloc(0, 1));
    assert_null(sim_memory_alloc(1, 0));
    assert_null(sim_memory_alloc(1, (2 << 20) + 1));
    assert_true(sim_memory_free(all, false));
    assert_int_equal(sim_memory_free_bytes(0), 1 << 20);
    rig_end();
}

static void test_write_beyond(void **state) {
    (void)state;
    rig_begin("");
    void *device = sim_memory_alloc(0, 33);
    memset(sim_memory_view(0, device, 33), 0, 34);
    assert_true(sim_memory_free(device, false));
    rig_end();
    assert_int_equal(sim_misuses("write_beyond_allocation"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_host_cannot_read), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_write_beyond)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
