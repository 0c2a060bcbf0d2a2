/* The array of built-in backends. A backend that was not configured has no row. */
#include "backends/builtin/builtin.h"

#include "steelyard/runtime.h"

#ifdef STEELYARD_HAS_CPU
#include "backends/cpu/cpu.h"
#endif

const sy_builtin sy_builtins[] = {
#ifdef STEELYARD_HAS_CPU
    {"cpu", sy_cpu_query},
#endif
    {NULL, NULL}, /* an empty array is not C; never counted */
};

const size_t sy_builtin_count = sizeof sy_builtins / sizeof sy_builtins[0] - 1;

const sy_builtin *sy_builtin_list(size_t *out_count) {
    *out_count = sy_builtin_count;
    return sy_builtins;
}
