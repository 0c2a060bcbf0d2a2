/* Lines of a packed tensor along one axis: what Softmax, ArgMax, CumSum and their kin go along. */
#ifndef RUNTIME_MODEL_OPS_LINE_H
#define RUNTIME_MODEL_OPS_LINE_H

#include "runtime/model/ops/share.h"

/** outer x inner lines of `count` elements; element i of line (o, j) is at (o * count + i) * inner + j. */
typedef struct sy_ops_lines {
    int64_t outer, count, inner;
} sy_ops_lines;

/** Lines along `axis` .. `axis_end` - 1, taken as one. */
sy_ops_lines sy_ops_lines_make(const sy_net_tensor *tensor, uint32_t axis, uint32_t axis_end);

/** Where line `index` (of outer * inner) begins. */
static inline int64_t sy_ops_line_begin(const sy_ops_lines *lines, int64_t index) {
    return index / lines->inner * lines->count * lines->inner + index % lines->inner;
}

#endif
