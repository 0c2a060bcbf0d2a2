/* Memory: kinds, copies in all directions, fills, and what is refused. */
#include "tests/unit/backends/opencl/world.h"

enum { BYTES = 1031 };

static void count_up(unsigned char *bytes, size_t count, unsigned from) {
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(from + 7 * i);
}

static void copies_go_in_all_directions(void **state) {
    world w = {0};
    unsigned char from[BYTES], to[BYTES] = {0}, expected[BYTES] = {0};
    (void)state;
    world_open(&w, "");
    sy_buffer *a = world_alloc(&w, SY_MEMORY_DEVICE, BYTES), *b = world_alloc(&w, SY_MEMORY_DEVICE, BYTES);
    sy_buffer *pinned = world_alloc(&w, SY_MEMORY_PINNED, BYTES);
    count_up(from, BYTES, 3);
    world_put(&w, world_span(a, 0, BYTES), from);
    assert_int_equal(
        w.api->memory->copy(w.queue, world_span(b, 5, 1000), world_span(a, 17, 1000), NULL), SY_OK);
    assert_int_equal(
        w.api->memory->copy(w.queue, world_span(pinned, 3, 900), world_span(b, 7, 900), NULL), SY_OK);
    world_sync(&w);
    memcpy(expected, from + 19, 900);
    assert_memory_equal((char *)w.api->memory->host_ptr(pinned) + 3, expected, 900);
    count_up(w.api->memory->host_ptr(pinned), BYTES, 90);
    assert_int_equal(
        w.api->memory->copy(w.queue, world_span(a, 1, 64), world_span(pinned, 2, 64), NULL), SY_OK);
    world_get(&w, world_span(a, 0, BYTES), to);
    memcpy(expected, from, BYTES);
    memcpy(expected + 1, (char *)w.api->memory->host_ptr(pinned) + 2, 64);
    assert_memory_equal(to, expected, BYTES);
    w.api->memory->free(a);
    w.api->memory->free(b);
    w.api->memory->free(pinned);
    world_close(&w);
}

static void fills_stay_inside(void **state) {
    world w = {0};
    unsigned char bytes[BYTES], expected[BYTES];
    (void)state;
    world_open(&w, "");
    sy_buffer *device = world_alloc(&w, SY_MEMORY_DEVICE, BYTES);
    sy_buffer *pinned = world_alloc(&w, SY_MEMORY_PINNED, BYTES);
    count_up(bytes, BYTES, 1);
    memcpy(expected, bytes, BYTES);
    memset(expected + 13, 0xab, 501);
    world_put(&w, world_span(device, 0, BYTES), bytes);
    assert_int_equal(w.api->memory->fill(w.queue, world_span(device, 13, 501), 0xab, NULL), SY_OK);
    world_get(&w, world_span(device, 0, BYTES), bytes);
    assert_memory_equal(bytes, expected, BYTES);
    memset(w.api->memory->host_ptr(pinned), 0, BYTES);
    assert_int_equal(w.api->memory->fill(w.queue, world_span(pinned, 13, 501), 0xab, NULL), SY_OK);
    world_sync(&w);
    assert_memory_equal((char *)w.api->memory->host_ptr(pinned) + 13, expected + 13, 501);
    assert_int_equal(((unsigned char *)w.api->memory->host_ptr(pinned))[514], 0);
    w.api->memory->free(device);
    w.api->memory->free(pinned);
    world_close(&w);
}

static void nothing_is_no_work(void **state) {
    world w = {0};
    unsigned char byte = 77;
    (void)state;
    world_open(&w, "");
    sy_buffer *a = world_alloc(&w, SY_MEMORY_DEVICE, 1), *b = world_alloc(&w, SY_MEMORY_DEVICE, 1);
    world_put(&w, world_span(a, 0, 1), &byte);
    assert_int_equal(w.api->memory->copy(w.queue, world_span(b, 1, 0), world_span(a, 0, 0), NULL), SY_OK);
    assert_int_equal(w.api->memory->fill(w.queue, world_span(a, 0, 0), 5, NULL), SY_OK);
    byte = 0;
    world_get(&w, world_span(a, 0, 1), &byte);
    assert_int_equal(byte, 77);
    w.api->memory->free(a);
    w.api->memory->free(b);
    w.api->memory->free(NULL);
    world_close(&w);
}

static void only_hosts_memory_has_an_address(void **state) {
    world w = {0};
    char memory[8];
    (void)state;
    world_open(&w, "");
    sy_buffer *device = world_alloc(&w, SY_MEMORY_DEVICE, 8);
    sy_buffer *pinned = world_alloc(&w, SY_MEMORY_PINNED, 8), *imported = world_import(&w, memory, 8);
    assert_null(w.api->memory->host_ptr(device));
    assert_non_null(w.api->memory->host_ptr(pinned));
    assert_ptr_equal(w.api->memory->host_ptr(imported), memory);
    w.api->memory->free(device);
    w.api->memory->free(pinned);
    w.api->memory->free(imported);
    world_close(&w);
}

static void kinds_and_sizes_are_refused(void **state) {
    world w = {0};
    char memory[8];
    sy_buffer *none = (sy_buffer *)memory;
    const sy_memory_api *memory_api;
    (void)state;
    world_open(&w, "");
    memory_api = w.api->memory;
    world_refused(
        memory_api->alloc(w.device, SY_MEMORY_SHARED, 8, &none, err), SY_UNSUPPORTED, "shared memory");
    assert_null(none);
    world_refused(memory_api->alloc(w.device, SY_MEMORY_IMPORTED, 8, &none, err), SY_UNSUPPORTED, "kind 4");
    world_refused(memory_api->alloc(w.device, 99, 8, &none, err), SY_UNSUPPORTED, "kind 99");
    world_refused(
        memory_api->alloc(w.device, SY_MEMORY_DEVICE, 0, &none, err), SY_INVALID_ARGUMENT, "0 bytes");
    world_refused(memory_api->import(w.device, NULL, 8, &none, err), SY_INVALID_ARGUMENT, "nothing");
    world_refused(memory_api->import(w.device, memory, 0, &none, err), SY_INVALID_ARGUMENT, "nothing");
    world_close(&w);
}

static void more_than_there_is_says_wanted_and_free(void **state) {
    world w = {0};
    sy_buffer *none = NULL;
    sy_device_info info = {.size = sizeof info};
    char words[64];
    (void)state;
    world_open(&w, "");
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_int_equal(info.free_bytes, info.memory_bytes);
    world_refused(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, info.max_alloc_bytes + 1, &none, err),
        SY_OUT_OF_MEMORY, "largest allocation");
    world_refused(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, UINT64_MAX, &none, err), SY_OUT_OF_MEMORY,
        "18446744073709551615 bytes wanted");
    w.device->traits.max_alloc_bytes = 0; /* a driver that does not tell */
    world_refused(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, UINT64_MAX, &none, err), SY_OUT_OF_MEMORY,
        "free on the device");
    sy_buffer *buffer = world_alloc(&w, SY_MEMORY_DEVICE, 1000);
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_int_equal(info.free_bytes, info.memory_bytes - 1000);
    snprintf(words, sizeof words, "%llu bytes wanted, %llu free", (unsigned long long)info.memory_bytes,
        (unsigned long long)info.free_bytes);
    world_refused(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, info.memory_bytes, &none, err),
        SY_OUT_OF_MEMORY, words);
    w.api->memory->free(buffer);
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_int_equal(info.free_bytes, info.memory_bytes);
    world_close(&w);
}

static void copies_outside_are_refused(void **state) {
    world w = {0};
    char memory[64];
    (void)state;
    world_open(&w, "");
    sy_device *second = NULL;
    assert_int_equal(w.api->device->open(w.backend, 0, "", &second, NULL), SY_OK);
    sy_buffer *a = world_alloc(&w, SY_MEMORY_DEVICE, 64), *host = world_import(&w, memory, 64), *other = NULL;
    assert_int_equal(w.api->memory->alloc(second, SY_MEMORY_DEVICE, 64, &other, NULL), SY_OK);
    const struct {
        sy_span dst, src;
        const char *words;
    } bad[] = {
        {world_span(a, 0, 65), world_span(host, 0, 65), "outside"},
        {world_span(a, 64, 1), world_span(host, 0, 1), "outside"},
        {world_span(a, UINT64_MAX, 2), world_span(host, 0, 2), "outside"},
        {world_span(a, 0, 8), world_span(host, 60, 8), "outside"},
        {world_span(NULL, 0, 8), world_span(host, 0, 8), "outside"},
        {world_span(a, 0, 8), world_span(NULL, 0, 8), "outside"},
        {world_span(a, 0, 8), world_span(host, 0, 4), "unequal"},
        {world_span(host, 0, 8), world_span(host, 8, 8), "without an end"},
        {world_span(other, 0, 8), world_span(a, 0, 8), "another device"},
        {world_span(a, 0, 8), world_span(other, 0, 8), "another device"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        world_refused(
            w.api->memory->copy(w.queue, bad[i].dst, bad[i].src, err), SY_INVALID_ARGUMENT, bad[i].words);
    world_refused(w.api->memory->fill(w.queue, world_span(a, 60, 5), 1, err), SY_INVALID_ARGUMENT, "outside");
    world_refused(
        w.api->memory->fill(w.queue, world_span(other, 0, 5), 1, err), SY_INVALID_ARGUMENT, "another");
    w.api->memory->free(a);
    w.api->memory->free(host);
    w.api->memory->free(other);
    w.api->device->close(second);
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_go_in_all_directions),
        cmocka_unit_test(fills_stay_inside),
        cmocka_unit_test(nothing_is_no_work),
        cmocka_unit_test(only_hosts_memory_has_an_address),
        cmocka_unit_test(kinds_and_sizes_are_refused),
        cmocka_unit_test(more_than_there_is_says_wanted_and_free),
        cmocka_unit_test(copies_outside_are_refused),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
