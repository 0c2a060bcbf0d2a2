#include "runtime/model/ops/isa.h"

#include <string.h>

#include "kernels/gemm/gemm_types.h"

uint32_t sy_net_isa(const char *text) {
    for (uint32_t isa = SY_ISA_COUNT; isa-- > 1;) {
        size_t length = strlen(sy_isa_name(isa));
        bool is_named =
            strncmp(text, sy_isa_name(isa), length) == 0 && (text[length] == '\0' || text[length] == '-');
        if (is_named && sy_isa_is_built(isa))
            return isa;
    }
    return SY_ISA_GENERIC;
}
