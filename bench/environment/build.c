/* What the program was built with; the text comes from the build system. */
#include "bench/environment/collect.h"
#include "steelyard_commit.h"

void sy_collect_build(sy_collector *collector) {
    sy_environment *facts = collector->facts;
    facts->build.version = STEELYARD_VERSION;
    facts->build.compiler = STEELYARD_COMPILER;
    facts->build.flags = STEELYARD_FLAGS;
    facts->build.type = STEELYARD_BUILD_TYPE;
    facts->build.commit = STEELYARD_COMMIT;
}
