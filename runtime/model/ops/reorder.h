/* Elements of images from packed to channels last, and back. */
#ifndef RUNTIME_MODEL_OPS_REORDER_H
#define RUNTIME_MODEL_OPS_REORDER_H

#include "runtime/model/graph/team.h"
#include "runtime/model/graph/tensor.h"

/** Copy `from` into `to`: same type and extents, each packed or is_last with any pitch; no overlap. */
void sy_net_reorder(const sy_net_tensor *from, const sy_net_tensor *to, const sy_team *team);

#endif
