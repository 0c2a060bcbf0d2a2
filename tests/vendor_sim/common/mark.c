/* In every library: the mark that says it is simulated. */
#include "tests/vendor_sim/common/world.h"

void steelyard_vendor_sim(void) {}
