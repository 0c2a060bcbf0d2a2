/*
 * Bodies of nn_pool.h as plain loops, which the compiler makes vectors of as wide as the including file's
 * instruction set has them; instances are in nn_pool_<isa>.c.
 */
#ifndef KERNELS_NN_NN_POOL_VECTOR_H
#define KERNELS_NN_NN_POOL_VECTOR_H

#include <math.h>

#include "kernels/nn/nn_pool.h"

#define NN_POOL_INLINE static inline __attribute__((always_inline))

/* Lines of one pass at most (the taps of 3 x 3; else it is 1 to 4); elements of a stretch, so that what
 * several passes add to stays in the cache; parts that a line is made. */
enum { NN_POOL_PASS = 9, NN_POOL_STRETCH = 2048, NN_POOL_PARTS = 32 };

/* A NaN on either side wins. */
NN_POOL_INLINE float nn_pool_greater(float best, float x) {
    const float greater = x > best ? x : best;
    return x != x ? x : greater;
}

/* Two values made one. */
NN_POOL_INLINE float nn_pool_join(const bool is_max, float a, float b) {
    return is_max ? nn_pool_greater(a, b) : a + b;
}

/* One pass of `lines` lines. lines, step (0: the job's stride), onto and is_max are constants. */
NN_POOL_INLINE void nn_pool_pass(const int lines, const int64_t step, const bool onto, const bool is_max,
    const float *const *line, int64_t job_stride, int64_t count, float factor, float *restrict out) {
    const int64_t stride = step > 0 ? step : job_stride;
    const float *from[NN_POOL_PASS];
#pragma GCC unroll 9
    for (int t = 0; t < lines; t++)
        from[t] = line[t];
    for (int64_t i = 0; i < count; i++) {
        float value = from[0][i * stride];
#pragma GCC unroll 9
        for (int t = 1; t < lines; t++)
            value = nn_pool_join(is_max, value, from[t][i * stride]);
        if (onto)
            value = nn_pool_join(is_max, value, out[i]);
        out[i] = is_max ? value : value * factor;
    }
}

NN_POOL_INLINE void nn_pool_lines(const int64_t step, const bool onto, const bool is_max, int64_t lines,
    const float *const *line, int64_t stride, int64_t count, float factor, float *out) {
    switch (lines) {
    case 1: nn_pool_pass(1, step, onto, is_max, line, stride, count, factor, out); break;
    case 2: nn_pool_pass(2, step, onto, is_max, line, stride, count, factor, out); break;
    case 3: nn_pool_pass(3, step, onto, is_max, line, stride, count, factor, out); break;
    case 4: nn_pool_pass(4, step, onto, is_max, line, stride, count, factor, out); break;
    default: nn_pool_pass(9, step, onto, is_max, line, stride, count, factor, out); break;
    }
}

NN_POOL_INLINE void nn_pool_step(const int64_t step, const bool is_max, const nn_pool_job *job, bool onto,
    int64_t lines, const float *const *line, int64_t count, float factor, float *out) {
    if (onto)
        nn_pool_lines(step, true, is_max, lines, line, job->stride, count, factor, out);
    else
        nn_pool_lines(step, false, is_max, lines, line, job->stride, count, factor, out);
}

/* Lines of the next pass. */
NN_POOL_INLINE int64_t nn_pool_next(int64_t rest) {
    return rest >= NN_POOL_PASS ? NN_POOL_PASS : rest < 4 ? rest : 4;
}

/* All passes over one stretch from element `first` on. */
NN_POOL_INLINE void nn_pool_stretch(const bool is_max, const nn_pool_job *job, int64_t first, int64_t count) {
    for (int64_t t = 0, lines = 0; t < job->lines; t += lines) {
        const float *line[NN_POOL_PASS];
        lines = nn_pool_next(job->lines - t);
        const float factor = t + lines == job->lines ? job->factor : 1.0f;
        const bool onto = job->onto || t > 0;
        for (int64_t u = 0; u < lines; u++)
            line[u] = job->line[t + u] + first * job->stride;
        if (job->stride == 1)
            nn_pool_step(1, is_max, job, onto, lines, line, count, factor, job->out + first);
        else if (job->stride == 2)
            nn_pool_step(2, is_max, job, onto, lines, line, count, factor, job->out + first);
        else
            nn_pool_step(0, is_max, job, onto, lines, line, count, factor, job->out + first);
    }
}

NN_POOL_INLINE void nn_pool_all(const bool is_max, const nn_pool_job *job) {
    for (int64_t first = 0; first < job->count; first += NN_POOL_STRETCH) {
        const int64_t rest = job->count - first;
        nn_pool_stretch(is_max, job, first, rest < NN_POOL_STRETCH ? rest : NN_POOL_STRETCH);
    }
}

NN_POOL_INLINE float nn_pool_reduce(const bool is_max, const float *values, int64_t count) {
    float part[NN_POOL_PARTS];
    int64_t i = 0;
    for (int j = 0; j < NN_POOL_PARTS; j++)
        part[j] = is_max ? -INFINITY : 0.0f;
    for (; i + NN_POOL_PARTS <= count; i += NN_POOL_PARTS)
        for (int j = 0; j < NN_POOL_PARTS; j++)
            part[j] = nn_pool_join(is_max, part[j], values[i + j]);
    for (int j = 0; i < count; i++, j++)
        part[j] = nn_pool_join(is_max, part[j], values[i]);
    for (int half = NN_POOL_PARTS / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++)
            part[j] = nn_pool_join(is_max, part[j], part[j + half]);
    return part[0];
}

#endif
