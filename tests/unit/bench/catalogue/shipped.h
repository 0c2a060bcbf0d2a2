/* The reference data that we ship, and files of a test's own. Tests run in the project's root. */
#ifndef STEELYARD_TESTS_CATALOGUE_SHIPPED_H
#define STEELYARD_TESTS_CATALOGUE_SHIPPED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/catalogue/catalogue.h"

static const char *const shipped_folders[] = {NULL, "", "no/such/folder", "results/reference"};
static const sy_reference_places shipped = {.folder = shipped_folders, .count = 4};

/* A folder with one file of that text. */
typedef struct own_folder {
    char folder[64], path[128];
    const char *folders[1];
    sy_reference_places places;
} own_folder;

static inline void own_write(own_folder *own, const char *file, const char *text) {
    snprintf(own->folder, sizeof own->folder, "/tmp/steelyard-catalogue-XXXXXX");
    assert_non_null(mkdtemp(own->folder));
    snprintf(own->path, sizeof own->path, "%s/%s", own->folder, file);
    FILE *out = fopen(own->path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
    own->folders[0] = own->folder;
    own->places = (sy_reference_places){.folder = own->folders, .count = 1};
}

static inline void own_remove(own_folder *own) {
    unlink(own->path);
    rmdir(own->folder);
}

/* The one entry that a name finds. */
static inline const sy_catalogue_device *only(const sy_catalogue *catalogue, const char *name) {
    sy_catalogue_match match;
    sy_catalogue_find(catalogue, name, &match);
    if (match.count != 1)
        fail_msg("%s finds %zu", name, match.count);
    return match.device[0];
}

/* As setup and teardown of a group; the state is the catalogue. */
static inline int load_shipped(void **state) {
    sy_error err = SY_ERROR_INIT;
    sy_catalogue *catalogue = calloc(1, sizeof *catalogue);
    assert_non_null(catalogue);
    if (sy_catalogue_load(&shipped, catalogue, &err) != SY_OK)
        fail_msg("%s", err.text);
    *state = catalogue;
    return 0;
}

static inline int release_shipped(void **state) {
    sy_catalogue_release(*state);
    free(*state);
    return 0;
}

#endif
