/* Stub of a vendor library of a simulator: it carries the mark, and nothing else. */
#include "steelyard/backend.h"

SY_PLUGIN_EXPORT extern const int steelyard_vendor_sim;

const int steelyard_vendor_sim = 1;
