/*
 * Declared math against probes: inputs whose products cancel, or whose sums go on, unless all the bits that
 * the algorithm has declared are kept. Each result is known exactly.
 */
#include <math.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/solve.h"
#include "bench/worker/scatter.h"
#include "runtime/base/convert.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* Extents that every library takes: multiples of 16. */
enum { ROWS = 32, COLS = 48, TEXT = 256 };

/* What the operands hold. PICK: one is dense with full significands in [1, 2), the other picks two of its
 * elements and subtracts them, which is exact. SUM: both are constant but for the first
 * element of the depth, which makes the sum one that fewer bits cannot hold. */
enum { PICK_RIGHT, PICK_LEFT, SUM };

/* A product left[ROWS, depth] right[depth, COLS] as a problem; `taps`: elements of a filter's window. */
typedef struct probe_row {
    uint32_t dtype;
    const char *problem;
    int depth, taps;
    bool is_image;
    double first, left, right; /* of SUM; 0: PICK in both ways */
} probe_row;

static const probe_row rows[] = {
    {SY_F32, "gemm:m=32,n=48,k=64,dtype=f32", 64, 1, false, 0, 0, 0},
    {SY_F32, "conv2d:n=1,c=64,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=f32", 64, 1, true, 0, 0, 0},
    {SY_F32, "conv2d:n=1,c=64,h=6,w=8,k=32,r=3,s=3,pad=1,layout=nchw,dtype=f32", 64, 9, true, 0, 0, 0},
    {SY_F64, "gemm:m=32,n=48,k=64,dtype=f64", 64, 1, false, 0, 0, 0},
    {SY_F64, "conv2d:n=1,c=64,h=6,w=8,k=32,r=3,s=3,pad=1,layout=nchw,dtype=f64", 64, 9, true, 0, 0, 0},
    {SY_F16, "gemm:m=32,n=48,k=4112,dtype=f16:f16:f32", 4112, 1, false, 2, 1, 1},
    {SY_F16, "conv2d:n=1,c=4112,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=f16:f16:f32", 4112, 1, true, 2, 1, 1},
    {SY_F16, "gemm:m=32,n=48,k=4112,dtype=f16", 4112, 1, false, 2, 1, 1},
    {SY_F16, "conv2d:n=1,c=4112,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=f16", 4112, 1, true, 2, 1, 1},
    {SY_BF16, "gemm:m=32,n=48,k=4112,dtype=bf16:bf16:f32", 4112, 1, false, 2, 1, 1},
    {SY_BF16, "conv2d:n=1,c=4112,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=bf16:bf16:f32", 4112, 1, true, 2, 1,
        1},
    {SY_BF16, "gemm:m=32,n=48,k=4112,dtype=bf16", 4112, 1, false, 2, 1, 1},
    {SY_BF16, "conv2d:n=1,c=4112,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=bf16", 4112, 1, true, 2, 1, 1},
    {SY_S8, "gemm:m=32,n=48,k=4112,dtype=s8", 4112, 1, false, 126, 127, 127},
    {SY_S8, "gemm:m=32,n=48,k=4112,dtype=s8", 4112, 1, false, 126, 127, -127},
    {SY_S8, "gemm:m=32,n=48,k=1040,dtype=u8:s8:s32", 1040, 1, false, 254, 255, 127},
    {SY_S8, "conv2d:n=1,c=4112,h=6,w=8,k=32,r=1,s=1,layout=nhwc,dtype=s8", 4112, 1, true, 126, 127, 127},
};

/* The operands as values, in packed logical order, and what comes out. */
typedef struct probe {
    const probe_row *row;
    double *left, *right, *wanted, *seen;
    char *bytes;
    size_t runs, known;
    double worst[SY_MATH_COUNT];
} probe;

static bool open_probe(conform_kit *kit, const probe_row *row, probe *p) {
    size_t depth = (size_t)row->depth * (size_t)row->taps;
    *p = (probe){.row = row,
        .left = sy_mem_calloc(ROWS * depth, sizeof(double)),
        .right = sy_mem_calloc(COLS * (size_t)row->depth, sizeof(double)),
        .wanted = sy_mem_calloc(ROWS * COLS, sizeof(double)),
        .seen = sy_mem_calloc(ROWS * COLS, sizeof(double)),
        .bytes = sy_mem_calloc((ROWS + COLS) * depth, sizeof(double))};
    bool ok = p->left != NULL && p->right != NULL && p->wanted != NULL && p->seen != NULL && p->bytes != NULL;
    if (!ok)
        conform_skip(kit, "no host memory");
    return ok;
}

static void close_probe(probe *p) {
    sy_mem_free(p->left);
    sy_mem_free(p->right);
    sy_mem_free(p->wanted);
    sy_mem_free(p->seen);
    sy_mem_free(p->bytes);
}

/* In [1, 2), every bit of the type's significand drawn. */
static double draw(sy_random *random, uint32_t dtype) {
    int digits = sy_dtype_digits(dtype);
    return 1.0 + ldexp((double)sy_random_below(random, UINT64_C(1) << (digits - 1)), 1 - digits);
}

/* A filter's window has its weights in the middle, zeros around. */
static double *left_at(const probe *p, int row, int depth) {
    return &p->left[(row * p->row->depth + depth) * p->row->taps + p->row->taps / 2];
}

static double *right_at(const probe *p, int depth, int col) {
    return &p->right[depth * COLS + col];
}

static void set_values(probe *p, int kind) {
    const int depth = p->row->depth;
    sy_random random;
    sy_random_seed(&random, 3, (uint64_t)kind);
    for (int d = 0; d < depth; d++) {
        for (int r = 0; r < ROWS; r++)
            *left_at(p, r, d) = kind == SUM          ? (d == 0 ? p->row->first : p->row->left)
                                : kind == PICK_RIGHT ? draw(&random, p->row->dtype)
                                                     : 0.0;
        for (int c = 0; c < COLS; c++)
            *right_at(p, d, c) = kind == SUM         ? p->row->right
                                 : kind == PICK_LEFT ? draw(&random, p->row->dtype)
                                                     : 0.0;
    }
    for (int r = 0; kind == PICK_LEFT && r < ROWS; r++) {
        *left_at(p, r, r % depth) = 1.0;
        *left_at(p, r, (r + 1 + r % 7) % depth) = -1.0;
    }
    for (int c = 0; kind == PICK_RIGHT && c < COLS; c++) {
        *right_at(p, c % depth, c) = 1.0;
        *right_at(p, (c + 1 + c % 7) % depth, c) = -1.0;
    }
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLS; c++) {
            double sum = 0.0;
            for (int d = 0; d < depth; d++)
                sum += *left_at(p, r, d) * *right_at(p, d, c);
            p->wanted[r * COLS + c] = sum;
        }
}

/* Packed values of operand `index` to where binding 0 reads them, in the layout that was resolved. */
static sy_status set_operand(
    conform_kit *kit, sy_job *job, uint32_t index, probe *p, const double *values, sy_error *err) {
    const sy_tensor *logical = &job->logical.tensor[index], *resolved = &job->resolved.tensor[index];
    uint64_t count = 0, bytes = 0;
    sy_status status = sy_tensor_extent(logical, &count, &bytes, err);
    bool is_private = (resolved->layout & SY_LAYOUT_PRIVATE) != 0;
    sy_span slot = sy_job_span(job, index, 0), target = slot;
    sy_convert_from_f64(logical->dtype, values, count, p->bytes);
    if (status == SY_OK && is_private)
        status = sy_job_strided(job, bytes, err);
    if (is_private)
        target = (sy_span){job->strided, 0, bytes};
    if (status == SY_OK)
        status = sy_job_staging(job, target.bytes, err);
    if (status != SY_OK)
        return status;
    void *host = kit->on.api->memory->host_ptr(job->staging);
    if (is_private)
        memcpy(host, p->bytes, bytes);
    else
        sy_scatter(resolved, p->bytes, host);
    status = sy_job_copy_now(job, target, (sy_span){job->staging, 0, target.bytes}, err);
    if (status != SY_OK || !is_private)
        return status;
    sy_tensor from = *logical;
    from.layout = SY_LAYOUT_STRIDED;
    from.flags = 0;
    sy_tensor_set_strides(&from, SY_IMAGE_NCHW);
    return sy_dispatch_reorder(
        kit->on.api, kit->on.device, kit->on.queue, &from, target, resolved, slot, err);
}

static sy_status run_job(conform_kit *kit, sy_job *job, probe *p, int kind, sy_error *err) {
    bool is_image = p->row->is_image;
    set_values(p, kind);
    sy_status status = set_operand(kit, job, is_image ? 1 : 0, p, p->left, err);
    if (status == SY_OK)
        status = set_operand(kit, job, is_image ? 0 : 1, p, p->right, err);
    if (status == SY_OK)
        status = kit->on.api->work->run(job->binding[0]);
    if (status == SY_OK)
        status = kit->on.api->queue->sync(kit->on.queue, UINT64_MAX, err);
    if (status == SY_OK)
        status = sy_job_read_output(job, 0, p->bytes, err);
    if (status == SY_OK)
        sy_convert_to_f64(
            job->logical.tensor[sy_job_output_tensor(job)].dtype, p->bytes, ROWS * COLS, p->seen);
    return status;
}

/*
 * Largest error that a declaration allows. PICK, in units of the dense operand's values: two of them, each
 * rounded or cut to its bits. A wider bound is for what else is rounded on the way, as in Winograd's
 * transforms.
 */
static double bound_of(
    const sy_algorithm *algorithm, uint32_t dtype, uint32_t out, double largest, int kind) {
    static const double f32[SY_MATH_COUNT] = {0x1p-22, 0x1p-9, 0x1p-10, 0x1p-15, INFINITY, INFINITY};
    if (kind == SUM) /* nothing but the rounding to a narrow result, a unit of its last place */
        return out == SY_F16 || out == SY_BF16 ? 2.0 * sy_dtype_unit_roundoff(out) * largest : 0.0;
    double bound =
        dtype == SY_F64 ? 0x1p-51 : f32[algorithm->math < SY_MATH_COUNT ? algorithm->math : SY_MATH_ANY];
    if (algorithm->bound_factor > 1.0)
        bound *= fmin(16.0 * algorithm->bound_factor, 1024.0);
    return bound;
}

static void judge(conform_kit *kit, probe *p, const sy_job *job, const char *text, int kind) {
    const sy_algorithm *algorithm = &job->algorithm;
    const uint32_t out = job->logical.tensor[sy_job_output_tensor(job)].dtype;
    double bound = bound_of(algorithm, p->row->dtype, out, p->wanted[0], kind), worst = 0.0;
    int at = 0;
    for (int i = 0; i < ROWS * COLS; i++) {
        double error = fabs(p->seen[i] - p->wanted[i]);
        if (!(error <= worst)) {
            worst = error;
            at = i;
        }
    }
    p->runs++;
    p->worst[algorithm->math] = fmax(p->worst[algorithm->math], worst);
    if (worst <= bound)
        return;
    if (sy_solve_is_known(text, algorithm->name, SY_WRONG_RESULT)) {
        p->known++;
        return;
    }
    conform_fail(kit,
        "%s by %s, which says math %s: element (%d, %d) is %.17g, should be %.17g; its error may be %g", text,
        algorithm->name, sy_math_name(algorithm->math), at / COLS, at % COLS, p->seen[at], p->wanted[at],
        bound);
}

static void try_algorithm(conform_kit *kit, probe *p, const char *text, const char *name) {
    sy_error err = SY_ERROR_INIT;
    sy_job_request request = {.problem = text, .algorithm = name, .key = 1, .cache = SY_CACHE_HOT};
    sy_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return;
    conform_doing(kit, "probing %s by %s", text, name);
    sy_status status = sy_job_prepare(job, &kit->on, &request, kit->block, &err);
    conform_succeeds(kit, text, status, &err);
    const int first = p->row->left != 0.0 ? SUM : PICK_RIGHT, last = p->row->left != 0.0 ? SUM : PICK_LEFT;
    for (int kind = first; kind <= last && conform_is_fine(kit); kind++)
        if (conform_succeeds(kit, text, run_job(kit, job, p, kind, &err), &err))
            judge(kit, p, job, text, kind);
    sy_job_release(job);
    sy_mem_free(job);
}

/* By each usable algorithm; of variants only where all is asked for. */
static void try_problem(conform_kit *kit, probe *p, const char *text) {
    sy_error err = SY_ERROR_INIT;
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    sy_status status =
        candidates != NULL ? sy_solve_candidates(&kit->on, text, candidates, &err) : SY_OUT_OF_MEMORY;
    conform_succeeds(kit, text, status, &err);
    for (uint32_t i = 0; status == SY_OK && i < candidates->count && conform_is_fine(kit); i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        bool is_variant = (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
        if (candidate->status == SY_OK && (kit->request->full || !is_variant))
            try_algorithm(kit, p, text, candidate->algorithm.name);
    }
    sy_mem_free(candidates);
}

/* What was seen, by declaration: "strict 0, tf32 0.00049". */
static void sum_up(conform_kit *kit, size_t runs, size_t known, const double worst[SY_MATH_COUNT]) {
    char text[256] = "";
    size_t at = 0;
    for (uint32_t m = 0; m < SY_MATH_COUNT; m++)
        if (worst[m] >= 0.0)
            at += (size_t)snprintf(
                text + at, sizeof text - at, "%s%s %.3g", at > 0 ? ", " : "", sy_math_name(m), worst[m]);
    if (known > 0)
        snprintf(text + at, sizeof text - at, "; %zu wrong as that library is known to be", known);
    if (runs == 0)
        conform_skip(kit, "no algorithm takes the type");
    else
        conform_pass(kit, "%zu probes; largest error by declaration: %s", runs, text);
}

void conform_check_math(conform_kit *kit, size_t item) {
    static const char *const variants[] = {",weights=dynamic,math=strict", ",weights=const,math=strict",
        ",weights=dynamic,math=any", ",weights=const,math=any"};
    double worst[SY_MATH_COUNT];
    size_t runs = 0, known = 0;
    for (uint32_t m = 0; m < SY_MATH_COUNT; m++)
        worst[m] = -1.0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && conform_is_fine(kit); i++) {
        probe p = {0};
        if (rows[i].dtype != item)
            continue;
        bool ok = open_probe(kit, &rows[i], &p);
        memcpy(p.worst, worst, sizeof worst);
        for (size_t k = 0; ok && k < 4 && conform_is_fine(kit); k++) {
            char text[TEXT];
            snprintf(text, sizeof text, "%s%s", rows[i].problem, variants[k]);
            try_problem(kit, &p, text);
        }
        runs += p.runs;
        known += p.known;
        memcpy(worst, p.worst, sizeof worst);
        close_probe(&p);
    }
    sum_up(kit, runs, known, worst);
}
