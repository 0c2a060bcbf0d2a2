/* What is left behind: host memory, device memory, descriptors, threads. */
#include <dirent.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"
#include "runtime/base/text.h"

/* Rounds before the count begins, for what is kept on purpose; and those that are counted. */
enum { WARM_UP = 200, PLANS = 1000, WARM_OPENS = 3, OPENS = 10 };

/*
 * What may be left: less than one small allocation a plan; pages of libraries' own pools; on the device, what
 * others on a shared card may take in the meantime, but less than the smallest allocation a plan.
 */
static const double HEAP_BYTES = 64e3, RESIDENT_BYTES = 16e6, DEVICE_BYTES = 256e3;
static const double OPEN_BYTES = 64e3;

typedef struct holdings {
    double heap, resident, device;
    long descriptors, threads;
} holdings;

static long count_entries(const char *path) {
    DIR *folder = opendir(path);
    long count = 0;
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

static double resident_bytes(void) {
    double pages = 0.0;
    long total = 0, held = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%ld %ld", &total, &held) == 2)
        pages = (double)held;
    if (file != NULL)
        fclose(file);
    return pages * (double)sysconf(_SC_PAGESIZE);
}

/* Free memory of a device that is the host's moves by itself; of the others it is a number of the card. */
static double device_bytes(conform_kit *kit) {
    sy_device_info info = {.size = sizeof info};
    bool is_host = (kit->info.flags & (SY_DEVICE_UNIFIED | SY_DEVICE_HOST_PROCESSOR)) != 0;
    if (is_host || kit->on.device == NULL || kit->on.api->device->info(kit->on.device, &info, NULL) != SY_OK)
        return 0.0;
    return -(double)info.free_bytes;
}

static holdings take_stock(conform_kit *kit) {
    struct mallinfo2 heap = mallinfo2();
    return (holdings){.heap = (double)heap.uordblks + (double)heap.hblkhd,
        .resident = resident_bytes(),
        .device = device_bytes(kit),
        .descriptors = count_entries("/proc/self/fd"),
        .threads = count_entries("/proc/self/task")};
}

static void compare(
    conform_kit *kit, const char *what, const holdings *a, const holdings *b, double heap_bound) {
    const double heap = b->heap - a->heap, resident = b->resident - a->resident,
                 device = b->device - a->device;
    if (heap > heap_bound)
        conform_fail(kit, "%s leave %.0f bytes of host memory behind (at most %.0f)", what, heap, heap_bound);
    else if (resident > RESIDENT_BYTES)
        conform_fail(kit, "%s leave %.1f MB more of resident memory (at most %.0f)", what, resident / 1e6,
            RESIDENT_BYTES / 1e6);
    else if (device > DEVICE_BYTES)
        conform_fail(
            kit, "%s leave %.0f bytes of device memory behind (at most %.0f)", what, device, DEVICE_BYTES);
    else if (b->descriptors > a->descriptors)
        conform_fail(kit, "%s leave %ld descriptors open", what, b->descriptors - a->descriptors);
    else if (b->threads > a->threads)
        conform_fail(kit, "%s leave %ld threads behind", what, b->threads - a->threads);
    else
        conform_pass(kit,
            "%s: host %+.0f bytes, resident %+.0f, device %+.0f, descriptors %+ld, threads %+ld", what, heap,
            resident, device, b->descriptors - a->descriptors, b->threads - a->threads);
}

/* One plan and binding of the small problem, launched once. */
static bool make_plan(conform_kit *kit, const conform_small *small) {
    const sy_work_api *work = kit->on.api->work;
    const sy_job *job = &small->job;
    sy_error err = SY_ERROR_INIT;
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    sy_span operands[SY_MAX_TENSORS] = {0};
    uint32_t count = job->resolved.problem.n_in + job->resolved.problem.n_out;
    for (uint32_t i = 0; i < count; i++)
        operands[i] = sy_job_span(job, i, 0);
    sy_span workspace = {job->workspace, 0, job->workspace != NULL ? job->algorithm.workspace_bytes : 0};
    bool ok =
        conform_succeeds(kit, "plan_create",
            work->plan_create(kit->on.device, &job->resolved.problem, job->algorithm.id, &plan, &err),
            &err) &&
        conform_succeeds(kit, "binding_create",
            work->binding_create(plan, kit->on.queue, operands, count, workspace, &binding, &err), &err);
    if (ok && work->run(binding) != SY_OK)
        conform_fail(kit, "run failed");
    ok = ok && conform_sync(kit);
    work->binding_destroy(binding);
    work->plan_destroy(plan);
    return ok;
}

void conform_check_plans(conform_kit *kit, size_t item) {
    holdings before = {0};
    conform_small *small = conform_small_open(kit, 8, 0);
    (void)item;
    for (int i = 0; small != NULL && i < WARM_UP + PLANS && conform_is_fine(kit); i++) {
        if (i % 100 == 0)
            conform_doing(kit, "making plan %d", i);
        if (i == WARM_UP)
            before = take_stock(kit);
        make_plan(kit, small);
    }
    if (small != NULL && conform_is_fine(kit)) {
        holdings after = take_stock(kit);
        compare(kit, "1,000 plans and bindings", &before, &after, HEAP_BYTES);
    }
    conform_small_close(small);
}

void conform_check_devices(conform_kit *kit, size_t item) {
    holdings before = {0}, after;
    (void)item;
    for (int i = 0; i < WARM_OPENS + OPENS && conform_is_fine(kit); i++) {
        conform_close_device(kit);
        if (i == WARM_OPENS)
            before = take_stock(kit);
        if (!conform_bring_up(kit, CONFORM_DEVICE))
            return;
        sy_buffer *buffer = conform_alloc(kit, SY_MEMORY_DEVICE, 4096);
        if (buffer != NULL && conform_put(kit, (sy_span){buffer, 0, 4096}, 1))
            conform_sync(kit);
        conform_free(kit, buffer);
    }
    conform_close_device(kit);
    after = take_stock(kit);
    compare(kit, "ten openings of the device", &before, &after, OPEN_BYTES);
}
