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

/* cuBLAS' numbers; rocBLAS has its own, where 1 to 3 are wrong handles, 5 memory. */
enum { BLAS_NO_MEMORY = 3, BLAS_NOT_SUPPORTED = 15, ROCBLAS_NOT_IMPLEMENTED = 2, ROCBLAS_NO_MEMORY = 5 };

static sy_status judge_blas(const cf_libraries *libraries, int code) {
    bool is_rocblas = libraries->blas[0].row != NULL && libraries->blas[0].row->is_rocblas;
    if (code == (is_rocblas ? ROCBLAS_NO_MEMORY : BLAS_NO_MEMORY))
        return SY_OUT_OF_MEMORY;
    return code == (is_rocblas ? ROCBLAS_NOT_IMPLEMENTED : BLAS_NOT_SUPPORTED) ? SY_UNSUPPORTED : SY_INTERNAL;
}

/* cuDNN 8 and before has 0 to 15 with 9 for "not supported"; cuDNN 9 bands of a thousand: 3xxx. */
static sy_status judge_dnn(int code) {
    return code == 9 || (code >= 3000 && code < 4000) ? SY_UNSUPPORTED : SY_INTERNAL;
}

sy_status cf_judge(void *stack, int code) {
    const cf_libraries *libraries = stack;
    if (code >= CF_CODE_OWN)
        return code == CF_CODE_OWN + CF_OWN_NO_MEMORY ? SY_OUT_OF_MEMORY : SY_UNSUPPORTED;
    if (code >= CF_CODE_DNN)
        return judge_dnn(code - CF_CODE_DNN);
    if (code >= CF_CODE_BLAS)
        return judge_blas(libraries, code - CF_CODE_BLAS);
    return judge_runtime(libraries, code);
}

static const char *blas_word(int code) {
    switch (code) {
    case 1: return "not initialised";
    case 3: return "allocation failed";
    case 7: return "invalid value";
    case 8: return "not for this architecture";
    case 11: return "mapping error";
    case 13: return "execution failed";
    case 14: return "internal error";
    case 15: return "not supported";
    default: return "status";
    }
}

int cf_code_text(void *stack, int code, char *out_text, size_t capacity) {
    const cf_libraries *libraries = stack;
    const char *words = NULL;
    int own = code % CF_CODE_BLAS;
    if (code >= CF_CODE_OWN)
        words = own == CF_OWN_NO_MEMORY ? "no host memory" : "the library has no such function";
    else if (code >= CF_CODE_DNN)
        words = libraries->dnn.GetErrorString != NULL ? libraries->dnn.GetErrorString(own) : "dnn status";
    else if (code >= CF_CODE_BLAS)
        words = blas_word(own);
    else
        words = libraries->runtime.GetErrorString != NULL ? libraries->runtime.GetErrorString(own) : "code";
    snprintf(out_text, capacity, "%s (%d)", words != NULL ? words : "code", own);
    return own;
}
