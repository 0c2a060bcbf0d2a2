/* Signals as a descriptor. */
#include "bench/run/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void fill_set(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

sy_status sy_interrupt_open(int *out_fd, sy_error *err) {
    sigset_t set;
    fill_set(&set);
    *out_fd = -1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, a worker's end could not be told */
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return sy_error_io(err, "blocking signals");
    *out_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return *out_fd >= 0 ? SY_OK : sy_error_io(err, "signal descriptor");
}

bool sy_interrupt_seen(int fd) {
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&wanted, 1, 0) > 0;
}

/* A signal that was seen has been obeyed: left pending, it would kill the program once it is unblocked. */
static void take_pending(int fd) {
    struct signalfd_siginfo taken;
    while (sy_file_read(fd, &taken, sizeof taken) > 0)
        continue;
}

void sy_interrupt_close(int fd) {
    sigset_t set;
    if (fd < 0)
        return;
    fill_set(&set);
    take_pending(fd);
    sy_file_close(fd);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}
