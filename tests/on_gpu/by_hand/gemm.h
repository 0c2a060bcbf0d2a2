/* cuBLASLt called by hand. */
#ifndef STEELYARD_BY_HAND_GEMM_H
#define STEELYARD_BY_HAND_GEMM_H

#include "tests/on_gpu/by_hand/card.h"

/** Time the eight best candidates of the heuristic for each form that the weights may take, and the best of
 * all at length; one JSON line. f8 also with fast accumulation, as a line of its own. */
void gemm_solve(card *c, const problem *p);

/** Which transpositions, types and sizes the heuristic accepts for f8 and s8; JSON lines. */
void gemm_rules(card *c);

#endif
