/* What CANN's codes mean. */
#ifndef BACKENDS_ASCEND_WORDS_H
#define BACKENDS_ASCEND_WORDS_H

#include <stddef.h>

#include "steelyard/status.h"

/** The status of a code: as sy_card_runtime.judge; `stack` is an ascend_libraries. */
sy_status ascend_judge(void *stack, int code);

/** Words and number: as sy_card_runtime.code_text. Takes the message that CANN keeps for this thread, which
 * is then gone: to be called at once. */
int ascend_code_text(void *stack, int code, char *out_text, size_t capacity);

#endif
