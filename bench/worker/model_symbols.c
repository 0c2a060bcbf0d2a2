#include "bench/worker/model_symbols.h"

#include <string.h>

void sy_model_symbols_open(const sy_model_request *request, sy_model_symbols *out_symbols) {
    *out_symbols = (sy_model_symbols){0};
    for (uint32_t i = 0; i < request->n_bind && out_symbols->network == NULL; i++)
        if (request->bind[i].rank == 0 &&
            sy_network_load(request->path, &out_symbols->network, NULL) != SY_OK)
            return;
}

void sy_model_symbols_name(const sy_model_symbols *symbols, sy_network_port *port) {
    sy_network_port found = {.size = sizeof found};
    for (uint32_t i = 0; symbols->network != NULL; i++) {
        if (sy_network_port_get(symbols->network, i, &found, NULL) != SY_OK)
            return;
        if (found.is_output == port->is_output && found.rank == port->rank &&
            strcmp(found.name, port->name) == 0)
            break;
    }
    for (uint32_t i = 0; symbols->network != NULL && i < port->rank; i++)
        port->dim_name[i] = found.dim_name[i];
}

void sy_model_symbols_close(sy_model_symbols *symbols) {
    sy_network_destroy(symbols->network);
    symbols->network = NULL;
}
