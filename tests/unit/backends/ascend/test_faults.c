/* Everything once, with the k-th call of the system or of the vendor failing: an error with words, nothing
 * left, no crash. */
#include "backends/ascend/ascend.h"
#include "runtime/base/seam.h"
#include "tests/unit/backends/ascend/rig.h"

#define GEMM "gemm:m=16,n=24,k=32"

static const char *option(void *ctx, const char *key) {
    return strcmp(key, "ascend_folder") == 0 ? ctx : NULL;
}

typedef struct life {
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_buffer *buffer;
    sy_plan *plan;
    sy_binding *binding;
    sy_error error;
} life;

static sy_status begin(life *it, char *folder) {
    sy_host host = {.size = sizeof host, .ctx = folder, .option = option};
    sy_status status = sy_card_create(&ascend_model, &host, &it->backend, &it->error);
    if (status == SY_OK)
        status = sy_card_device_api.open(it->backend, 0, "", &it->device, &it->error);
    if (status == SY_OK)
        status = sy_card_queue_api.create(it->device, &it->queue, &it->error);
    if (status == SY_OK)
        status = sy_card_memory_api.alloc(it->device, SY_MEMORY_DEVICE, 65536, &it->buffer, &it->error);
    return status;
}

static sy_status work(life *it) {
    sy_algorithm algorithm = {.size = sizeof algorithm};
    const sy_span operand[4] = {
        {it->buffer, 0, 2048}, {it->buffer, 2048, 3072}, {0}, {it->buffer, 8192, 1536}};
    sy_status status = sy_card_work_api.algorithm(it->device, rig_problem(GEMM), 0, &algorithm, &it->error);
    if (status == SY_OK)
        status =
            sy_card_work_api.plan_create(it->device, rig_problem(GEMM), algorithm.id, &it->plan, &it->error);
    if (status == SY_OK)
        status = sy_card_work_api.binding_create(
            it->plan, it->queue, operand, 4, (sy_span){it->buffer, 16384, 32768}, &it->binding, &it->error);
    if (status == SY_OK)
        (void)sy_card_work_api.run(it->binding);
    return status == SY_OK ? sy_card_queue_api.sync(it->queue, UINT64_MAX, &it->error) : status;
}

static void end(life *it) {
    sy_card_work_api.binding_destroy(it->binding);
    sy_card_work_api.plan_destroy(it->plan);
    sy_card_memory_api.free(it->buffer);
    sy_card_queue_api.destroy(it->queue);
    if (it->device != NULL)
        sy_card_device_api.close(it->device);
    sy_card_destroy(it->backend);
}

/* One life in a world of its own; what was armed is disarmed before anything is let go of. */
static sy_status live(const char *function, uint32_t kinds, uint64_t k) {
    rig r;
    life it = {.error = SY_ERROR_INIT};
    rig_begin(&r, "ascend", ""); /* finds the simulation, and leaves CANN started */
    if (function == NULL)
        sy_seam_arm(kinds, k);
    else
        sim.fail_call(function, (int64_t)k, 507899);
    sy_status status = begin(&it, r.path);
    if (status == SY_OK)
        status = work(&it);
    (void)sy_seam_disarm();
    sim.disarm();
    if (status != SY_OK)
        assert_true(strlen(it.error.text) > 10);
    end(&it);
    rig_end_with(&r, 0);
    return status;
}

static void the_system_may_fail(void **state) {
    static const uint32_t kinds[] = {SY_SEAM_ALLOC, SY_SEAM_DYNLIB, SY_SEAM_FILE, SY_SEAM_CLOCK};
    uint64_t failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (uint64_t k = 1; k <= 12; k++)
            failed += live(NULL, kinds[i], k) != SY_OK;
    assert_true(failed >= 6);
}

static void the_vendor_may_fail(void **state) {
    static const struct {
        const char *function;
        uint64_t calls; /* each of which, failing, fails the whole */
    } rows[] = {{"aclInit", 1}, {"aclrtGetDeviceCount", 1}, {"aclrtSetDevice", 2}, {"aclrtMalloc", 2},
        {"aclrtMemcpy", 1}, {"aclrtCreateStreamWithConfig", 1}, {"aclnnMmGetWorkspaceSize", 3},
        {"aclCreateTensor", 6}, {"aclnnMm", 1}, {"aclrtSynchronizeStream", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint64_t k = 1; k <= rows[i].calls; k++)
            if (live(rows[i].function, 0, k) == SY_OK)
                fail_msg(
                    "%s failed at call %llu, and nobody minded", rows[i].function, (unsigned long long)k);
        assert_int_equal(live(rows[i].function, 0, 100), SY_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_may_fail), cmocka_unit_test(the_vendor_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
