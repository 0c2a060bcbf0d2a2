/* Codes as statuses and words. */
#include "backends/cuda_family/words.h"

#include <stdio.h>

#include "backends/cuda_family/library.h"

/* Of CUDA's runtime, taken over by the other stacks: a fault of a kernel leaves nothing that works. */
static bool is_fatal(int code) {
    static const int fatal[] = {46, 214, 700, 702, 710, 714, 715, 716, 717, 718, 719, 999};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        if (fatal[i] == code)
            return true;
    return false;
}

static sy_status judge_runtime(const cf_libraries *libraries, int code) {
    const cf_runtime_row *row = &libraries->stack->runtime;
    if (code == row->out_of_memory)
        return SY_OUT_OF_MEMORY;
    if (code == row->no_device || code == row->old_driver)
        return SY_UNAVAILABLE;
    return is_fatal(code) ? SY_LOST : SY_INTERNAL;
}

static const cf_blas_row *blas_row(const cf_libraries *libraries, int band) {
    if (band == CF_CODE_LT)
        return libraries->stack->lt != NULL ? libraries->stack->lt->numbers : NULL;
    return libraries->blas[band == CF_CODE_BLAS ? 0 : 1].row;
}

static sy_status judge_blas(const cf_blas_row *row, int code) {
    if (row != NULL && code == row->no_memory)
        return SY_OUT_OF_MEMORY;
    return row != NULL && code == row->not_supported ? SY_UNSUPPORTED : SY_INTERNAL;
}

enum { MIOPEN_NO_MEMORY = 4, MIOPEN_NOT_IMPLEMENTED = 6, MIOPEN_UNSUPPORTED = 8 };

/* cuDNN 8 and before has 0 to 15 with 9 for "not supported"; cuDNN 9 bands of a thousand: 3xxx. */
static sy_status judge_dnn(const cf_libraries *libraries, int code) {
    if (libraries->stack->dnn == NULL || !libraries->stack->dnn->is_miopen)
        return code == 9 || (code >= 3000 && code < 4000) ? SY_UNSUPPORTED : SY_INTERNAL;
    if (code == MIOPEN_NO_MEMORY)
        return SY_OUT_OF_MEMORY;
    return code == MIOPEN_NOT_IMPLEMENTED || code == MIOPEN_UNSUPPORTED ? SY_UNSUPPORTED : SY_INTERNAL;
}

/* On some stacks a library's refusal stays in the context, where the runtime's next call would find it. */
void cf_forget_error(const cf_libraries *libraries) {
    if (libraries->stack->runtime.is_error_sticky && libraries->runtime.GetLastError != NULL)
        (void)libraries->runtime.GetLastError();
}

sy_status cf_judge(void *stack, int code) {
    const cf_libraries *libraries = stack;
    int band = code - code % CF_CODE_STEP, own = code % CF_CODE_STEP;
    if (code >= CF_CODE_OWN)
        return own == CF_OWN_NO_MEMORY ? SY_OUT_OF_MEMORY : SY_UNSUPPORTED;
    if (band == CF_CODE_RUNTIME)
        return judge_runtime(libraries, code);
    cf_forget_error(libraries);
    return band == CF_CODE_DNN ? judge_dnn(libraries, own) : judge_blas(blas_row(libraries, band), own);
}

enum { CUBLAS_NOT_SUPPORTED = 15 };

/* cuBLAS' words, for those with cuBLAS' numbers. */
static const char *blas_word(const cf_blas_row *row, int code) {
    if (row != NULL && code == row->no_memory)
        return "allocation failed";
    if (row != NULL && code == row->not_supported)
        return "not supported";
    if (row == NULL || row->not_supported != CUBLAS_NOT_SUPPORTED)
        return "status";
    switch (code) {
    case 1: return "not initialised";
    case 7: return "invalid value";
    case 8: return "not for this architecture";
    case 11: return "mapping error";
    case 13: return "execution failed";
    case 14: return "internal error";
    default: return "status";
    }
}

int cf_code_text(void *stack, int code, char *out_text, size_t capacity) {
    const cf_libraries *libraries = stack;
    const char *words = NULL;
    int own = code % CF_CODE_STEP, band = code - own;
    if (code >= CF_CODE_OWN)
        words = own == CF_OWN_NO_MEMORY ? "no host memory" : "the library has no such function";
    else if (band == CF_CODE_RUNTIME)
        words = libraries->runtime.GetErrorString != NULL ? libraries->runtime.GetErrorString(own) : "code";
    else if (band == CF_CODE_DNN)
        words = libraries->dnn.GetErrorString != NULL ? libraries->dnn.GetErrorString(own) : "dnn status";
    else
        words = blas_word(blas_row(libraries, band), own);
    snprintf(out_text, capacity, "%s (%d)", words != NULL ? words : "code", own);
    return own;
}
