/*
 * Operators tried by tables of texts. A tensor is "f32[2,3] 1 2 3 4 5 6": type, extents, elements (fewer: the
 * last one is repeated; none: 0). Before it "@" makes it a constant, which infer() may read. "-" is an input
 * or output that is left out. Failures end the test.
 */
#ifndef STEELYARD_TESTS_OP_TEXT_H
#define STEELYARD_TESTS_OP_TEXT_H

#include "runtime/model/ops/op.h"

#define OP_TEXT_PORTS 6u

/**
 * attr    "axis=1 perm=[1,0] alpha=0.5 scales=[1.0,2.0] mode=reflect value={s64[1] 3}": whole numbers, or
 *         floating-point ones where there is a point. NULL: none.
 * in, out tensors, up to the first NULL. An output whose type is "T" is skipped over.
 * status  SY_OK, or what infer() or run() has to end with, and `words` in its text.
 */
typedef struct op_text {
    const char *op;
    uint32_t opset;
    const char *attr;
    const char *in[OP_TEXT_PORTS], *out[OP_TEXT_PORTS];
    sy_status status;
    const char *words;
} op_text;

/** Parse a tensor; its data lies in `arena`. Returns whether it is a constant. */
bool op_text_tensor(sy_net_arena *arena, const char *text, sy_net_tensor *out);

/** Parse attributes; *out_count of them. */
sy_net_attr *op_text_attrs(sy_net_arena *arena, const char *text, uint32_t *out_count);

/**
 * Try rows: alone, with a team whose shares come in reverse order, and (rows of operators with
 * SY_NET_OP_CHANNELS_LAST, rank 3 to 5) with channels innermost and gaps between the pixels. Memory is
 * exactly as large as needed, so that a sanitizer sees more. Floating-point numbers to 1e-5.
 */
void op_text_try(const op_text *row, size_t count);

/** As op_text_try() once for each element type: "T" at the beginning of a tensor stands for it. */
void op_text_try_types(const op_text *row, size_t count);

#endif
