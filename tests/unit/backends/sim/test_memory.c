/* Memory of the simulated device: out of the host's reach, counted, bounded. */
#include "tests/unit/backends/sim/world.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Address sanitizers catch the signal themselves; the child wants to die of it. */
static int signal_of_child(const char *address, bool writes) {
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        volatile char *touched = (volatile char *)(uintptr_t)address;
        if (writes)
            *touched = 1;
        else
            (void)*touched;
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void the_host_cannot_touch_device_memory(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *buffer = device_memory(&w, 10000);
    assert_null(w.api->memory->host_ptr(buffer));
    assert_int_equal(signal_of_child(buffer->memory, false), SIGSEGV);
    assert_int_equal(signal_of_child(buffer->memory + 9999, true), SIGSEGV);
    const float seven = 7.0f;
    put(&w, span_of(buffer, 0, 1), &seven);
    assert_true(get_one(&w, buffer, 0) == 7.0f);
    assert_int_equal(signal_of_child(buffer->memory, false), SIGSEGV); /* closed again after work on it */
    w.api->memory->free(buffer);
    close_world(&w);
}

static void the_host_can_use_pinned_and_imported_memory(void **state) {
    (void)state;
    world w = open_world("");
    float mine[4] = {1, 2, 3, 4}, back[4] = {0};
    sy_buffer *imported = NULL, *device = device_memory(&w, sizeof mine);
    assert_int_equal(w.api->memory->import(w.device, mine, sizeof mine, &imported, NULL), SY_OK);
    assert_ptr_equal(w.api->memory->host_ptr(imported), mine);
    assert_int_equal(
        w.api->memory->copy(w.queue, span_of(device, 0, 4), span_of(imported, 0, 4), NULL), SY_OK);
    get(&w, span_of(device, 0, 4), back);
    assert_memory_equal(mine, back, sizeof mine);
    w.api->memory->free(imported);
    assert_true(mine[3] == 4.0f); /* still ours */
    w.api->memory->free(device);
    close_world(&w);
}

static void the_device_can_be_full(void **state) {
    (void)state;
    world w = open_world("memory=1M");
    sy_device_info info = {.size = sizeof info};
    sy_error error = SY_ERROR_INIT;
    sy_buffer *first = device_memory(&w, 600 << 10), *second = NULL;
    assert_int_equal(
        w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, 600 << 10, &second, &error), SY_OUT_OF_MEMORY);
    assert_null(second);
    assert_string_equal(error.text, "sim: 614400 bytes wanted, 434176 free on the device");
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_true(info.free_bytes == 434176 && info.memory_bytes == 1 << 20);
    w.api->memory->free(first);
    second = device_memory(&w, 1 << 20);
    w.api->memory->free(second);
    close_world(&w);
}

static void odd_allocations_are_refused(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *buffer = w.pinned;
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, 0, &buffer, NULL), SY_INVALID_ARGUMENT);
    assert_null(buffer);
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_SHARED, 64, &buffer, NULL), SY_UNSUPPORTED);
    assert_int_equal(w.api->memory->alloc(w.device, 0, 64, &buffer, NULL), SY_UNSUPPORTED);
    assert_int_equal(w.api->memory->alloc(w.device, 77, 64, &buffer, NULL), SY_UNSUPPORTED);
    assert_int_equal(
        w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, UINT64_MAX, &buffer, NULL), SY_OUT_OF_MEMORY);
    assert_int_not_equal(w.api->memory->alloc(w.device, SY_MEMORY_PINNED, UINT64_MAX, &buffer, NULL), SY_OK);
    assert_int_equal(w.api->memory->import(w.device, NULL, 64, &buffer, NULL), SY_INVALID_ARGUMENT);
    assert_null(buffer);
    w.api->memory->free(NULL);
    close_world(&w);
}

static void copies_outside_of_buffers_are_refused(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *a = device_memory(&w, 64), *b = device_memory(&w, 64);
    const sy_span whole = {a, 0, 64};
    const sy_span bad[] = {{b, 1, 64}, {b, 65, 0}, {b, 64, 1}, {b, UINT64_MAX, 2}, {b, 2, UINT64_MAX},
        {NULL, 0, 64}, {b, 0, 63}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(w.api->memory->copy(w.queue, bad[i], whole, NULL), SY_INVALID_ARGUMENT);
        assert_int_equal(w.api->memory->copy(w.queue, whole, bad[i], NULL), SY_INVALID_ARGUMENT);
        if (bad[i].bytes != 63)
            assert_int_equal(w.api->memory->fill(w.queue, bad[i], 0, NULL), SY_INVALID_ARGUMENT);
    }
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){a, 64, 0}, 0, NULL), SY_OK);
    w.api->memory->free(a);
    w.api->memory->free(b);
    close_world(&w);
}

static void copies_take_the_time_of_their_way(void **state) {
    (void)state;
    world w = open_world("bw=1G,link=100M,launch=0");
    sy_buffer *a = device_memory(&w, 1 << 20), *b = device_memory(&w, 1 << 20), *host = NULL;
    uint64_t begin = 0, end = 0;
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_PINNED, 1 << 20, &host, NULL), SY_OK);
    const struct {
        sy_span to, from;
        double expected_ns;
    } rows[] = {{{a, 0, 1 << 20}, {b, 0, 1 << 20}, 1048576e9 / 0.5e9},
        {{a, 0, 1 << 20}, {host, 0, 1 << 20}, 1048576e9 / 100e6},
        {{host, 0, 1 << 20}, {a, 0, 1 << 20}, 1048576e9 / 100e6}};
    for (size_t i = 0; i < 3; i++) {
        w.api->device->clock_now(w.device, &begin);
        assert_int_equal(w.api->memory->copy(w.queue, rows[i].to, rows[i].from, NULL), SY_OK);
        assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
        w.api->device->clock_now(w.device, &end);
        double taken_ns = (double)(end - begin);
        assert_true(taken_ns >= rows[i].expected_ns && taken_ns < rows[i].expected_ns + 5e3);
    }
    w.api->memory->free(a);
    w.api->memory->free(b);
    w.api->memory->free(host);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_host_cannot_touch_device_memory),
        cmocka_unit_test(the_host_can_use_pinned_and_imported_memory),
        cmocka_unit_test(the_device_can_be_full), cmocka_unit_test(odd_allocations_are_refused),
        cmocka_unit_test(copies_outside_of_buffers_are_refused),
        cmocka_unit_test(copies_take_the_time_of_their_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
