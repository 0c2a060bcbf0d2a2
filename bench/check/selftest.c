/* Breaking simulated results in known ways, one row of a table each. */
#include "bench/check/selftest.h"

#include "bench/check/honest.h"
#include "runtime/base/convert.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <stdio.h>
#include <string.h>

enum { TILE = 16 };

/* One spec under test: the request, its product, three outputs. */
typedef struct bench {
    sy_check_request request;
    check_product *product;
    uint64_t set[SY_MAX_TENSORS], stale_set[SY_MAX_TENSORS];
    char *honest, *stale, *broken;
    sy_check_result clean;
    sy_random random;
} bench;

static int64_t element_count(const bench *at) {
    return at->product->blocks * at->product->rows * at->product->cols;
}

static double read_element(const bench *at, const char *output, int64_t element) {
    double value;
    uint32_t dtype = at->request.spec->dtype_c;
    sy_convert_to_f64(dtype, output + (size_t)element * sy_dtype_size(dtype), 1, &value);
    return value;
}

static void write_element(const bench *at, int64_t element, double value) {
    uint32_t dtype = at->request.spec->dtype_c;
    sy_convert_from_f64(dtype, &value, 1, at->broken + (size_t)element * sy_dtype_size(dtype));
}

/* Each returns whether the fault changes anything at all and so can be asked about. */
static bool break_zeros(bench *at) {
    memset(at->broken, 0, at->request.output_bytes);
    return true;
}

static bool break_element(bench *at) {
    if (at->clean.one_in > 1.0)
        return false;
    int64_t element = (int64_t)sy_random_below(&at->random, (uint64_t)element_count(at));
    double value = read_element(at, at->honest, element), off = 1.5 * at->clean.smallest_error;
    write_element(at, element, value + (sy_random_below(&at->random, 2) != 0 ? off : -off));
    return true;
}

static bool break_tile(bench *at) {
    const check_product *product = at->product;
    size_t size = sy_dtype_size(at->request.spec->dtype_c);
    int64_t rows = product->rows < TILE ? product->rows : TILE,
            cols = product->cols < TILE ? product->cols : TILE;
    int64_t block = (int64_t)sy_random_below(&at->random, (uint64_t)product->blocks);
    int64_t row = (int64_t)sy_random_below(&at->random, (uint64_t)(product->rows - rows + 1));
    int64_t col = (int64_t)sy_random_below(&at->random, (uint64_t)(product->cols - cols + 1));
    for (int64_t i = row; i < row + rows; i++)
        for (int64_t j = col; j < col + cols; j++) {
            int64_t stride, first = check_product_place(product, block, i, &stride);
            size_t byte = (size_t)(first + j * stride) * size;
            memcpy(at->broken + byte, at->stale + byte, size);
        }
    return true;
}

static bool break_transpose(bench *at) {
    const check_product *product = at->product;
    size_t size = sy_dtype_size(at->request.spec->dtype_c);
    if (product->is_conv || product->rows != product->cols || product->rows < 2)
        return false;
    for (int64_t block = 0; block < product->blocks; block++)
        for (int64_t i = 0; i < product->rows; i++)
            for (int64_t j = 0; j < product->cols; j++) {
                int64_t base = block * product->rows * product->cols;
                memcpy(at->broken + (size_t)(base + j * product->rows + i) * size,
                    at->honest + (size_t)(base + i * product->rows + j) * size, size);
            }
    return true;
}

static bool rework(bench *at, check_honest how) {
    return check_honest_run(at->product, &how, at->broken, NULL) == SY_OK;
}

static bool break_gain(bench *at) {
    return rework(at, (check_honest){.excess = 0.01});
}

static bool break_sign(bench *at) {
    return rework(at, (check_honest){.excess = -2.0});
}

static bool break_tail(bench *at) {
    return at->product->depth > 0 && rework(at, (check_honest){.skip_last = 4});
}

/* The claim that has to hold for a fault to be asked for. */
static const struct {
    const char *name;
    bool (*apply)(bench *at);
    uint32_t claim;
} faults[] = {
    {"zeros", break_zeros, SY_CHECK_SEES_ZEROS},
    {"one element", break_element, 0},
    {"a stale tile", break_tile, SY_CHECK_SEES_TILE},
    {"last 4 of k dropped", break_tail, SY_CHECK_SEES_TAIL},
    {"transposed", break_transpose, SY_CHECK_SEES_TILE},
    {"gain 1.01", break_gain, SY_CHECK_SEES_GAIN},
    {"sign", break_sign, SY_CHECK_SEES_ZEROS},
};

static void note_first(bench *at, sy_check_self_test_report *report, const char *what, const char *detail) {
    char text[SY_SPEC_TEXT_MAX];
    if (report->first[0] != '\0' || sy_spec_print(at->request.spec, text, sizeof text, NULL) != SY_OK)
        return;
    snprintf(report->first, sizeof report->first, "%s: %.120s: %.150s", what, text, detail);
}

static sy_status test_honest(bench *at, sy_check_self_test_report *report, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t order = CHECK_ORDER_COUNT; order-- > 0 && status == SY_OK;) {
        const check_honest how = {.order = order};
        if (!check_honest_allows(at->product, order))
            continue;
        at->request.output = at->honest;
        at->request.seed = sy_random_next(&at->random);
        status = check_honest_run(at->product, &how, at->honest, err);
        if (status == SY_OK)
            status = sy_check_run(&at->request, &at->clean, err);
        report->honest++;
        if (status == SY_OK && at->clean.status == SY_WRONG_RESULT) {
            report->accused++;
            note_first(at, report, "accused an honest result", at->clean.reason);
        }
    }
    report->verified = at->clean.verified;
    return status;
}

static sy_status test_faults(bench *at, sy_check_self_test_report *report, sy_error *err) {
    sy_status status = SY_OK;
    at->request.output = at->broken;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0] && status == SY_OK; i++) {
        sy_check_result result;
        memcpy(at->broken, at->honest, at->request.output_bytes);
        if (!faults[i].apply(at))
            continue;
        if ((at->clean.sees & faults[i].claim) != faults[i].claim) {
            report->weak++;
            continue;
        }
        at->request.seed = sy_random_next(&at->random);
        status = sy_check_run(&at->request, &result, err);
        report->faults++;
        if (status == SY_OK && result.status == SY_OK) {
            report->missed++;
            note_first(at, report, faults[i].name, result.method);
        }
    }
    return status;
}

/* The result of another input set, for the stale tile. */
static sy_status make_stale(bench *at, sy_error *err) {
    const check_honest how = {.order = CHECK_ORDER_SEQUENTIAL};
    at->request.set = at->stale_set;
    sy_status status = check_product_init(&at->request, at->product, err);
    if (status == SY_OK)
        status = check_honest_run(at->product, &how, at->stale, err);
    at->request.set = at->set;
    return status == SY_OK ? check_product_init(&at->request, at->product, err) : status;
}

static sy_status run_bench(bench *at, sy_check_self_test_report *report, sy_error *err) {
    at->product = sy_mem_alloc(sizeof *at->product);
    at->honest = sy_mem_alloc(at->request.output_bytes);
    at->stale = sy_mem_alloc(at->request.output_bytes);
    at->broken = sy_mem_alloc(at->request.output_bytes);
    if (at->product == NULL || at->honest == NULL || at->stale == NULL || at->broken == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the self-test of the check");
    sy_status status = make_stale(at, err);
    if (status == SY_OK)
        status = test_honest(at, report, err);
    if (status == SY_OK && at->clean.status == SY_OK)
        status = test_faults(at, report, err);
    return status;
}

sy_status sy_check_self_test(const sy_spec *spec, const sy_data_block *block, uint64_t seed, uint32_t level,
    uint64_t budget_ns, sy_check_self_test_report *report, sy_error *err) {
    bench at = {.request = {.spec = spec,
                    .block = block,
                    .key = sy_random_mix(seed),
                    .level = level,
                    .budget_ns = budget_ns,
                    .math = spec->math,
                    .algorithm_bound_factor = 1.0}};
    sy_random_seed(&at.random, seed, 1);
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++) {
        at.set[i] = sy_random_below(&at.random, 1000);
        at.stale_set[i] = at.set[i] + 1000;
    }
    at.request.set = at.set;
    sy_status status = sy_check_output_bytes(spec, &at.request.output_bytes, err);
    if (status == SY_OK)
        status = run_bench(&at, report, err);
    sy_mem_free(at.product);
    sy_mem_free(at.honest);
    sy_mem_free(at.stale);
    sy_mem_free(at.broken);
    return status;
}
