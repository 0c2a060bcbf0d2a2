/* Finding suites: by name in folders, by path, on standard input, or in the argument itself. */
#include "bench/suites/build.h"
#include "bench/suites/suite.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDING ".json"

/* Read to the end of `fd`, at most one byte more than allowed. */
static sy_status read_all(int fd, const char *label, sy_text *out_text, sy_error *err) {
    char block[65536];
    for (;;) {
        ssize_t got = sy_file_read(fd, block, sizeof block);
        if (got < 0) {
            return sy_error_io(err, "%s", label);
        }
        if (got == 0) {
            return SY_OK;
        }
        if (!sy_text_append(out_text, block, (size_t)got)) {
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: out of memory", label);
        }
        if (out_text->length > SY_SUITE_FILE_MAX) {
            return sy_error_set(err, SY_OVERFLOW, "%s: larger than 64 MiB", label);
        }
    }
}

sy_status sy_suite_load_fd(int fd, const char *label, sy_suite **out_suite, sy_error *err) {
    *out_suite = NULL;
    sy_text text = {0};
    sy_status status = read_all(fd, label, &text, err);
    if (status == SY_OK) {
        status = sy_suite_read(text.data != NULL ? text.data : "", text.length, label, out_suite, err);
    }
    sy_text_release(&text);
    return status;
}

static int open_file(const char *path) {
    return sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
}

static sy_status load_and_close(int fd, const char *path, sy_suite **out_suite, sy_error *err) {
    sy_status status = sy_suite_load_fd(fd, path, out_suite, err);
    sy_file_close(fd);
    return status;
}

sy_status sy_suite_load_file(const char *path, sy_suite **out_suite, sy_error *err) {
    *out_suite = NULL;
    int fd = open_file(path);
    return fd >= 0 ? load_and_close(fd, path, out_suite, err) : sy_error_io(err, "%s", path);
}

static bool ends_with(const char *text, const char *ending) {
    size_t bytes = strlen(text), wanted = strlen(ending);
    return bytes > wanted && strcmp(text + bytes - wanted, ending) == 0;
}

static bool is_path(const char *what) {
    if (what[0] == '/' || strncmp(what, "./", 2) == 0 || strncmp(what, "../", 3) == 0) {
        return true;
    }
    bool has_ending = ends_with(what, ".json") || ends_with(what, ".csv") || ends_with(what, ".txt");
    return strchr(what, ':') == NULL && (has_ending || strchr(what, '/') != NULL);
}

/* All known names, for an error's text. */
static sy_status refuse_name(const char *what, const sy_suite_places *places, sy_error *err) {
    char **names = NULL, list[400] = "";
    size_t count = 0, used = 0;
    if (strchr(what, ':') != NULL) {
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s is no problem: wanted is op:field=value,... without blanks", sy_word_quote(what).text);
    }
    sy_suite_names(places, &names, &count, NULL);
    for (size_t i = 0; i < count && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? " " : "", names[i]);
    }
    sy_suite_names_free(names, count);
    bool is_file = access(what, F_OK) == 0;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "no suite %s%s (there are: %s)", sy_word_quote(what).text,
        is_file ? ", for the file write ./ before it" : "", count > 0 ? list : "none");
}

sy_status sy_suite_load(
    const char *what, const sy_suite_places *places, sy_suite **out_suite, sy_error *err) {
    *out_suite = NULL;
    if (strcmp(what, "-") == 0) {
        return sy_suite_load_fd(STDIN_FILENO, "stdin", out_suite, err);
    }
    if (is_path(what)) {
        return sy_suite_load_file(what, out_suite, err);
    }
    if (sy_suite_is_problem(what)) {
        return sy_suite_read_problem(what, out_suite, err);
    }
    for (size_t i = 0; sy_suite_is_name(what) && *what != '.' && i < places->count; i++) {
        char path[PATH_MAX];
        int bytes = snprintf(path, sizeof path, "%s/%s" ENDING, places->folder[i], what);
        errno = ENOENT;
        int fd = bytes > 0 && (size_t)bytes < sizeof path ? open_file(path) : -1;
        if (fd >= 0) {
            return load_and_close(fd, path, out_suite, err);
        }
        if (errno != ENOENT && errno != ENOTDIR) {
            return sy_error_io(err, "%s", path);
        }
    }
    return refuse_name(what, places, err);
}

/* Names found so far; `count` of them. */
typedef struct name_list {
    char **name;
    size_t count, capacity;
} name_list;

static bool add_name(name_list *list, const char *name, size_t bytes) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 32;
        char **grown = sy_mem_realloc(list->name, capacity * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        list->name = grown;
        list->capacity = capacity;
    }
    char *copy = sy_mem_alloc(bytes + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, name, bytes);
    copy[bytes] = '\0';
    list->name[list->count++] = copy;
    return true;
}

static bool add_folder(name_list *list, const char *folder) {
    int fd = sy_file_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    bool good = true;
    if (stream == NULL) {
        if (fd >= 0) {
            sy_file_close(fd);
        }
        return true;
    }
    for (struct dirent *entry = readdir(stream); good && entry != NULL; entry = readdir(stream)) {
        const char *name = entry->d_name;
        if (ends_with(name, ENDING) && *name != '.' && sy_suite_is_name(name)) {
            good = add_name(list, name, strlen(name) - strlen(ENDING));
        }
    }
    closedir(stream);
    return good;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sort, and drop what is there twice. */
static void order_names(name_list *list) {
    size_t kept = 0;
    if (list->count > 1) {
        qsort(list->name, list->count, sizeof *list->name, compare_names);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && strcmp(list->name[kept - 1], list->name[i]) == 0) {
            sy_mem_free(list->name[i]);
        } else {
            list->name[kept++] = list->name[i];
        }
    }
    list->count = kept;
}

sy_status sy_suite_names(const sy_suite_places *places, char ***out_names, size_t *out_count, sy_error *err) {
    name_list list = {0};
    bool good = true;
    *out_names = NULL;
    *out_count = 0;
    for (size_t i = 0; good && i < places->count; i++) {
        good = add_folder(&list, places->folder[i]);
    }
    if (!good) {
        sy_suite_names_free(list.name, list.count);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "out of memory while listing suites");
    }
    order_names(&list);
    *out_names = list.name;
    *out_count = list.count;
    return SY_OK;
}

void sy_suite_names_free(char **names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sy_mem_free(names[i]);
    }
    sy_mem_free(names);
}
