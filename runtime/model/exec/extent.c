/* How tensors of a graph lie, as problems say it. */
#include "runtime/model/exec/exec.h"

uint64_t sy_exec_extent_bytes(const sy_net_tensor *tensor) {
    int64_t count = sy_net_elements(tensor);
    if (count <= 0)
        return 0;
    if (tensor->is_last) /* pixels at a pitch, the last one without what is beyond its channels */
        count = (count / tensor->dim[1] - 1) * tensor->pitch + tensor->dim[1];
    return (uint64_t)count * sy_net_dtype_size(tensor->dtype);
}

void sy_exec_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]) {
    uint32_t rank = tensor->rank;
    int64_t step = tensor->is_last ? tensor->pitch : 1;
    for (uint32_t i = rank; i-- > 0;) {
        if (tensor->is_last && i == 1)
            continue;
        stride[i] = step;
        step *= tensor->dim[i] > 0 ? tensor->dim[i] : 1;
    }
    if (tensor->is_last)
        stride[1] = 1;
}
