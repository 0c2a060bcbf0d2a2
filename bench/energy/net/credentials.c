/* Reading the file of names and passwords. Its contents never reach a text. */
#include "bench/energy/net/credentials.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { FILE_MAX = 65536 };

void sy_net_secret_forget(sy_net_secret *secret) {
    explicit_bzero(secret, sizeof *secret);
}

static sy_status check_file(int fd, const char *file, sy_error *err) {
    struct stat info;
    if (sy_file_stat(fd, &info) != 0)
        return sy_error_io(err, "credentials %s", file);
    if (!S_ISREG(info.st_mode))
        return sy_error_set(err, SY_REFUSED, "credentials %s: not a file", file);
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return sy_error_set(
            err, SY_REFUSED, "credentials %s: others may read it; chmod 600 %s helps", file, file);
    if (info.st_uid != geteuid() && info.st_uid != 0)
        return sy_error_set(err, SY_REFUSED, "credentials %s: belongs to another user", file);
    if (info.st_size > FILE_MAX)
        return sy_error_set(err, SY_OVERFLOW, "credentials %s: over %d bytes", file, FILE_MAX);
    return SY_OK;
}

/* The whole file; *out_length bytes. */
static sy_status read_file(
    int fd, const char *file, char *buffer, size_t capacity, size_t *out_length, sy_error *err) {
    *out_length = 0;
    while (*out_length < capacity) {
        ssize_t count = sy_file_read(fd, buffer + *out_length, capacity - *out_length);
        if (count < 0)
            return sy_error_io(err, "credentials %s", file);
        if (count == 0)
            return SY_OK;
        *out_length += (size_t)count;
    }
    return sy_error_set(err, SY_OVERFLOW, "credentials %s: over %d bytes", file, FILE_MAX);
}

static size_t skip_blanks(const char *text, size_t at, size_t length) {
    while (at < length && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

/* The next word of a line from `at`; false if there is none. */
static bool take_word(const char *line, size_t length, size_t *at, const char **word, size_t *word_length) {
    size_t begin = skip_blanks(line, *at, length);
    size_t end = begin;
    while (end < length && line[end] != ' ' && line[end] != '\t')
        end++;
    *word = line + begin;
    *word_length = end - begin;
    *at = end;
    return end > begin;
}

static bool is_word(const char *word, size_t length, const char *text) {
    return strlen(text) == length && strncasecmp(word, text, length) == 0;
}

/* What one line says: 0 nothing about this host, 1 about the host, 2 about host and port, -1 of another form.
 */
static int read_line(
    const char *line, size_t length, const char *host, const char *name, sy_net_secret *out_secret) {
    const char *words[2], *password;
    size_t lengths[2], at = 0;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (skip_blanks(line, 0, length) == length || line[0] == '#')
        return 0;
    for (int i = 0; i < 2; i++)
        if (!take_word(line, length, &at, &words[i], &lengths[i]))
            return -1;
    at = skip_blanks(line, at, length);
    password = line + at;
    size_t password_length = length - at;
    if (password_length == 0 || password_length >= sizeof out_secret->password ||
        lengths[1] >= sizeof out_secret->user || memchr(line, '\0', length) != NULL)
        return -1;
    int rank = is_word(words[0], lengths[0], name) ? 2 : is_word(words[0], lengths[0], host) ? 1 : 0;
    if (rank == 0)
        return 0;
    *out_secret = (sy_net_secret){.is_set = true};
    memcpy(out_secret->user, words[1], lengths[1]);
    memcpy(out_secret->password, password, password_length);
    return rank;
}

static sy_status search_lines(const char *file, const char *text, size_t length, const char *host,
    const char *name, sy_net_secret *out_secret, sy_error *err) {
    sy_net_secret secret;
    int best = 0;
    size_t number = 1;
    for (size_t at = 0; at < length; number++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line_length = end != NULL ? (size_t)(end - text) - at : length - at;
        int rank = read_line(text + at, line_length, host, name, &secret);
        if (rank < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "credentials %s, line %zu: 'HOST USER PASSWORD' would be right", file, number);
        if (rank > best)
            *out_secret = secret;
        best = rank > best ? rank : best;
        at += line_length + 1;
    }
    sy_net_secret_forget(&secret);
    return SY_OK;
}

sy_status sy_net_secret_find(
    const char *file, const char *host, const char *name, sy_net_secret *out_secret, sy_error *err) {
    *out_secret = (sy_net_secret){0};
    if (file == NULL || file[0] == '\0')
        return SY_OK;
    /* Without O_NONBLOCK a named pipe would wait for a writer. */
    int fd = sy_file_open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return sy_error_io(err, "credentials %s", file);
    size_t length = 0, capacity = FILE_MAX + 1;
    char *text = sy_mem_alloc(capacity);
    sy_status status = text != NULL ? check_file(fd, file, err)
                                    : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for credentials");
    if (status == SY_OK)
        status = read_file(fd, file, text, capacity, &length, err);
    if (status == SY_OK)
        status = search_lines(file, text, length, host, name, out_secret, err);
    if (text != NULL)
        explicit_bzero(text, capacity);
    sy_mem_free(text);
    sy_file_close(fd);
    if (status != SY_OK)
        sy_net_secret_forget(out_secret);
    return status;
}
