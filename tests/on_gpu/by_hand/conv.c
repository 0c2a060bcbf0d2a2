/* The legacy call: still exported by cuDNN 9, and what look-alikes of it share. */
#include "tests/on_gpu/by_hand/conv.h"

#include <string.h>

#if BY_HAND_CUDNN

enum { WORKSPACE_MAX = 1 << 30 };

typedef struct plan {
    cudnnTensorDescriptor_t input, output;
    cudnnFilterDescriptor_t filter;
    cudnnConvolutionDescriptor_t how;
    cudnnConvolutionFwdAlgoPerf_t found[CUDNN_CONVOLUTION_FWD_ALGO_COUNT];
    int count, status, p, q; /* extents of the output */
    const char *layout;
} plan;

typedef struct solution {
    card *c;
    const problem *p;
    cudnnHandle_t dnn;
    plan form[2];
    const plan *using;
    cudnnConvolutionFwdAlgo_t algo;
    char *input, *filters, *output, *workspace;
    size_t workspace_bytes, set_bytes, output_bytes;
    int64_t sets;
    int status;
} solution;

static cudnnDataType_t dnn_type(type t) {
    return t == TYPE_F32 ? CUDNN_DATA_FLOAT : t == TYPE_F16 ? CUDNN_DATA_HALF : CUDNN_DATA_BFLOAT16;
}

static void create(const library *lib, plan *f) {
    f->status = (int)lib->cudnnCreateTensorDescriptor(&f->input);
    if (f->status == 0)
        f->status = (int)lib->cudnnCreateTensorDescriptor(&f->output);
    if (f->status == 0)
        f->status = (int)lib->cudnnCreateFilterDescriptor(&f->filter);
    if (f->status == 0)
        f->status = (int)lib->cudnnCreateConvolutionDescriptor(&f->how);
}

static void set_convolution(const library *lib, const problem *p, plan *f) {
    const cudnnMathType_t math = p->a == TYPE_F32 && !p->is_tf32 ? CUDNN_FMA_MATH : CUDNN_TENSOR_OP_MATH;
    f->status = (int)lib->cudnnSetConvolution2dDescriptor(f->how, (int)p->pad[0], (int)p->pad[1],
        (int)p->stride[0], (int)p->stride[1], (int)p->dilation[0], (int)p->dilation[1],
        CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT);
    if (f->status == 0)
        f->status = (int)lib->cudnnSetConvolutionMathType(f->how, math);
    if (f->status == 0)
        f->status = (int)lib->cudnnSetConvolutionGroupCount(f->how, (int)p->groups);
}

static void set_tensors(const library *lib, const problem *p, plan *f, cudnnTensorFormat_t format) {
    int n = 0, k = 0;
    f->status = (int)lib->cudnnSetTensor4dDescriptor(
        f->input, format, dnn_type(p->a), (int)p->images, (int)p->channels, (int)p->h, (int)p->w);
    if (f->status == 0)
        f->status = (int)lib->cudnnSetFilter4dDescriptor(f->filter, dnn_type(p->b), format, (int)p->k,
            (int)(p->channels / p->groups), (int)p->r, (int)p->s);
    if (f->status == 0)
        f->status = (int)lib->cudnnGetConvolution2dForwardOutputDim(
            f->how, f->input, f->filter, &n, &k, &f->p, &f->q);
    if (f->status == 0)
        f->status = (int)lib->cudnnSetTensor4dDescriptor(f->output, format, dnn_type(p->c), n, k, f->p, f->q);
}

static void open_plan(solution *s, plan *f, cudnnTensorFormat_t format) {
    const library *lib = &s->c->lib;
    memset(f, 0, sizeof *f);
    f->layout = format == CUDNN_TENSOR_NHWC ? "nhwc" : "nchw";
    create(lib, f);
    if (f->status == 0)
        set_convolution(lib, s->p, f);
    if (f->status == 0)
        set_tensors(lib, s->p, f, format);
    if (f->status == 0)
        f->status = (int)lib->cudnnGetConvolutionForwardAlgorithm_v7(s->dnn, f->input, f->filter, f->how,
            f->output, CUDNN_CONVOLUTION_FWD_ALGO_COUNT, &f->count, f->found);
}

static void close_plan(const library *lib, plan *f) {
    if (f->input != NULL)
        lib->cudnnDestroyTensorDescriptor(f->input);
    if (f->output != NULL)
        lib->cudnnDestroyTensorDescriptor(f->output);
    if (f->filter != NULL)
        lib->cudnnDestroyFilterDescriptor(f->filter);
    if (f->how != NULL)
        lib->cudnnDestroyConvolutionDescriptor(f->how);
}

static bool launch(void *ctx, int64_t index) {
    solution *s = ctx;
    static const float one = 1, zero = 0;
    s->status =
        (int)s->c->lib.cudnnConvolutionForward(s->dnn, &one, s->using->input, s->input, s->using->filter,
            s->filters + (size_t)(index % s->sets) * s->set_bytes, s->using->how, s->algo, s->workspace,
            s->workspace_bytes, &zero, s->using->output, s->output + (size_t)(index % 2) * s->output_bytes);
    return s->status == 0;
}

static size_t rounded(int64_t elements, type t) {
    return ((size_t)elements * type_bytes(t) + 255) & ~(size_t)255;
}

static bool take_memory(solution *s, int forms) {
    const problem *p = s->p;
    s->set_bytes = rounded(p->k * (p->channels / p->groups) * p->r * p->s, p->b);
    s->output_bytes = rounded(p->images * p->k * s->form[0].p * s->form[0].q, p->c);
    s->sets = card_sets(s->c, s->set_bytes);
    for (int f = 0; f < forms; f++)
        for (int i = 0; i < s->form[f].count; i++) {
            const size_t bytes = s->form[f].found[i].memory;
            if (bytes <= WORKSPACE_MAX && bytes > s->workspace_bytes)
                s->workspace_bytes = bytes;
        }
    s->input = card_filled(s->c, rounded(p->images * p->channels * p->h * p->w, p->a), p->a);
    s->filters = s->input != NULL ? card_filled(s->c, s->set_bytes * (size_t)s->sets, p->b) : NULL;
    s->output = s->filters != NULL ? card_filled(s->c, 2 * s->output_bytes, p->c) : NULL;
    if (s->output != NULL && s->workspace_bytes > 0)
        s->workspace = card_filled(s->c, s->workspace_bytes, TYPE_F32);
    return s->output != NULL && (s->workspace != NULL || s->workspace_bytes == 0);
}

static bool rank(solution *s, int forms) {
    const plan *best_form = NULL;
    cudnnConvolutionFwdAlgo_t best = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM;
    double least = 0;
    int tried = 0;
    printf(",\"candidates\":[");
    for (int f = 0; f < forms; f++)
        for (int i = 0; i < s->form[f].count && !s->c->is_lost; i++) {
            const cudnnConvolutionFwdAlgoPerf_t *found = &s->form[f].found[i];
            double ns = 0;
            if (found->status != CUDNN_STATUS_SUCCESS || found->memory > s->workspace_bytes)
                continue;
            s->using = &s->form[f];
            s->algo = found->algo;
            const bool ok = card_rank(s->c, launch, s, &ns);
            printf(
                "%s[\"%s\",%d,%.1f]", tried++ > 0 ? "," : "", s->using->layout, (int)s->algo, ok ? ns : -1.0);
            if (ok && (best_form == NULL || ns < least)) {
                least = ns;
                best = s->algo;
                best_form = s->using;
            }
        }
    printf("]");
    s->using = best_form;
    s->algo = best;
    return best_form != NULL;
}

/* All the work between opening and closing of the forms. */
static void solve_forms(solution *s, int forms) {
    timed result;
    if (!take_memory(s, forms) || !rank(s, forms) || !card_measure(s->c, launch, s, &result)) {
        printf(",\"error\":\"%s, last status %d\"", s->c->reason, s->status);
    } else {
        printf(",\"way\":\"legacy %s algo %d\",\"sets\":%lld,", s->using->layout, (int)s->algo,
            (long long)s->sets);
        card_print(&result);
    }
    card_free(s->c, s->input);
    card_free(s->c, s->filters);
    card_free(s->c, s->output);
    card_free(s->c, s->workspace);
}

/* The handle is made once and lives as long as the program. */
static bool open_dnn(card *c, cudnnHandle_t *io_dnn, int *out_status) {
    *out_status = 0;
    if (*io_dnn == NULL)
        *out_status = (int)c->lib.cudnnCreate(io_dnn);
    if (*out_status == 0)
        *out_status = (int)c->lib.cudnnSetStream(*io_dnn, c->stream);
    return *out_status == 0;
}

void conv_solve(card *c, const problem *p) {
    static cudnnHandle_t dnn;
    static const cudnnTensorFormat_t formats[] = {CUDNN_TENSOR_NHWC, CUDNN_TENSOR_NCHW};
    solution s = {.c = c, .p = p};
    int forms = 0;
    printf(
        "{\"kind\":\"op\",\"source\":\"cudnn-legacy\",\"problem\":\"%s\",\"name\":\"%s\"", p->text, p->name);
    c->reason[0] = '\0';
    if (!c->lib.has_dnn)
        printf(",\"error\":\"no cuDNN: %s\"", c->lib.reason);
    else if (!open_dnn(c, &dnn, &s.status))
        printf(",\"error\":\"cudnnCreate: status %d\"", s.status);
    else {
        s.dnn = dnn;
        for (int i = 0; i < (p->a == TYPE_F32 ? 2 : 1); i++) {
            open_plan(&s, &s.form[forms], formats[i]);
            s.status = s.form[forms].status;
            if (s.status == 0)
                forms++;
            else
                close_plan(&c->lib, &s.form[forms]);
        }
        if (forms > 0)
            solve_forms(&s, forms);
        else
            printf(",\"error\":\"no candidate, status %d\"", s.status);
    }
    printf("}\n");
    fflush(stdout);
    for (int i = 0; i < forms; i++)
        close_plan(&c->lib, &s.form[i]);
}

#else

void conv_solve(card *c, const problem *p) {
    printf("{\"kind\":\"op\",\"source\":\"cudnn-legacy\",\"problem\":\"%s\",\"error\":\"%s\"}\n", p->text,
        c->lib.reason);
}

#endif
