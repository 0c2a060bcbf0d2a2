/* How images are made larger and smaller: for each dimension, which elements a new one is made of. */
#ifndef RUNTIME_MODEL_OPS_RESIZE_H
#define RUNTIME_MODEL_OPS_RESIZE_H

#include "runtime/model/ops/op.h"

typedef enum sy_net_resize_mode {
    SY_NET_RESIZE_NEAREST,
    SY_NET_RESIZE_LINEAR,
    SY_NET_RESIZE_CUBIC,
} sy_net_resize_mode;

/** Where element x of the result lies among those of the input. Names as in the ONNX operator Resize. */
typedef enum sy_net_resize_coordinate {
    SY_NET_HALF_PIXEL,
    SY_NET_PYTORCH_HALF_PIXEL,
    SY_NET_ALIGN_CORNERS,
    SY_NET_ASYMMETRIC,
    SY_NET_TF_HALF_PIXEL_FOR_NN,
    SY_NET_TF_CROP_AND_RESIZE,
    SY_NET_HALF_PIXEL_SYMMETRIC,
} sy_net_resize_coordinate;

/** Rounding of `nearest`; SIMPLE: down, but up where an image becomes smaller (opset 10 and Upsample). */
typedef enum sy_net_resize_rounding {
    SY_NET_ROUND_PREFER_FLOOR,
    SY_NET_ROUND_PREFER_CEIL,
    SY_NET_ROUND_FLOOR,
    SY_NET_ROUND_CEIL,
    SY_NET_ROUND_SIMPLE,
} sy_net_resize_rounding;

/** What holds for all dimensions. */
typedef struct sy_net_resize_rule {
    sy_net_resize_mode mode;
    sy_net_resize_coordinate coordinate;
    sy_net_resize_rounding rounding;
    float cubic_a, extrapolation;
    bool is_antialias, exclude_outside;
} sy_net_resize_rule;

/**
 * One dimension: element j is the sum over t < taps of weight[j * taps + t] * element index[j * taps + t].
 *
 * is_same  every element stays what it is; no tables then.
 * scale    of the lengths; begin, end: of the part that is taken, as shares (tf_crop_and_resize).
 * index    within the input; -1: outside, the extrapolation value.
 */
typedef struct sy_net_resize_axis {
    bool is_same;
    int64_t in, out, taps;
    double scale, begin, end;
    int32_t *index;
    float *weight;
} sy_net_resize_axis;

/** What infer() leaves behind. */
typedef struct sy_net_resize {
    sy_net_resize_rule rule;
    sy_net_resize_axis axis[SY_NET_MAX_RANK];
} sy_net_resize;

/** No dimension that is resized may have more elements. */
#define SY_NET_RESIZE_MAX (INT64_C(1) << 24)

/** Fill the tables of an axis whose lengths, scale and part are set. SY_OUT_OF_MEMORY, SY_UNSUPPORTED. */
sy_status sy_net_resize_plan(
    sy_net_call *call, const sy_net_resize_rule *rule, sy_net_resize_axis *axis, sy_error *err);

/** The row's scratch_bytes and run. */
size_t sy_net_resize_scratch(const sy_net_call *call);
sy_status sy_net_resize_run(const sy_net_call *call, sy_error *err);

#endif
