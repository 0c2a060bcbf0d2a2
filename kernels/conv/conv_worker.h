/* One part of a direct convolution at work, and what its files hand to one another. Internal. */
#ifndef KERNELS_CONV_CONV_WORKER_H
#define KERNELS_CONV_CONV_WORKER_H

#include "kernels/conv/conv_direct.h"

/** A panel is open->cols output channels of the group. */
typedef struct conv_worker {
    const sy_conv_plan *plan;
    const sy_conv_args *args;
    const unsigned char *packed;
    const gemm_open *open;
    conv_shape shape;
    conv_band band;
    conv_region region[CONV_MAX_REGIONS];
    gemm_finish finish;
    gemm_ending ending; /* the same, if has_ending */
    bool is_single, is_by_plane, is_stored, is_strip, has_ending;
    int regions;
    int64_t stretches, panel, panels, pixels, tiles;
    conv_tile *tile;
    unsigned char *list, *copy;
    void *sums;
} conv_worker;

/** One panel of weights over one stretch of depth; next, next_bytes: the weights that are read after it;
 * is_ended: tiles finish their sums by `ending`. */
typedef struct conv_pass {
    conv_stretch stretch;
    int64_t j;
    int cols;
    const unsigned char *b, *next;
    int64_t next_bytes;
    void *sums;
    gemm_ending ending;
    bool is_first, is_last, is_stored, is_ended;
} conv_pass;

/** Channels of panel j of the group. */
static inline int conv_panel_cols(const conv_worker *job, int64_t j) {
    const int64_t left = conv_channels(&job->plan->desc) - j * job->open->cols;
    return left < job->open->cols ? (int)left : job->open->cols;
}

/** All regions of the band, line by line as strips, each for `count` panels of one stretch: nothing is listed
 * but the taps that pixels have in common. */
void conv_strip_run(const conv_worker *job, const conv_pass *passes, int count);

/** A band that is a line of pixels with one tap, as one strip. */
void conv_strip_line(const conv_worker *job, const conv_pass *one);

#endif
