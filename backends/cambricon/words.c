/* Codes as statuses and words. */
#include "backends/cambricon/words.h"

#include <stdio.h>

#include "backends/cambricon/library.h"

enum {
    CNRT_INIT = 100002,
    CNRT_NO_DEVICE = 100004,
    CNRT_NO_HOST_MEMORY = 100010,
    CNRT_NOT_SUPPORTED = 100050,
    CNRT_NO_MEMORY = 100100,
    CNRT_ASSERT = 100128,
    CNRT_TRAP = 100132,
    CNRT_USER_TRAP = 100133,
    CNRT_DEVICE = 632006
};
enum { CNNL_NO_MEMORY = 2, CNNL_ARCHITECTURE = 5, CNNL_NOT_SUPPORTED = 7 };

/* After a trap nothing works any more. */
static sy_status judge_cnrt(int code) {
    switch (code) {
    case CNRT_NO_MEMORY:
    case CNRT_NO_HOST_MEMORY: return SY_OUT_OF_MEMORY;
    case CNRT_INIT:
    case CNRT_NO_DEVICE: return SY_UNAVAILABLE;
    case CNRT_NOT_SUPPORTED: return SY_UNSUPPORTED;
    case CNRT_ASSERT:
    case CNRT_TRAP:
    case CNRT_USER_TRAP:
    case CNRT_DEVICE: return SY_LOST;
    default: return SY_INTERNAL;
    }
}

sy_status cambricon_judge(void *stack, int code) {
    (void)stack;
    if (code >= CAMBRICON_CODE_OWN)
        return code == CAMBRICON_OWN_NO_MEMORY ? SY_OUT_OF_MEMORY : SY_UNSUPPORTED;
    if (code < CAMBRICON_CODE_CNNL)
        return judge_cnrt(code);
    switch (code - CAMBRICON_CODE_CNNL) {
    case CNNL_NO_MEMORY: return SY_OUT_OF_MEMORY;
    case CNNL_ARCHITECTURE:
    case CNNL_NOT_SUPPORTED: return SY_UNSUPPORTED;
    default: return SY_INTERNAL;
    }
}

static const char *own_words(int code) {
    switch (code) {
    case CAMBRICON_OWN_NO_MEMORY: return "no host memory";
    case CAMBRICON_OWN_TOO_LARGE: return "an extent beyond 32 bits, and this CNNL has no others";
    case CAMBRICON_OWN_NO_TYPE: return "CNNL has no such type";
    default: return "the library has no such function";
    }
}

int cambricon_code_text(void *stack, int code, char *out_text, size_t capacity) {
    const cambricon_libraries *libraries = stack;
    const char *words = NULL;
    int own = code;
    if (code >= CAMBRICON_CODE_OWN) {
        words = own_words(code);
        own = code - CAMBRICON_CODE_OWN;
    } else if (code >= CAMBRICON_CODE_CNNL) {
        own = code - CAMBRICON_CODE_CNNL;
        words = libraries->cnnl.GetErrorString != NULL ? libraries->cnnl.GetErrorString(own) : "CNNL status";
    } else {
        words = libraries->cnrt.GetErrorStr != NULL ? libraries->cnrt.GetErrorStr(own) : "CNRT code";
    }
    snprintf(out_text, capacity, "%s (%d)", words != NULL ? words : "code", own);
    return own;
}
