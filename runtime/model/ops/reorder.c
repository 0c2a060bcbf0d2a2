#include "runtime/model/ops/reorder.h"

#include <string.h>

/* Pixels and channels of a tile: what is read and what is written of it stays in the first cache. */
enum { TILE = 16, BLOCK_PIXELS = 64 };

/* `blocks` blocks of pixels an image; strides in bytes, of a pixel and of a channel. */
typedef struct reorder_job {
    const char *from;
    char *to;
    int64_t pixels, channels, blocks;
    int64_t from_pixel, from_channel, to_pixel, to_channel, from_image, to_image;
    size_t size;
} reorder_job;

/* `size` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void move_tile(
    const reorder_job *job, const char *from, char *to, int64_t pixels, int64_t channels, size_t size) {
    for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = 0; c < channels; c++)
            memcpy(to + p * job->to_pixel + c * job->to_channel,
                from + p * job->from_pixel + c * job->from_channel, size);
}

static void move_any(const reorder_job *job, const char *from, char *to, int64_t pixels, int64_t channels) {
    switch (job->size) {
    case 1: move_tile(job, from, to, pixels, channels, 1); break;
    case 2: move_tile(job, from, to, pixels, channels, 2); break;
    case 4: move_tile(job, from, to, pixels, channels, 4); break;
    default: move_tile(job, from, to, pixels, channels, 8); break;
    }
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Items are blocks of pixels of all images; in each, tile by tile. */
static void move_blocks(void *arg, int64_t begin, int64_t end) {
    const reorder_job *job = arg;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / job->blocks, first = item % job->blocks * BLOCK_PIXELS;
        int64_t last = smaller(first + BLOCK_PIXELS, job->pixels);
        for (int64_t p = first; p < last; p += TILE)
            for (int64_t c = 0; c < job->channels; c += TILE)
                move_any(job,
                    job->from + image * job->from_image + p * job->from_pixel + c * job->from_channel,
                    job->to + image * job->to_image + p * job->to_pixel + c * job->to_channel,
                    smaller(TILE, last - p), smaller(TILE, job->channels - c));
    }
}

/* Both channels last: a pixel is one piece. */
static void copy_blocks(void *arg, int64_t begin, int64_t end) {
    const reorder_job *job = arg;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / job->blocks, first = item % job->blocks * BLOCK_PIXELS;
        for (int64_t p = first; p < smaller(first + BLOCK_PIXELS, job->pixels); p++)
            memcpy(job->to + image * job->to_image + p * job->to_pixel,
                job->from + image * job->from_image + p * job->from_pixel, (size_t)job->channels * job->size);
    }
}

void sy_net_reorder(const sy_net_tensor *from, const sy_net_tensor *to, const sy_team *team) {
    int64_t elements = sy_net_elements(from), size = (int64_t)sy_net_dtype_size(from->dtype);
    if (elements <= 0 || size == 0 || from->data == to->data)
        return;
    if (!from->is_last && !to->is_last) {
        memcpy(to->data, from->data, sy_net_bytes(from));
        return;
    }
    int64_t channels = from->dim[1], pixels = elements / (from->dim[0] * channels);
    reorder_job job = {.from = from->data,
        .to = to->data,
        .pixels = pixels,
        .channels = channels,
        .blocks = (pixels + BLOCK_PIXELS - 1) / BLOCK_PIXELS,
        .size = (size_t)size};
    job.from_pixel = from->is_last ? from->pitch * size : size;
    job.from_channel = from->is_last ? size : pixels * size;
    job.from_image = from->is_last ? pixels * from->pitch * size : pixels * channels * size;
    job.to_pixel = to->is_last ? to->pitch * size : size;
    job.to_channel = to->is_last ? size : pixels * size;
    job.to_image = to->is_last ? pixels * to->pitch * size : pixels * channels * size;
    sy_team_for(team, from->dim[0] * job.blocks, BLOCK_PIXELS * channels,
        from->is_last && to->is_last ? copy_blocks : move_blocks, &job);
}
