/* Names of the ways to launch. */
#include "bench/measure/launch.h"

const char *sy_launch_name(int launch) {
    static const char *const names[] = {"direct", "graph"};
    return launch == SY_LAUNCH_DIRECT || launch == SY_LAUNCH_GRAPH ? names[launch] : "?";
}
