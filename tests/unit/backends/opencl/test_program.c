/* Programs: built once, shared, kept on disk, refused with the compiler's words. */
#include "tests/unit/backends/opencl/world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/opencl/binary_cache.h"
#include "backends/opencl/program.h"

static ocl_recipe recipe; /* large; tests run one after another */
static char root[64];

static void text_of(const char *text) {
    recipe = (ocl_recipe){.name = "test"};
    ocl_define(&recipe, "%s", text);
}

static sy_status get(world *w, ocl_program **out_program, uint64_t *out_ns) {
    return ocl_program_get(w->device, &recipe, out_program, out_ns, NULL);
}

static void the_same_text_is_the_same_program(void **state) {
    world w = {0};
    ocl_program *first = NULL, *second = NULL, *other = NULL;
    uint64_t ns = 0;
    (void)state;
    world_open(&w, "");
    text_of(WORLD_ADD_ONE);
    assert_int_equal(get(&w, &first, &ns), SY_OK);
    assert_true(ns > 0);
    assert_int_equal(get(&w, &second, &ns), SY_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(ns, 0);
    snprintf(recipe.options, sizeof recipe.options, "-DX");
    assert_int_equal(get(&w, &other, &ns), SY_OK);
    assert_ptr_not_equal(first, other);
    assert_true(ns > 0);
    ocl_program_release(w.device, first);
    ocl_program_release(w.device, other);
    ocl_program_release(w.device, second);
    ocl_program_release(w.device, NULL);
    assert_int_equal(first->references + other->references, 0);
    assert_int_equal(get(&w, &second, &ns), SY_OK); /* idle ones are kept for a while */
    assert_ptr_equal(second, other);
    assert_int_equal(ns, 0);
    ocl_program_release(w.device, second);
    world_close(&w);
}

static void options_reach_the_compiler(void **state) {
    world w = {0};
    ocl_program *program = NULL;
    uint64_t ns;
    (void)state;
    world_open(&w, "");
    text_of("#if __OPENCL_C_VERSION__ < 120\n#error too old\n#endif\n"
            "#if VALUE != 7\n#error no value\n#endif\n" WORLD_ADD_ONE);
    assert_int_equal(get(&w, &program, &ns), SY_UNSUPPORTED);
    assert_null(program);
    snprintf(recipe.options, sizeof recipe.options, "-DVALUE=7");
    assert_int_equal(get(&w, &program, &ns), SY_OK);
    ocl_program_release(w.device, program);
    text_of("#if __OPENCL_C_VERSION__ != 120\n#error not the one asked for\n#endif\n" WORLD_ADD_ONE);
    snprintf(recipe.options, sizeof recipe.options, "-cl-std=CL1.2");
    assert_int_equal(get(&w, &program, &ns), SY_OK);
    ocl_program_release(w.device, program);
    world_close(&w);
}

static void what_does_not_build_says_why(void **state) {
    world w = {0};
    ocl_program *program = NULL;
    uint64_t ns;
    (void)state;
    world_open(&w, "");
    text_of("__kernel void k(__global float *y) { y[0] = no_such_name; }\n");
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_UNSUPPORTED,
        "does not build: CL_BUILD_PROGRAM_FAILURE: ");
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_UNSUPPORTED, "error");
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_UNSUPPORTED, "no_such_name");
    assert_null(program);
    text_of(WORLD_ADD_ONE);
    snprintf(recipe.options, sizeof recipe.options, "-no-such-option");
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_UNSUPPORTED, "does not build");
    assert_null(w.device->programs);
    world_close(&w);
}

static void impossible_recipes_are_our_mistake(void **state) {
    world w = {0};
    ocl_program *program = NULL;
    uint64_t ns;
    (void)state;
    world_open(&w, "");
    text_of(WORLD_ADD_ONE);
    recipe.failed = 1;
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_INTERNAL, "longer than");
    text_of(WORLD_ADD_ONE);
    ocl_source(&recipe, "nowhere");
    world_refused(ocl_program_get(w.device, &recipe, &program, &ns, err), SY_INTERNAL, "nowhere.cl");
    world_close(&w);
}

static int make_root(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/steelyard-programs-XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static int remove_root(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* Open a device anew, build, close: whether the compiler was needed. */
static bool compiles(const char *params) {
    world w = {.host.cache_folder = root};
    ocl_program *program = NULL;
    uint64_t ns = 0;
    world_open(&w, params);
    assert_int_equal(get(&w, &program, &ns), SY_OK);
    ocl_program_release(w.device, program);
    assert_int_equal(w.host.lines, 0);
    world_close(&w);
    return ns > 0;
}

/* The one file that is kept. */
static void kept_file(char path[512]) {
    char folder[128];
    unsigned files = 0;
    snprintf(folder, sizeof folder, "%s/opencl", root);
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, 512, "%s/%s", folder, entry->d_name);
        files++;
    }
    closedir(list);
    assert_int_equal(files, 1);
}

static void programs_are_kept_on_disk(void **state) {
    (void)state;
    text_of(WORLD_ADD_ONE);
    assert_true(compiles(""));
    assert_false(compiles(""));
    assert_true(compiles("binaries=0"));
    snprintf(recipe.options, sizeof recipe.options, "-DX");
    assert_true(compiles(""));
    text_of(WORLD_ADD_ONE "\n");
    assert_true(compiles(""));
    text_of(WORLD_ADD_ONE);
    assert_false(compiles(""));
}

static void damaged_files_are_rebuilt_and_replaced(void **state) {
    char path[512];
    unsigned char byte;
    struct stat found;
    (void)state;
    text_of(WORLD_ADD_ONE);
    assert_true(compiles(""));
    kept_file(path);
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &found), 0);
    assert_int_equal(pread(fd, &byte, 1, found.st_size / 2), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, found.st_size / 2), 1);
    close(fd);
    assert_true(compiles(""));
    assert_false(compiles(""));
    assert_int_equal(truncate(path, found.st_size - 1), 0);
    assert_true(compiles(""));
    assert_false(compiles(""));
    assert_int_equal(chmod(path, 0666), 0);
    assert_true(compiles(""));
    assert_false(compiles(""));
    kept_file(path);
}

/* A whole file whose bytes are no program of this driver's. */
static void binaries_that_the_driver_refuses_are_rebuilt(void **state) {
    world w = {.host.cache_folder = root};
    ocl_program *program = NULL;
    uint64_t ns = 0;
    unsigned char key[32];
    static const unsigned char nonsense[] = "this is no program at all";
    (void)state;
    text_of(WORLD_ADD_ONE);
    world_open(&w, "");
    assert_int_equal(get(&w, &program, &ns), SY_OK);
    memcpy(key, program->key, sizeof key);
    ocl_program_release(w.device, program);
    ocl_binary_cache_store(w.device->binaries, key, nonsense, sizeof nonsense);
    world_close(&w);
    w = (world){.host.cache_folder = root};
    world_open(&w, "");
    assert_int_equal(get(&w, &program, &ns), SY_OK);
    assert_true(ns > 0);
    ocl_program_release(w.device, program);
    world_close(&w);
    assert_false(compiles(""));
}

static void a_kept_program_computes_the_same(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        world w = {.host.cache_folder = root};
        float values[3] = {1.5f, -2.0f, 1e10f};
        sy_binding *binding = NULL;
        uint64_t ns = 0;
        world_open(&w, "");
        sy_plan *plan = world_add_one(&w, 3);
        assert_int_equal(w.api->work->plan_compile(plan, &ns, NULL), SY_OK);
        assert_true((ns > 0) == (i == 0));
        sy_buffer *in = world_alloc(&w, SY_MEMORY_DEVICE, 12), *out = world_alloc(&w, SY_MEMORY_DEVICE, 12);
        const sy_span operands[] = {world_span(in, 0, 12), world_span(out, 0, 12)};
        world_put(&w, operands[0], values);
        assert_int_equal(
            w.api->work->binding_create(plan, w.queue, operands, 2, (sy_span){0}, &binding, NULL), SY_OK);
        assert_int_equal(w.api->work->run(binding), SY_OK);
        world_get(&w, operands[1], values);
        assert_true(values[0] == 2.5f && values[1] == -1.0f && values[2] == 1e10f);
        w.api->work->binding_destroy(binding);
        w.api->work->plan_destroy(plan);
        w.api->memory->free(in);
        w.api->memory->free(out);
        world_close(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_text_is_the_same_program),
        cmocka_unit_test(options_reach_the_compiler),
        cmocka_unit_test(what_does_not_build_says_why),
        cmocka_unit_test(impossible_recipes_are_our_mistake),
        cmocka_unit_test_setup_teardown(programs_are_kept_on_disk, make_root, remove_root),
        cmocka_unit_test_setup_teardown(damaged_files_are_rebuilt_and_replaced, make_root, remove_root),
        cmocka_unit_test_setup_teardown(binaries_that_the_driver_refuses_are_rebuilt, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_kept_program_computes_the_same, make_root, remove_root),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
