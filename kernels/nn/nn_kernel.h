/* The functions of each instruction set, as nn_table.c lists them. */
#ifndef KERNELS_NN_NN_KERNEL_H
#define KERNELS_NN_NN_KERNEL_H

#include "kernels/nn/nn.h"

extern const sy_nn nn_generic;
extern const sy_nn nn_avx2;
extern const sy_nn nn_avx512;
extern const sy_nn nn_neon;

#endif
