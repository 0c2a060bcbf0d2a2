/* Meters from a request to a reply. */
#include "bench/worker/readings.h"

#include "bench/energy/find.h"
#include "bench/worker/energy_wire.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status enter_device(void *ctx, sy_error *err) {
    const sy_job_device *on = ctx;
    return on->api->device->thread_enter(on->device, err);
}

static void leave_device(void *ctx) {
    const sy_job_device *on = ctx;
    if (on->api->device->thread_leave != NULL)
        on->api->device->thread_leave(on->device);
}

static void open_meter(sy_readings *meters, size_t index) {
    sy_energy_channel *channel = &meters->channel[meters->count];
    sy_error err = SY_ERROR_INIT;
    *channel = (sy_energy_channel){.found = &meters->list.found[index]};
    channel->interval_ns = sy_energy_interval_ns(&channel->found->facts);
    bool is_foreign = meters->on->is_simulated_clock && !sy_energy_is_of_device(channel->found);
    sy_status status = is_foreign ? sy_error_set(&err, SY_UNSUPPORTED,
                                        "%s: the device's time is simulated, and not the meter's",
                                        channel->found->facts.name)
                                  : sy_energy_open(&meters->places, channel->found, &channel->meter, &err);
    if (status != SY_OK)
        sy_energy_trace_fail(&channel->trace, status, sy_error_text(&err, status));
    meters->count++;
}

sy_status sy_readings_open(
    sy_readings *meters, const sy_job_device *on, const json_t *request, sy_error *err) {
    *meters = (sy_readings){.on = on,
        .places = {.sysroot = sy_protocol_text(request, "sysroot", NULL),
            .api = on->api,
            .device = on->device,
            .credentials = sy_protocol_text(request, "credentials", NULL)}};
    sy_status status = sy_energy_list_from_wire(json_object_get(request, "meters"), &meters->list, err);
    if (status != SY_OK || meters->list.count == 0)
        return status;
    meters->channel = sy_mem_calloc(meters->list.count, sizeof *meters->channel);
    if (meters->channel == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for meters");
    for (size_t i = 0; i < meters->list.count; i++)
        open_meter(meters, i);
    return SY_OK;
}

sy_status sy_readings_start(sy_readings *meters, const json_t *request, sy_error *err) {
    bool has_entry = meters->on->api->device->thread_enter != NULL;
    sy_energy_sampling sampling = {.channel = meters->channel,
        .count = meters->count,
        .clock = &meters->on->clock,
        .is_inline = meters->on->is_simulated_clock,
        .ctx = (void *)(uintptr_t)meters->on,
        .enter = has_entry ? enter_device : NULL,
        .leave = has_entry ? leave_device : NULL,
        .seed = sy_protocol_hex(request, "phase_seed", 0)};
    return sy_energy_sampler_start(&sampling, &meters->sampler, err);
}

void sy_readings_poll(void *ctx, uint64_t now_ns) {
    sy_readings *meters = ctx;
    sy_energy_sampler_poll(meters->sampler, now_ns);
}

void sy_readings_edge(void *ctx, uint64_t now_ns) {
    sy_readings *meters = ctx;
    sy_energy_sampler_edge(meters->sampler, now_ns);
}

uint64_t sy_readings_poll_ns(const sy_readings *meters) {
    uint64_t least_ns = UINT64_MAX;
    for (size_t i = 0; meters->on->is_simulated_clock && i < meters->count; i++)
        if (meters->channel[i].interval_ns < least_ns)
            least_ns = meters->channel[i].interval_ns;
    return least_ns;
}

/* What a log has of the time that has passed. */
static void collect_log(
    const sy_readings *meters, sy_energy_channel *channel, uint64_t begin_ns, uint64_t end_ns) {
    sy_error err = SY_ERROR_INIT;
    uint64_t now_ns = meters->on->clock.now_ns(meters->on->clock.ctx);
    int64_t utc_minus_clock_ns = (int64_t)(sy_clock_utc_ns() - now_ns);
    sy_status status = channel->meter->collect(channel->meter, begin_ns + (uint64_t)utc_minus_clock_ns,
        end_ns + (uint64_t)utc_minus_clock_ns, utc_minus_clock_ns, &channel->trace, &err);
    if (status != SY_OK)
        sy_energy_trace_fail(&channel->trace, status, sy_error_text(&err, status));
}

static json_t *trace_object(const sy_energy_channel *channel) {
    const sy_energy_trace *trace = &channel->trace;
    json_t *begin = json_array(), *end = json_array(), *value = json_array();
    for (size_t i = 0; i < trace->count; i++) {
        json_array_append_new(begin, json_integer((json_int_t)trace->reading[i].begin_ns));
        json_array_append_new(end, json_integer((json_int_t)trace->reading[i].end_ns));
        json_array_append_new(value, sy_protocol_number(trace->reading[i].value));
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:I,s:i,s:o,s:I}", "name",
        sy_protocol_string(channel->found->facts.name, sizeof channel->found->facts.name), "begin_ns", begin,
        "end_ns", end, "value", value, "failures", (json_int_t)trace->failures, "state", (int)trace->status,
        "failure", sy_protocol_string(trace->failure, sizeof trace->failure), "cost_ns",
        (json_int_t)trace->cost_ns);
}

void sy_readings_finish(sy_readings *meters, uint64_t begin_ns, uint64_t end_ns, json_t *reply) {
    json_t *list = json_array();
    sy_energy_sampler_stop(meters->sampler, &meters->cost_ns);
    meters->sampler = NULL;
    for (size_t i = 0; i < meters->count; i++) {
        sy_energy_channel *channel = &meters->channel[i];
        if (channel->meter != NULL && channel->meter->collect != NULL)
            collect_log(meters, channel, begin_ns, end_ns);
        json_array_append_new(list, trace_object(channel));
    }
    json_object_set_new(reply, "traces", list);
    json_object_set_new(reply, "sampler_cost_ns", json_integer((json_int_t)meters->cost_ns));
}

void sy_readings_release(sy_readings *meters) {
    sy_energy_sampler_stop(meters->sampler, NULL);
    for (size_t i = 0; i < meters->count; i++) {
        if (meters->channel[i].meter != NULL)
            meters->channel[i].meter->close(meters->channel[i].meter);
        sy_energy_trace_release(&meters->channel[i].trace);
    }
    sy_mem_free(meters->channel);
    sy_energy_list_release(&meters->list);
    *meters = (sy_readings){0};
}
