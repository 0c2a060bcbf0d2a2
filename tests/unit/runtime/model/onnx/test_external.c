/* External data: found below the model's folder, and nowhere else. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/onnx/beneath.h"
#include "tests/support/onnx_model.h"

enum { INITIALIZER = 5, FLOAT = 1 };
static const float weights[] = {1, 2, 3, 4};

/* A folder with sub/w.bin (16 bytes of weights), links to it, and secret.bin beside the folder. */
typedef struct model_place {
    char root[64], folder[96], model[128];
} model_place;

static void put_file(const char *folder, const char *name, const void *bytes, size_t count) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static int make_place(void **state) {
    static model_place place;
    char path[256], to[256];
    strcpy(place.root, "/tmp/steelyard-external-XXXXXX");
    if (mkdtemp(place.root) == NULL)
        return -1;
    snprintf(place.folder, sizeof place.folder, "%s/model", place.root);
    snprintf(place.model, sizeof place.model, "%s/m.onnx", place.folder);
    snprintf(path, sizeof path, "%s/sub", place.folder);
    if (mkdir(place.folder, 0700) != 0 || mkdir(path, 0700) != 0)
        return -1;
    put_file(place.root, "secret.bin", weights, sizeof weights);
    put_file(place.folder, "sub/w.bin", weights, sizeof weights);
    put_file(place.folder, "twice.bin", weights, sizeof weights);
    snprintf(path, sizeof path, "%s/link.bin", place.folder);
    snprintf(to, sizeof to, "%s/folder", place.folder);
    if (symlink("sub/w.bin", path) != 0 || symlink("sub", to) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/twice.bin", place.folder);
    snprintf(to, sizeof to, "%s/again.bin", place.folder);
    if (link(path, to) != 0 || chdir(place.folder) != 0)
        return -1;
    *state = &place;
    return 0;
}

static int remove_place(void **state) {
    model_place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place->root);
    return chdir("/") != 0 || system(command) != 0;
}

/* A model whose one constant lies elsewhere, in place->model: entries "key=value" parted by blanks. */
static void put_model(const model_place *place, const char *entries) {
    onnx_writer writer = {0};
    char copy[8192], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", entries);
    onnx_begin_model(&writer, 13);
    onnx_begin(&writer, INITIALIZER);
    onnx_number(&writer, 1, 4);
    onnx_number(&writer, 2, FLOAT);
    onnx_text(&writer, 8, "w");
    onnx_number(&writer, 14, 1);
    for (char *entry = strtok_r(copy, " ", &rest); entry != NULL; entry = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(entry, '=');
        *value++ = '\0';
        onnx_begin(&writer, 13);
        onnx_text(&writer, 1, entry);
        onnx_text(&writer, 2, value);
        onnx_end(&writer);
    }
    while (writer.depth > 0)
        onnx_end(&writer);
    put_file(place->folder, "m.onnx", writer.bytes, writer.count);
    onnx_writer_free(&writer);
}

static void accept(const model_place *place, const char *path, const char *entries, float first) {
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    put_model(place, entries);
    if (sy_onnx_load(path, &model, &err) != SY_OK)
        print_error("%s\n", err.text);
    assert_non_null(model);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_true(sy_net_get(&graph->value[onnx_value_of(graph, "w")].tensor, 0) == first);
    sy_onnx_destroy(model);
}

static void refuse(const model_place *place, const char *entries, sy_status status, const char *words) {
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    put_model(place, entries);
    sy_status is = sy_onnx_load(place->model, &model, &err);
    if (is != status || strstr(err.text, words) == NULL)
        print_error("status %d, '%s'; expected '%s'\n", is, err.text, words);
    assert_int_equal(is, status);
    assert_non_null(strstr(err.text, words));
    assert_null(model);
}

static void data_below_the_folder_is_read(void **state) {
    model_place *place = *state;
    accept(place, place->model, "location=sub/w.bin", 1);
    accept(place, place->model, "location=sub/w.bin offset=0 length=16 checksum=abc", 1);
    accept(place, place->model, "location=./sub//w.bin", 1);
    accept(place, "m.onnx", "location=sub/w.bin", 1);
    char larger[64] = {0};
    memcpy(larger + 20, weights, sizeof weights);
    put_file(place->folder, "larger.bin", larger, sizeof larger);
    accept(place, place->model, "location=larger.bin offset=20 length=16", 1);
    memcpy(larger + 21, weights, sizeof weights); /* not aligned: copied */
    put_file(place->folder, "larger.bin", larger, sizeof larger);
    accept(place, place->model, "location=larger.bin offset=21 length=16", 1);
}

static void data_outside_is_refused(void **state) {
    model_place *place = *state;
    refuse(place, "location=../secret.bin", SY_REFUSED, "leads out of the model's folder");
    refuse(place, "location=sub/../../secret.bin", SY_REFUSED, "leads out of the model's folder");
    refuse(place, "location=/etc/passwd", SY_REFUSED, "must be a path relative");
    refuse(place, "location=", SY_REFUSED, "must be a path relative");
    refuse(place, "location=link.bin", SY_REFUSED, "is a link");
    refuse(place, "location=folder/w.bin", SY_REFUSED, "is a link");
    refuse(place, "location=again.bin", SY_REFUSED, "has 2 hard links, may have 1");
    refuse(place, "location=sub", SY_INVALID_ARGUMENT, "not a regular file");
    refuse(place, "location=absent.bin", SY_IO, "cannot be opened: No such file");
    refuse(place, "location=sub/w.bin/x", SY_REFUSED, "leads through a link");
}

static void lengths_are_checked(void **state) {
    model_place *place = *state;
    refuse(place, "location=sub/w.bin length=15", SY_REFUSED, "external data of 15 bytes, must be 16");
    refuse(place, "location=sub/w.bin offset=1", SY_REFUSED, "has 16 bytes, 16 from 1 on are wanted");
    refuse(place, "location=sub/w.bin offset=18446744073709551615", SY_REFUSED, "are wanted");
    refuse(place, "location=sub/w.bin offset=18446744073709551616", SY_INVALID_ARGUMENT, "must be a number");
    refuse(place, "location=sub/w.bin offset=-1", SY_INVALID_ARGUMENT, "offset '-1', must be a number");
    refuse(place, "location=sub/w.bin length=1e2", SY_INVALID_ARGUMENT, "must be a number");
    refuse(place, "location=sub/w.bin length=", SY_INVALID_ARGUMENT, "must be a number");
    refuse(place, "offset=0", SY_INVALID_ARGUMENT, "external data without a location");
    refuse(place, "location=sub/w.bin basepath=/etc", SY_REFUSED, "an entry 'basepath'");
    put_file(place->folder, "empty.bin", "", 0);
    refuse(place, "location=empty.bin", SY_REFUSED, "has 0 bytes");
}

static void models_in_memory_have_none(void **state) {
    model_place *place = *state;
    char bytes[4096];
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    put_model(place, "location=sub/w.bin");
    FILE *file = fopen(place->model, "rb");
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(sy_onnx_read(bytes, count, &model, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "external data of a model that is not a file"));
}

/* Kernels without openat2(): folder by folder. */
static void the_second_way_is_as_strict(void **state) {
    model_place *place = *state;
    static const struct {
        const char *path;
        sy_status status;
    } rows[] = {{"sub/w.bin", SY_OK}, {"sub//./w.bin", SY_OK}, {"../secret.bin", SY_REFUSED},
        {"sub/../../secret.bin", SY_REFUSED}, {"/etc/passwd", SY_REFUSED}, {"", SY_REFUSED},
        {"link.bin", SY_REFUSED}, {"folder/w.bin", SY_REFUSED}, {"absent", SY_IO}, {"sub/absent/x", SY_IO}};
    int folder = open(place->folder, O_PATH | O_DIRECTORY);
    char part[300];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        int fd = -1;
        if (sy_open_stepwise(folder, rows[i].path, &fd, &err) != rows[i].status)
            print_error("%s: %s\n", rows[i].path, err.text);
        assert_int_equal(sy_open_beneath(folder, rows[i].path, &fd, &err), rows[i].status);
        assert_true((fd >= 0) == (rows[i].status == SY_OK));
        if (fd >= 0)
            close(fd);
        assert_int_equal(sy_open_stepwise(folder, rows[i].path, &fd, &err), rows[i].status);
        assert_true((fd >= 0) == (rows[i].status == SY_OK));
        if (fd >= 0)
            close(fd);
    }
    memset(part, 'x', sizeof part - 1);
    part[sizeof part - 1] = '\0';
    int fd = -1;
    assert_int_equal(sy_open_beneath(folder, part, &fd, NULL), SY_REFUSED);
    close(folder);
}

static void each_call_may_fail(void **state) {
    model_place *place = *state;
    static const uint32_t kinds[] = {SY_SEAM_FILE, SY_SEAM_ALLOC};
    static const sy_status wanted[] = {SY_IO, SY_OUT_OF_MEMORY};
    put_model(place, "location=sub/w.bin");
    for (int i = 0; i < 2; i++)
        for (uint64_t k = 1;; k++) {
            sy_error err = SY_ERROR_INIT;
            sy_onnx_model *model = NULL;
            sy_seam_arm(kinds[i], k);
            sy_status status = sy_onnx_load(place->model, &model, &err);
            uint64_t calls = sy_seam_disarm();
            assert_int_equal(status, k <= calls ? wanted[i] : SY_OK);
            assert_true((model != NULL) == (status == SY_OK));
            sy_onnx_destroy(model);
            if (k > calls) {
                assert_true(calls >= 6);
                break;
            }
        }
}

static void files_that_are_none_are_told(void **state) {
    model_place *place = *state;
    sy_error err = SY_ERROR_INIT;
    sy_onnx_model *model = NULL;
    assert_int_equal(sy_onnx_load("absent.onnx", &model, &err), SY_IO);
    assert_non_null(strstr(err.text, "absent.onnx: cannot be opened: No such file"));
    assert_int_equal(sy_onnx_load(place->folder, &model, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "not a regular file"));
    put_file(place->folder, "empty.onnx", "", 0);
    assert_int_equal(sy_onnx_load("empty.onnx", &model, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "empty.onnx: not an ONNX model"));
    assert_int_equal(mkfifo("pipe.onnx", 0600), 0);
    assert_int_equal(sy_onnx_load("pipe.onnx", &model, &err), SY_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_below_the_folder_is_read),
        cmocka_unit_test(data_outside_is_refused),
        cmocka_unit_test(lengths_are_checked),
        cmocka_unit_test(models_in_memory_have_none),
        cmocka_unit_test(the_second_way_is_as_strict),
        cmocka_unit_test(each_call_may_fail),
        cmocka_unit_test(files_that_are_none_are_told),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
