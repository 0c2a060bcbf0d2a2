/* QLinearMatMul and MatMulInteger with one constant matrix B. */
#include "runtime/base/error.h"
#include "runtime/model/exec/lower_bytes.h"

static const sy_lower_ports linear_ports = {0, 1, 2, 3, 4, 5, 6, 7, SY_NET_NONE};
static const sy_lower_ports integer_ports = {
    0, SY_NET_NONE, 2, 1, SY_NET_NONE, 3, SY_NET_NONE, SY_NET_NONE, SY_NET_NONE};

static sy_status lower_matmul(sy_lowering *lower, const sy_lower_ports *ports, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_value *value = lower->graph->value;
    const sy_net_tensor *a = &value[node->in[ports->x]].tensor, *b = &value[node->in[ports->w]].tensor;
    int64_t elements = sy_net_elements(&value[node->out[0]].tensor);
    bool is_usual = a->rank >= 2 && b->rank >= 2 && !a->is_last && !b->is_last && elements > 0;
    int64_t k = is_usual ? b->dim[b->rank - 2] : 0, n = is_usual ? b->dim[b->rank - 1] : 0;
    if (!is_usual || k == 0 || sy_net_elements(b) != k * n)
        return sy_error_set(err, SY_UNSUPPORTED, "%s of these shapes", node->op->name);
    int64_t m = sy_net_elements(a) / k;
    const int64_t left[3] = {1, m, k}, right[3] = {1, k, n}, out[3] = {1, m, n};
    sy_lower_bytes bytes = {.columns = n, .depth = k, .column_step = 1, .depth_step = n};
    sy_status status = sy_lower_bytes_read(lower, ports, &bytes, err);
    if (status != SY_OK)
        return status;
    sy_lower_bytes_correct(&bytes);
    sy_lower_tensor(lower, node->in[ports->x], 3, left, (const int64_t[]){m * k, k, 1}, false);
    sy_lower_bytes_weights(lower, ports, &bytes, 3, right, (const int64_t[]){k * n, n, 1});
    sy_lower_tensor(lower, SY_NET_NONE, 3, out, (const int64_t[]){m * n, n, 1}, false);
    status = sy_lower_bytes_posts(lower, &bytes, err);
    if (status == SY_OK &&
        sy_lower_output(lower, node->out[0], 3, out, (const int64_t[]){m * n, n, 1}) == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    lower->work->storage.attr.gemm = (sy_gemm_attr){.size = sizeof(sy_gemm_attr), .alpha = 1};
    sy_lower_finish(lower, SY_OP_GEMM, SY_S32, math);
    return status;
}

sy_status sy_lower_qlinear_matmul(sy_lowering *lower, uint32_t math, sy_error *err) {
    return lower_matmul(lower, &linear_ports, math, err);
}

sy_status sy_lower_matmul_integer(sy_lowering *lower, uint32_t math, sy_error *err) {
    return lower_matmul(lower, &integer_ports, math, err);
}
