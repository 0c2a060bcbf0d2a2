/* Lines of a log to readings of a window. */
#include "bench/energy/csv_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/energy/source.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A window that is being filled. before: the last reading in front of it; bad: lines since, problem: the
 * last. */
typedef struct window {
    uint64_t begin_utc_ns, end_utc_ns;
    int64_t utc_minus_clock_ns;
    sy_energy_trace *trace;
    sy_energy_csv_reading before;
    double last_value;
    bool has_before, has_last;
    size_t bad;
    char problem[200];
} window;

static sy_status open_file(const char *path, int *out_fd, sy_error *err) {
    struct stat info;
    *out_fd = sy_file_open(path, O_RDONLY | O_NONBLOCK, 0);
    if (*out_fd < 0) {
        int number = errno;
        sy_status status = sy_error_io(err, "%s", path);
        if (number == EACCES || number == EPERM)
            return SY_REFUSED;
        return number == ENOENT || number == ENOTDIR ? SY_UNAVAILABLE : status;
    }
    sy_status status = SY_OK;
    if (sy_file_stat(*out_fd, &info) != 0)
        status = sy_error_io(err, "%s", path);
    else if (!S_ISREG(info.st_mode))
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: not a file", path);
    if (status != SY_OK)
        sy_file_close(*out_fd);
    return status;
}

static sy_status at_line(const sy_energy_csv_log *log, sy_status status, sy_error *err) {
    return sy_error_prefix(err, status, "%s:%llu", log->path, (unsigned long long)log->lines.next.lines);
}

/* Next line that is neither blank nor a comment, without the mark that some programs begin a file with. */
static sy_status next_line(sy_energy_csv_log *log, char **out_line, sy_error *err) {
    static const char mark[] = "\xef\xbb\xbf";
    sy_status status;
    do {
        status = sy_energy_lines_next(&log->lines, out_line, err);
        if (status == SY_OVERFLOW)
            return at_line(log, SY_INVALID_ARGUMENT, err);
        if (status == SY_OK && log->lines.next.lines == 1 && strncmp(*out_line, mark, sizeof mark - 1) == 0)
            *out_line += sizeof mark - 1;
    } while (status == SY_OK && ((*out_line)[strspn(*out_line, " \t\r")] == '\0' || **out_line == '#'));
    return status;
}

static sy_status read_header(sy_energy_csv_log *log, const char *column, sy_error *err) {
    char *line = NULL;
    sy_status status = next_line(log, &line, err);
    if (status == SY_UNAVAILABLE)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: empty: its first line names the columns", log->path);
    if (status != SY_OK)
        return status;
    status = sy_energy_csv_header(line, column, &log->format, err);
    log->data = log->lines.next;
    return status == SY_OK ? SY_OK : at_line(log, status, err);
}

sy_status sy_energy_csv_log_open(const char *path, const char *column, sy_energy_csv_sleep *sleep,
    sy_energy_csv_log *out_log, sy_error *err) {
    int fd;
    sy_status status = open_file(path, &fd, err);
    if (status != SY_OK)
        return status;
    memset(out_log, 0, sizeof *out_log);
    out_log->path = out_log->lines.path = path;
    out_log->lines.fd = fd;
    out_log->sleep = sleep;
    status = read_header(out_log, column, err);
    if (status != SY_OK)
        sy_energy_csv_log_close(out_log);
    return status;
}

void sy_energy_csv_log_close(sy_energy_csv_log *log) {
    sy_file_close(log->lines.fd);
}

sy_status sy_energy_csv_log_next(sy_energy_csv_log *log, sy_energy_csv_reading *out_reading, sy_error *err) {
    char *line = NULL;
    sy_status status = next_line(log, &line, err);
    if (status != SY_OK)
        return status;
    status = sy_energy_csv_line(&log->format, line, out_reading, err);
    if (status != SY_OK)
        return at_line(log, status, err);
    if (out_reading->utc_ns < log->last_utc_ns) {
        sy_error_set(err, status, "time goes back by %.6f s: a log whose clock was set cannot be aligned",
            (double)(log->last_utc_ns - out_reading->utc_ns) * 1e-9);
        return at_line(log, SY_REFUSED, err);
    }
    if (out_reading->utc_ns == log->last_utc_ns) {
        sy_error_set(err, status, "the same time as the reading before");
        return at_line(log, SY_INVALID_ARGUMENT, err);
    }
    log->last_utc_ns = out_reading->utc_ns;
    return SY_OK;
}

/* To where reading for a window begins: a line in front of it, the nearest that is known. */
static sy_status go_to(sy_energy_csv_log *log, uint64_t begin_utc_ns, sy_error *err) {
    struct stat info;
    if (sy_file_stat(log->lines.fd, &info) != 0)
        return sy_error_io(err, "%s", log->path);
    if ((uint64_t)info.st_size < log->lines.next.bytes)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: became shorter while it was read", log->path);
    bool can_resume = log->resume_utc_ns > 0 && log->resume_utc_ns < begin_utc_ns;
    log->last_utc_ns = 0;
    return sy_energy_lines_seek(&log->lines, can_resume ? log->resume : log->data, err);
}

/* What came before the clock began has no stamp and is left out. */
static sy_status give(
    sy_energy_csv_log *log, window *into, const sy_energy_csv_reading *reading, sy_error *err) {
    double value = reading->value;
    int64_t clock_ns = (int64_t)reading->utc_ns - into->utc_minus_clock_ns;
    if (clock_ns < 0)
        return SY_OK;
    if (log->format.kind == SY_ENERGY_COUNTER) {
        if (into->has_last && value < into->last_value)
            return sy_error_set(err, SY_INTERNAL, "%s: the counter went back from %.6f to %.6f J", log->path,
                into->last_value, value);
        log->base = log->has_base ? log->base : value;
        log->has_base = into->has_last = true;
        into->last_value = value;
        value -= log->base;
    }
    sy_energy_reading stamped = {
        .begin_ns = (uint64_t)clock_ns, .end_ns = (uint64_t)clock_ns, .value = value};
    return sy_energy_trace_append(into->trace, stamped, err);
}

static void give_failures(window *into) {
    for (; into->bad > 0; into->bad--)
        sy_energy_trace_fail(into->trace, SY_INVALID_ARGUMENT, into->problem);
}

/* A reading that came, in front of the window or in it. */
static sy_status take(sy_energy_csv_log *log, window *into, sy_energy_line_place place,
    const sy_energy_csv_reading *reading, sy_error *err) {
    if (reading->utc_ns < into->begin_utc_ns) {
        into->before = *reading;
        into->has_before = true;
        into->bad = 0;
        log->resume = place;
        log->resume_utc_ns = reading->utc_ns;
        return SY_OK;
    }
    sy_status status = into->has_before ? give(log, into, &into->before, err) : SY_OK;
    into->has_before = false;
    give_failures(into);
    return status == SY_OK ? give(log, into, reading, err) : status;
}

static sy_status end_early(const sy_energy_csv_log *log, const window *into, sy_error *err) {
    if (log->last_utc_ns == 0)
        return sy_error_set(err, SY_TIMEOUT, "%s: has no reading yet", log->path);
    return sy_error_set(err, SY_TIMEOUT,
        "%s: its last reading is %.3f s before the window's end, and no further came", log->path,
        (double)(into->end_utc_ns - log->last_utc_ns) * 1e-9);
}

static sy_status fill(sy_energy_csv_log *log, window *into, sy_error *err) {
    for (int waits = 0; log->last_utc_ns < into->end_utc_ns;) {
        sy_energy_csv_reading reading;
        sy_error why = SY_ERROR_INIT;
        sy_energy_line_place place = log->lines.next;
        sy_status status = sy_energy_csv_log_next(log, &reading, &why);
        if (status == SY_OK) {
            status = take(log, into, place, &reading, err);
            if (status != SY_OK)
                return status;
        } else if (status == SY_INVALID_ARGUMENT) {
            into->bad++;
            snprintf(into->problem, sizeof into->problem, "%.199s", why.text);
        } else if (status != SY_UNAVAILABLE) {
            return sy_error_set(err, status == SY_REFUSED ? SY_INVALID_ARGUMENT : status, "%s", why.text);
        } else if (waits++ == SY_ENERGY_CSV_WAITS) {
            return end_early(log, into, err);
        } else {
            log->sleep(SY_ENERGY_CSV_WAIT_MS * UINT64_C(1000000));
        }
    }
    return SY_OK;
}

sy_status sy_energy_csv_log_collect(sy_energy_csv_log *log, uint64_t begin_utc_ns, uint64_t end_utc_ns,
    int64_t utc_minus_clock_ns, sy_energy_trace *trace, sy_error *err) {
    window into = {.begin_utc_ns = begin_utc_ns,
        .end_utc_ns = end_utc_ns,
        .utc_minus_clock_ns = utc_minus_clock_ns,
        .trace = trace};
    sy_status status = go_to(log, begin_utc_ns, err);
    if (status == SY_OK)
        status = fill(log, &into, err);
    give_failures(&into);
    return status;
}
