#include "runtime/model/graph/team.h"

#include <stddef.h>

/* Below this much work waking a second thread costs more than it saves. */
#define WORTH_A_THREAD INT64_C(16384)

void sy_team_for(const sy_team *team, int64_t count, int64_t item_cost, sy_team_fn *fn, void *arg) {
    int64_t cost = 0;
    if (count <= 0)
        return;
    bool is_large = __builtin_mul_overflow(count, item_cost, &cost) || cost >= WORTH_A_THREAD;
    if (team != NULL && team->parallel != NULL && team->threads > 1 && count > 1 && is_large)
        team->parallel(team->ctx, count, fn, arg);
    else
        fn(arg, 0, count);
}
