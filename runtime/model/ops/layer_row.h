/* One row of a layer normalisation. */
#ifndef RUNTIME_MODEL_OPS_LAYER_ROW_H
#define RUNTIME_MODEL_OPS_LAYER_ROW_H

#include "runtime/model/ops/share.h"

/** Inputs by number, SY_NET_NONE for none: what is added to the row before (skip: a tensor, added: a row),
 * scale and bias. is_rms: no mean is taken off. */
typedef struct sy_ops_layer_ports {
    uint32_t skip, scale, bias, added;
    bool is_rms;
} sy_ops_layer_ports;

/** What the rows of a call share. Pointers may be NULL, except in, scale and out. mean, inverse: a number a
 * row. sum: what was normalised. */
typedef struct sy_ops_layer {
    const sy_nn *nn;
    uint32_t dtype;
    int64_t count;
    double epsilon;
    bool is_rms;
    const void *in, *skip, *added, *scale, *bias;
    void *out, *sum;
    sy_net_tensor *mean, *inverse;
} sy_ops_layer;

/** Row `index`. out (and sum) may be in or skip. */
void sy_ops_layer_row(const sy_ops_layer *layer, int64_t index);

#endif
