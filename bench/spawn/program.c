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

/* How long a program is waited for that has closed its output or was killed, or was asked to end, in steps.
 */
enum { STEP_MS = 2, ENDING_MS = 1000, ASKED_MS = 10000 };

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
static int start(const sy_program_call *call, int output, pid_t *out_pid) {
    char search[PATH_MAX];
    char *usual[] = {search, (char[]){"LANG=C"}, (char[]){"LC_ALL=C"}, NULL};
    char *const *environment = call->environment != NULL ? call->environment : usual;
    char *words[SY_PROGRAM_WORDS_MAX + 1];
    size_t count = 0;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    snprintf(search, sizeof search, "PATH=%s", call->folders != NULL ? call->folders : "");
    for (; call->arguments[count] != NULL && count < SY_PROGRAM_WORDS_MAX; count++)
        words[count] = (char *)(uintptr_t)call->arguments[count];
    words[count] = NULL;
    if (call->arguments[count] != NULL)
        return E2BIG;
    int failure = posix_spawn_file_actions_init(&files);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        failure = describe(&files, &attributes, output);
        if (failure == 0)
            failure = posix_spawn(out_pid, call->path, &files, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* What one reading of the output came to; WOKEN: it is not wanted any more. */
enum { READ_MORE, READ_END, READ_LATE, READ_WOKEN, READ_FAILED };

static int wait_output(const sy_program_call *call, int fd, uint64_t deadline_ns) {
    uint64_t now_ns = sy_clock_raw_ns();
    uint64_t left_ns = now_ns != 0 && now_ns < deadline_ns ? deadline_ns - now_ns : 0;
    uint64_t left_ms = left_ns / 1000000u + 1;
    struct pollfd ready[] = {{.fd = fd, .events = POLLIN}, {.fd = call->wake_fd, .events = POLLIN}};
    int events = left_ns > 0 ? poll(ready, 2, left_ms < INT_MAX ? (int)left_ms : INT_MAX) : 0;
    if (events < 0)
        return errno == EINTR ? READ_MORE : READ_FAILED;
    if (events == 0)
        return left_ms < INT_MAX ? READ_LATE : READ_MORE;
    return ready[1].revents != 0 ? READ_WOKEN : READ_END;
}

static int read_some(int fd, char bytes[4096], size_t *out_count) {
    ssize_t count = sy_file_read(fd, bytes, 4096);
    *out_count = count > 0 ? (size_t)count : 0;
    return count < 0 ? READ_FAILED : count == 0 ? READ_END : READ_MORE;
}

/* Read until the program closes its output, or the deadline. */
static sy_status read_output(
    const sy_program_call *call, int fd, uint64_t deadline_ns, sy_text *out_text, sy_error *err) {
    char bytes[4096];
    size_t total = 0, count;
    for (;;) {
        int found = wait_output(call, fd, deadline_ns);
        if (found == READ_MORE)
            continue;
        if (found == READ_LATE)
            return sy_error_set(err, SY_TIMEOUT, "%s: has not ended in the time given", call->path);
        if (found == READ_WOKEN)
            return sy_error_set(err, SY_LOST, "%s: interrupted", call->path);
        found = found == READ_END ? read_some(fd, bytes, &count) : found;
        if (found == READ_FAILED)
            return sy_error_io(err, "%s: reading what it prints", call->path);
        if (found == READ_END)
            return SY_OK;
        bool is_over = total + count > SY_PROGRAM_OUTPUT_MAX;
        total += is_over ? 0 : count;
        if (is_over && !call->drops_more)
            return sy_error_set(
                err, SY_OVERFLOW, "%s: printed more than %u bytes", call->path, SY_PROGRAM_OUTPUT_MAX);
        if (!is_over && !sy_text_append(out_text, bytes, count))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no memory for what it prints", call->path);
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

/* Whoever was asked to end gets time to write what it has. */
static void ask_to_end(pid_t pid) {
    int state;
    kill(-pid, SIGTERM);
    if (wait_end(pid, ASKED_MS, &state) == 0) {
        kill(-pid, SIGKILL);
        wait_end(pid, ENDING_MS, &state);
    }
}

/* A program that hangs in a driver cannot be reaped; it is left alone after a while. */
static sy_status end(pid_t pid, const char *path, sy_status status, int *out_exit, sy_error *err) {
    int state = 0;
    if (status == SY_LOST) {
        ask_to_end(pid);
        return status;
    }
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
    *out_exit = WEXITSTATUS(state);
    if (*out_exit != 0)
        return sy_error_set(err, SY_IO, "%s: ended with status %d", path, *out_exit);
    return SY_OK;
}

sy_status sy_program_call_run(const sy_program_call *call, sy_text *out_text, int *out_exit, sy_error *err) {
    uint64_t deadline_ns = sy_clock_raw_ns() + call->timeout_ns;
    pid_t pid = -1;
    int ends[2];
    *out_exit = -1;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return sy_error_io(err, "%s: a pipe for what it prints", call->path);
    int failure = start(call, ends[1], &pid);
    sy_file_close(ends[1]);
    sy_status status = SY_OK;
    if (failure != 0) {
        errno = failure;
        sy_error_io(err, "%s", call->path);
        status = failure == E2BIG ? SY_INVALID_ARGUMENT : SY_UNAVAILABLE;
    } else {
        status = read_output(call, ends[0], deadline_ns, out_text, err);
        status = end(pid, call->path, status, out_exit, err);
    }
    sy_file_close(ends[0]);
    return status;
}

sy_status sy_program_run(const char *path, const char *const *arguments, const char *folders,
    uint64_t timeout_ns, sy_text *out_text, sy_error *err) {
    const sy_program_call call = {
        .path = path, .arguments = arguments, .folders = folders, .timeout_ns = timeout_ns, .wake_fd = -1};
    int exit_status;
    return sy_program_call_run(&call, out_text, &exit_status, err);
}
