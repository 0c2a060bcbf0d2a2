/* From images to transformed tiles: pixels by address where channels lie innermost, else by patches. */
#include "kernels/winograd/winograd_work.h"

#include <string.h>

/* What pixels that fall into the padding read. */
static const _Alignas(64) float zeros[WINOGRAD_CHUNK];

/* Where tile `index` of the block begins in plane 0, and how far apart its vectors of channels are. */
static float *tile_place(const winograd_block *block, int64_t index, int64_t *out_step) {
    const int64_t rows = block->kernel->rows, lanes = block->kernel->lanes, panel = index / rows * rows;
    const int64_t height = block->count - panel < rows ? block->count - panel : rows;
    *out_step = height * lanes;
    return block->tiles + panel * block->plan->depth + (index - panel) * lanes;
}

static void transform(
    const winograd_block *block, const float *const *at, int64_t index, int64_t channel, int64_t channels) {
    int64_t step;
    float *place = tile_place(block, index, &step);
    block->kernel->input[block->plan->tile == 4](
        at, channels, place + channel / block->kernel->lanes * step, winograd_tiles_plane(block->plan), step);
}

/* One tile, read where it lies. */
static void load_in_place(const winograd_block *block, const winograd_run *run, int64_t i) {
    const sy_conv_desc *desc = &block->plan->conv.desc;
    const int64_t tile = block->plan->tile, channels = desc->c / desc->groups;
    const int64_t top = run->row * tile - desc->pad[0], left = (run->col + i) * tile - desc->pad[1];
    const float *image = block->x + run->image * desc->x_stride[0];
    const float *at[WINOGRAD_MAX_POINTS];
    for (int64_t channel = 0; channel < channels; channel += WINOGRAD_CHUNK) {
        const float **next = at;
        for (int64_t row = top; row < top + tile + 2; row++)
            for (int64_t col = left; col < left + tile + 2; col++) {
                const bool is_inside = row >= 0 && row < desc->h && col >= 0 && col < desc->w;
                *next++ =
                    is_inside ? image + row * desc->x_stride[2] + col * desc->x_stride[3] + channel : zeros;
            }
        const int64_t left_over = channels - channel;
        transform(
            block, at, run->index + i, channel, left_over < WINOGRAD_CHUNK ? left_over : WINOGRAD_CHUNK);
    }
}

/* Columns [0, count) of an image row for `channels` channels, turned to [column][WINOGRAD_PATCH_CHUNK]. */
static void turn_row(
    const winograd_block *block, const float *from, int64_t channels, int64_t count, float *to) {
    const int64_t *stride = block->plan->conv.desc.x_stride;
    if (stride[3] == 1) {
        block->kernel->turn(from, stride[1], channels, count, to, WINOGRAD_PATCH_CHUNK);
        return;
    }
    for (int64_t j = 0; j < count; j++)
        for (int64_t c = 0; c < channels; c++)
            to[j * WINOGRAD_PATCH_CHUNK + c] = from[c * stride[1] + j * stride[3]];
}

/* The pixels that a run reads, channels innermost, zeros for padding. */
static void fill_patch(
    const winograd_block *block, const winograd_run *run, int64_t channel, int64_t channels, int64_t width) {
    const sy_conv_desc *desc = &block->plan->conv.desc;
    const int64_t tile = block->plan->tile, left = run->col * tile - desc->pad[1];
    const int64_t low = left < 0 ? -left : 0, end = desc->w - left < width ? desc->w - left : width;
    const size_t pixel = WINOGRAD_PATCH_CHUNK * sizeof(float);
    for (int64_t i = 0; i < tile + 2; i++) {
        float *line = block->patch + i * width * WINOGRAD_PATCH_CHUNK;
        const int64_t row = run->row * tile - desc->pad[0] + i;
        if (row < 0 || row >= desc->h || end <= low) {
            memset(line, 0, (size_t)width * pixel);
            continue;
        }
        memset(line, 0, (size_t)low * pixel);
        memset(line + end * WINOGRAD_PATCH_CHUNK, 0, (size_t)(width - end) * pixel);
        turn_row(block,
            block->x + run->image * desc->x_stride[0] + channel * desc->x_stride[1] +
                row * desc->x_stride[2] + (left + low) * desc->x_stride[3],
            channels, end - low, line + low * WINOGRAD_PATCH_CHUNK);
    }
}

/* A run by patches of a few channels. */
static void load_patches(const winograd_block *block, const winograd_run *run) {
    const sy_conv_desc *desc = &block->plan->conv.desc;
    const int64_t tile = block->plan->tile, all = desc->c / desc->groups, width = run->count * tile + 2;
    for (int64_t channel = 0; channel < all; channel += WINOGRAD_PATCH_CHUNK) {
        const int64_t left = all - channel;
        const int64_t channels = left < WINOGRAD_PATCH_CHUNK ? left : WINOGRAD_PATCH_CHUNK;
        fill_patch(block, run, channel, channels, width);
        for (int64_t t = 0; t < run->count; t++) {
            const float *at[WINOGRAD_MAX_POINTS];
            const float **next = at;
            for (int64_t i = 0; i < tile + 2; i++)
                for (int64_t j = 0; j < tile + 2; j++)
                    *next++ = block->patch + (i * width + t * tile + j) * WINOGRAD_PATCH_CHUNK;
            transform(block, at, run->index + t, channel, channels);
        }
    }
}

void winograd_load(const winograd_block *block) {
    for (int64_t done = 0; done < block->count;) {
        const winograd_run run = winograd_run_at(block, done);
        if (block->patch)
            load_patches(block, &run);
        else
            for (int64_t i = 0; i < run.count; i++)
                load_in_place(block, &run, i);
        done += run.count;
    }
}
