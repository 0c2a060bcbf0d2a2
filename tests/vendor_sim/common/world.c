#include "tests/vendor_sim/common/world.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/count.h"
#include "tests/vendor_sim/common/fault.h"
#include "tests/vendor_sim/common/lock.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/stream.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_ready;
    uint64_t number; /* of the world: a thread's device is of one */
    sim_counts objects, misuses, calls, slots;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Thread_local struct {
    const char *function; /* NULL: in none */
    int fate, device;
    uint64_t world; /* that `device` is of */
} thread;

void sim_die(const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "vendor_sim: %s: %s\n", thread.function != NULL ? thread.function : "setting up", text);
    abort();
}

void sim_lock(void) {
    pthread_mutex_lock(&world.lock);
}

void sim_unlock(void) {
    pthread_mutex_unlock(&world.lock);
}

__attribute__((constructor)) static void prepare(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&world.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_atfork(
        sim_lock, sim_unlock, sim_unlock); /* no thread of a child's parent holds the child's lock */
}

void sim_wait(void) {
    pthread_cond_wait(&world.changed, &world.lock);
}

int sim_wait_until(int64_t ns) {
    struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    return pthread_cond_timedwait(&world.changed, &world.lock, &until) == 0;
}

void sim_changed(void) {
    pthread_cond_broadcast(&world.changed);
}

int64_t sim_host_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int sim_fate(void) {
    return thread.fate;
}

/* Objects that no user made do not count: the default streams go with their world. */
static void begin_world(const char *settings) {
    for (int i = 0; i < world.objects.used; i++)
        if (world.objects.count[i].alive != 0)
            sim_die("a new world while %lld objects \"%s\" are alive",
                (long long)world.objects.count[i].alive, world.objects.count[i].name);
    sim_stream_forget();
    if (settings == NULL)
        settings = getenv("STEELYARD_VENDOR_SIM");
    sim_settings_read(settings != NULL ? settings : "");
    sim_fault_read();
    sim_clock_reset();
    world.objects.used = world.misuses.used = world.calls.used = world.slots.used = 0;
    world.number++;
    world.is_ready = true;
}

static int enter(const char *function, bool is_apart) {
    sim_lock();
    thread.function = function;
    if (!world.is_ready)
        begin_world(NULL);
    sim_count_of(&world.calls, function)->made++;
    return sim_fault_of_call(function, is_apart, &thread.fate);
}

int sim_enter(const char *function) {
    return enter(function, false);
}

int sim_enter_apart(const char *function) {
    return enter(function, true);
}

int sim_leave(int code) {
    thread.function = NULL;
    thread.fate = 0;
    sim_unlock();
    return code;
}

const char *sim_function(void) {
    return thread.function != NULL ? thread.function : "";
}

int sim_thread_device(void) {
    return thread.world == world.number ? thread.device : -1;
}

void sim_thread_select(int device) {
    thread.device = device;
    thread.world = world.number;
}

bool sim_thread_is_on(int device) {
    if (sim_thread_device() == device)
        return true;
    sim_misuse("wrong_device_on_thread");
    return false;
}

void sim_made(const char *kind) {
    sim_count *count = sim_count_of(&world.objects, kind);
    count->alive++;
    count->made++;
}

void sim_gone(const char *kind) {
    sim_count_of(&world.objects, kind)->alive--;
}

void sim_misuse(const char *name) {
    sim_count_of(&world.misuses, name)->made++;
}

int64_t *sim_slot(const char *name) {
    return &sim_count_of(&world.slots, name)->made;
}

void sim_configure(const char *settings) {
    sim_lock();
    begin_world(settings);
    sim_unlock();
}

static void arm(const char *function, int64_t nth, int code, bool is_async) {
    sim_lock();
    if (!world.is_ready)
        begin_world(NULL);
    sim_fault_arm(function, nth, code, is_async);
    sim_unlock();
}

void sim_fail(const char *function, int64_t nth, int code) {
    arm(function, nth, code, false);
}

void sim_fail_async(const char *function, int64_t nth, int code) {
    arm(function, nth, code, true);
}

int64_t sim_disarm(void) {
    sim_lock();
    int64_t count = sim_fault_clear();
    sim_unlock();
    return count;
}

/* name NULL: of all. */
static int64_t count(const sim_counts *counts, const char *name, bool is_alive) {
    sim_lock();
    int64_t total = 0;
    for (int i = 0; name == NULL && i < counts->used; i++)
        total += is_alive ? counts->count[i].alive : counts->count[i].made;
    const sim_count *one = name != NULL ? sim_count_find(counts, name) : NULL;
    if (one != NULL)
        total = is_alive ? one->alive : one->made;
    sim_unlock();
    return total;
}

int64_t sim_alive(const char *kind) {
    return count(&world.objects, kind, true);
}

int64_t sim_alive_total(void) {
    return count(&world.objects, NULL, true);
}

int64_t sim_made_total(const char *kind) {
    return count(&world.objects, kind, false);
}

int64_t sim_misuses(const char *name) {
    return count(&world.misuses, name, false);
}

int64_t sim_misuses_total(void) {
    return count(&world.misuses, NULL, false);
}

int64_t sim_calls(const char *function) {
    return count(&world.calls, function, false);
}

/* For programs that a test can only start: "KIND ALIVE MADE", "misuse NAME COUNT", "call FUNCTION COUNT". */
__attribute__((destructor)) static void report(void) {
    const char *path = world.is_ready ? sim_text(SIM_NO_DEVICE, "report", "") : "";
    FILE *file = path[0] != '\0' ? fopen(path, "a") : NULL;
    if (file == NULL)
        return;
    for (int i = 0; i < world.objects.used; i++)
        fprintf(file, "%s %lld %lld\n", world.objects.count[i].name, (long long)world.objects.count[i].alive,
            (long long)world.objects.count[i].made);
    for (int i = 0; i < world.misuses.used; i++)
        fprintf(
            file, "misuse %s %lld\n", world.misuses.count[i].name, (long long)world.misuses.count[i].made);
    for (int i = 0; i < world.calls.used; i++)
        fprintf(file, "call %s %lld\n", world.calls.count[i].name, (long long)world.calls.count[i].made);
    fclose(file);
}
