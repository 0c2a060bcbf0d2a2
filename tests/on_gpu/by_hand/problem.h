/* Problems as steelyard writes them, in full ("gemm:m=1,...,dtype=a:b:c:acc,math=strict,weights=const"). */
#ifndef STEELYARD_BY_HAND_PROBLEM_H
#define STEELYARD_BY_HAND_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { PROBLEM_TEXT_MAX = 512 };

typedef enum { TYPE_F32, TYPE_F16, TYPE_BF16, TYPE_S8, TYPE_S32, TYPE_F8E4M3, TYPE_F8E5M2, TYPE_NONE } type;

typedef struct problem {
    char text[PROBLEM_TEXT_MAX], name[128];
    bool is_conv, is_tf32, is_dynamic;
    type a, b, c;
    int64_t m, n, k, batch, ta, tb; /* gemm; k also output channels */
    int64_t images, channels, h, w, r, s, groups;
    int64_t stride[2], pad[4], dilation[2]; /* {vertical, horizontal}, {top, left, bottom, right} */
} problem;

/** Read a line "PROBLEM # NAME". False, with a word in `reason`, for what is not done by hand. */
bool problem_read(const char *line, problem *out, char reason[128]);

/** Bytes of an element. */
size_t type_bytes(type t);

#endif
