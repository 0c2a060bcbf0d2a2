/* The simulated device as a backend that takes models as they are: any file with the text "copy" is a network
 * whose output y[?,3] is its input x[?,3]. */
#ifndef STEELYARD_TESTS_WORKER_WHOLE_H
#define STEELYARD_TESTS_WORKER_WHOLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/sim/sim.h"
#include "runtime/base/error.h"

/* The simulated device has structs of its own behind the opaque names. */
typedef struct whole_model {
    int64_t rows;
} whole_model;

typedef struct whole_binding {
    sy_queue *queue;
    sy_span in, out;
} whole_binding;

static sy_status whole_load(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    char text[8] = "";
    FILE *file = fopen(path, "r");
    (void)device, (void)bytes, (void)byte_count;
    *out_model = NULL;
    if (file != NULL) {
        (void)!fgets(text, sizeof text, file);
        fclose(file);
    }
    if (strcmp(text, "copy") != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: not a model", path);
    whole_model *model = calloc(1, sizeof *model);
    model->rows = -1;
    *out_model = (sy_model *)model;
    return SY_OK;
}

static sy_status whole_port(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    if (index > 1)
        return sy_error_set(err, SY_UNAVAILABLE, "two ports");
    *out_port = (sy_model_port){.size = sizeof *out_port, .is_output = index, .dtype = SY_F32, .rank = 2};
    out_port->dim[0] = ((whole_model *)model)->rows;
    out_port->dim[1] = 3;
    snprintf(out_port->name, sizeof out_port->name, "%s", index == 0 ? "x" : "y");
    return SY_OK;
}

static sy_status whole_set_shape(
    sy_model *model, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err) {
    if (index != 0 || rank != 2 || dim[1] != 3)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "x is ?x3");
    ((whole_model *)model)->rows = dim[0];
    return SY_OK;
}

static sy_status whole_bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    if (count != 2 || operands[0].bytes != (uint64_t)((whole_model *)model)->rows * 12 ||
        operands[1].bytes != operands[0].bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "operands of another size");
    whole_binding *made = malloc(sizeof *made);
    *made = (whole_binding){.queue = queue, .in = operands[0], .out = operands[1]};
    *out_binding = (sy_binding *)made;
    return SY_OK;
}

static void whole_unload(sy_model *model) {
    free(model);
}

static const sy_backend_api *whole_sim(void) {
    return sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
}

static sy_status whole_run(sy_binding *binding) {
    const whole_binding *made = (const whole_binding *)binding;
    return whole_sim()->memory->copy(made->queue, made->out, made->in, NULL);
}

static void whole_binding_destroy(sy_binding *binding) {
    free(binding);
}

static const sy_backend_api *whole_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static const sy_model_api model = {.size = sizeof model,
        .load = whole_load,
        .port = whole_port,
        .bind = whole_bind,
        .unload = whole_unload,
        .set_shape = whole_set_shape};
    static sy_work_api work;
    static sy_backend_api table;
    const sy_backend_api *sim = sy_sim_query(host_major, host_minor, err);
    work = *sim->work;
    work.run = whole_run;
    work.binding_destroy = whole_binding_destroy;
    work.capture_begin = NULL;
    work.capture_end = NULL;
    work.graph_run = NULL;
    work.graph_destroy = NULL;
    table = *sim;
    table.work = &work;
    table.model = &model;
    return &table;
}

#endif
