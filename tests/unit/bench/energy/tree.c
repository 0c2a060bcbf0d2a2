/* Roots with files of /sys. */
#include "tests/unit/bench/energy/tree.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

enum { NOBODY = 65534 };

static char root[64];
static uid_t user;
static sy_energy_places places;

int tree_make(void **state) {
    (void)state;
    user = geteuid();
    snprintf(root, sizeof root, "/tmp/steelyard-energy-XXXXXX");
    if (mkdtemp(root) == NULL)
        return -1;
    places = (sy_energy_places){.sysroot = root};
    return chmod(root, 0755);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

int tree_remove(void **state) {
    (void)state;
    sy_seam_disarm();
    if (seteuid(user) != 0)
        return -1;
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *tree_root(void) {
    return root;
}

const sy_energy_places *tree_places(void) {
    return &places;
}

static const char *below(const char *path, char full[PATH_MAX]) {
    snprintf(full, PATH_MAX, "%s%s", root, path);
    return full;
}

void tree_folder(const char *path) {
    char full[PATH_MAX];
    below(path, full);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
        *slash = '/';
    }
    assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
}

static void make_parent(const char *path) {
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", path);
    *strrchr(parent, '/') = '\0';
    tree_folder(parent);
}

void tree_put(const char *path, const char *format, ...) {
    char full[PATH_MAX];
    va_list arguments;
    make_parent(path);
    FILE *file = fopen(below(path, full), "w");
    assert_non_null(file);
    va_start(arguments, format);
    vfprintf(file, format, arguments);
    va_end(arguments);
    assert_int_equal(fclose(file), 0);
}

void tree_drop(const char *path) {
    char full[PATH_MAX];
    assert_int_equal(nftw(below(path, full), remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void tree_dangle(const char *path) {
    char full[PATH_MAX];
    make_parent(path);
    assert_int_equal(symlink("nowhere", below(path, full)), 0);
}

void tree_deny(const char *path) {
    char full[PATH_MAX];
    assert_int_equal(chmod(below(path, full), 0), 0);
    if (user == 0 && seteuid(NOBODY) != 0)
        skip();
}

void tree_allow(const char *path) {
    char full[PATH_MAX];
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(chmod(below(path, full), 0644), 0);
}

sy_energy_list tree_find(const sy_energy_source *source, const char *spec) {
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    sy_status status = source->find(&places, spec, &list, &err);
    if (status != SY_OK)
        fail_msg("find: %s", err.text);
    return list;
}

const sy_energy_found *tree_row(const sy_energy_list *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->found[i].facts.name, name) == 0)
            return &list->found[i];
    for (size_t i = 0; i < list->count; i++)
        print_message("there is %s\n", list->found[i].facts.name);
    fail_msg("no row %s", name);
    return NULL;
}

sy_energy_meter *tree_open(const sy_energy_source *source, const char *name) {
    sy_energy_list list = tree_find(source, NULL);
    sy_energy_meter *meter = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_status status = source->open(&places, tree_row(&list, name), &meter, &err);
    if (status != SY_OK)
        fail_msg("open %s: %s", name, err.text);
    sy_energy_list_release(&list);
    assert_non_null(meter);
    return meter;
}

double tree_read(sy_energy_meter *meter) {
    double value = NAN;
    sy_error err = SY_ERROR_INIT;
    sy_status status = meter->read(meter, &value, &err);
    if (status != SY_OK)
        fail_msg("read: %s", err.text);
    return value;
}

void tree_read_fails(sy_energy_meter *meter, sy_status status, const char *words) {
    double value = 0;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(meter->read(meter, &value, &err), status);
    assert_true(isnan(value));
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

/* Once with the k-th call failing; whether there was a k-th. */
static bool try_fault(const sy_energy_source *source, const char *name, uint64_t k) {
    sy_energy_list list = {0};
    sy_energy_meter *meter = NULL;
    sy_energy_found found = {0};
    double value;
    sy_error err = SY_ERROR_INIT;
    snprintf(found.facts.name, sizeof found.facts.name, "%s", name);
    snprintf(found.spec, sizeof found.spec, "%s", name);
    sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
    sy_status status = source->find(&places, NULL, &list, &err);
    assert_true(status == SY_OK || err.text[0] != '\0');
    status = source->open(&places, &found, &meter, &err);
    assert_true((status == SY_OK) == (meter != NULL));
    assert_true(status == SY_OK || err.text[0] != '\0');
    if (meter != NULL && meter->read != NULL)
        meter->read(meter, &value, &err);
    uint64_t seen = sy_seam_disarm();
    if (meter != NULL)
        meter->close(meter);
    sy_energy_list_release(&list);
    return seen >= k;
}

void tree_survives_faults(const sy_energy_source *source, const char *name) {
    uint64_t k = 1;
    while (try_fault(source, name, k))
        k++;
    assert_true(k > 5);
}
