/* Chips by name. */
#include "backends/ascend/soc.h"

#include <stddef.h>
#include <string.h>

#include "steelyard/types.h"

/* Longer names first: "Ascend910" begins many. */
static const struct {
    const char *prefix;
    ascend_family family;
} prefixes[] = {{"Ascend910B", ASCEND_910B}, {"Ascend910_93", ASCEND_910B}, {"Ascend910_", ASCEND_UNKNOWN},
    {"Ascend910", ASCEND_910A}, {"Ascend310P", ASCEND_310P}, {"Ascend310B", ASCEND_310B},
    {"Ascend950", ASCEND_950}};

ascend_family ascend_family_of(const char *soc) {
    for (size_t i = 0; soc != NULL && i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(soc, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
            return prefixes[i].family;
    return ASCEND_UNKNOWN;
}

const char *ascend_family_name(ascend_family family) {
    static const char *const names[] = {[ASCEND_UNKNOWN] = "",
        [ASCEND_910A] = "910a",
        [ASCEND_910B] = "910b",
        [ASCEND_310P] = "310p",
        [ASCEND_310B] = "310b",
        [ASCEND_950] = "950"};
    return names[family];
}

bool ascend_has_f32(ascend_family family) {
    return family == ASCEND_910B || family == ASCEND_950 || family == ASCEND_UNKNOWN;
}

uint64_t ascend_dtypes(ascend_family family) {
    uint64_t all = SY_DTYPE_BIT(SY_F32) | SY_DTYPE_BIT(SY_F16); /* f32 everywhere: of memory rates */
    if (ascend_has_f32(family))
        all |= SY_DTYPE_BIT(SY_BF16) | SY_DTYPE_BIT(SY_S8) | SY_DTYPE_BIT(SY_S32);
    return all;
}
