/* The version of CANN out of the files beside its libraries. */
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

#include "backends/ascend/version.h"

static void texts_have_versions(void **state) {
    static const char *const texts[][2] = {
        {"package_name=Ascend-cann-toolkit\nversion=8.0.RC3\narch=x86_64\n", "8.0.RC3"},
        {"version=8.2.0.1\r\n", "8.2.0.1"},
        {"# version: 1.0\nruntime_running_version=[7.3.0.1.231:8.0.RC2]\n", "8.0.RC2"},
        {"runtime_running_version=[8.5.0]\n", "8.5.0"}, {"inner_version=1\n", ""}, {"", ""},
        {"version=", ""}};
    char got[24];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ascend_version_parse(texts[i][0], got, sizeof got);
        assert_string_equal(got, texts[i][1]);
    }
    ascend_version_parse("version=8.0.0", got, 4);
    assert_string_equal(got, "8.0");
}

/* ROOT/x86_64-linux/lib64/libascendcl.so, and the file in ROOT, or beside lib64. */
static void files_are_found_above(void **state) {
    char root[] = "/tmp/steelyard-ascend-XXXXXX", path[512], library[512], got[24];
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/x86_64-linux", root);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(library, sizeof library, "%s/x86_64-linux/lib64/libascendcl.so", root);
    ascend_version_read(library, got, sizeof got);
    assert_string_equal(got, "");
    snprintf(path, sizeof path, "%s/x86_64-linux/ascend_toolkit_install.info", root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("version=8.1.RC1\n", file);
    fclose(file);
    ascend_version_read(library, got, sizeof got);
    assert_string_equal(got, "8.1.RC1");
    snprintf(library, sizeof library, "%s/lib64/libascendcl.so", root);
    ascend_version_read(library, got, sizeof got);
    assert_string_equal(got, "8.1.RC1");
    unlink(path);
    snprintf(path, sizeof path, "%s/x86_64-linux", root);
    rmdir(path);
    rmdir(root);
    ascend_version_read("libascendcl.so", got, sizeof got);
    assert_string_equal(got, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_have_versions), cmocka_unit_test(files_are_found_above)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
