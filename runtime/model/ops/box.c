#include "runtime/model/ops/box.h"

#include <string.h>

/* Elements of a row moved by one item of work. */
#define PIECE INT64_C(4096)

/* Elements of a tile that is turned, 32 x 32 where both sides are long: both copies lie in the first cache.
 */
#define TILE INT64_C(32)

/*
 * One copy: the last dimension of `box` is the row; with `turn`, the dimension before it is contiguous in the
 * input and both are cut into tiles of tile_rows x cut. outer: items of all dimensions but those.
 */
typedef struct copy {
    sy_net_box box;
    size_t size;
    const char *in;
    char *out;
    bool turn;
    uint32_t outer_rank;
    int64_t pieces, tiles, cut, tile_rows;
} copy;

void sy_net_box_add(sy_net_box *box, int64_t dim, int64_t in, int64_t out) {
    box->dim[box->rank] = dim;
    box->in[box->rank] = in;
    box->out[box->rank++] = out;
}

void sy_net_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]) {
    int64_t step = tensor->is_last ? tensor->pitch : 1;
    for (uint32_t i = tensor->rank; i-- > 0;) {
        bool is_channel = tensor->is_last && i == 1;
        stride[i] = is_channel ? 1 : step;
        if (!is_channel)
            step *= tensor->dim[i];
    }
}

/* Dimensions of one go, the output's slowest come first, and what is one run on both sides becomes one. */
static sy_net_box simplified(const sy_net_box *box) {
    sy_net_box sorted = {0}, merged = {0};
    for (uint32_t i = 0; i < box->rank; i++) {
        if (box->dim[i] == 1)
            continue;
        uint32_t at = sorted.rank++;
        for (; at > 0 && sorted.out[at - 1] < box->out[i]; at--) {
            sorted.dim[at] = sorted.dim[at - 1];
            sorted.in[at] = sorted.in[at - 1];
            sorted.out[at] = sorted.out[at - 1];
        }
        sorted.dim[at] = box->dim[i];
        sorted.in[at] = box->in[i];
        sorted.out[at] = box->out[i];
    }
    for (uint32_t i = 0; i < sorted.rank; i++) {
        uint32_t last = merged.rank - 1;
        if (merged.rank > 0 && merged.in[last] == sorted.in[i] * sorted.dim[i] &&
            merged.out[last] == sorted.out[i] * sorted.dim[i]) {
            merged.dim[last] *= sorted.dim[i];
            merged.in[last] = sorted.in[i];
            merged.out[last] = sorted.out[i];
        } else {
            sy_net_box_add(&merged, sorted.dim[i], sorted.in[i], sorted.out[i]);
        }
    }
    if (merged.rank == 0)
        sy_net_box_add(&merged, 1, 1, 1);
    return merged;
}

/* Bring the dimension that is contiguous in the input next to the row. */
static bool find_turn(sy_net_box *box) {
    uint32_t last = box->rank - 1, found = last;
    if (box->out[last] != 1 || box->in[last] == 1 || box->in[last] == 0 || box->dim[last] < 2)
        return false;
    for (uint32_t i = 0; i < last; i++)
        if (box->in[i] == 1)
            found = i;
    if (found == last)
        return false;
    int64_t dim = box->dim[found], out = box->out[found];
    for (uint32_t i = found; i + 1 < last; i++) {
        box->dim[i] = box->dim[i + 1];
        box->in[i] = box->in[i + 1];
        box->out[i] = box->out[i + 1];
    }
    box->dim[last - 1] = dim;
    box->in[last - 1] = 1;
    box->out[last - 1] = out;
    return true;
}

/* `count` elements, one by one. */
static void move_elements(
    size_t size, int64_t count, const char *in, int64_t in_stride, char *out, int64_t out_stride) {
    if (size == 4) {
        for (int64_t i = 0; i < count; i++)
            memcpy(out + i * out_stride * 4, in + i * in_stride * 4, 4);
    } else if (size == 8) {
        for (int64_t i = 0; i < count; i++)
            memcpy(out + i * out_stride * 8, in + i * in_stride * 8, 8);
    } else if (size == 2) {
        for (int64_t i = 0; i < count; i++)
            memcpy(out + i * out_stride * 2, in + i * in_stride * 2, 2);
    } else {
        for (int64_t i = 0; i < count; i++)
            out[i * out_stride] = in[i * in_stride];
    }
}

static void move_row(
    size_t size, int64_t count, const char *in, int64_t in_stride, char *out, int64_t out_stride) {
    if (in_stride == 1 && out_stride == 1)
        memcpy(out, in, (size_t)count * size);
    else
        move_elements(size, count, in, in_stride, out, out_stride);
}

typedef float lane4 __attribute__((vector_size(16)));

/* 4 x 4 elements of 4 bytes, rows `in` apart and `out` apart. Only moved: any bits pass. */
static void turn_4x4(const char *in, int64_t in_step, char *out, int64_t out_step) {
    lane4 a, b, c, d;
    memcpy(&a, in, 16);
    memcpy(&b, in + in_step, 16);
    memcpy(&c, in + 2 * in_step, 16);
    memcpy(&d, in + 3 * in_step, 16);
    lane4 e = __builtin_shufflevector(a, b, 0, 4, 1, 5), f = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    lane4 g = __builtin_shufflevector(a, b, 2, 6, 3, 7), h = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    lane4 row[4] = {__builtin_shufflevector(e, f, 0, 1, 4, 5), __builtin_shufflevector(e, f, 2, 3, 6, 7),
        __builtin_shufflevector(g, h, 0, 1, 4, 5), __builtin_shufflevector(g, h, 2, 3, 6, 7)};
    for (int64_t i = 0; i < 4; i++)
        memcpy(out + i * out_step, &row[i], 16);
}

/* rows (contiguous in the input) x columns (contiguous in the output). */
static void turn_tile(size_t size, int64_t rows, int64_t columns, const char *in, int64_t in_stride,
    char *out, int64_t out_stride) {
    int64_t step = (int64_t)size, whole_rows = size == 4 ? rows & ~INT64_C(3) : 0;
    int64_t whole_columns = columns & ~INT64_C(3);
    for (int64_t j = 0; columns < 4 && j < columns; j++)
        move_elements(size, rows, in + j * in_stride * step, 1, out + j * step, out_stride);
    if (columns < 4)
        return;
    for (int64_t i = 0; i < whole_rows; i += 4) {
        for (int64_t j = 0; j < whole_columns; j += 4)
            turn_4x4(
                in + (i + j * in_stride) * 4, in_stride * 4, out + (i * out_stride + j) * 4, out_stride * 4);
        for (int64_t k = i; k < i + 4; k++)
            move_elements(size, columns - whole_columns, in + (k + whole_columns * in_stride) * 4, in_stride,
                out + (k * out_stride + whole_columns) * 4, 1);
    }
    for (int64_t i = whole_rows; i < rows; i++)
        move_elements(size, columns, in + i * step, in_stride, out + i * out_stride * step, 1);
}

/* Item `index` of the tiles or pieces below the outer dimensions, at the offsets of those. */
static void move_item(const copy *this, int64_t index, int64_t in, int64_t out) {
    const sy_net_box *box = &this->box;
    uint32_t last = box->rank - 1;
    int64_t step = (int64_t)this->size, cut = this->cut;
    int64_t column = index % this->pieces * cut;
    int64_t columns = box->dim[last] - column < cut ? box->dim[last] - column : cut;
    in += column * box->in[last];
    out += column * box->out[last];
    if (!this->turn) {
        move_row(
            this->size, columns, this->in + in * step, box->in[last], this->out + out * step, box->out[last]);
        return;
    }
    int64_t row = index / this->pieces * this->tile_rows;
    int64_t left = box->dim[last - 1] - row, rows = left < this->tile_rows ? left : this->tile_rows;
    turn_tile(this->size, rows, columns, this->in + (in + row) * step, box->in[last],
        this->out + (out + row * box->out[last - 1]) * step, box->out[last - 1]);
}

static void move_range(void *arg, int64_t begin, int64_t end) {
    const copy *this = arg;
    const sy_net_box *box = &this->box;
    int64_t inner = this->pieces * this->tiles, at[SY_NET_BOX_RANK], rest = begin / inner;
    int64_t in = 0, out = 0, index = begin % inner;
    for (uint32_t i = this->outer_rank; i-- > 0; rest /= box->dim[i]) {
        at[i] = rest % box->dim[i];
        in += at[i] * box->in[i];
        out += at[i] * box->out[i];
    }
    for (int64_t item = begin; item < end; item++) {
        move_item(this, index, in, out);
        if (++index < inner)
            continue;
        index = 0;
        for (uint32_t i = this->outer_rank; i-- > 0;) {
            in += box->in[i];
            out += box->out[i];
            if (++at[i] < box->dim[i])
                break;
            at[i] = 0;
            in -= box->dim[i] * box->in[i];
            out -= box->dim[i] * box->out[i];
        }
    }
}

static int64_t shorter(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* How the last dimensions are cut: a narrow tile is the longer for it. */
static void cut_up(copy *this) {
    uint32_t last = this->box.rank - 1;
    int64_t length = this->box.dim[last];
    this->cut = shorter(PIECE, length);
    this->tiles = this->tile_rows = 1;
    if (this->turn) {
        int64_t rows = this->box.dim[last - 1];
        this->tile_rows = length < TILE ? shorter(TILE * TILE / length, rows) : shorter(TILE, rows);
        this->cut = shorter(TILE * TILE / shorter(this->tile_rows, TILE), length);
        this->tiles = (rows + this->tile_rows - 1) / this->tile_rows;
    }
    this->pieces = (length + this->cut - 1) / this->cut;
}

void sy_net_box_copy(const sy_net_box *box, size_t size, const void *in, void *out, const sy_team *team) {
    for (uint32_t i = 0; i < box->rank; i++)
        if (box->dim[i] <= 0)
            return;
    copy this = {.box = simplified(box), .size = size, .in = in, .out = out};
    this.turn = find_turn(&this.box);
    this.outer_rank = this.box.rank - (this.turn ? 2 : 1);
    cut_up(&this);
    int64_t outer = 1;
    for (uint32_t i = 0; i < this.outer_rank; i++)
        outer *= this.box.dim[i];
    sy_team_for(team, outer * this.pieces * this.tiles, this.cut * this.tile_rows, move_range, &this);
}
