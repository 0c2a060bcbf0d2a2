/* From sums to Y: transformed back a run at a time, then the epilogue of products on what lies inside. */
#include "kernels/winograd/winograd_work.h"

/* Rows of pixels: a line of Y, pixels by channels. */
static void finish_pixels(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t row, int64_t pixels, int64_t channel, int channels, float *line) {
    const sy_conv_plan *conv = &block->plan->conv;
    const int64_t first = (run->image * conv->p + row) * conv->q + run->col * block->plan->tile;
    block->gemm->finish(finish, line, block->kernel->cols, first, (int)pixels, channel, channels);
}

/* Rows of channels: the line turned, as many pixels at a time as a tile is wide. */
static void finish_channels(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t row, int64_t pixels, int64_t channel, int channels, float *line) {
    enum { MOST_COLS = 64 };
    const int cols = block->kernel->cols;
    const int64_t first = row * block->plan->conv.q + run->col * block->plan->tile;
    _Alignas(64) float turned[MOST_COLS * MOST_COLS];
    for (int64_t done = 0; done < pixels; done += cols) {
        const void *lane[MOST_COLS];
        const int count = pixels - done < cols ? (int)(pixels - done) : cols;
        for (int i = 0; i < count; i++)
            lane[i] = line + (done + i) * cols;
        block->gemm->b.interleave(lane, count, channels, turned, cols);
        block->gemm->finish(finish, turned, cols, channel, channels, first + done, count);
    }
}

/* One panel of output channels of a run. */
static void store_panel(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t panel, const float *sums) {
    const sy_winograd_plan *plan = block->plan;
    const int64_t tile = plan->tile, cols = block->kernel->cols, ld = plan->block_panels * cols;
    const int64_t row_floats = run->count * tile * cols;
    for (int64_t t = 0; t < run->count; t++)
        block->kernel->output[tile == 4](sums + (run->index + t) * ld,
            winograd_sums_plane(plan, block->kernel), cols, block->line + t * tile * cols, row_floats, cols);
    const int64_t channel = panel * cols, all = conv_channels(&plan->conv.desc);
    const int channels = all - channel < cols ? (int)(all - channel) : (int)cols;
    const int64_t beside = plan->conv.q - run->col * tile, below = plan->conv.p - run->row * tile;
    const int64_t pixels = beside < run->count * tile ? beside : run->count * tile;
    for (int64_t i = 0; i < tile && i < below; i++)
        (conv_is_by_plane(plan->conv.path) ? finish_channels : finish_pixels)(
            block, run, finish, run->row * tile + i, pixels, channel, channels, block->line + i * row_floats);
}

void winograd_store(const winograd_block *block, int64_t panel, int64_t panels) {
    gemm_finish finish;
    conv_finish(&block->plan->conv, block->args, 0, block->group, &finish);
    for (int64_t done = 0; done < block->count;) {
        const winograd_run run = winograd_run_at(block, done);
        if (conv_is_by_plane(block->plan->conv.path))
            conv_finish(&block->plan->conv, block->args, run.image, block->group, &finish);
        for (int64_t i = 0; i < panels; i++)
            store_panel(block, &run, &finish, panel + i, block->sums + i * block->kernel->cols);
        done += run.count;
    }
}
