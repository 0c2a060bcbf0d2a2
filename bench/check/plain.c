/* Byte and value checks of copies, streams and ceilings. */
#include "bench/check/plain.h"

#include "runtime/base/convert.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 4096, PIECES_MOST = 4096 };

#define TRIAD_SCALE 3.0
#define FILL_VALUE 1.5
#define U_F32 0x1p-24

void sy_check_bytes(const void *expected, const void *actual, uint64_t bytes, sy_check_result *out_result) {
    const unsigned char *want = expected, *have = actual;
    *out_result = (sy_check_result){.one_in = 1.0, .smallest_error = 1.0};
    snprintf(out_result->method, sizeof out_result->method, "bytes");
    snprintf(out_result->smallest_fault, sizeof out_result->smallest_fault, "1 byte");
    if (bytes > 0 && memcmp(want, have, bytes) != 0) {
        uint64_t at = 0;
        while (want[at] == have[at])
            at++;
        out_result->status = SY_WRONG_RESULT;
        out_result->max_error = fabs((double)have[at] - (double)want[at]);
        snprintf(out_result->reason, sizeof out_result->reason,
            "byte %llu of %llu is 0x%02x, should be 0x%02x", (unsigned long long)at,
            (unsigned long long)bytes, have[at], want[at]);
        return;
    }
    out_result->verified = bytes > 1 && memcmp(want, want + 1, bytes - 1) != 0;
    if (out_result->verified)
        out_result->sees = SY_CHECK_SEES_ZEROS | SY_CHECK_SEES_TILE | SY_CHECK_SEES_TAIL | SY_CHECK_SEES_GAIN;
    else
        snprintf(out_result->reason, sizeof out_result->reason, "weak: all bytes are alike");
}

/* A stream under check: its inputs and the worst element so far. */
typedef struct stream {
    const sy_check_request *request;
    sy_problem_storage storage;
    uint64_t elements;
    double worst_ratio, largest;
    sy_check_result *result;
} stream;

static void note(stream *at, uint64_t element, double value, double should, double bound) {
    double error = fabs(value - should);
    double ratio = !isfinite(value) ? INFINITY : bound > 0.0 ? error / bound : error > 0.0 ? INFINITY : 0.0;
    at->largest = fmax(at->largest, bound > 0.0 ? fabs(should) / bound : fabs(should) > 0.0 ? INFINITY : 0.0);
    at->result->smallest_error = fmax(at->result->smallest_error, bound);
    if (ratio <= at->worst_ratio)
        return;
    at->worst_ratio = ratio;
    at->result->max_error = isfinite(value) ? error : INFINITY;
    at->result->bound = bound;
    if (ratio <= 1.0)
        return;
    at->result->status = SY_WRONG_RESULT;
    snprintf(at->result->reason, sizeof at->result->reason,
        "element %llu is %.9g, should be %.9g, bound %.3g", (unsigned long long)element, value, should,
        bound);
}

static void read_input(const stream *at, uint32_t index, uint64_t first, uint64_t count, double *out_values) {
    const sy_check_request *request = at->request;
    sy_data_fill_f64(
        request->block, &at->storage, request->key, index, request->set[index], first, count, out_values);
}

static void read_output(const stream *at, uint64_t first, uint64_t count, double *out_values) {
    uint32_t dtype = at->storage.tensor[at->storage.problem.n_in].dtype;
    const char *output = at->request->output;
    sy_convert_to_f64(dtype, output + first * sy_dtype_size(dtype), count, out_values);
}

static void check_piece(stream *at, uint64_t first, uint64_t count) {
    double b[PIECE], c[PIECE], out[PIECE];
    bool is_triad = at->request->spec->u.stream.kind == SY_STREAM_TRIAD;
    read_output(at, first, count, out);
    if (is_triad) {
        read_input(at, 0, first, count, b);
        read_input(at, 1, first, count, c);
    }
    for (uint64_t i = 0; i < count; i++) {
        double should = is_triad ? b[i] + TRIAD_SCALE * c[i] : FILL_VALUE;
        double bound = is_triad ? 2.0 * U_F32 * (fabs(b[i]) + fabs(TRIAD_SCALE * c[i])) + FLT_MIN : 0.0;
        note(at, first + i, out[i], should, bound);
    }
}

static void check_written(stream *at) {
    uint64_t pieces = at->elements / PIECE + (at->elements % PIECE != 0);
    uint64_t looked = pieces < PIECES_MOST ? pieces : PIECES_MOST;
    sy_random random;
    sy_random_seed(&random, at->request->seed, 2);
    for (uint64_t i = 0; i < looked; i++) {
        uint64_t low = pieces / looked * i, span = pieces / looked;
        uint64_t piece = i == 0 ? 0 : i + 1 == looked ? pieces - 1 : low + sy_random_below(&random, span);
        uint64_t first = piece * PIECE, left = at->elements - first;
        check_piece(at, first, left < PIECE ? left : PIECE);
    }
    at->result->one_in = (double)pieces / (double)looked;
    snprintf(at->result->method, sizeof at->result->method, looked == pieces ? "full" : "%llu pieces of 4096",
        (unsigned long long)looked);
}

/* Totals of what was read and of the sums; deviations of f32 sums as for a product with ones. */
static void check_total(stream *at) {
    double values[PIECE], total = 0.0, square = 0.0, sums = 0.0;
    for (uint64_t first = 0; first < at->elements; first += PIECE) {
        uint64_t left = at->elements - first, count = left < PIECE ? left : PIECE;
        read_input(at, 0, first, count, values);
        for (uint64_t i = 0; i < count; i++) {
            total += values[i];
            square += values[i] * values[i];
        }
    }
    uint64_t outputs = (uint64_t)at->storage.tensor[1].dim[0];
    for (uint64_t i = 0; i < outputs; i++) {
        read_output(at, i, 1, values);
        sums += values[0];
    }
    note(at, 0, sums, total, 8.0 * U_F32 * sqrt(square * (double)at->elements) + FLT_MIN);
    snprintf(at->result->method, sizeof at->result->method, "total of the sums");
    at->result->one_in = 1.0;
}

static void check_peak(stream *at) {
    uint64_t outputs = (uint64_t)at->storage.tensor[0].dim[0];
    for (uint64_t i = 0; i < outputs; i++) {
        double value;
        read_output(at, i, 1, &value);
        if (!isfinite(value))
            note(at, i, value, 0.0, 0.0);
    }
    snprintf(at->result->method, sizeof at->result->method, "finite sums");
    if (at->result->status == SY_OK)
        snprintf(
            at->result->reason, sizeof at->result->reason, "weak: the sums are only known to be numbers");
}

static void conclude(stream *at) {
    sy_check_result *result = at->result;
    bool is_total = at->request->spec->u.stream.kind == SY_STREAM_READ;
    size_t used = (size_t)snprintf(result->smallest_fault, sizeof result->smallest_fault, "%s off by %.2g",
        is_total ? "the total" : "1 element", result->smallest_error);
    if (result->one_in > 1.0)
        snprintf(result->smallest_fault + used, sizeof result->smallest_fault - used,
            " among the 1 in %.0f looked at", result->one_in);
    if (at->largest >= 1.5)
        result->sees = SY_CHECK_SEES_ZEROS | SY_CHECK_SEES_TAIL;
    result->verified = result->status == SY_OK && at->largest >= 1.5;
    if (result->status == SY_OK && !result->verified)
        snprintf(result->reason, sizeof result->reason, "weak: would not see zeros");
}

sy_status sy_check_plain_run(const sy_check_request *request, sy_check_result *out_result, sy_error *err) {
    stream at = {.request = request, .worst_ratio = -1.0, .result = out_result};
    *out_result = (sy_check_result){0};
    uint32_t op = request->spec->op;
    if (op != SY_SPEC_STREAM && op != SY_SPEC_PEAK)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no output of its own to check", sy_spec_op_name(op));
    sy_status status = sy_spec_problem(request->spec, &at.storage, err);
    if (status != SY_OK)
        return status;
    if (op == SY_SPEC_PEAK) {
        check_peak(&at);
        return SY_OK;
    }
    at.elements = request->spec->u.stream.bytes / 4;
    if (request->spec->u.stream.kind == SY_STREAM_READ)
        check_total(&at);
    else
        check_written(&at);
    conclude(&at);
    return SY_OK;
}
