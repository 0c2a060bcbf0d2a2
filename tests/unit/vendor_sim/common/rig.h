/* A world for a test, and calls into it. */
#ifndef TESTS_UNIT_VENDOR_SIM_COMMON_RIG_H
#define TESTS_UNIT_VENDOR_SIM_COMMON_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/stream.h"
#include "tests/vendor_sim/common/world.h"

/** Begin a world and be in a call of it; rig_end() is the end of both. */
static inline void rig_begin(const char *settings) {
    sim_configure(settings);
    assert_int_equal(sim_enter("rig"), 0);
    sim_thread_select(0);
}

static inline void rig_end(void) {
    sim_leave(0);
    assert_int_equal(sim_alive_total(), 0);
}

#endif
