#include "tests/unit/backends/opencl/tasks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "steelyard/spec.h"

void task_of(const char *problem, sy_task *out_task) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_spec_parse(problem, NULL, &spec, &err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, &err);
    if (status == SY_OK)
        status = sy_task_read(&storage.problem, out_task, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", problem, err.text);
    assert_int_equal(status, SY_OK);
}

const ocl_traits traits_of_cpu = {.kind = OCL_CPU,
    .version = 300,
    .c_version = 120,
    .units = 2,
    .simd = 8,
    .vector_f32 = 8,
    .max_work_group = 4096,
    .max_items = {4096, 4096, 4096},
    .local_bytes = 512 << 10,
    .memory_bytes = UINT64_C(8) << 30,
    .max_alloc_bytes = UINT64_C(2) << 30,
    .cache_bytes = 32 << 20,
    .fp64 = true,
    .unified = true,
    .is_host = true,
    .binaries = true,
    .little_endian = true,
    .name = "a processor",
    .vendor = "somebody",
    .driver = "1"};

const ocl_traits traits_of_gpu = {.kind = OCL_GPU,
    .version = 300,
    .c_version = 300,
    .units = 32,
    .simd = 32,
    .vector_f32 = 1,
    .max_work_group = 1024,
    .max_items = {1024, 1024, 64},
    .local_bytes = 48 << 10,
    .has_local = true,
    .memory_bytes = UINT64_C(8) << 30,
    .max_alloc_bytes = UINT64_C(2) << 30,
    .cache_bytes = 4 << 20,
    .fp64 = true,
    .fp16 = true,
    .dot8 = true,
    .subgroups = true,
    .binaries = true,
    .little_endian = true,
    .name = "a card",
    .vendor = "somebody",
    .driver = "1"};
