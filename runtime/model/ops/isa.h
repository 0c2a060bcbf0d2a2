/* Instruction sets by the names that devices give. */
#ifndef RUNTIME_MODEL_OPS_ISA_H
#define RUNTIME_MODEL_OPS_ISA_H

#include <stdint.h>

/** SY_ISA_* level of a text as in sy_device_info.isa ("avx2", "avx512-base", "neon-8.2"); generic if it is
 * none of this build's. */
uint32_t sy_net_isa(const char *text);

#endif
