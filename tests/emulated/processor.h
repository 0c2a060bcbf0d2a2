/* A processor that says yes to every instruction set: included before the probe in the copy of the cpu
 * backend that runs on emulated kernels. */
#ifndef TESTS_EMULATED_PROCESSOR_H
#define TESTS_EMULATED_PROCESSOR_H

#include <cpuid.h>

#define __builtin_cpu_supports(name) 1
#define __get_cpuid_count(leaf, sub_leaf, a, b, c, d) (*(a) = *(b) = *(c) = *(d) = ~0u, 1)

#endif
