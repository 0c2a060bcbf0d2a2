/* What the codes of a stack's libraries mean. Codes carry their library, see cf_code(). */
#ifndef BACKENDS_CUDA_FAMILY_WORDS_H
#define BACKENDS_CUDA_FAMILY_WORDS_H

#include <stddef.h>

#include "backends/cuda_family/library.h"
#include "steelyard/status.h"

/** Failures of this backend's own, behind CF_CODE_OWN. */
enum { CF_OWN_NO_MEMORY = 1, CF_OWN_NO_FUNCTION = 2 };

/** The status of a code: as sy_card_runtime.judge; `stack` is a cf_libraries. */
sy_status cf_judge(void *stack, int code);

/** Words and the library's own number: as sy_card_runtime.code_text. */
int cf_code_text(void *stack, int code, char *out_text, size_t capacity);

/** After a refusal of a library other than the runtime that nobody judges: forget what it left behind. */
void cf_forget_error(const cf_libraries *libraries);

#endif
