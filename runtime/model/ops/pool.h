/* Pools over windows: what their rows share. */
#ifndef RUNTIME_MODEL_OPS_POOL_H
#define RUNTIME_MODEL_OPS_POOL_H

#include "runtime/model/ops/window.h"

/** What is made of a window's values: the greatest, their mean, (sum |x|^p)^(1/p). */
enum { SY_NET_POOL_MAX = 1, SY_NET_POOL_AVERAGE = 2, SY_NET_POOL_LP = 3 };

/**
 * What infer() makes of a pool. counts_padding: padding takes part in means, as 0. is_column_major: of
 * indices. A window that hits nothing gives minus infinity (the lowest integer) or 0.
 */
typedef struct sy_net_pool_state {
    sy_net_window window;
    int kind;
    bool counts_padding, is_column_major;
    int64_t p;
} sy_net_pool_state;

/** Taps along dimension `axis` (right-aligned) that take part in a mean at output position `at`: what it is
 * divided by is the product of these. */
int64_t sy_net_pool_count(const sy_net_pool_state *state, uint32_t axis, int64_t at);

/** Any types, in f64; out[1], if it is there, gets indices. */
void sy_net_pool_any(const sy_net_call *call, const sy_net_pool_state *state);

/** Maxima of s8, u8 and bf16 with channels last; false: another form, nothing is written. */
bool sy_net_pool_narrow(const sy_net_call *call, const sy_net_pool_state *state);

/** f32 maxima and means in vectors, both layouts; false: a window too wide for that, nothing is written. */
bool sy_net_pool_f32(const sy_net_call *call, const sy_net_pool_state *state);

#endif
