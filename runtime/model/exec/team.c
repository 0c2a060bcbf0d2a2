/* The threads of a queue as a team. */
#include <string.h>

#include "runtime/model/exec/exec.h"

static void parallel(void *ctx, int64_t count, sy_team_fn *fn, void *arg) {
    sy_exec_team *workers = ctx;
    workers->api->host_for(workers->queue, count, fn, arg);
}

void sy_exec_team_init(sy_context *context, sy_queue *queue, uint32_t isa, sy_exec_team *out_team) {
    sy_device_info info = {.size = sizeof info};
    *out_team = (sy_exec_team){.team = {.threads = 1, .isa = isa}, .queue = queue};
    out_team->api = context->ref.api->queue;
    bool has_threads = out_team->api->host_for != NULL &&
                       context->ref.api->device->info(context->device, &info, NULL) == SY_OK &&
                       info.units > 1;
    if (!has_threads)
        return;
    out_team->team.threads = (int)info.units;
    out_team->team.parallel = parallel;
    out_team->team.ctx = out_team;
}
