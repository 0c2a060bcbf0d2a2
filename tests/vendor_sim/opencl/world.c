/* The state of the library: how functions begin and end, what tests ask for, and the mark that says it is
 * simulated. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The mark. */
__attribute__((visibility("default"))) void steelyard_vendor_sim(void);
void steelyard_vendor_sim(void) {}

sim_world sim = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void sim_die(const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "cl_sim: %s: %s\n", sim.function != NULL ? sim.function : "setting up", text);
    abort();
}

static void begin_world(const char *settings) {
    for (uint32_t kind = 0; kind < CL_SIM_MAPPING; kind++)
        if (sim.alive[kind] != 0)
            sim_die("a new world while %llu objects of kind %u are alive",
                (unsigned long long)sim.alive[kind], kind);
    sim_fault_clear();
    sim_fault_forget_calls();
    sim_config_read(settings, &sim.config);
    for (uint32_t i = 0; i < SIM_PLATFORMS_MAX; i++)
        sim.platform[i].index = i;
    for (uint32_t i = 0; i < SIM_DEVICES_MAX; i++) {
        uint32_t platform = sim.config.devices > 0 ? i / (uint32_t)sim.config.devices : 0;
        sim.device[i] = (struct _cl_device_id){.platform = &sim.platform[platform % SIM_PLATFORMS_MAX],
            .index = i,
            .knobs = &sim.config.knobs[i]};
    }
    memset(sim.made, 0, sizeof sim.made);
    sim.alive[CL_SIM_MAPPING] = 0; /* of buffers that are gone */
    sim.enqueued = 0;
    sim.is_held = sim.is_lost = false;
    sim.is_ready = true;
}

static void begin_world_of_environment(void) {
    const char *settings = getenv("STEELYARD_CL_SIM");
    begin_world(settings != NULL ? settings : "");
}

/* A lost device answers questions about what is known, and lets go of what it has. */
static bool works_when_lost(const char *function) {
    return strncmp(function, "clRelease", 9) == 0 || strncmp(function, "clRetain", 8) == 0 ||
           strncmp(function, "clGet", 5) == 0;
}

cl_int sim_enter(const char *function) {
    pthread_mutex_lock(&sim.lock);
    if (!sim.is_ready)
        begin_world_of_environment();
    sim.function = function;
    cl_int code = sim_fault_of_call(function);
    if (sim.config.lost >= 0 && strncmp(function, "clEnqueue", 9) == 0 &&
        sim.enqueued++ >= (uint64_t)sim.config.lost) {
        sim.is_lost = true;
        pthread_cond_broadcast(&sim.changed);
    }
    if (sim.is_lost && !works_when_lost(function))
        return (cl_int)sim.config.lost_code;
    return code;
}

cl_int sim_enter_on(const char *function, const void *handle, uint32_t kind) {
    cl_int code = sim_enter(function);
    return code == CL_SUCCESS ? sim_object_check(handle, kind) : code;
}

cl_int sim_leave(cl_int code) {
    pthread_mutex_unlock(&sim.lock);
    return code;
}

void *sim_leave_with(void *made, cl_int code, cl_int *out_code) {
    if (out_code != NULL)
        *out_code = code;
    pthread_mutex_unlock(&sim.lock);
    return code == CL_SUCCESS ? made : NULL;
}

/* Not the host's time, so that nobody takes the one for the other: another beginning, and maybe another
 * speed. */
cl_ulong sim_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    cl_ulong ns = (cl_ulong)now.tv_sec * 1000000000u + (cl_ulong)now.tv_nsec;
    return (ns + 1000000000000000u) * (cl_ulong)sim.config.clock;
}

cl_int sim_answer(const void *data, size_t bytes, size_t capacity, void *value, size_t *out_size) {
    if (value != NULL && capacity < bytes)
        return CL_INVALID_VALUE;
    if (value != NULL)
        memcpy(value, data, bytes);
    if (out_size != NULL)
        *out_size = bytes;
    return CL_SUCCESS;
}

bool sim_is_device(cl_device_id device) {
    uint64_t count = (uint64_t)(sim.config.platforms * sim.config.devices);
    return device >= sim.device && device < sim.device + count;
}

void cl_sim_configure(const char *settings) {
    pthread_mutex_lock(&sim.lock);
    sim.function = __func__;
    if (settings != NULL)
        begin_world(settings);
    else
        begin_world_of_environment();
    pthread_mutex_unlock(&sim.lock);
}

void cl_sim_fail(const char *function, uint64_t nth, int32_t code) {
    pthread_mutex_lock(&sim.lock);
    sim_fault_arm(function, nth, code, false);
    pthread_mutex_unlock(&sim.lock);
}

void cl_sim_fail_command(const char *function, uint64_t nth, int32_t code) {
    pthread_mutex_lock(&sim.lock);
    sim_fault_arm(function, nth, code, true);
    pthread_mutex_unlock(&sim.lock);
}

uint64_t cl_sim_disarm(void) {
    pthread_mutex_lock(&sim.lock);
    uint64_t count = sim_fault_clear();
    pthread_mutex_unlock(&sim.lock);
    return count;
}

void cl_sim_hold(bool is_held) {
    pthread_mutex_lock(&sim.lock);
    sim.is_held = is_held;
    pthread_cond_broadcast(&sim.changed);
    pthread_mutex_unlock(&sim.lock);
}

static uint64_t read_counter(const uint64_t *counter) {
    pthread_mutex_lock(&sim.lock);
    uint64_t value = *counter;
    pthread_mutex_unlock(&sim.lock);
    return value;
}

uint64_t cl_sim_alive(uint32_t kind) {
    return read_counter(&sim.alive[kind]);
}

uint64_t cl_sim_made(uint32_t kind) {
    return read_counter(&sim.made[kind]);
}

uint64_t cl_sim_alive_total(void) {
    uint64_t total = 0;
    for (uint32_t kind = 0; kind < CL_SIM_MAPPING; kind++)
        total += cl_sim_alive(kind);
    return total;
}

uint64_t cl_sim_calls(const char *function) {
    pthread_mutex_lock(&sim.lock);
    uint64_t calls = sim_fault_calls(function);
    pthread_mutex_unlock(&sim.lock);
    return calls;
}

/* For programs that a test can only start: what is alive when they end, as a line of the file that `report`
 * names. */
__attribute__((destructor)) static void report(void) {
    FILE *file = sim.is_ready && sim.config.report[0] != '\0' ? fopen(sim.config.report, "a") : NULL;
    if (file == NULL)
        return;
    static const char *const names[CL_SIM_KINDS] = {
        "context", "queue", "buffer", "program", "kernel", "event", "mapping"};
    for (uint32_t kind = 0; kind < CL_SIM_KINDS; kind++)
        fprintf(file, "%s=%llu/%llu%c", names[kind], (unsigned long long)sim.alive[kind],
            (unsigned long long)sim.made[kind], kind + 1 < CL_SIM_KINDS ? ' ' : '\n');
    fclose(file);
}
