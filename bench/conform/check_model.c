/* Whole models: refused with words, ports that agree with themselves, runs. */
#include <stddef.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/sample.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { MARK = 0xa5 };

void conform_check_models(conform_kit *kit, size_t item) {
    static const char bytes[] = "this is no model";
    const sy_model_api *api = kit->on.api->model;
    sy_model *model = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)item;
    if (api == NULL) {
        conform_skip(kit, "no models are taken");
        return;
    }
    conform_doing(kit, "loading a model that is not there");
    sy_status status = api->load(kit->on.device, "/nonexistent/model", NULL, 0, &model, &err);
    CONFORM_REFUSES(kit, "a model file that is not there", status, &err, SY_IO, SY_UNAVAILABLE,
        SY_INVALID_ARGUMENT, SY_UNSUPPORTED);
    for (size_t count = 1; conform_is_fine(kit) && count <= sizeof bytes; count += sizeof bytes - 1) {
        err = SY_ERROR_INIT;
        conform_doing(kit, "loading bytes that are no model");
        status = api->load(kit->on.device, NULL, bytes, count, &model, &err);
        CONFORM_REFUSES(kit, "bytes that are no model", status, &err, SY_INVALID_ARGUMENT, SY_UNSUPPORTED,
            SY_INCOMPATIBLE);
    }
}

static void check_port(conform_kit *kit, const conform_sample *sample, uint32_t index) {
    const sy_model_port *port = &sample->port[index];
    const char *wrong = NULL;
    if (memchr(port->name, '\0', sizeof port->name) == NULL)
        wrong = "its name has no NUL";
    else if (port->name[0] == '\0')
        wrong = "it has no name";
    else if (port->is_output > 1 || port->is_output != (index >= sample->inputs))
        wrong = "is_output is neither 0 nor 1, or an input comes behind an output";
    else if (port->rank > SY_MAX_RANK)
        wrong = "it has more extents than there may be";
    for (uint32_t i = 0; wrong == NULL && i < port->rank; i++)
        if (port->dim[i] < 0)
            wrong = "an extent is open, though those of all inputs are fixed";
    if (wrong != NULL)
        conform_fail(kit, "port %u, '%.60s': %s", index, port->name, wrong);
}

/* As a host of minor 0, and a careless one, ask. */
static void check_again(conform_kit *kit, const conform_sample *sample, uint32_t index) {
    sy_model_port again, part;
    memset(&part, MARK, sizeof part);
    memset(&again, MARK, sizeof again);
    part.size = offsetof(sy_model_port, dim);
    again.size = sizeof again;
    sy_status status = kit->on.api->model->port(sample->model, index, &again, NULL);
    if (status != SY_OK || strcmp(again.name, sample->port[index].name) != 0 ||
        again.dtype != sample->port[index].dtype || again.rank != sample->port[index].rank)
        conform_fail(kit, "port %u is another one when asked again", index);
    status = kit->on.api->model->port(sample->model, index, &part, NULL);
    if (status != SY_OK || (unsigned char)part.name[0] != MARK)
        conform_fail(kit, "port %u: written beyond the caller's size, or refused", index);
}

void conform_check_model_ports(conform_kit *kit, size_t item) {
    conform_sample sample;
    sy_error err = SY_ERROR_INIT;
    (void)item;
    if (conform_sample_load(kit, &sample) && conform_sample_take(kit, &sample)) {
        for (uint32_t i = 0; i < sample.ports && conform_is_fine(kit); i++)
            check_port(kit, &sample, i);
        for (uint32_t i = 0; i < sample.ports && conform_is_fine(kit); i++)
            check_again(kit, &sample, i);
        sy_model_port port = {.size = sizeof port};
        sy_status status = kit->on.api->model->port(sample.model, UINT32_MAX, &port, &err);
        CONFORM_REFUSES(kit, "a port far past the end", status, &err, SY_UNAVAILABLE);
        if (conform_is_fine(kit))
            conform_pass(kit, "%u inputs, %u outputs", sample.inputs, sample.ports - sample.inputs);
    }
    conform_sample_close(kit, &sample);
}

static void check_operands(conform_kit *kit, const conform_sample *sample) {
    sy_span span[CONFORM_PORTS_MAX];
    sy_binding *binding = NULL;
    sy_error err = SY_ERROR_INIT;
    conform_sample_spans(sample, span);
    conform_doing(kit, "binding an operand too few");
    sy_status status =
        kit->on.api->model->bind(sample->model, kit->on.queue, span, sample->ports - 1, &binding, &err);
    CONFORM_REFUSES(kit, "an operand too few", status, &err, SY_INVALID_ARGUMENT);
    for (uint32_t i = 0; i < sample->ports && conform_is_fine(kit); i++) {
        if (sample->bytes[i] == 0)
            continue;
        err = SY_ERROR_INIT;
        span[i].bytes--;
        conform_doing(kit, "binding port %u to too few bytes", i);
        status = kit->on.api->model->bind(sample->model, kit->on.queue, span, sample->ports, &binding, &err);
        CONFORM_REFUSES(kit, "an operand one byte too short", status, &err, SY_INVALID_ARGUMENT);
        span[i].bytes++;
    }
}

/* One run over outputs that hold something else before. */
static bool run_over(conform_kit *kit, conform_sample *sample, uint8_t before) {
    for (uint32_t i = sample->inputs; i < sample->ports; i++)
        if (sample->bytes[i] > 0 &&
            !conform_put(kit, (sy_span){sample->buffer[i], 0, sample->bytes[i]}, before))
            return false;
    return conform_sample_run(kit, sample);
}

/* The same inputs give the same outputs, whatever was there before. */
static void compare_runs(conform_kit *kit, conform_sample *sample, uint32_t index) {
    uint64_t bytes = sample->bytes[index];
    const sy_span span = {sample->buffer[index], 0, bytes};
    char *first = conform_host(kit, bytes + 1), *second = conform_host(kit, bytes + 1);
    bool ok = first != NULL && second != NULL && run_over(kit, sample, MARK) &&
              conform_read(kit, span, first) && run_over(kit, sample, (uint8_t)~MARK) &&
              conform_read(kit, span, second);
    for (uint64_t i = 0; ok && i < bytes; i++)
        if (first[i] != second[i]) {
            conform_fail(kit, "byte %llu of output '%.60s' is not the same in two runs of the same inputs",
                (unsigned long long)i, sample->port[index].name);
            break;
        }
    sy_mem_free(second);
    sy_mem_free(first);
}

void conform_check_model_run(conform_kit *kit, size_t item) {
    conform_sample sample;
    (void)item;
    bool is_bound = conform_sample_load(kit, &sample) && conform_sample_take(kit, &sample) &&
                    conform_sample_bind(kit, &sample);
    if (is_bound)
        check_operands(kit, &sample);
    for (uint32_t i = sample.inputs; is_bound && i < sample.ports && conform_is_fine(kit); i++)
        if (sample.bytes[i] > 0)
            compare_runs(kit, &sample, i);
    conform_sample_close(kit, &sample);
}
