/* Making a block: random values once, then rounded to the element types that are asked for. */
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

void data_block_round(const sy_data_block *block, uint64_t stream, uint32_t dtype, uint64_t at,
    uint64_t count, void *out_bytes) {
    double piece[512];
    char *out = out_bytes;
    while (count > 0) {
        size_t part = count < 512 ? (size_t)count : 512;
        memcpy(piece, block->real[stream] + at, part * sizeof piece[0]);
        if (!sy_dtype_is_float(dtype))
            for (size_t i = 0; i < part; i++)
                piece[i] = whole_value(block->data, dtype, piece[i]);
        sy_convert_from_f64(dtype, piece, part, out);
        out += part * sy_dtype_size(dtype);
        at += part;
        count -= part;
    }
}

/* Two threads may make the same at once: the first one's stays. */
const void *data_block_typed(const sy_data_block *block, uint64_t stream, uint32_t dtype) {
    if (dtype == SY_F64)
        return block->real[stream];
    _Atomic(void *) *place = &block->typed[stream * SY_DTYPE_COUNT + dtype];
    void *there = atomic_load_explicit(place, memory_order_acquire);
    if (there != NULL)
        return there;
    void *made = sy_mem_alloc(block->length[stream] * sy_dtype_size(dtype));
    if (made == NULL)
        return NULL;
    data_block_round(block, stream, dtype, 0, block->length[stream], made);
    if (atomic_compare_exchange_strong(place, &there, made))
        return made;
    sy_mem_free(made);
    return there;
}

static sy_status make_stream(sy_data_block *block, uint64_t seed, uint64_t stream, sy_error *err) {
    uint64_t length = block->length[stream];
    block->real[stream] = sy_mem_alloc(length * sizeof(double));
    if (block->real[stream] == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a block of input data");
    draw_values(block->data, seed, stream, length, block->real[stream]);
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
    block->typed = sy_mem_calloc(STREAM_COUNT * SY_DTYPE_COUNT, sizeof *block->typed);
    sy_status status = block->typed != NULL
                           ? SY_OK
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a block of input data");
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
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        sy_mem_free(block->real[stream]);
    for (size_t i = 0; block->typed != NULL && i < STREAM_COUNT * SY_DTYPE_COUNT; i++)
        sy_mem_free(atomic_load(&block->typed[i]));
    sy_mem_free(block->typed);
    sy_mem_free(block);
}
