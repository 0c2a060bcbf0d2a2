#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include "tests/unit/bench/compare/alarms.h"
int main(void) {
    uint64_t n = (uint64_t)atoi(getenv("N") ? getenv("N") : "100");
    for (int x = 0; x < 2; x++)
        for (int what = 0; what <= 2; what++)
            for (int i = 0; i < 6; i++) {
                setting s = i < 3 ? alarms_plain[i] : alarms_calibrated[i - 3];
                s.is_extended = x;
                tally t = alarms_trials(&s, what, 1000000, n, 1);
                printf("ext %d what %d set %d: trials %u passed %u failed %u undecided %u decided %.4f "
                       "accused %zu extended %zu\n",
                    x, what, i, t.trials, t.passed, t.failed, t.undecided, t.decided, t.accused, t.extended);
                fflush(stdout);
            }
    return 0;
}
