/* Stub plugin: answers the query with no table and a reason. */
#include "tests/plugins/host.h"

SY_PLUGIN_NOTE;
SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor;
    host_fail(err, SY_INCOMPATIBLE, "this plugin wants a newer host");
    return NULL;
}
