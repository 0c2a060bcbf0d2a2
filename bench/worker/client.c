/* Starting, calling and ending a worker. */
#include "bench/worker/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How long a dying worker is waited for, in steps of STEP_MS. */
enum { STEP_MS = 5, POLITE_MS = 2000, TERM_MS = 1000, KILL_MS = 10000 };

struct sy_worker {
    pid_t pid;   /* 0: in process, or already reaped */
    int channel; /* our end; -1 in process */
    int memory;  /* memory file of the outputs */
    int capture; /* memory file that takes the worker's stdout and stderr */
    int wake_fd;
    bool alive;
    bool busy;       /* a call was sent and not answered */
    int exit_status; /* of waitpid, once reaped */
    bool reaped;
    sy_session *session;
    char *outputs; /* a copy: the worker may shrink the file at any time */
};

static void sleep_ms(long milliseconds) {
    struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* Reap the child if it ended within `limit_ms`; true once it is gone. */
static bool reap(sy_worker *worker, long limit_ms) {
    for (long waited = 0; !worker->reaped && worker->pid > 0; waited += STEP_MS) {
        pid_t got = waitpid(worker->pid, &worker->exit_status, WNOHANG);
        if (got == worker->pid || (got < 0 && errno == ECHILD))
            worker->reaped = true;
        else if (waited >= limit_ms)
            return false;
        else
            sleep_ms(STEP_MS);
    }
    return true;
}

/* Between fork and exec only async-signal-safe calls are allowed. */
static void become_worker(int channel, int memory, int capture, pid_t parent) {
    char channel_text[12], memory_text[12];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    dup2(capture, STDOUT_FILENO);
    dup2(capture, STDERR_FILENO);
    fcntl(channel, F_SETFD, 0);
    fcntl(memory, F_SETFD, 0);
    snprintf(channel_text, sizeof channel_text, "%d", channel);
    snprintf(memory_text, sizeof memory_text, "%d", memory);
    char name[] = "steelyard-worker", verb[] = SY_WORKER_VERB;
    char *arguments[] = {name, verb, channel_text, memory_text, NULL};
    execv("/proc/self/exe", arguments);
    _exit(127);
}

/* Where standard streams were closed, new descriptors take their numbers: a worker gives those away. */
static int above_standard(int fd) {
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    sy_file_close(fd);
    return moved;
}

static sy_status start_child(sy_worker *worker, sy_error *err) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return sy_error_io(err, "worker: socketpair");
    ends[0] = above_standard(ends[0]);
    ends[1] = above_standard(ends[1]);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_worker(ends[1], worker->memory, worker->capture, parent);
    int number = errno;
    sy_file_close(ends[1]);
    if (pid < 0) {
        sy_file_close(ends[0]);
        errno = number;
        return sy_error_io(err, "worker: fork");
    }
    setpgid(pid, pid); /* here too: whoever comes first, its group exists before it can be ended */
    worker->pid = pid;
    worker->channel = ends[0];
    return SY_OK;
}

sy_status sy_worker_start(const sy_worker_options *options, sy_worker **out_worker, sy_error *err) {
    *out_worker = NULL;
    sy_worker *worker = sy_mem_calloc(1, sizeof *worker);
    if (worker == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "worker: no memory");
    worker->channel = -1;
    worker->wake_fd = options->wake_fd;
    worker->memory = above_standard(memfd_create("steelyard-outputs", MFD_CLOEXEC));
    worker->capture = above_standard(memfd_create("steelyard-words", MFD_CLOEXEC));
    sy_status status = SY_OK;
    if (worker->memory < 0 || worker->capture < 0)
        status = sy_error_io(err, "worker: memory file");
    else if (options->in_process)
        status = sy_session_create(
            options->builtins, options->builtin_count, worker->memory, &worker->session, err);
    else
        status = start_child(worker, err);
    if (status != SY_OK) {
        sy_worker_end(worker);
        return status;
    }
    worker->alive = true;
    *out_worker = worker;
    return SY_OK;
}

bool sy_worker_alive(const sy_worker *worker) {
    return worker != NULL && worker->alive;
}

void sy_worker_last_words(sy_worker *worker, char *out_text, size_t capacity) {
    struct stat size;
    char tail[1024];
    out_text[0] = '\0';
    if (worker->capture < 0 || fstat(worker->capture, &size) != 0 || size.st_size == 0)
        return;
    off_t begin = size.st_size > (off_t)sizeof tail - 1 ? size.st_size - (off_t)sizeof tail + 1 : 0;
    ssize_t got = pread(worker->capture, tail, sizeof tail - 1, begin);
    if (got <= 0)
        return;
    while (got > 0 && (tail[got - 1] == '\n' || tail[got - 1] == '\r' || tail[got - 1] == ' '))
        got--;
    tail[got] = '\0';
    const char *line = strrchr(tail, '\n');
    snprintf(out_text, capacity, "%s", line != NULL ? line + 1 : tail);
}

/* Say how the worker died: by what, and its last words. */
static sy_status describe_death(sy_worker *worker, sy_error *err) {
    char words[256], how[128];
    sy_worker_last_words(worker, words, sizeof words);
    if (!reap(worker, POLITE_MS))
        snprintf(how, sizeof how, "closed its channel without ending");
    else if (WIFSIGNALED(worker->exit_status))
        snprintf(how, sizeof how, "died of signal %d (%s)", WTERMSIG(worker->exit_status),
            strsignal(WTERMSIG(worker->exit_status)));
    else
        snprintf(how, sizeof how, "ended with exit status %d", WEXITSTATUS(worker->exit_status));
    return sy_error_set(err, SY_LOST, "worker %s%s%s", how, words[0] != '\0' ? "; last words: " : "", words);
}

static sy_status exchange(
    sy_worker *worker, const json_t *request, int64_t timeout_ms, json_t **out_reply, sy_error *err) {
    if (worker->session != NULL) {
        *out_reply = sy_session_handle(worker->session, request);
        return *out_reply != NULL ? SY_OK
                                  : sy_error_set(err, SY_OUT_OF_MEMORY, "worker: no memory for a reply");
    }
    worker->busy = true;
    sy_status status = sy_channel_send(worker->channel, request, err);
    if (status == SY_IO)
        status = SY_LOST;
    if (status == SY_OK)
        status = sy_channel_receive(worker->channel, worker->wake_fd, timeout_ms, out_reply, err);
    worker->busy = status != SY_OK;
    worker->alive = status == SY_OK;
    return status == SY_LOST ? describe_death(worker, err) : status;
}

sy_status sy_worker_call(
    sy_worker *worker, json_t *request, int64_t timeout_ms, json_t **out_reply, sy_error *err) {
    *out_reply = NULL;
    if (request == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "worker: no memory for a request");
    sy_status status = SY_LOST;
    if (worker->alive)
        status = exchange(worker, request, timeout_ms, out_reply, err);
    else
        sy_error_set(err, SY_LOST, "the worker has ended");
    json_decref(request);
    return status == SY_OK ? sy_protocol_status(*out_reply, err) : status;
}

sy_status sy_worker_outputs(sy_worker *worker, uint64_t bytes, const void **out_data, sy_error *err) {
    *out_data = NULL;
    sy_mem_free(worker->outputs);
    worker->outputs = bytes > 0 ? sy_mem_alloc(bytes) : NULL;
    if (bytes == 0)
        return sy_error_set(err, SY_INTERNAL, "worker: announced no bytes of outputs");
    if (worker->outputs == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory for %llu bytes of outputs", (unsigned long long)bytes);
    for (uint64_t done = 0; done < bytes;) {
        ssize_t got = pread(worker->memory, worker->outputs + done, bytes - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sy_error_io(err, "worker outputs");
        if (got == 0)
            return sy_error_set(err, SY_INTERNAL, "worker: announced %llu bytes of outputs, %llu are there",
                (unsigned long long)bytes, (unsigned long long)done);
        done += (uint64_t)got;
    }
    *out_data = worker->outputs;
    return SY_OK;
}

/* Politely when idle: closing the channel is the request to end. */
static sy_status end_child(sy_worker *worker) {
    if (worker->channel >= 0)
        sy_file_close(worker->channel);
    worker->channel = -1;
    if (worker->pid <= 0 || (!worker->busy && reap(worker, POLITE_MS)))
        return SY_OK;
    kill(-worker->pid, SIGTERM);
    if (reap(worker, TERM_MS))
        return SY_OK;
    kill(-worker->pid, SIGKILL);
    return reap(worker, KILL_MS) ? SY_OK : SY_TIMEOUT;
}

sy_status sy_worker_end(sy_worker *worker) {
    if (worker == NULL)
        return SY_OK;
    sy_session_destroy(worker->session);
    sy_status status = end_child(worker);
    sy_mem_free(worker->outputs);
    if (worker->memory >= 0)
        sy_file_close(worker->memory);
    if (worker->capture >= 0)
        sy_file_close(worker->capture);
    sy_mem_free(worker);
    return status;
}
