/* From sums to Y: transformed back a run at a time, then the epilogue of products on what lies inside. */
#include "kernels/winograd/winograd_work.h"

/* Whether sums are what Y holds. */
static bool is_plain(const sy_conv_plan *conv) {
    return conv->desc.n_post == 0 && conv->desc.dtype_y == SY_ELEMENT_F32;
}

/* Rows of pixels: a line of Y, pixels by channels. */
static void finish_pixels(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t row, int64_t pixels, int64_t channel, int channels, float *line) {
    const sy_conv_plan *conv = &block->plan->conv;
    const int64_t first = (run->image * conv->p + row) * conv->q + run->col * block->plan->tile;
    block->gemm->finish(finish, line, block->kernel->cols, first, (int)pixels, channel, channels);
}

/* Rows of channels: the line turned, straight to Y where nothing follows, else as many pixels at a time as a
 * product is wide. */
static void finish_channels(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t row, int64_t pixels, int64_t channel, int channels, float *line) {
    enum { MOST_COLS = 64 };
    const sy_conv_plan *conv = &block->plan->conv;
    const int cols = block->kernel->cols;
    const int64_t first = row * conv->q + run->col * block->plan->tile;
    if (is_plain(conv) && conv->desc.y_stride[3] == 1) {
        const int64_t stride = conv->desc.y_stride[1];
        block->kernel->turn(
            line, cols, pixels, channels, (float *)finish->out + channel * stride + first, stride);
        return;
    }
    _Alignas(64) float turned[MOST_COLS * MOST_COLS];
    for (int64_t done = 0; done < pixels; done += cols) {
        const int count = pixels - done < cols ? (int)(pixels - done) : cols;
        block->kernel->turn(line + done * cols, cols, count, channels, turned, cols);
        block->gemm->finish(finish, turned, cols, channel, channels, first + done, count);
    }
}

/* Transform one tile of a panel back: to `y`, or to its place in the line. */
static void transform_tile(
    const winograd_block *block, int64_t index, int64_t panel_in_block, float *y, int64_t row, int64_t col) {
    const sy_winograd_plan *plan = block->plan;
    const int64_t cols = block->kernel->cols;
    const float *sums = block->sums + (index * plan->block_panels + panel_in_block) * cols;
    block->kernel->output[plan->tile == 4](sums, winograd_sums_plane(plan, block->kernel), cols, y, row, col);
}

/* One panel of output channels of a run, by way of the line. */
static void store_panel(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t panel, int64_t panel_in_block) {
    const sy_winograd_plan *plan = block->plan;
    const int64_t tile = plan->tile, cols = block->kernel->cols, row_floats = run->count * tile * cols;
    for (int64_t t = 0; t < run->count; t++)
        transform_tile(
            block, run->index + t, panel_in_block, block->line + t * tile * cols, row_floats, cols);
    const int64_t channel = panel * cols, all = conv_channels(&plan->conv.desc);
    const int channels = all - channel < cols ? (int)(all - channel) : (int)cols;
    const int64_t beside = plan->conv.q - run->col * tile, below = plan->conv.p - run->row * tile;
    const int64_t pixels = beside < run->count * tile ? beside : run->count * tile;
    for (int64_t i = 0; i < tile && i < below; i++)
        (conv_is_by_plane(plan->conv.path) ? finish_channels : finish_pixels)(
            block, run, finish, run->row * tile + i, pixels, channel, channels, block->line + i * row_floats);
}

/* Whole tiles of a run straight to Y, where nothing follows and channels lie innermost; what is left of the
 * run, if anything is, goes by way of the line. */
static void store_in_place(const winograd_block *block, const winograd_run *run, const gemm_finish *finish,
    int64_t panel, int64_t panel_in_block) {
    const sy_winograd_plan *plan = block->plan;
    const sy_conv_plan *conv = &plan->conv;
    const int64_t tile = plan->tile, cols = block->kernel->cols, channel = panel * cols;
    const int64_t *stride = conv->desc.y_stride;
    const int64_t beside = (conv->q - run->col * tile) / tile;
    const bool is_whole = channel + cols <= conv_channels(&conv->desc) && conv->p - run->row * tile >= tile;
    const int64_t whole = !is_whole ? 0 : beside < run->count ? beside : run->count;
    float *y = (float *)finish->out + run->image * stride[0] + run->row * tile * stride[2] +
               run->col * tile * stride[3] + channel;
    for (int64_t t = 0; t < whole; t++)
        transform_tile(block, run->index + t, panel_in_block, y + t * tile * stride[3], stride[2], stride[3]);
    winograd_run rest = *run;
    rest.index += whole;
    rest.col += whole;
    rest.count -= whole;
    if (rest.count > 0)
        store_panel(block, &rest, finish, panel, panel_in_block);
}

void winograd_store(const winograd_block *block, int64_t panel, int64_t panels) {
    const bool in_place = is_plain(&block->plan->conv) && block->plan->conv.desc.y_stride[1] == 1 &&
                          !conv_is_by_plane(block->plan->conv.path);
    gemm_finish finish;
    conv_finish(&block->plan->conv, block->args, 0, block->group, &finish);
    for (int64_t done = 0; done < block->count;) {
        const winograd_run run = winograd_run_at(block, done);
        if (conv_is_by_plane(block->plan->conv.path))
            conv_finish(&block->plan->conv, block->args, run.image, block->group, &finish);
        for (int64_t i = 0; i < panels; i++)
            (in_place ? store_in_place : store_panel)(block, &run, &finish, panel + i, i);
        done += run.count;
    }
}
