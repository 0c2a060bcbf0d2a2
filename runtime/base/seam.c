/* The seam: thin wrappers of system calls with one place where a test's fault strikes. */
#include "runtime/base/seam.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic uint32_t armed_kinds;
static _Atomic uint64_t calls_seen;
static _Atomic uint64_t failing_call;

static int strikes(uint32_t kind) {
    if ((atomic_load_explicit(&armed_kinds, memory_order_relaxed) & kind) == 0)
        return 0;
    return atomic_fetch_add(&calls_seen, 1) + 1 == atomic_load(&failing_call);
}

void sy_seam_arm(uint32_t kinds, uint64_t k) {
    atomic_store(&armed_kinds, 0);
    atomic_store(&calls_seen, 0);
    atomic_store(&failing_call, k);
    atomic_store(&armed_kinds, kinds);
}

uint64_t sy_seam_disarm(void) {
    atomic_store(&armed_kinds, 0);
    return atomic_load(&calls_seen);
}

int sy_seam_arm_text(const char *text) {
    static const struct {
        const char *name;
        uint32_t kinds;
    } rows[] = {{"alloc", SY_SEAM_ALLOC}, {"file", SY_SEAM_FILE}, {"dynlib", SY_SEAM_DYNLIB},
        {"clock", SY_SEAM_CLOCK}, {"any", SY_SEAM_ALLOC | SY_SEAM_FILE | SY_SEAM_DYNLIB | SY_SEAM_CLOCK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = strlen(rows[i].name);
        if (strncmp(text, rows[i].name, length) != 0 || text[length] != ':')
            continue;
        char *end = NULL;
        unsigned long long k = strtoull(text + length + 1, &end, 10);
        if (k == 0 || *end != '\0')
            return -1;
        sy_seam_arm(rows[i].kinds, k);
        return 0;
    }
    return -1;
}

void *sy_mem_alloc(size_t bytes) {
    return strikes(SY_SEAM_ALLOC) ? NULL : malloc(bytes > 0 ? bytes : 1);
}

void *sy_mem_calloc(size_t count, size_t bytes) {
    return strikes(SY_SEAM_ALLOC) ? NULL : calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1);
}

void *sy_mem_realloc(void *memory, size_t bytes) {
    return strikes(SY_SEAM_ALLOC) ? NULL : realloc(memory, bytes > 0 ? bytes : 1);
}

void *sy_mem_align(size_t alignment, size_t bytes) {
    void *memory = NULL;
    if (strikes(SY_SEAM_ALLOC))
        return NULL;
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    return posix_memalign(&memory, alignment, bytes > 0 ? bytes : 1) == 0 ? memory : NULL;
}

char *sy_mem_strdup(const char *text) {
    size_t bytes = strlen(text) + 1;
    char *copy = sy_mem_alloc(bytes);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    return copy;
}

void sy_mem_free(void *memory) {
    free(memory);
}

static int file_fault(void) {
    if (!strikes(SY_SEAM_FILE))
        return 0;
    errno = EIO;
    return 1;
}

int sy_file_open(const char *path, int flags, mode_t mode) {
    if (file_fault())
        return -1;
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t sy_file_read(int fd, void *buffer, size_t bytes) {
    if (file_fault())
        return -1;
    ssize_t got;
    do
        got = read(fd, buffer, bytes);
    while (got < 0 && errno == EINTR);
    return got;
}

int sy_file_write_all(int fd, const void *buffer, size_t bytes) {
    if (file_fault())
        return -1;
    const char *next = buffer;
    while (bytes > 0) {
        ssize_t put = write(fd, next, bytes);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        next += put;
        bytes -= (size_t)put;
    }
    return 0;
}

int sy_file_sync(int fd) {
    return file_fault() ? -1 : fsync(fd);
}

int sy_file_rename(const char *from, const char *to) {
    return file_fault() ? -1 : rename(from, to);
}

int sy_file_close(int fd) {
    return close(fd);
}

int sy_file_stat(int fd, struct stat *out_stat) {
    return file_fault() ? -1 : fstat(fd, out_stat);
}

int sy_file_remove(const char *path) {
    return file_fault() ? -1 : unlink(path);
}

int sy_folder_make(const char *path, mode_t mode) {
    return file_fault() ? -1 : mkdir(path, mode);
}

int sy_file_open_at(int folder, const char *path, int flags, uint64_t resolve) {
    if (file_fault())
        return -1;
    struct open_how how = {.flags = (uint32_t)flags | (uint32_t)O_CLOEXEC, .resolve = resolve};
    long fd;
    do
        fd = resolve == 0 ? openat(folder, path, flags | O_CLOEXEC)
                          : syscall(SYS_openat2, folder, path, &how, sizeof how);
    while (fd < 0 && errno == EINTR);
    return (int)fd;
}

void *sy_file_map(int fd, size_t bytes) {
    if (file_fault())
        return NULL;
    void *memory = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void sy_file_unmap(void *memory, size_t bytes) {
    if (memory != NULL)
        munmap(memory, bytes);
}

void sy_file_forget(const void *memory, size_t bytes) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)memory + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)memory + bytes) / page * page;
    if (begin < end) /* advice: what it returns changes nothing */
        madvise((void *)begin, end - begin, MADV_DONTNEED);
}

int sy_file_lock(int fd) {
    return file_fault() ? -1 : flock(fd, LOCK_EX | LOCK_NB);
}

void *sy_dl_open(const char *path, int flags) {
    return strikes(SY_SEAM_DYNLIB) ? NULL : dlopen(path, flags);
}

void *sy_dl_symbol(void *handle, const char *name) {
    return strikes(SY_SEAM_DYNLIB) ? NULL : dlsym(handle, name);
}

int sy_dl_close(void *handle) {
    return dlclose(handle);
}

static uint64_t read_clock(clockid_t id) {
    struct timespec now;
    if (strikes(SY_SEAM_CLOCK) || clock_gettime(id, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t sy_clock_raw_ns(void) {
    return read_clock(CLOCK_MONOTONIC_RAW);
}

uint64_t sy_clock_utc_ns(void) {
    return read_clock(CLOCK_REALTIME);
}
