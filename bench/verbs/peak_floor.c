/* Which devices have microkernels, and the rows that follow from it. */
#include "bench/verbs/peak_floor.h"

#include <string.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

bool sy_peak_floor_is(const char *name) {
    return name != NULL && (strncmp(name, "library.", 8) == 0 || strcmp(name, "memory.copy") == 0);
}

/* What a microkernel would have answered. */
static bool is_replaced(const char *name) {
    static const char *const prefixes[] = {"fma.", "dot.", "cache.", "memory.read", "memory.fill"};
    for (size_t i = 0; name != NULL && i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* One usable candidate for f32 chains says that a device has microkernels. */
static sy_status ask(sy_target *target, bool *out_has_kernels, sy_error *err) {
    json_t *reply = NULL;
    *out_has_kernels = true;
    if (target->worker == NULL)
        return SY_OK;
    sy_status status = sy_worker_call(target->worker,
        json_pack("{s:s,s:s}", "call", "candidates", "problem", "peak:flop=1M,dtype=f32"),
        SY_TARGET_OPEN_LIMIT_MS, &reply, err);
    *out_has_kernels = false;
    const json_t *list = json_object_get(reply, "candidates");
    for (size_t i = 0; status == SY_OK && i < json_array_size(list); i++)
        if (sy_protocol_u64(json_array_get(list, i), "status", SY_INTERNAL) == SY_OK)
            *out_has_kernels = true;
    json_decref(reply);
    return status == SY_UNSUPPORTED ? SY_OK : status;
}

static void drop_row(sy_worklist *list, size_t index) {
    sy_mem_free(list->row[index].also);
    list->count--;
    memmove(&list->row[index], &list->row[index + 1], (list->count - index) * sizeof *list->row);
}

static void sort_target(sy_worklist *list, size_t target, bool has_kernels) {
    for (size_t i = list->count; i-- > 0;) {
        const sy_work_row *row = &list->row[i];
        const char *name = row->origin.item != NULL ? row->origin.item->name : NULL;
        if (row->target == target && (has_kernels ? sy_peak_floor_is(name) : is_replaced(name)))
            drop_row(list, i);
    }
}

sy_status sy_peak_floor_sort(sy_run_job *job, sy_error *err) {
    for (size_t i = 0; i < job->targets.count; i++) {
        bool has_kernels = true;
        sy_status status = ask(&job->targets.target[i], &has_kernels, err);
        if (status != SY_OK)
            return status;
        sort_target(&job->list, i, has_kernels);
    }
    return SY_OK;
}
