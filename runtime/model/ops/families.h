/* The families of operators, each in the file of its name. */
#ifndef RUNTIME_MODEL_OPS_FAMILIES_H
#define RUNTIME_MODEL_OPS_FAMILIES_H

#include "runtime/model/ops/op.h"

extern const sy_net_family sy_net_family_identity;
extern const sy_net_family sy_net_family_control;

#endif
