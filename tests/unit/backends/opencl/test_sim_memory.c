/* Memory that is not there: at creation, at the first use, of the host. */
#include "tests/unit/backends/opencl/sim_world.h"

static void expect_too_much(sim_world *w, uint32_t kind, uint64_t bytes, const char *words) {
    sy_buffer *buffer = (sy_buffer *)w;
    assert_int_equal(sim_alloc(w, kind, bytes, &buffer), SY_OUT_OF_MEMORY);
    assert_null(buffer);
    sim_expect_words(w->error.text, words);
}

static uint64_t free_bytes(sim_world *w) {
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w->api->device->info(w->device, &info, NULL), SY_OK);
    return info.free_bytes;
}

static void a_driver_without_memory_says_so(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "memory=1M");
    cl_sim_fail("clCreateBuffer", 1, CL_MEM_OBJECT_ALLOCATION_FAILURE);
    expect_too_much(&w, SY_MEMORY_DEVICE, 4096, "4096");
    cl_sim_fail("clCreateBuffer", 1, CL_OUT_OF_RESOURCES);
    expect_too_much(&w, SY_MEMORY_PINNED, 4096, "CL_OUT_OF_RESOURCES");
    cl_sim_fail("clEnqueueMapBuffer", 1, CL_MAP_FAILURE);
    sy_buffer *buffer = NULL;
    assert_true(sim_alloc(&w, SY_MEMORY_PINNED, 4096, &buffer) != SY_OK);
    sim_expect_words(w.error.text, "CL_MAP_FAILURE");
    assert_int_equal(free_bytes(&w), 1 << 20); /* what failed takes nothing */
    sim_end(&w);
}

/* On the host's own processor large buffers are memory of ours: it goes with them, whatever fails. */
static void large_buffers_of_the_host_go_whole(void **state) {
    (void)state;
    static const char *const functions[] = {"clCreateBuffer", "clEnqueueMigrateMemObjects", "clFinish"};
    sim_world w = {0};
    sy_buffer *buffer = NULL;
    sim_open(&w, "unified=1;memory=64M");
    for (int i = 0; i < 3; i++) {
        cl_sim_fail(functions[i], 1, CL_OUT_OF_RESOURCES);
        expect_too_much(&w, SY_MEMORY_DEVICE, (4 << 20) + 1, "CL_OUT_OF_RESOURCES");
    }
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, (4 << 20) + 1, &buffer), SY_OK);
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){buffer, 4 << 20, 1}, 1, NULL), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    w.api->memory->free(buffer);
    assert_int_equal(free_bytes(&w), 64 << 20);
    sim_end(&w);
}

static void more_than_there_is_is_refused(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "memory=1M;alloc=512K");
    sy_buffer *buffer[2] = {NULL, NULL};
    expect_too_much(&w, SY_MEMORY_DEVICE, (512 << 10) + 1, "524288");
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 512 << 10, &buffer[0]), SY_OK);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 256 << 10, &buffer[1]), SY_OK);
    expect_too_much(&w, SY_MEMORY_DEVICE, (256 << 10) + 1, "262144 free");
    w.api->memory->free(buffer[0]);
    w.api->memory->free(buffer[1]);
    assert_int_equal(free_bytes(&w), 1 << 20);
    sim_end(&w);
}

/* Another program has taken some: the driver only finds out when the buffer is used. */
static void memory_that_is_missed_late_is_missed_at_allocation(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "memory=1M;commit=enqueue");
    sy_buffer *buffer = NULL;
    for (int times = 0; times < 3; times++) {
        cl_sim_fail("clEnqueueMigrateMemObjects", 1, CL_MEM_OBJECT_ALLOCATION_FAILURE);
        expect_too_much(&w, SY_MEMORY_DEVICE, 4096, "CL_MEM_OBJECT_ALLOCATION_FAILURE");
    }
    cl_sim_fail_command("clEnqueueMigrateMemObjects", 1, CL_OUT_OF_RESOURCES);
    (void)sim_alloc(&w, SY_MEMORY_DEVICE, 4096, &buffer); /* late and silent: nothing of it may stay */
    w.api->memory->free(buffer);
    assert_int_equal(free_bytes(&w), 1 << 20);
    sim_end(&w);
}

/* A launch that finds no memory is an error of its row: told by the sync behind it, and by no other one. */
static void memory_that_is_missed_at_a_launch_is_that_rows_error(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    cl_sim_fail("clEnqueueNDRangeKernel", 2, CL_MEM_OBJECT_ALLOCATION_FAILURE);
    assert_int_equal(w.api->work->run(work.binding), SY_OK);
    assert_int_equal(w.api->work->run(work.binding), SY_OUT_OF_MEMORY);
    assert_int_equal(sim_sync(&w), SY_OUT_OF_MEMORY);
    sim_expect_words(w.error.text, "CL_MEM_OBJECT_ALLOCATION_FAILURE");
    assert_int_equal(w.error.vendor_code, CL_MEM_OBJECT_ALLOCATION_FAILURE);
    assert_int_equal(w.api->work->run(work.binding), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void expect_bytes_back(const char *settings) {
    sim_world w = {0};
    sim_open(&w, settings);
    sy_buffer *a = NULL, *b = NULL, *pinned = NULL, *mine = NULL;
    char host[64];
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 64, &a), SY_OK);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 64, &b), SY_OK);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_PINNED, 64, &pinned), SY_OK);
    assert_int_equal(w.api->memory->import(w.device, host, sizeof host, &mine, NULL), SY_OK);
    assert_null(w.api->memory->host_ptr(a));
    char *seen = w.api->memory->host_ptr(pinned);
    for (int i = 0; i < 64; i++)
        seen[i] = (char)i;
    const sy_memory_api *memory = w.api->memory;
    assert_int_equal(memory->copy(w.queue, (sy_span){a, 0, 64}, (sy_span){pinned, 0, 64}, NULL), SY_OK);
    assert_int_equal(memory->fill(w.queue, (sy_span){a, 3, 5}, 0xee, NULL), SY_OK);
    assert_int_equal(memory->copy(w.queue, (sy_span){b, 1, 63}, (sy_span){a, 0, 63}, NULL), SY_OK);
    assert_int_equal(memory->copy(w.queue, (sy_span){mine, 0, 63}, (sy_span){b, 1, 63}, NULL), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    for (int i = 0; i < 63; i++)
        assert_int_equal((unsigned char)host[i], i >= 3 && i < 8 ? 0xee : i);
    memory->free(a);
    memory->free(b);
    memory->free(pinned);
    memory->free(mine);
    sim_end(&w);
}

static void bytes_come_back(void **state) {
    (void)state;
    expect_bytes_back("");
    expect_bytes_back("unified=1"); /* the host's own processor */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_driver_without_memory_says_so),
        cmocka_unit_test(large_buffers_of_the_host_go_whole), cmocka_unit_test(more_than_there_is_is_refused),
        cmocka_unit_test(memory_that_is_missed_late_is_missed_at_allocation),
        cmocka_unit_test(memory_that_is_missed_at_a_launch_is_that_rows_error),
        cmocka_unit_test(bytes_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
