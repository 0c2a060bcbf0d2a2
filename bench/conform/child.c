/* Fork, watch, reap. A plugin may do anything to the process it runs in. */
#include "bench/conform/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/conform/kit.h"
#include "bench/worker/channel.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How long a child is waited for once its channel is closed, in steps. */
enum { STEP_MS = 5, ENDING_MS = 2000, KILL_MS = 10000 };

/* hwloc opens its plugins for vendors' devices even when they are switched off: those would load drivers. */
static _Noreturn void become_child(const sy_conform_request *request, const bool *wanted, size_t first,
    const conform_child *child, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    int null = sy_file_open("/dev/null", O_RDONLY, 0);
    dup2(null, STDIN_FILENO);
    dup2(child->capture, STDOUT_FILENO);
    dup2(child->capture, STDERR_FILENO);
    setvbuf(stdout, NULL, _IOLBF, 0);
    setenv("HWLOC_PLUGINS_BLACKLIST", "opencl,cuda,nvml,rsmi,levelzero,gl", 1);
    conform_serve(request, child->channel, wanted, first);
}

sy_status conform_child_start(const sy_conform_request *request, const bool *wanted, size_t first,
    conform_child *out_child, sy_error *err) {
    int ends[2];
    *out_child = (conform_child){.channel = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return sy_error_io(err, "plugin check: socketpair");
    out_child->capture = memfd_create("steelyard-words", MFD_CLOEXEC);
    pid_t parent = getpid();
    fflush(NULL);
    pid_t pid = out_child->capture >= 0 ? fork() : -1;
    if (pid == 0) {
        sy_file_close(ends[0]);
        conform_child child = {.channel = ends[1], .capture = out_child->capture};
        become_child(request, wanted, first, &child, parent);
    }
    sy_status status = pid < 0 ? sy_error_io(err, "plugin check: a child process") : SY_OK;
    sy_file_close(ends[1]);
    out_child->pid = pid > 0 ? pid : 0;
    out_child->channel = ends[0];
    if (pid > 0)
        setpgid(pid, pid);
    else
        conform_child_end(out_child, NULL, 0);
    return status;
}

sy_status conform_child_hear(
    const conform_child *child, const sy_conform_request *request, json_t **out_message, sy_error *err) {
    *out_message = NULL;
    return sy_channel_receive(child->channel, request->wake_fd, request->patience_ms, out_message, err);
}

static bool reap(pid_t pid, long limit_ms, int *out_status) {
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000};
    for (long waited = 0; waited <= limit_ms; waited += STEP_MS) {
        if (waitpid(pid, out_status, WNOHANG) == pid)
            return true;
        nanosleep(&step, NULL);
    }
    return false;
}

/* The last line it printed. */
static void last_words(int capture, char *out_text, size_t capacity) {
    struct stat size;
    char tail[512];
    out_text[0] = '\0';
    if (fstat(capture, &size) != 0 || size.st_size == 0)
        return;
    off_t begin = size.st_size > (off_t)sizeof tail - 1 ? size.st_size - (off_t)sizeof tail + 1 : 0;
    ssize_t got = pread(capture, tail, sizeof tail - 1, begin);
    while (got > 0 && (tail[got - 1] == '\n' || tail[got - 1] == ' '))
        got--;
    tail[got > 0 ? got : 0] = '\0';
    const char *line = strrchr(tail, '\n');
    snprintf(out_text, capacity, "; last words: %.200s", line != NULL ? line + 1 : tail);
}

bool conform_child_end(conform_child *child, char *out_how, size_t capacity) {
    char words[256] = "";
    int status = 0;
    bool is_reaped = child->pid == 0 || reap(child->pid, ENDING_MS, &status), was_killed = !is_reaped;
    if (child->channel >= 0)
        sy_file_close(child->channel);
    if (was_killed) {
        kill(-child->pid, SIGKILL);
        is_reaped = reap(child->pid, KILL_MS, &status);
    }
    if (child->capture >= 0)
        last_words(child->capture, words, sizeof words);
    if (!is_reaped)
        snprintf(out_how, capacity, "cannot be ended, not even by SIGKILL%s", words);
    else if (was_killed)
        snprintf(out_how, capacity, "had to be ended by SIGKILL%s", words);
    else if (WIFSIGNALED(status))
        snprintf(out_how, capacity, "died of signal %d (%s)%s", WTERMSIG(status), strsignal(WTERMSIG(status)),
            words);
    else
        snprintf(out_how, capacity, "ended the process with exit status %d%s", WEXITSTATUS(status), words);
    if (child->capture >= 0)
        sy_file_close(child->capture);
    *child = (conform_child){.channel = -1};
    return is_reaped && !was_killed && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
