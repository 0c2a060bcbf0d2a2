/* Starting a program, reading what it prints, and never waiting for it longer than allowed. */
#include "bench/spawn/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How long a program is waited for that has closed its output, or was killed, in steps. */
enum { STEP_MS = 2, ENDING_MS = 1000 };

bool sy_program_find(const char *folders, const char *name, char *out_path, size_t capacity) {
    out_path[0] = '\0';
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        struct stat info;
        int written = snprintf(out_path, capacity, "%.*s/%s", (int)length, folders, name);
        if (folders[0] == '/' && written > 0 && (size_t)written < capacity && stat(out_path, &info) == 0 &&
            S_ISREG(info.st_mode) && access(out_path, X_OK) == 0)
            return true;
        folders += length + (folders[length] == ':');
    }
    out_path[0] = '\0';
    return false;
}

/* posix_spawn's two descriptions: output into `output`, a group of its own, signals as at the start. */
static int describe(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, int output) {
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    int failure = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    failure = failure != 0 ? failure : posix_spawn_file_actions_adddup2(files, output, STDOUT_FILENO);
    failure = failure != 0 ? failure : posix_spawn_file_actions_adddup2(files, output, STDERR_FILENO);
    failure = failure != 0 ? failure : posix_spawnattr_setpgroup(attributes, 0);
    failure = failure != 0 ? failure : posix_spawnattr_setsigmask(attributes, &none);
    failure = failure != 0 ? failure : posix_spawnattr_setsigdefault(attributes, &usual);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    return failure != 0 ? failure : posix_spawnattr_setflags(attributes, flags);
}

/* Returns an errno, 0 if it runs. */
static int start(
    const char *path, const char *const *arguments, const char *folders, int output, pid_t *out_pid) {
    char search[PATH_MAX];
    char *environment[] = {search, (char[]){"LANG=C"}, (char[]){"LC_ALL=C"}, NULL};
    char *words[16];
    size_t count = 0;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    snprintf(search, sizeof search, "PATH=%s", folders != NULL ? folders : "");
    for (; arguments[count] != NULL && count + 1 < sizeof words / sizeof words[0]; count++)
        words[count] = (char *)(uintptr_t)arguments[count];
    words[count] = NULL;
    int failure = posix_spawn_file_actions_init(&files);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        failure = describe(&files, &attributes, output);
        if (failure == 0)
            failure = posix_spawn(out_pid, path, &files, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* Read until the program closes its output, or the deadline. */
static sy_status read_output(
    const char *path, int fd, uint64_t deadline_ns, sy_text *out_text, sy_error *err) {
    char bytes[4096];
    size_t total = 0;
    for (;;) {
        uint64_t now_ns = sy_clock_raw_ns();
        uint64_t left_ns = now_ns != 0 && now_ns < deadline_ns ? deadline_ns - now_ns : 0;
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int events = left_ns > 0 ? poll(&ready, 1, (int)(left_ns / 1000000u) + 1) : 0;
        if (events < 0 && errno == EINTR)
            continue;
        if (events == 0)
            return sy_error_set(err, SY_TIMEOUT, "%s: has not ended in the time given", path);
        ssize_t count = events > 0 ? sy_file_read(fd, bytes, sizeof bytes) : -1;
        if (count < 0)
            return sy_error_io(err, "%s: reading what it prints", path);
        if (count == 0)
            return SY_OK;
        total += (size_t)count;
        if (total > SY_PROGRAM_OUTPUT_MAX)
            return sy_error_set(
                err, SY_OVERFLOW, "%s: printed more than %u bytes", path, SY_PROGRAM_OUTPUT_MAX);
        if (!sy_text_append(out_text, bytes, (size_t)count))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no memory for what it prints", path);
    }
}

/* 1: it has ended, *out_state is waitpid's; 0: not in the time; -1: cannot be waited for. */
static int wait_end(pid_t pid, int limit_ms, int *out_state) {
    for (int waited_ms = 0;; waited_ms += STEP_MS) {
        pid_t ended = waitpid(pid, out_state, WNOHANG);
        if (ended == pid)
            return 1;
        if (ended < 0 && errno != EINTR)
            return -1;
        if (waited_ms >= limit_ms)
            return 0;
        poll(NULL, 0, STEP_MS);
    }
}

/* A program that hangs in a driver cannot be reaped; it is left alone after a while. */
static sy_status end(pid_t pid, const char *path, sy_status status, sy_error *err) {
    int state = 0;
    int result = status == SY_OK ? wait_end(pid, ENDING_MS, &state) : 0;
    if (result == 0) {
        kill(-pid, SIGKILL);
        wait_end(pid, ENDING_MS, &state);
        return status != SY_OK
                   ? status
                   : sy_error_set(err, SY_TIMEOUT, "%s: closed its output and has not ended", path);
    }
    if (result < 0)
        return sy_error_io(err, "%s: waiting for its end", path);
    if (WIFSIGNALED(state))
        return sy_error_set(err, SY_IO, "%s: ended by signal %d", path, WTERMSIG(state));
    if (WEXITSTATUS(state) != 0)
        return sy_error_set(err, SY_IO, "%s: ended with status %d", path, WEXITSTATUS(state));
    return SY_OK;
}

sy_status sy_program_run(const char *path, const char *const *arguments, const char *folders,
    uint64_t timeout_ns, sy_text *out_text, sy_error *err) {
    uint64_t deadline_ns = sy_clock_raw_ns() + timeout_ns;
    pid_t pid = -1;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return sy_error_io(err, "%s: a pipe for what it prints", path);
    int failure = start(path, arguments, folders, ends[1], &pid);
    sy_file_close(ends[1]);
    sy_status status = SY_OK;
    if (failure != 0) {
        errno = failure;
        sy_error_io(err, "%s", path);
        status = SY_UNAVAILABLE;
    } else {
        status = end(pid, path, read_output(path, ends[0], deadline_ns, out_text, err), err);
    }
    sy_file_close(ends[0]);
    return status;
}
