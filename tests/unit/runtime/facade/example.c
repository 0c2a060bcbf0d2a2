/* A GEMM through libsteelyard, as an embedder writes it: prints its one result. */
#include <stdio.h>
#include <stdlib.h>

#include "steelyard/runtime.h"

static void check(sy_status status, const sy_error *err) {
    if (status == SY_OK)
        return;
    fprintf(stderr, "%s: %s\n", sy_status_name(status), err->text);
    exit(1);
}

int main(int argc, char **argv) {
    const float a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8};
    float d[4] = {0};
    sy_error err = SY_ERROR_INIT;
    sy_runtime_options options = {.size = sizeof options, .flags = SY_RUNTIME_ENVIRONMENT};
    sy_runtime *runtime;
    sy_context *context;
    sy_work *work;
    sy_job *job;
    sy_memory *memory[4] = {NULL}; /* A, B, no C, D */
    options.builtins = sy_builtin_list(&options.builtin_count);
    check(sy_runtime_create(&options, &runtime, &err), &err);
    check(sy_context_open(runtime, argc > 1 ? argv[1] : "cpu", &context, &err), &err);
    check(sy_work_create(context, "gemm:m=2,n=2,k=2", "auto", &work, &err), &err);
    for (int i = 0; i < 4; i += i == 1 ? 2 : 1)
        check(sy_memory_create(context, sizeof d, &memory[i], &err), &err);
    check(sy_memory_write(memory[0], 0, a, sizeof a, &err), &err);
    check(sy_memory_write(memory[1], 0, b, sizeof b, &err), &err);
    check(sy_job_create(work, memory, 4, &job, &err), &err);
    check(sy_job_run(job), &err);
    check(sy_context_sync(context, UINT64_MAX, &err), &err);
    check(sy_memory_read(memory[3], 0, d, sizeof d, &err), &err);
    printf("%g %g %g %g\n", (double)d[0], (double)d[1], (double)d[2], (double)d[3]);
    sy_job_destroy(job);
    for (int i = 0; i < 4; i++)
        sy_memory_destroy(memory[i]);
    sy_work_destroy(work);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
    return d[0] == 19 && d[1] == 22 && d[2] == 43 && d[3] == 50 ? 0 : 1;
}
