/*
 * Row-major D[m,n] = A[m,k] B[k,n] is column-major D^T = B^T A^T: the weights come first. Form N leaves them
 * as they are, form T has them transposed beforehand, which constant weights allow.
 */
#include "tests/on_gpu/by_hand/gemm.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES = 8 };

typedef struct plan {
    cublasLtMatmulDesc_t op;
    cublasLtMatrixLayout_t weights, rows, result;
    cublasLtMatmulHeuristicResult_t found[CANDIDATES];
    int count;
    char form; /* 'N' or 'T' */
} plan;

typedef struct solution {
    card *c;
    const problem *p;
    plan form[2];
    const plan *using;
    const cublasLtMatmulAlgo_t *algo;
    char *weights, *rows, *result;
    int64_t sets;
    size_t set_bytes, result_bytes;
    int status;
} solution;

static const cudaDataType_t cuda_type[TYPE_NONE] = {[TYPE_F32] = CUDA_R_32F,
    [TYPE_F16] = CUDA_R_16F,
    [TYPE_BF16] = CUDA_R_16BF,
    [TYPE_S8] = CUDA_R_8I,
    [TYPE_S32] = CUDA_R_32I,
    [TYPE_F8E4M3] = CUDA_R_8F_E4M3,
    [TYPE_F8E5M2] = CUDA_R_8F_E5M2};

static bool is_f8(type t) {
    return t == TYPE_F8E4M3 || t == TYPE_F8E5M2;
}

/* Rows are column-major k x m. The stride between products of a batch only matters if there are several. */
static cublasStatus_t new_layout(
    card *c, cublasLtMatrixLayout_t *out, type t, int64_t rows, int64_t columns, int64_t batch) {
    const int32_t count = (int32_t)batch;
    const int64_t stride = rows * columns;
    cublasStatus_t status =
        c->lib.cublasLtMatrixLayoutCreate(out, cuda_type[t], (uint64_t)rows, (uint64_t)columns, rows);
    if (status == CUBLAS_STATUS_SUCCESS && batch > 1)
        status = c->lib.cublasLtMatrixLayoutSetAttribute(
            *out, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count, sizeof count);
    if (status == CUBLAS_STATUS_SUCCESS && batch > 1)
        status = c->lib.cublasLtMatrixLayoutSetAttribute(
            *out, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &stride, sizeof stride);
    return status;
}

static cublasStatus_t new_operation(card *c, const problem *p, plan *f, int8_t fast, int32_t rows_op) {
    const bool is_whole = p->a == TYPE_S8;
    const int32_t weights_op = f->form == 'T' ? CUBLAS_OP_T : CUBLAS_OP_N;
    const cublasComputeType_t compute = is_whole     ? CUBLAS_COMPUTE_32I
                                        : p->is_tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32
                                                     : CUBLAS_COMPUTE_32F;
    const library *lib = &c->lib;
    cublasStatus_t status =
        lib->cublasLtMatmulDescCreate(&f->op, compute, is_whole ? CUDA_R_32I : CUDA_R_32F);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = lib->cublasLtMatmulDescSetAttribute(
            f->op, CUBLASLT_MATMUL_DESC_TRANSA, &weights_op, sizeof weights_op);
    if (status == CUBLAS_STATUS_SUCCESS)
        status =
            lib->cublasLtMatmulDescSetAttribute(f->op, CUBLASLT_MATMUL_DESC_TRANSB, &rows_op, sizeof rows_op);
    if (status == CUBLAS_STATUS_SUCCESS && fast != 0)
        status =
            lib->cublasLtMatmulDescSetAttribute(f->op, CUBLASLT_MATMUL_DESC_FAST_ACCUM, &fast, sizeof fast);
    return status;
}

static cublasStatus_t ask(card *c, plan *f) {
    const uint64_t most = WORKSPACE_BYTES;
    /* Not in the output's type: that would round partial sums, which our own runs do not allow. */
    const uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_INPLACE | CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE;
    cublasLtMatmulPreference_t wish = NULL;
    cublasStatus_t status = c->lib.cublasLtMatmulPreferenceCreate(&wish);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = c->lib.cublasLtMatmulPreferenceSetAttribute(
            wish, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &most, sizeof most);
    if (status == CUBLAS_STATUS_SUCCESS) /* a library that knows no such wish has no such reductions */
        c->lib.cublasLtMatmulPreferenceSetAttribute(
            wish, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &reductions, sizeof reductions);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = c->lib.cublasLtMatmulAlgoGetHeuristic(
            c->lt, f->op, f->weights, f->rows, f->result, f->result, wish, CANDIDATES, f->found, &f->count);
    if (wish != NULL)
        c->lib.cublasLtMatmulPreferenceDestroy(wish);
    return status;
}

/* `rows_op`: T has the activations transposed, which only the study of rules asks for. */
static cublasStatus_t open_plan(card *c, const problem *p, plan *f, char form, int8_t fast, int32_t rows_op) {
    memset(f, 0, sizeof *f);
    f->form = form;
    const bool is_turned = rows_op == CUBLAS_OP_T;
    cublasStatus_t status = new_operation(c, p, f, fast, rows_op);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = form == 'T' ? new_layout(c, &f->weights, p->b, p->k, p->n, p->batch)
                             : new_layout(c, &f->weights, p->b, p->n, p->k, p->batch);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = is_turned ? new_layout(c, &f->rows, p->a, p->m, p->k, p->batch)
                           : new_layout(c, &f->rows, p->a, p->k, p->m, p->batch);
    if (status == CUBLAS_STATUS_SUCCESS)
        status = new_layout(c, &f->result, p->c, p->n, p->m, p->batch);
    return status == CUBLAS_STATUS_SUCCESS ? ask(c, f) : status;
}

static void close_plan(card *c, plan *f) {
    if (f->op != NULL)
        c->lib.cublasLtMatmulDescDestroy(f->op);
    cublasLtMatrixLayout_t *layouts[] = {&f->weights, &f->rows, &f->result};
    for (int i = 0; i < 3; i++)
        if (*layouts[i] != NULL)
            c->lib.cublasLtMatrixLayoutDestroy(*layouts[i]);
}

static bool launch(void *ctx, int64_t index) {
    solution *s = ctx;
    static const float one = 1, zero = 0;
    static const int32_t whole_one = 1, whole_zero = 0;
    const bool is_whole = s->p->a == TYPE_S8;
    const void *alpha = is_whole ? (const void *)&whole_one : &one,
               *beta = is_whole ? (const void *)&whole_zero : &zero;
    void *result = s->result + (size_t)(index % 2) * s->result_bytes;
    s->status = (int)s->c->lib.cublasLtMatmul(s->c->lt, s->using->op, alpha,
        s->weights + (size_t)(index % s->sets) * s->set_bytes, s->using->weights, s->rows, s->using->rows,
        beta, result, s->using->result, result, s->using->result, s->algo, s->c->workspace, WORKSPACE_BYTES,
        s->c->stream);
    return s->status == CUBLAS_STATUS_SUCCESS;
}

static size_t rounded(int64_t elements, type t) {
    return ((size_t)elements * type_bytes(t) + 255) & ~(size_t)255;
}

static bool take_memory(solution *s) {
    const problem *p = s->p;
    s->set_bytes = rounded(p->k * p->n * p->batch, p->b);
    s->result_bytes = rounded(p->m * p->n * p->batch, p->c);
    s->sets = card_sets(s->c, s->set_bytes);
    s->weights = card_filled(s->c, s->set_bytes * (size_t)s->sets, p->b);
    s->rows = s->weights != NULL ? card_filled(s->c, rounded(p->m * p->k * p->batch, p->a), p->a) : NULL;
    s->result = s->rows != NULL ? card_filled(s->c, 2 * s->result_bytes, p->c) : NULL;
    return s->result != NULL;
}

static void print_ids(const solution *s) {
    int32_t id = -1, split = -1;
    uint32_t tile = 0, stages = 0;
    size_t written = 0;
    const library *lib = &s->c->lib;
    if (lib->cublasLtMatmulAlgoConfigGetAttribute == NULL) {
        printf(",\"way\":\"form %c\"", s->using->form);
        return;
    }
    lib->cublasLtMatmulAlgoConfigGetAttribute(s->algo, CUBLASLT_ALGO_CONFIG_ID, &id, sizeof id, &written);
    lib->cublasLtMatmulAlgoConfigGetAttribute(
        s->algo, CUBLASLT_ALGO_CONFIG_TILE_ID, &tile, sizeof tile, &written);
    lib->cublasLtMatmulAlgoConfigGetAttribute(
        s->algo, CUBLASLT_ALGO_CONFIG_STAGES_ID, &stages, sizeof stages, &written);
    lib->cublasLtMatmulAlgoConfigGetAttribute(
        s->algo, CUBLASLT_ALGO_CONFIG_SPLITK_NUM, &split, sizeof split, &written);
    printf(
        ",\"way\":\"form %c algo %d tile %u stages %u splitk %d\"", s->using->form, id, tile, stages, split);
}

/* Short times of all candidates, printed as they come; the best is left chosen. */
static bool rank(solution *s, int forms) {
    const plan *best_form = NULL;
    const cublasLtMatmulAlgo_t *best = NULL;
    double least = 0;
    printf(",\"candidates\":[");
    for (int f = 0; f < forms; f++)
        for (int i = 0; i < s->form[f].count && !s->c->is_lost; i++) {
            double ns = 0;
            s->using = &s->form[f];
            s->algo = &s->form[f].found[i].algo;
            const bool ok =
                s->form[f].found[i].state == CUBLAS_STATUS_SUCCESS && card_rank(s->c, launch, s, &ns);
            printf("%s[\"%c\",%d,%.1f]", f + i > 0 ? "," : "", s->using->form, i, ok ? ns : -1.0);
            if (ok && (best == NULL || ns < least)) {
                least = ns;
                best = s->algo;
                best_form = s->using;
            }
        }
    printf("]");
    s->using = best_form;
    s->algo = best;
    return best != NULL;
}

static void solve_as(card *c, const problem *p, int8_t fast) {
    static const char order[] = {'N', 'T'};
    solution s = {.c = c, .p = p};
    timed result;
    int forms = 0, status = 0;
    for (int i = is_f8(p->b) ? 1 : 0; i < (p->is_dynamic ? 1 : 2); i++) {
        status = (int)open_plan(c, p, &s.form[forms], order[i], fast, CUBLAS_OP_N);
        if (status == CUBLAS_STATUS_SUCCESS && s.form[forms].count > 0)
            forms++;
        else
            close_plan(c, &s.form[forms]);
    }
    printf("{\"kind\":\"op\",\"source\":\"cublaslt%s\",\"problem\":\"%s\",\"name\":\"%s\"",
        fast != 0 ? "-fast" : "", p->text, p->name);
    c->reason[0] = '\0';
    if (forms == 0)
        printf(",\"error\":\"no candidate, status %d\"", status);
    else if (!take_memory(&s) || !rank(&s, forms) || !card_measure(c, launch, &s, &result))
        printf(",\"error\":\"%s, last status %d\"", c->reason, s.status);
    else {
        print_ids(&s);
        printf(",\"sets\":%lld,", (long long)s.sets);
        card_print(&result);
    }
    printf("}\n");
    fflush(stdout);
    card_free(c, s.weights);
    card_free(c, s.rows);
    card_free(c, s.result);
    for (int i = 0; i < forms; i++)
        close_plan(c, &s.form[i]);
}

void gemm_solve(card *c, const problem *p) {
    solve_as(c, p, 0);
    if (is_f8(p->b) && !c->is_lost)
        solve_as(c, p, 1);
}

static void print_rule(card *c, type a, type b, type d, const int64_t size[3]) {
    static const char *const names[] = {"TN", "NN", "TT", "NT"};
    static const char *const words[TYPE_NONE] = {"f32", "f16", "bf16", "s8", "s32", "f8e4m3", "f8e5m2"};
    problem p = {.a = a, .b = b, .c = d, .m = size[0], .n = size[1], .k = size[2], .batch = 1};
    printf("{\"kind\":\"rule\",\"source\":\"cublaslt\",\"a\":\"%s\",\"b\":\"%s\",\"d\":\"%s\",\"m\":%lld,"
           "\"n\":%lld,\"k\":%lld",
        words[a], words[b], words[d], (long long)p.m, (long long)p.n, (long long)p.k);
    for (int i = 0; i < 4; i++) {
        plan f;
        const int status =
            (int)open_plan(c, &p, &f, names[i][0], 0, names[i][1] == 'T' ? CUBLAS_OP_T : CUBLAS_OP_N);
        printf(",\"%s\":%d", names[i], status != 0 ? -status : f.count);
        close_plan(c, &f);
    }
    printf("}\n");
}

void gemm_rules(card *c) {
    static const type f8[][3] = {{TYPE_F8E4M3, TYPE_F8E4M3, TYPE_BF16}, {TYPE_F8E4M3, TYPE_F8E4M3, TYPE_F16},
        {TYPE_F8E4M3, TYPE_F8E4M3, TYPE_F32}, {TYPE_F8E4M3, TYPE_F8E4M3, TYPE_F8E4M3},
        {TYPE_F8E4M3, TYPE_F8E5M2, TYPE_BF16}, {TYPE_F8E5M2, TYPE_F8E4M3, TYPE_BF16},
        {TYPE_F8E5M2, TYPE_F8E5M2, TYPE_BF16}};
    static const int64_t sizes[][3] = {{512, 512, 512}, {1, 512, 512}, {8, 512, 512}, {17, 512, 512},
        {512, 520, 512}, {512, 513, 512}, {512, 512, 520}, {512, 512, 516}, {512, 512, 513}};
    for (size_t i = 0; i < sizeof f8 / sizeof f8[0]; i++)
        print_rule(c, f8[i][0], f8[i][1], f8[i][2], sizes[0]);
    for (size_t i = 1; i < sizeof sizes / sizeof sizes[0]; i++)
        print_rule(c, TYPE_F8E4M3, TYPE_F8E4M3, TYPE_BF16, sizes[i]);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        print_rule(c, TYPE_S8, TYPE_S8, TYPE_S32, sizes[i]);
}
