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

/* Four elements of four bytes, wherever they lie. */
typedef uint32_t quad __attribute__((vector_size(16)));

static inline quad load(const char *from) {
    quad value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline void store(char *to, quad value) {
    memcpy(to, &value, sizeof value);
}

/* Four rows of four become columns; steps from row to row in bytes. */
static inline void turn_quads(const char *from, int64_t from_step, char *to, int64_t to_step) {
    quad a = load(from), b = load(from + from_step);
    quad c = load(from + 2 * from_step), d = load(from + 3 * from_step);
    quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    store(to, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    store(to + to_step, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    store(to + 2 * to_step, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
    store(to + 3 * to_step, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

/* Elements of four bytes: `rows` of `columns` that lie side by side, which become columns. */
static void turn_words(
    const char *from, int64_t from_step, char *to, int64_t to_step, int64_t rows, int64_t columns) {
    int64_t whole_rows = rows / 4 * 4, whole = columns / 4 * 4;
    for (int64_t r = 0; r < whole_rows; r += 4)
        for (int64_t c = 0; c < whole; c += 4)
            turn_quads(from + r * from_step + c * 4, from_step, to + c * to_step + r * 4, to_step);
    for (int64_t c = 0; c < columns; c++)
        for (int64_t r = c < whole ? whole_rows : 0; r < rows; r++)
            memcpy(to + c * to_step + r * 4, from + r * from_step + c * 4, 4);
}

/* Pixels of three channels, as pictures have them. */
static void interleave_three(const char *from, int64_t from_step, char *to, int64_t to_step, int64_t pixels) {
    for (int64_t p = 0; p < pixels; p++) {
        memcpy(to + p * to_step, from + p * 4, 4);
        memcpy(to + p * to_step + 4, from + from_step + p * 4, 4);
        memcpy(to + p * to_step + 8, from + 2 * from_step + p * 4, 4);
    }
}

static void move_words(const reorder_job *job, const char *from, char *to, int64_t pixels, int64_t channels) {
    bool to_last = job->from_pixel == 4;
    if (to_last && channels == 3)
        interleave_three(from, job->from_channel, to, job->to_pixel, pixels);
    else if (to_last)
        turn_words(from, job->from_channel, to, job->to_pixel, channels, pixels);
    else
        turn_words(from, job->from_pixel, to, job->to_channel, pixels, channels);
}

static void move_any(const reorder_job *job, const char *from, char *to, int64_t pixels, int64_t channels) {
    switch (job->size) {
    case 1: move_tile(job, from, to, pixels, channels, 1); break;
    case 2: move_tile(job, from, to, pixels, channels, 2); break;
    case 4: move_words(job, from, to, pixels, channels); break;
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
        for (int64_t c = 0; c < job->channels; c += TILE)
            for (int64_t p = first; p < last; p += TILE)
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
