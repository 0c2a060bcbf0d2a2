/* Tasks of written problems, for tests of families. */
#ifndef TESTS_UNIT_BACKENDS_OPENCL_TASKS_H
#define TESTS_UNIT_BACKENDS_OPENCL_TASKS_H

#include "backends/opencl/traits.h"
#include "runtime/task/task.h"

/** The task of a problem ("gemm:m=2,n=3,k=4"), layouts as written. Fails the test if there is no such
 * problem. */
void task_of(const char *problem, sy_task *out_task);

/** Traits of a processor with vectors of 8 floats and two units; of a graphics card with 32 units. Both can
 * do all. */
extern const ocl_traits traits_of_cpu, traits_of_gpu;

#endif
