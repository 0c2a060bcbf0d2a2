/* Asking for meters. */
#include "bench/run/meters.h"

#include "bench/run/device_lock.h"
#include "bench/run/silicon.h"
#include "bench/worker/energy_wire.h"

sy_status sy_meters_ask(sy_target *target, const char *sysroot, sy_energy_list *list, sy_error *err) {
    json_t *reply = NULL;
    sy_status status = sy_worker_call(target->worker,
        json_pack("{s:s,s:s?}", "call", "meters", "sysroot", sysroot), SY_TARGET_OPEN_LIMIT_MS, &reply, err);
    if (status == SY_OK)
        status = sy_energy_list_from_wire(json_object_get(reply, "meters"), list, err);
    json_decref(reply);
    return status;
}

/* The lock is given back at once: nothing is measured here, and a run that begins now must not be refused. */
static sy_status check_unused(const sy_target *target, sy_error *err) {
    char identity[SY_SILICON_IDENTITY_MAX];
    int fd = -1;
    sy_silicon_identity(target, identity);
    sy_status status = sy_device_lock(identity, &fd, err);
    sy_device_unlock(fd);
    return status;
}

sy_status sy_meters_look(
    const sy_target_places *places, const sy_target *target, sy_energy_list *list, sy_error *err) {
    sy_target opened = *target;
    opened.worker = NULL;
    opened.lock_fd = -1;
    sy_status status = check_unused(target, err);
    if (status == SY_OK)
        status = sy_target_connect(places, &opened, err);
    if (status == SY_OK)
        status = sy_meters_ask(&opened, places->sysroot, list, err);
    sy_target_disconnect(&opened);
    return status;
}
