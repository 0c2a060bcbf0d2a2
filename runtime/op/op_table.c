/* The ops that a problem string may begin with. To add one: its row in a file of its own, and a line here. */
#include <string.h>

#include "runtime/op/op.h"

static const sy_op_row *const rows[] = {&sy_op_gemm, &sy_op_conv2d, &sy_op_copy, &sy_op_stream, &sy_op_peak};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const sy_op_row *sy_op_find(uint32_t op) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i]->op == op)
            return rows[i];
    return NULL;
}

const sy_op_row *sy_op_find_name(const char *name) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}
