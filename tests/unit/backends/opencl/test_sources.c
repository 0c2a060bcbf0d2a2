/* The kernels' text in the program is that of the files, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/sources.h"

static void texts_are_the_files(void **state) {
    size_t count = 0;
    (void)state;
    for (const ocl_source_text *text = ocl_source_texts; text->name != NULL; text++, count++) {
        char path[256];
        snprintf(path, sizeof path, "kernels/opencl/%s.cl", text->name);
        FILE *file = fopen(path, "rb");
        if (file == NULL)
            fail_msg("there is no %s", path);
        char *bytes = malloc(text->length + 2);
        assert_non_null(bytes);
        assert_int_equal(fread(bytes, 1, text->length + 2, file), text->length);
        assert_memory_equal(bytes, text->text, text->length);
        assert_int_equal(text->text[text->length], '\0');
        free(bytes);
        fclose(file);
    }
    assert_true(count > 0);
}

static void names_are_found(void **state) {
    (void)state;
    for (const ocl_source_text *text = ocl_source_texts; text->name != NULL; text++)
        assert_ptr_equal(ocl_source_find(text->name), text);
    assert_null(ocl_source_find("no such kernel"));
    assert_null(ocl_source_find(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_the_files),
        cmocka_unit_test(names_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
