/* Launches recorded once and replayed. */
#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"

static sy_graph *record(conform_kit *kit, const conform_small *small) {
    const sy_work_api *work = kit->on.api->work;
    sy_error err = SY_ERROR_INIT;
    sy_graph *graph = NULL;
    conform_doing(kit, "recording two launches");
    bool ok = conform_succeeds(kit, "capture_begin", work->capture_begin(kit->on.queue, &err), &err) &&
              conform_small_run(kit, small) && conform_small_run(kit, small);
    if (ok && conform_succeeds(kit, "capture_end", work->capture_end(kit->on.queue, &graph, &err), &err) &&
        graph == NULL)
        conform_fail(kit, "capture_end: ok, but no graph");
    return graph;
}

static bool replay(conform_kit *kit, conform_small *small, sy_graph *graph) {
    conform_doing(kit, "replaying a graph");
    if (!conform_small_poison(kit, small) || !conform_sync(kit))
        return false;
    sy_status status = kit->on.api->work->graph_run(graph);
    if (status != SY_OK)
        conform_fail(kit, "graph_run: %s", sy_status_name(status));
    return conform_is_fine(kit) && conform_sync(kit) && conform_small_check(kit, small, "a replayed graph");
}

/* One backend may serve devices that can and devices that cannot: these say so. An empty recording is one. */
static bool is_offered(conform_kit *kit) {
    const sy_work_api *work = kit->on.api->work;
    sy_error err = SY_ERROR_INIT;
    sy_graph *graph = NULL;
    if (work->capture_begin == NULL) {
        conform_skip(kit, "no recording is offered");
        return false;
    }
    conform_doing(kit, "recording nothing");
    sy_status status = work->capture_begin(kit->on.queue, &err);
    if (status == SY_UNSUPPORTED) {
        conform_skip(kit, "%s", err.text);
        return false;
    }
    if (conform_succeeds(kit, "capture_begin", status, &err) &&
        conform_succeeds(kit, "capture_end", work->capture_end(kit->on.queue, &graph, &err), &err))
        work->graph_destroy(graph);
    return conform_is_fine(kit);
}

void conform_check_graph(conform_kit *kit, size_t item) {
    (void)item;
    if (!is_offered(kit))
        return;
    conform_small *small = conform_small_open(kit, 32, SY_ALGO_CAPTURABLE);
    if (small == NULL)
        return;
    bool ok = conform_small_run(kit, small) && conform_sync(kit); /* what the first launch prepares is done */
    sy_graph *graph = ok ? record(kit, small) : NULL;
    for (int i = 0; graph != NULL && i < 3 && conform_is_fine(kit); i++)
        replay(kit, small, graph);
    if (graph != NULL)
        kit->on.api->work->graph_destroy(graph);
    conform_pass(kit, "%s by %s, three times two launches", small->text, small->algorithm);
    conform_small_close(small);
}
