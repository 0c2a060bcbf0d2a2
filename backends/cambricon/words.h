/* What the codes of Neuware's libraries mean. */
#ifndef BACKENDS_CAMBRICON_WORDS_H
#define BACKENDS_CAMBRICON_WORDS_H

#include <stddef.h>

#include "steelyard/status.h"

/** Codes carry their library: CNRT's are below a million, CNNL's and this backend's own behind one each. */
enum { CAMBRICON_CODE_CNNL = 1000000, CAMBRICON_CODE_OWN = 2000000 };
enum {
    CAMBRICON_OWN_NO_MEMORY = CAMBRICON_CODE_OWN + 1,   /* of the host */
    CAMBRICON_OWN_NO_FUNCTION = CAMBRICON_CODE_OWN + 2, /* CNRT has none for it */
    CAMBRICON_OWN_TOO_LARGE = CAMBRICON_CODE_OWN + 3,   /* an extent for 32 bits */
    CAMBRICON_OWN_NO_TYPE = CAMBRICON_CODE_OWN + 4      /* a type without a number in CNNL */
};

/** Of CNRT: not done yet, in its two spellings; an attribute that it does not know. */
enum { CAMBRICON_BUSY = 632014, CAMBRICON_NOT_READY = 1, CAMBRICON_NO_ATTRIBUTE = 632009 };
/** Of CNNL: it ran into a failure that CNRT has the words for. */
enum { CAMBRICON_EXECUTION_FAILED = 6 };

static inline int cambricon_cnnl_code(int status) {
    return status == 0 ? 0 : CAMBRICON_CODE_CNNL + status;
}

/** The status of a code: as sy_card_runtime.judge. */
sy_status cambricon_judge(void *stack, int code);

/** Words and the library's own number: as sy_card_runtime.code_text; `stack` is a cambricon_libraries. */
int cambricon_code_text(void *stack, int code, char *out_text, size_t capacity);

#endif
