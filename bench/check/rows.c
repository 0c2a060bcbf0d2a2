/* Reading the left operand; a convolution's rows are copied out of padded channels, so none is tested. */
#include "bench/check/rows.h"

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#include <string.h>

enum { STRETCH = 512 };

static sy_status out_of_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to check an image");
}

static sy_status open_image(check_rows *rows, sy_error *err) {
    const sy_spec_conv *conv = &rows->product->request->spec->u.conv;
    int64_t window = conv->r * conv->s, channels = conv->c / conv->groups;
    int64_t together = window >= STRETCH ? 1 : STRETCH / window;
    if (together > channels)
        together = channels;
    rows->stretch = together * window;
    rows->height = conv->h + conv->pad[0] + conv->pad[2];
    rows->width = conv->w + conv->pad[1] + conv->pad[3];
    uint64_t values;
    if (!sy_mul_u64((uint64_t)rows->height, (uint64_t)rows->width, &values) ||
        !sy_mul_u64(values, (uint64_t)together * sizeof(double), &values))
        return out_of_memory(err);
    rows->image = sy_mem_alloc(values);
    rows->line = sy_mem_alloc((size_t)conv->w * sizeof(double));
    if (rows->image == NULL || rows->line == NULL) {
        check_rows_close(rows);
        return out_of_memory(err);
    }
    return SY_OK;
}

sy_status check_rows_open(const check_product *product, check_rows *out_rows, sy_error *err) {
    *out_rows = (check_rows){.product = product, .stretch = STRETCH};
    return product->is_conv ? open_image(out_rows, err) : SY_OK;
}

void check_rows_close(check_rows *rows) {
    sy_mem_free(rows->image);
    sy_mem_free(rows->line);
    rows->image = rows->line = NULL;
}

/* Add `sign` times one image's channels, beginning at `channel` of all, to the padded buffer. */
static void add_image(check_rows *rows, int64_t image, int64_t channel, int64_t count, double sign) {
    const sy_spec_conv *conv = &rows->product->request->spec->u.conv;
    for (int64_t c = 0; c < count; c++)
        for (int64_t y = 0; y < conv->h; y++) {
            double *to = rows->image + ((c * rows->height + y + conv->pad[0]) * rows->width + conv->pad[1]);
            check_product_image_line(rows->product, image, channel + c, y, rows->line);
            for (int64_t x = 0; x < conv->w; x++)
                to[x] += sign * rows->line[x];
        }
}

static void load_image(check_rows *rows) {
    const sy_spec_conv *conv = &rows->product->request->spec->u.conv;
    int64_t window = conv->r * conv->s, count = rows->count_k / window;
    int64_t group = rows->block % rows->product->groups;
    int64_t channel = group * (conv->c / conv->groups) + rows->first_k / window;
    memset(rows->image, 0, (size_t)(count * rows->height * rows->width) * sizeof(double));
    if (rows->image_sign == NULL) {
        add_image(rows, rows->block / rows->product->groups, channel, count, 1.0);
        return;
    }
    for (int64_t image = 0; image < conv->n; image++)
        add_image(rows, image, channel, count, rows->image_sign[image]);
}

void check_rows_seek(check_rows *rows, int64_t first_k) {
    int64_t left = rows->product->depth - first_k;
    rows->first_k = first_k;
    rows->count_k = left < rows->stretch ? left : rows->stretch;
    if (rows->product->is_conv)
        load_image(rows);
}

static void read_window(const check_rows *rows, int64_t row, double *out_values) {
    const sy_spec_conv *conv = &rows->product->request->spec->u.conv;
    int64_t y = row / rows->product->q * conv->stride[0], x = row % rows->product->q * conv->stride[1];
    int64_t channels = rows->count_k / (conv->r * conv->s);
    for (int64_t c = 0; c < channels; c++)
        for (int64_t r = 0; r < conv->r; r++) {
            const double *from =
                rows->image + ((c * rows->height + y + r * conv->dilation[0]) * rows->width + x);
            for (int64_t s = 0; s < conv->s; s++)
                *out_values++ = from[s * conv->dilation[1]];
        }
}

void check_rows_read(const check_rows *rows, int64_t row, double *out_values) {
    if (rows->product->is_conv)
        read_window(rows, row, out_values);
    else
        check_product_a_row(rows->product, rows->block, row, rows->first_k, rows->count_k, out_values);
}
