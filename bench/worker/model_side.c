/* What both kinds of networks share. */
#include "bench/worker/model_side.h"

#include <string.h>

#include "runtime/base/error.h"

void sy_model_side_close(sy_model_side *side) {
    if (side->face != NULL)
        side->face->close(side->model);
    *side = (sy_model_side){0};
}

static sy_status bind_one(
    const sy_network_bind *bind, const sy_network_port *port, int64_t *out_dim, sy_error *err) {
    for (uint32_t i = 0; i < port->rank; i++)
        if (bind->rank == 0 && port->dim_name[i] != NULL && port->dim[i] < 0 &&
            strcmp(port->dim_name[i], bind->name) == 0)
            out_dim[i] = bind->dim[0];
    if (bind->rank == 0 || strcmp(bind->name, port->name) != 0)
        return SY_OK;
    if (bind->rank != port->rank)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "input '%s' has %u extents, --bind gives %u",
            port->name, port->rank, bind->rank);
    memcpy(out_dim, bind->dim, bind->rank * sizeof *out_dim);
    return SY_OK;
}

sy_status sy_model_bind_extents(
    const sy_model_request *request, const sy_network_port *port, int64_t *out_dim, sy_error *err) {
    sy_status status = SY_OK;
    memcpy(out_dim, port->dim, sizeof port->dim);
    if (request->batch > 1 && port->rank > 0)
        out_dim[0] = (int64_t)request->batch;
    for (uint32_t i = 0; status == SY_OK && i < request->n_bind; i++)
        status = bind_one(&request->bind[i], port, out_dim, err);
    return status;
}
