/* Convolutions by aclnnConvolution: channels first, a bias at most. Layouts inside the library's kernels are
 * its own. */
#include <stdio.h>

#include "backends/ascend/floats.h"
#include "backends/ascend/numbers.h"
#include "backends/ascend/product.h"
#include "backends/ascend/work.h"
#include "runtime/base/error.h"
#include "runtime/card/convolution.h"

enum { PADDING_MOST = 255, GROUPS_MOST = 65535 };

/* Lists of the call. */
enum { STRIDE = 0, PADDING = 1, DILATION = 2, OUTPUT_PADDING = 3 };

static bool does(const sy_device *device, const sy_task *task) {
    (void)device;
    return task->op == SY_OP_CONV;
}

static sy_status want(sy_task *task, uint32_t *layout, sy_error *err) {
    return sy_card_convolution_want(task, false, layout, err);
}

static sy_status check_types(
    sy_device *device, const sy_task *task, const sy_card_convolution *conv, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    if (own->family == ASCEND_910A)
        return sy_error_set(err, SY_UNSUPPORTED, "aclnnConvolution is not for %s", own->soc);
    sy_status status = ascend_check_cube(device, conv->x_dtype, task->acc_dtype, "convolutions", err);
    if (status == SY_OK && (conv->w_dtype != conv->x_dtype || conv->y_dtype != conv->x_dtype))
        status = sy_error_set(err, SY_UNSUPPORTED, "images and weights of one type, not %s, %s and %s",
            sy_dtype_name(conv->x_dtype), sy_dtype_name(conv->w_dtype), sy_dtype_name(conv->y_dtype));
    return status;
}

static sy_status check_epilogue(const sy_task *task, const sy_card_convolution *conv, sy_error *err) {
    const sy_card_epilogue *epilogue = &conv->epilogue;
    if (epilogue->residual != SY_NO_OPERAND || epilogue->scale_row != SY_NO_OPERAND ||
        epilogue->scale_column != SY_NO_OPERAND || epilogue->activation != SY_CARD_NO_ACTIVATION)
        return sy_error_set(err, SY_UNSUPPORTED, "a bias, and nothing else behind it");
    if (epilogue->bias != SY_NO_OPERAND && task->tensor[epilogue->bias].dtype != conv->x_dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "the bias must be of the images' type %s, it is %s",
            sy_dtype_name(conv->x_dtype), sy_dtype_name(task->tensor[epilogue->bias].dtype));
    return SY_OK;
}

static sy_status check_sizes(const sy_card_convolution *conv, sy_error *err) {
    for (uint32_t i = 0; i < 2; i++)
        if (conv->pad_lo[i] < 0 || conv->pad_lo[i] > PADDING_MOST || conv->pad_hi[i] < 0 ||
            conv->pad_hi[i] > PADDING_MOST)
            return sy_error_set(err, SY_UNSUPPORTED, "paddings of 0 to %d", PADDING_MOST);
    if (conv->groups > GROUPS_MOST)
        return sy_error_set(err, SY_UNSUPPORTED, "at most %d groups", GROUPS_MOST);
    if (conv->r > PADDING_MOST || conv->s > PADDING_MOST)
        return sy_error_set(err, SY_UNSUPPORTED, "filters of at most %d x %d", PADDING_MOST, PADDING_MOST);
    if (conv->c == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "no channels");
    /* With four paddings, which CANN 8.5 brings, it is not known which of the two is which. */
    bool is_even = conv->pad_lo[0] == conv->pad_hi[0] && conv->pad_lo[1] == conv->pad_hi[1];
    bool is_same = conv->pad_lo[0] == conv->pad_lo[1] && conv->pad_hi[0] == conv->pad_hi[1];
    if (!is_even && !is_same)
        return sy_error_set(err, SY_UNSUPPORTED,
            "sides padded differently must be so in both directions: the order of four paddings is not "
            "known");
    return SY_OK;
}

static void put_lists(const sy_card_convolution *conv, ascend_call *call) {
    bool is_even = conv->pad_lo[0] == conv->pad_hi[0] && conv->pad_lo[1] == conv->pad_hi[1];
    call->lists = 4;
    for (uint32_t i = 0; i < 4; i++)
        call->list_length[i] = 2;
    for (uint32_t i = 0; i < 2; i++) {
        call->list[STRIDE][i] = conv->stride[i];
        call->list[DILATION][i] = conv->dilation[i];
        call->list[PADDING][i] = conv->pad_lo[i];
    }
    if (is_even)
        return;
    /* low, high of one direction, then of the other: alike, as they were checked. */
    call->list_length[PADDING] = 4;
    for (uint32_t i = 0; i < 2; i++) {
        call->list[PADDING][2 * i] = conv->pad_lo[i];
        call->list[PADDING][2 * i + 1] = conv->pad_hi[i];
    }
}

static void add_call(
    const sy_task *task, const sy_card_convolution *conv, uint32_t setting, ascend_work *work) {
    int type = ascend_type_of(conv->x_dtype);
    bool has_bias = conv->epilogue.bias != SY_NO_OPERAND;
    ascend_call *call = ascend_work_call(work, ASCEND_OP_CONV);
    call->views = 4;
    call->view[0] =
        ascend_view_dense(0, type, ACL_ORDER_NCHW, 4, (int64_t[]){conv->n, conv->c, conv->h, conv->w});
    call->view[1] = ascend_view_dense(
        1, type, ACL_ORDER_NCHW, 4, (int64_t[]){conv->k, conv->c / conv->groups, conv->r, conv->s});
    call->view[2] = ascend_view_dense(
        has_bias ? (int)conv->epilogue.bias : ASCEND_SLOT_NONE, type, ACL_ORDER_ND, 1, &conv->k);
    call->view[3] = ascend_view_dense(
        ascend_output_slot(task), type, ACL_ORDER_NCHW, 4, (int64_t[]){conv->n, conv->k, conv->p, conv->q});
    call->groups = conv->groups;
    call->cube = (setting & ASCEND_WAY_HF32) != 0 ? CUBE_HF32 : CUBE_KEEP;
    put_lists(conv, call);
    work->is_uncertain = call->list_length[PADDING] == 4;
}

static sy_status cook(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    sy_card_convolution conv;
    offer->math = (setting & ASCEND_WAY_HF32) != 0 ? SY_MATH_HF32 : SY_MATH_STRICT;
    offer->flags = SY_ALGO_DETERMINISTIC | SY_ALGO_REORDERS_INSIDE;
    snprintf(offer->name, sizeof offer->name, "aclnnConvolution%s",
        (setting & ASCEND_WAY_HF32) != 0 ? "/hf32" : "");
    sy_status status = ascend_has(device, ASCEND_OP_CONV, err);
    if (status == SY_OK)
        status = sy_card_convolution_read(task, &conv, err);
    if (status == SY_OK)
        status = check_types(device, task, &conv, err);
    if (status == SY_OK && conv.is_nhwc && !sy_card_convolution_may_be(task, false))
        status = sy_error_set(err, SY_UNSUPPORTED, "images that do not lie channels first");
    if (status == SY_OK)
        status = check_epilogue(task, &conv, err);
    if (status == SY_OK)
        status = check_sizes(&conv, err);
    if (status == SY_OK && conv.n > 0 && conv.k > 0 && conv.p > 0 && conv.q > 0)
        add_call(task, &conv, setting, work);
    return status;
}

const ascend_recipe ascend_recipe_conv = {.does = does, .want = want, .cook = cook};
