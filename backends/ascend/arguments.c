/* Phase one, operator by operator. */
#include "backends/ascend/arguments.h"

static int product(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_matmul_fn *)function)(
        l->tensor[0], l->tensor[1], l->tensor[2], call->cube, &l->bytes, &l->executor);
}

static int addmm(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_addmm_fn *)function)(l->tensor[0], l->tensor[1], l->tensor[2], l->scalar[0], l->scalar[1],
        l->tensor[3], call->cube, &l->bytes, &l->executor);
}

static int quant3(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_quant3_fn *)function)(l->tensor[0], l->tensor[1], l->tensor[2], NULL, NULL,
        call->transposed[0], call->transposed[1], l->tensor[3], &l->bytes, &l->executor);
}

static int quant4(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_quant4_fn *)function)(l->tensor[0], l->tensor[1], l->tensor[2], NULL, l->tensor[3], NULL,
        call->transposed[0], call->transposed[1], l->tensor[4], &l->bytes, &l->executor);
}

static int quant5(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_quant5_fn *)function)(l->tensor[0], l->tensor[1], l->tensor[3], l->tensor[2], NULL, NULL,
        NULL, NULL, NULL, call->transposed[0], call->transposed[1], 0, l->tensor[4], &l->bytes, &l->executor);
}

static int conv(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    return ((ascend_conv_fn *)function)(l->tensor[0], l->tensor[1], l->tensor[2], l->list[0], l->list[1],
        l->list[2], false, l->list[3], call->groups, l->tensor[3], call->cube, &l->bytes, &l->executor);
}

int ascend_phase_one(void (*function)(void), const ascend_call *call, ascend_launch *l) {
    switch (call->op) {
    case ASCEND_OP_MATMUL:
    case ASCEND_OP_MM:
    case ASCEND_OP_BATCH_MATMUL: return product(function, call, l);
    case ASCEND_OP_ADDMM: return addmm(function, call, l);
    case ASCEND_OP_QUANT_V3: return quant3(function, call, l);
    case ASCEND_OP_QUANT_V4: return quant4(function, call, l);
    case ASCEND_OP_QUANT_V5: return quant5(function, call, l);
    case ASCEND_OP_CONV: return conv(function, call, l);
    case ASCEND_OP_ADD:
        return ((ascend_add_fn *)function)(
            l->tensor[0], l->tensor[1], l->scalar[0], l->tensor[2], &l->bytes, &l->executor);
    default: return ((ascend_copy_fn *)function)(l->tensor[1], l->tensor[0], &l->bytes, &l->executor);
    }
}
