/* Query, open, memory, copies, queue and events through the table; failures of every allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/cpu.h"
#include "runtime/base/seam.h"
#include "tests/unit/backends/cpu/rig.h"

static int open_rig(void **state) {
    static rig r;
    r = (rig){0};
    rig_open(&r, "");
    *state = &r;
    return 0;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

static void query_checks_the_major_version(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    assert_non_null(sy_cpu_query(SY_ABI_MAJOR, 99, &err));
    assert_null(sy_cpu_query(SY_ABI_MAJOR + 1, 0, &err));
    assert_non_null(strstr(err.text, "interface"));
    assert_null(sy_cpu_query(0, 0, NULL));
}

static void works_without_host_services(void **state) {
    (void)state;
    const sy_backend_api *api = sy_cpu_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    sy_backend *backend = NULL;
    uint32_t count = 0;
    assert_int_equal(api->create(NULL, &backend, NULL), SY_OK);
    assert_int_equal(api->device->count(backend, &count, NULL), SY_OK);
    assert_int_equal(count, 1);
    api->destroy(backend);
    api->destroy(NULL);
    api->device->close(NULL);
    api->queue->destroy(NULL);
    api->memory->free(NULL);
    api->work->plan_destroy(NULL);
    api->work->binding_destroy(NULL);
}

static void describe_fills_only_the_callers_size(void **state) {
    const rig *r = *state;
    struct {
        sy_device_info info;
        unsigned char guard[8];
    } box;
    memset(&box, 0x5a, sizeof box);
    box.info.size = offsetof(sy_device_info, isa);
    assert_int_equal(r->api->device->describe(r->backend, 0, &box.info, NULL), SY_OK);
    assert_int_equal(box.info.isa[0], 0x5a);
    assert_int_equal(box.info.flags, SY_DEVICE_UNIFIED | SY_DEVICE_HOST_PROCESSOR);
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(r->api->device->info(r->device, &info, NULL), SY_OK);
    assert_true(strlen(info.name) > 0 && strncmp(info.uuid, "cpu-", 4) == 0);
    assert_true(info.memory_bytes > 0 && info.free_bytes > 0 && info.units >= 1 && info.base_align == 64);
    assert_true(
        (info.dtypes & SY_DTYPE_BIT(SY_BF16)) != 0 && (info.dtypes & SY_DTYPE_BIT(SY_DTYPE_NONE)) == 0);
    assert_int_equal(r->api->device->describe(r->backend, 1, &info, NULL), SY_INVALID_ARGUMENT);
}

static void open_reads_its_parameters(void **state) {
    const rig *r = *state;
    static const char *const bad[] = {
        "threads=0", "threads=100000", "threads=x", "threads", "bind=2", "speed=9", "threads=1,,oops=1"};
    sy_device *device = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(r->api->device->open(r->backend, 0, bad[i], &device, &err), SY_INVALID_ARGUMENT);
        assert_null(device);
        assert_non_null(strstr(err.text, "threads"));
    }
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(r->api->device->open(r->backend, 0, "bind=0,threads=1", &device, NULL), SY_OK);
    r->api->device->info(device, &info, NULL);
    assert_int_equal(info.units, 1);
    r->api->device->close(device);
    assert_int_equal(r->api->device->open(r->backend, 1, "", &device, NULL), SY_INVALID_ARGUMENT);
}

static void bad_options_are_refused(void **state) {
    (void)state;
    static rig r;
    sy_error err = SY_ERROR_INIT;
    r = (rig){.host = {.threads = "many"}};
    rig_make_host(&r);
    assert_int_equal(r.api->create(&r.table, &r.backend, &err), SY_INVALID_ARGUMENT);
    assert_null(r.backend);
    r.host = (rig_host){.isa = "avx9"};
    assert_int_equal(r.api->create(&r.table, &r.backend, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "avx9"));
}

static const uint64_t sizes[] = {1, 63, 4096, 300000, (2u << 20) + 12345};

static void copies_and_fills_are_exact(void **state) {
    const rig *r = *state;
    const sy_memory_api *memory = r->api->memory;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint64_t bytes = sizes[i];
        sy_buffer *a = NULL, *b = NULL;
        assert_int_equal(memory->alloc(r->device, SY_MEMORY_DEVICE, bytes + 2, &a, NULL), SY_OK);
        assert_int_equal(memory->alloc(r->device, SY_MEMORY_PINNED, bytes + 2, &b, NULL), SY_OK);
        unsigned char *from = memory->host_ptr(a), *to = memory->host_ptr(b);
        assert_int_equal((uintptr_t)from % 64, 0);
        for (uint64_t j = 0; j < bytes + 2; j++)
            from[j] = (unsigned char)(j * 7 + 1);
        assert_int_equal(memory->fill(r->queue, (sy_span){b, 0, bytes + 2}, 0xee, NULL), SY_OK);
        assert_int_equal(memory->copy(r->queue, (sy_span){b, 1, bytes}, (sy_span){a, 1, bytes}, NULL), SY_OK);
        assert_int_equal(r->api->queue->sync(r->queue, UINT64_MAX, NULL), SY_OK);
        assert_int_equal(to[0], 0xee);
        assert_int_equal(to[bytes + 1], 0xee);
        assert_memory_equal(to + 1, from + 1, bytes);
        memory->free(a);
        memory->free(b);
    }
}

static void bad_spans_are_refused(void **state) {
    const rig *r = *state;
    const sy_memory_api *memory = r->api->memory;
    sy_buffer *a = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(memory->alloc(r->device, SY_MEMORY_DEVICE, 100, &a, NULL), SY_OK);
    const sy_span bad[] = {{a, 101, 0}, {a, 0, 101}, {a, 50, UINT64_MAX}, {a, UINT64_MAX, 1}, {NULL, 0, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(memory->fill(r->queue, bad[i], 0, &err), SY_INVALID_ARGUMENT);
        assert_int_equal(memory->copy(r->queue, bad[i], (sy_span){a, 0, 1}, &err), SY_INVALID_ARGUMENT);
        assert_int_equal(memory->copy(r->queue, (sy_span){a, 0, 1}, bad[i], &err), SY_INVALID_ARGUMENT);
    }
    assert_int_equal(
        memory->copy(r->queue, (sy_span){a, 0, 10}, (sy_span){a, 50, 11}, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(
        memory->copy(r->queue, (sy_span){a, 0, 10}, (sy_span){a, 9, 10}, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "overlap"));
    assert_int_equal(memory->copy(r->queue, (sy_span){a, 0, 10}, (sy_span){a, 10, 10}, &err), SY_OK);
    assert_int_equal(memory->fill(r->queue, (sy_span){a, 100, 0}, 0, &err), SY_OK);
    memory->free(a);
}

static void allocation_refuses_what_cannot_be(void **state) {
    const rig *r = *state;
    const sy_memory_api *memory = r->api->memory;
    sy_buffer *a = (sy_buffer *)&a;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(memory->alloc(r->device, SY_MEMORY_DEVICE, 0, &a, &err), SY_INVALID_ARGUMENT);
    assert_null(a);
    assert_int_equal(memory->alloc(r->device, SY_MEMORY_IMPORTED, 8, &a, &err), SY_UNSUPPORTED);
    assert_int_equal(memory->alloc(r->device, 77, 8, &a, &err), SY_UNSUPPORTED);
    assert_int_equal(
        memory->alloc(r->device, SY_MEMORY_DEVICE, UINT64_C(1) << 60, &a, &err), SY_OUT_OF_MEMORY);
    assert_non_null(strstr(err.text, "wanted"));
    assert_non_null(strstr(err.text, "free"));
    assert_int_equal(memory->import(r->device, NULL, 8, &a, &err), SY_INVALID_ARGUMENT);
}

static void imported_memory_stays_the_callers(void **state) {
    const rig *r = *state;
    unsigned char mine[64] = {0};
    sy_buffer *a = NULL;
    assert_int_equal(r->api->memory->import(r->device, mine, sizeof mine, &a, NULL), SY_OK);
    assert_ptr_equal(r->api->memory->host_ptr(a), mine);
    r->api->memory->fill(r->queue, (sy_span){a, 1, 62}, 7, NULL);
    r->api->memory->free(a);
    assert_true(mine[0] == 0 && mine[1] == 7 && mine[62] == 7 && mine[63] == 0);
}

static void events_are_always_over(void **state) {
    const rig *r = *state;
    const sy_queue_api *queue = r->api->queue;
    sy_event *event = NULL;
    uint32_t done = 0;
    assert_int_equal(queue->event_create(r->device, &event, NULL), SY_OK);
    assert_int_equal(queue->event_record(event, r->queue, NULL), SY_OK);
    assert_int_equal(queue->event_wait(r->queue, event, NULL), SY_OK);
    assert_int_equal(queue->event_query(event, &done, NULL), SY_OK);
    assert_int_equal(done, 1);
    queue->event_destroy(event);
    assert_null((void *)(uintptr_t)queue->timer_create);
}

/* Create, open, queue, one problem: with the k-th call of each kind failing, for every k until none is left.
 */
static sy_status whole_life(rig *r, sy_error *err) {
    rig_case c = {0};
    rig_make_host(r);
    r->queue = NULL;
    r->device = NULL;
    sy_status status = r->api->create(&r->table, &r->backend, err);
    if (status != SY_OK)
        return status;
    status = r->api->device->open(r->backend, 0, "threads=1", &r->device, err);
    if (status == SY_OK)
        status = r->api->queue->create(r->device, &r->queue, err);
    if (status == SY_OK)
        status = rig_run(r, "gemm:m=5,n=40,k=9", "native", 1, &c, err);
    rig_release(r, &c);
    r->api->queue->destroy(r->queue);
    r->api->device->close(r->device);
    r->api->destroy(r->backend);
    return status;
}

static void every_failure_is_clean(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_SEAM_ALLOC, SY_SEAM_FILE};
    for (size_t i = 0; i < 2; i++) {
        uint64_t seen = 0, k = 0;
        do {
            static rig r;
            sy_error err = SY_ERROR_INIT;
            r = (rig){0};
            sy_seam_arm(kinds[i], ++k);
            sy_status status = whole_life(&r, &err);
            seen = sy_seam_disarm();
            if (status != SY_OK)
                assert_true(err.text[0] != '\0');
            if (k > seen)
                assert_int_equal(status, SY_OK);
            else if (kinds[i] == SY_SEAM_ALLOC) /* a candidate that is not chosen may have failed instead */
                assert_true(status == SY_OUT_OF_MEMORY || status == SY_OK);
        } while (k <= seen);
        assert_true(k > 3);
    }
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_rig, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_checks_the_major_version),
        cmocka_unit_test(works_without_host_services),
        OPENED(describe_fills_only_the_callers_size),
        OPENED(open_reads_its_parameters),
        cmocka_unit_test(bad_options_are_refused),
        OPENED(copies_and_fills_are_exact),
        OPENED(bad_spans_are_refused),
        OPENED(allocation_refuses_what_cannot_be),
        OPENED(imported_memory_stays_the_callers),
        OPENED(events_are_always_over),
        cmocka_unit_test(every_failure_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
