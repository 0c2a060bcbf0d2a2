/* What chips can do, by their names. */
#ifndef BACKENDS_ASCEND_SOC_H
#define BACKENDS_ASCEND_SOC_H

#include <stdbool.h>
#include <stdint.h>

typedef enum ascend_family {
    ASCEND_UNKNOWN, /* newer than this: the operators say what they take */
    ASCEND_910A,    /* the first Ascend910, ProA, PremiumA */
    ASCEND_910B,    /* Atlas A2 and A3: Ascend910B1 to 4, Ascend910_93.. */
    ASCEND_310P,
    ASCEND_310B,
    ASCEND_950
} ascend_family;

/** By what aclrtGetSocName() says; NULL: ASCEND_UNKNOWN. */
ascend_family ascend_family_of(const char *soc);

/** Short name: "910b"; "" of an unknown one. */
const char *ascend_family_name(ascend_family family);

/** Whether the cube multiplies f32 and bf16, and f32 rounded to hf32; the others round f32 to f16. */
bool ascend_has_f32(ascend_family family);

/** SY_DTYPE_BIT of the types that some operator takes. */
uint64_t ascend_dtypes(ascend_family family);

#endif
