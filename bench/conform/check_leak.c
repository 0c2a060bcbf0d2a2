/* What is left behind: host memory, device memory, descriptors, threads. */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/sample.h"
#include "bench/conform/small.h"
#include "runtime/base/seam.h"

/* Rounds before the count begins, for what is kept on purpose; those that are counted; and how often they
 * are, as long as something is left behind: a leak is so each time, a pool that has grown or a neighbour on a
 * shared card is not. */
enum {
    WARM_UP = 200,
    PLANS = 1000,
    WARM_OPENS = 3,
    WARM_MODELS = 50,
    MODELS = 200,
    OPENS = 10,
    ATTEMPTS = 3
};

/* What may be left behind of one kind of thing. */
typedef struct allowance {
    double heap, resident, device;
} allowance;

/* Less than one small allocation a plan; and what drivers and libraries may keep of a context: NVIDIA's keep
 * 78 kB of each opening. */
static const allowance of_plans = {.heap = 64e3, .resident = 16e6, .device = 256e3};
/* 5 kB of each: ONNX Runtime keeps 2. */
static const allowance of_models = {.heap = 1e6, .resident = 64e6, .device = 256e3};
static const allowance of_devices = {.heap = 1e6, .resident = 64e6, .device = 64e6};

typedef struct holdings {
    double heap, resident, device;
    long descriptors, threads;
} holdings;

static long count_entries(const char *path) {
    int fd = sy_file_open(path, O_RDONLY | O_DIRECTORY, 0);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    long count = 0;
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    else if (fd >= 0)
        sy_file_close(fd);
    return count;
}

/* The second number of the file, in pages. */
static double resident_bytes(void) {
    char text[128] = "";
    long total = 0, held = 0;
    int fd = sy_file_open("/proc/self/statm", O_RDONLY, 0);
    if (fd < 0)
        return 0.0;
    if (sy_file_read(fd, text, sizeof text - 1) <= 0 || sscanf(text, "%ld %ld", &total, &held) != 2)
        held = 0;
    sy_file_close(fd);
    return (double)held * (double)sysconf(_SC_PAGESIZE);
}

/* Free memory of a device that is the host's moves by itself; of the others it is a number of the card. */
static double device_bytes(const conform_kit *kit) {
    sy_device_info info = {.size = sizeof info};
    bool is_host = (kit->info.flags & (SY_DEVICE_UNIFIED | SY_DEVICE_HOST_PROCESSOR)) != 0;
    if (is_host || kit->on.device == NULL || kit->on.api->device->info(kit->on.device, &info, NULL) != SY_OK)
        return 0.0;
    return -(double)info.free_bytes;
}

static holdings take_stock(const conform_kit *kit) {
    struct mallinfo2 heap = mallinfo2();
    return (holdings){.heap = (double)heap.uordblks + (double)heap.hblkhd,
        .resident = resident_bytes(),
        .device = device_bytes(kit),
        .descriptors = count_entries("/proc/self/fd"),
        .threads = count_entries("/proc/self/task")};
}

/* Whether nothing was left between the two; else what, in `out_text`. */
static bool is_clean(
    const holdings *a, const holdings *b, const allowance *may, char *out_text, size_t capacity) {
    const double heap = b->heap - a->heap, resident = b->resident - a->resident,
                 device = b->device - a->device;
    const long descriptors = b->descriptors - a->descriptors, threads = b->threads - a->threads;
    bool clean = false;
    if (heap > may->heap)
        snprintf(out_text, capacity, "%.0f bytes of host memory (at most %.0f)", heap, may->heap);
    else if (device > may->device)
        snprintf(out_text, capacity, "%.0f bytes of device memory (at most %.0f)", device, may->device);
    else if (descriptors > 0)
        snprintf(out_text, capacity, "%ld descriptors open", descriptors);
    else if (threads > 0)
        snprintf(out_text, capacity, "%ld threads", threads);
    else if (resident > may->resident)
        snprintf(out_text, capacity, "%.1f MB of resident memory (at most %.0f)", resident / 1e6,
            may->resident / 1e6);
    else {
        clean = true;
        snprintf(out_text, capacity,
            "host %+.0f bytes, resident %+.0f, device %+.0f, descriptors %+ld, threads %+ld", heap, resident,
            device, descriptors, threads);
    }
    return clean;
}

/* Rounds of `make`, until one of them leaves nothing. */
static void count_rounds(conform_kit *kit, const char *what, const allowance *may,
    bool (*make)(conform_kit *, void *), void *ctx) {
    char text[256] = "";
    for (int i = 0; i < ATTEMPTS && conform_is_fine(kit); i++) {
        holdings before = take_stock(kit);
        if (!make(kit, ctx))
            return;
        holdings after = take_stock(kit);
        if (is_clean(&before, &after, may, text, sizeof text)) {
            conform_pass(kit, "%s leave behind: %s", what, text);
            return;
        }
    }
    conform_fail(kit, "%s leave behind %s, %d times out of %d", what, text, ATTEMPTS, ATTEMPTS);
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

static bool make_plans(conform_kit *kit, const conform_small *small, int count) {
    for (int i = 0; i < count; i++) {
        if (i % 100 == 0)
            conform_doing(kit, "making plan %d of %d", i + 1, count);
        if (!make_plan(kit, small))
            return false;
    }
    return true;
}

static bool make_all_plans(conform_kit *kit, void *ctx) {
    return make_plans(kit, ctx, PLANS);
}

void conform_check_plans(conform_kit *kit, size_t item) {
    conform_small *small = conform_small_open(kit, 8, 0);
    (void)item;
    if (small != NULL && make_plans(kit, small, WARM_UP))
        count_rounds(kit, "1,000 plans and bindings", &of_plans, make_all_plans, small);
    conform_small_close(small);
}

static bool load_models(conform_kit *kit, int count) {
    for (int i = 0; i < count && conform_is_fine(kit); i++) {
        conform_sample sample;
        bool ok = conform_sample_load(kit, &sample) && conform_sample_take(kit, &sample) &&
                  conform_sample_bind(kit, &sample) && conform_sample_run(kit, &sample);
        conform_sample_close(kit, &sample);
        if (!ok)
            return false;
    }
    return conform_is_fine(kit);
}

static bool load_all(conform_kit *kit, void *ctx) {
    (void)ctx;
    return load_models(kit, MODELS);
}

void conform_check_model_loads(conform_kit *kit, size_t item) {
    (void)item;
    if (load_models(kit, WARM_MODELS))
        count_rounds(kit, "200 models", &of_models, load_all, NULL);
}

/* The device is closed before and after. */
static bool open_devices(conform_kit *kit, int count) {
    for (int i = 0; i < count && conform_is_fine(kit); i++) {
        if (!conform_bring_up(kit, CONFORM_DEVICE))
            return false;
        sy_buffer *buffer = conform_alloc(kit, SY_MEMORY_DEVICE, 4096);
        if (buffer != NULL && conform_put(kit, (sy_span){buffer, 0, 4096}, 1))
            conform_sync(kit);
        conform_free(kit, buffer);
        conform_close_device(kit);
    }
    return conform_is_fine(kit);
}

static bool open_all(conform_kit *kit, void *ctx) {
    (void)ctx;
    return open_devices(kit, OPENS);
}

void conform_check_devices(conform_kit *kit, size_t item) {
    (void)item;
    conform_close_device(kit);
    if (open_devices(kit, WARM_OPENS))
        count_rounds(kit, "ten openings of the device", &of_devices, open_all, NULL);
}
