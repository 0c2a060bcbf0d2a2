#include "runtime/model/ops/line.h"

sy_ops_lines sy_ops_lines_make(const sy_net_tensor *tensor, uint32_t axis, uint32_t axis_end) {
    return (sy_ops_lines){.outer = sy_ops_span(tensor, 0, axis),
        .count = sy_ops_span(tensor, axis, axis_end),
        .inner = sy_ops_span(tensor, axis_end, tensor->rank)};
}
