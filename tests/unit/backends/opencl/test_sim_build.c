/* Programs that do not build, and binaries that are kept, refused, stale or not to be had. */
#include "tests/unit/backends/opencl/sim_world.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static void expect_refusal(const char *settings, const char *words) {
    sim_world w = {0};
    sim_open(&w, settings);
    sy_plan *plan = (sy_plan *)&w;
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_UNSUPPORTED);
    assert_null(plan);
    sim_expect_words(w.error.text, words);
    sim_end(&w);
}

static void a_build_failure_is_a_refusal_with_the_logs_first_error(void **state) {
    (void)state;
    expect_refusal("build=fail", "12:5: error: use of undeclared identifier 'simulated'");
    expect_refusal("build=fail;finish=-5", "error: use of undeclared");
}

static void a_build_failure_without_a_log_has_its_code(void **state) {
    (void)state;
    expect_refusal("build=mute", "CL_BUILD_PROGRAM_FAILURE");
    expect_refusal("fail=clBuildProgram:1:-43", "CL_INVALID_BUILD_OPTIONS");
    expect_refusal("build=fail;fail=clGetProgramBuildInfo:1:-6", "CL_BUILD_PROGRAM_FAILURE");
    expect_refusal("build=fail;fail=clGetProgramBuildInfo:2:-6", "CL_BUILD_PROGRAM_FAILURE");
}

static void other_failures_are_no_refusals(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sy_plan *plan = NULL;
    cl_sim_fail("clBuildProgram", 1, CL_OUT_OF_HOST_MEMORY);
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OUT_OF_MEMORY);
    cl_sim_fail("clCreateProgramWithSource", 1, CL_OUT_OF_RESOURCES);
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OUT_OF_MEMORY);
    cl_sim_fail("clCreateKernel", 1, CL_OUT_OF_RESOURCES);
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OUT_OF_MEMORY);
    sim_expect_words(w.error.text, "CL_OUT_OF_RESOURCES");
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OK); /* the next try is another one */
    w.api->work->plan_destroy(plan);
    sim_end(&w);
}

static void warnings_are_no_failure(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "build=warn");
    sy_plan *plan = NULL;
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OK);
    w.api->work->plan_destroy(plan);
    sim_end(&w);
}

static void one_program_that_fails_leaves_the_others(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "build=fail:PANEL double");
    sy_plan *plan = NULL;
    assert_int_equal(sim_plan(&w, SIM_GEMM ",dtype=f64", &plan), SY_UNSUPPORTED);
    assert_int_equal(sim_plan(&w, SIM_GEMM, &plan), SY_OK);
    w.api->work->plan_destroy(plan);
    sim_end(&w);
}

/* A folder of its own for kept programs. */
static void make_folder(char *out_folder, size_t capacity) {
    snprintf(out_folder, capacity, "/tmp/steelyard-sim-XXXXXX");
    assert_non_null(mkdtemp(out_folder));
}

/* Call `visit` with every file below <folder>/opencl; returns how many there are. */
static int visit_files(const char *folder, void (*visit)(const char *path)) {
    char below[256], path[512];
    int count = 0;
    snprintf(below, sizeof below, "%s/opencl", folder);
    DIR *open = opendir(below);
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        snprintf(path, sizeof path, "%s/%.200s", below, entry->d_name);
        if (visit != NULL)
            visit(path);
    }
    if (open != NULL)
        closedir(open);
    return count;
}

static void remove_file(const char *path) {
    assert_int_equal(unlink(path), 0);
}

static void remove_folder(const char *folder) {
    char below[256];
    visit_files(folder, remove_file);
    snprintf(below, sizeof below, "%s/opencl", folder);
    rmdir(below);
    assert_int_equal(rmdir(folder), 0);
}

static void flip_last_byte(const char *path) {
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fseek(file, -1, SEEK_END);
    int byte = fgetc(file);
    fseek(file, -1, SEEK_END);
    fputc(byte ^ 1, file);
    fclose(file);
}

/* Plan once in a world; how many programs came from source and from binaries. */
static void plan_in(const char *folder, const char *settings, uint64_t from_source, uint64_t from_binary) {
    sim_world w = {.host.cache = folder};
    sim_open(&w, settings);
    sim_work work = sim_work_make(&w);
    assert_int_equal(w.api->work->run(work.binding), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    assert_int_equal(cl_sim_calls("clCreateProgramWithSource"), from_source);
    assert_int_equal(cl_sim_calls("clCreateProgramWithBinary"), from_binary);
    uint64_t compile_ns = 0;
    assert_int_equal(w.api->work->plan_compile(work.plan, &compile_ns, NULL), SY_OK);
    assert_true((compile_ns > 0) == (from_source > 0));
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void a_program_is_compiled_once(void **state) {
    (void)state;
    char folder[64];
    make_folder(folder, sizeof folder);
    plan_in(folder, "", 1, 0);
    assert_int_equal(visit_files(folder, NULL), 1);
    plan_in(folder, "", 0, 1);
    plan_in(folder, "driver=2.0", 1, 0); /* another driver: another entry */
    assert_int_equal(visit_files(folder, NULL), 2);
    remove_folder(folder);
}

static void a_binary_that_is_refused_is_built_anew(void **state) {
    (void)state;
    char folder[64];
    make_folder(folder, sizeof folder);
    plan_in(folder, "", 1, 0);
    plan_in(folder, "binary=reject", 1, 1);
    plan_in(folder, "binary=stale", 1, 1);
    plan_in(folder, "", 0, 1);
    visit_files(folder, flip_last_byte);
    plan_in(folder, "", 1, 0); /* damaged: not even shown to the driver */
    plan_in(folder, "", 0, 1);
    remove_folder(folder);
}

static void a_driver_without_binaries_compiles_each_time(void **state) {
    (void)state;
    char folder[64];
    make_folder(folder, sizeof folder);
    plan_in(folder, "binary=none", 1, 0);
    plan_in(folder, "binary=none", 1, 0);
    assert_int_equal(visit_files(folder, NULL), 0);
    plan_in(folder, "fail=clGetProgramInfo:1:-6", 1, 0);
    plan_in(folder, "fail=clGetProgramInfo:2:-6", 1, 0);
    assert_int_equal(visit_files(folder, NULL), 0);
    remove_folder(folder);
}

/* A limit that only the compiled kernel has: told while planning, not when it is launched. */
static void a_kernel_that_bears_small_groups_only(void **state) {
    (void)state;
    sim_world w = {0};
    sim_begin(&w, "type=gpu;kernel_group=1");
    assert_int_equal(w.api->device->open(w.backend, 0, "", &w.device, &w.error), SY_OK);
    assert_int_equal(w.api->queue->create(w.device, &w.queue, &w.error), SY_OK);
    sy_plan *plan = NULL;
    if (sim_candidate(&w, SIM_GEMM, NULL) != 0 && sim_plan(&w, SIM_GEMM, &plan) != SY_OK)
        sim_expect_words(w.error.text, "work-groups of");
    w.api->work->plan_destroy(plan);
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_build_failure_is_a_refusal_with_the_logs_first_error),
        cmocka_unit_test(a_build_failure_without_a_log_has_its_code),
        cmocka_unit_test(other_failures_are_no_refusals), cmocka_unit_test(warnings_are_no_failure),
        cmocka_unit_test(one_program_that_fails_leaves_the_others),
        cmocka_unit_test(a_program_is_compiled_once),
        cmocka_unit_test(a_binary_that_is_refused_is_built_anew),
        cmocka_unit_test(a_driver_without_binaries_compiles_each_time),
        cmocka_unit_test(a_kernel_that_bears_small_groups_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
