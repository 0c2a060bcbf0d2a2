/* Making a block: random values once, then rounded to every element type. */
#include "bench/data/block.h"

#include "runtime/base/convert.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <string.h>

#define LENGTH_OTHER UINT64_C(1112003)
#define LENGTH_WEIGHT UINT64_C(1296007)
#define NORMAL_CLIP 4.0

static const char *const data_names[] = {"uniform", "normal", "integer", "zeros"};

const char *sy_data_name(uint32_t data) {
    return data < sizeof data_names / sizeof data_names[0] ? data_names[data] : "?";
}

bool sy_data_parse(const char *name, uint32_t *out_data) {
    for (uint32_t i = 0; i < sizeof data_names / sizeof data_names[0]; i++)
        if (strcmp(name, data_names[i]) == 0) {
            *out_data = i;
            return true;
        }
    return false;
}

/*
 * Ratio of uniforms (Kinderman & Monahan, ACM TOMS 3(3), 1977): the value needs a division alone, so that it
 * is the same on every machine; only whether it is taken asks the C library's logarithm.
 */
static double draw_normal(sy_random *random) {
    for (;;) {
        double u = 1.0 - sy_random_unit(random);
        double v = sy_random_unit(random) - 0.5;
        double x = 1.7155277699214135 * v / u;
        if (x * x <= -4.0 * log(u))
            return x > NORMAL_CLIP ? NORMAL_CLIP : x < -NORMAL_CLIP ? -NORMAL_CLIP : x;
    }
}

static void draw_values(uint32_t data, uint64_t seed, uint64_t stream, uint64_t count, double *out_values) {
    sy_random random;
    sy_random_seed(&random, seed, stream);
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = data == SY_DATA_NORMAL ? draw_normal(&random)
                                               : (double)(sy_random_next(&random) >> 11) * 0x1p-52 - 1.0;
}

/* Whole numbers over the range of an integer type: even over all of it, or normal with 4 deviations in it. */
static double whole_value(uint32_t data, uint32_t dtype, double real) {
    double reach = dtype == SY_U8 ? 128.0 : dtype == SY_S8 ? 127.5 : 32767.5;
    double low = dtype == SY_U8 ? 0.0 : 0.5 - reach;
    double high = dtype == SY_U8 ? 255.0 : -low;
    double unit = data == SY_DATA_NORMAL ? real / NORMAL_CLIP : real;
    double value = low + floor((unit + 1.0) * reach);
    return value > high ? high : value;
}

static void round_values(const sy_data_block *block, uint64_t stream, uint32_t dtype, void *out_bytes) {
    double piece[512];
    size_t size = sy_dtype_size(dtype);
    for (uint64_t at = 0; at < block->length[stream]; at += 512) {
        uint64_t left = block->length[stream] - at;
        size_t count = left < 512 ? (size_t)left : 512;
        memcpy(piece, block->real[stream] + at, count * sizeof piece[0]);
        if (!sy_dtype_is_float(dtype))
            for (size_t i = 0; i < count; i++)
                piece[i] = whole_value(block->data, dtype, piece[i]);
        sy_convert_from_f64(dtype, piece, count, (char *)out_bytes + at * size);
    }
}

static sy_status make_stream(sy_data_block *block, uint64_t seed, uint64_t stream, sy_error *err) {
    uint64_t length = block->length[stream];
    block->real[stream] = sy_mem_alloc(length * sizeof(double));
    if (block->real[stream] == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a block of input data");
    draw_values(block->data, seed, stream, length, block->real[stream]);
    if (block->data == SY_DATA_INTEGER)
        return SY_OK; /* its values depend on the problem */
    block->typed[stream][SY_F64] = block->real[stream];
    for (uint32_t dtype = SY_F64 + 1; dtype < SY_DTYPE_COUNT; dtype++) {
        block->typed[stream][dtype] = sy_mem_alloc(length * sy_dtype_size(dtype));
        if (block->typed[stream][dtype] == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a block of input data");
        round_values(block, stream, dtype, block->typed[stream][dtype]);
    }
    return SY_OK;
}

sy_status sy_data_block_create(uint32_t data, uint64_t seed, sy_data_block **out_block, sy_error *err) {
    *out_block = NULL;
    if (data >= sizeof data_names / sizeof data_names[0])
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "data %u is none of uniform, normal, integer, zeros", data);
    sy_data_block *block = sy_mem_calloc(1, sizeof *block);
    if (block == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a block of input data");
    *block = (sy_data_block){.data = data, .length = {LENGTH_OTHER, LENGTH_WEIGHT}};
    sy_status status = SY_OK;
    for (uint64_t stream = 0; stream < STREAM_COUNT && status == SY_OK && data != SY_DATA_ZEROS; stream++)
        status = make_stream(block, seed, stream, err);
    if (status != SY_OK) {
        sy_data_block_destroy(block);
        return status;
    }
    *out_block = block;
    return SY_OK;
}

uint32_t sy_data_block_kind(const sy_data_block *block) {
    return block->data;
}

void sy_data_block_destroy(sy_data_block *block) {
    if (block == NULL)
        return;
    for (int stream = 0; stream < STREAM_COUNT; stream++) {
        sy_mem_free(block->real[stream]);
        for (uint32_t dtype = SY_F64 + 1; dtype < SY_DTYPE_COUNT; dtype++) /* f64 is `real` itself */
            sy_mem_free(block->typed[stream][dtype]);
    }
    sy_mem_free(block);
}
