/* A library of which only the presence counts. */
#include "tests/vendor_sim/cuda_family/family.h"

/** Nothing of it is called through this family's interface. */
SIM_API int xpu_present(void) {
    return 1;
}
