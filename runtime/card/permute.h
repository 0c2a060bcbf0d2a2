/* Elements of one strided array into another, on the host. */
#ifndef RUNTIME_CARD_PERMUTE_H
#define RUNTIME_CARD_PERMUTE_H

#include "steelyard/problem.h"

/** Copy every element of `from` to its place in `to`: same extents and type, layout STRIDED both, checked
 * strides. Pure; the arrays do not overlap. */
void sy_card_permute(const sy_tensor *from, const void *source, const sy_tensor *to, void *target);

#endif
