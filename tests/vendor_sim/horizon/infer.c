/* Runs of simulated models, in both forms of the call. */
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/arithmetic.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/horizon/model.h"

enum { GARBAGE = 0xEE };

/* A tensor of a run: where the BPU has it. */
typedef struct place {
    const hz_port *port;
    unsigned char *view;
    int64_t row; /* of an image, bytes */
} place;

typedef struct run_of {
    place *at; /* inputs, outputs */
    int32_t n_in, n_out;
    bool skips;
} run_of;

static bool is_image(const hz_port *port) {
    return port->type->name[0] == 'y' || strncmp(port->type->name, "nv12", 4) == 0;
}

static int64_t width_of(const hz_port *port) {
    return port->dim[port->layout == 0 ? 2 : 3];
}

static int64_t count_elements(const hz_port *port) {
    int64_t count = 1;
    for (int32_t i = 0; i < port->rank; i++)
        count *= port->dim[i];
    if (is_image(port) && port->type->name[0] == 'n')
        return count / 2; /* of three channels: a plane, and half of one */
    return count;
}

static unsigned char *element(const place *at, int64_t index) {
    const hz_port *port = at->port;
    int64_t offset = 0;
    if (is_image(port))
        return at->view + index / width_of(port) * at->row + index % width_of(port);
    for (int32_t i = port->rank; i-- > 0; index /= port->dim[i])
        offset += index % port->dim[i] * port->stride[i];
    return at->view + offset;
}

/* Gaps between elements should hold zeros. */
static bool are_gaps_zero(const place *at) {
    int64_t count = count_elements(at->port), last = element(at, count - 1) - at->view;
    unsigned char *copy = malloc((size_t)last + at->port->type->bytes);
    bool is_zero = true;
    if (copy == NULL)
        return true;
    memcpy(copy, at->view, (size_t)last + at->port->type->bytes);
    for (int64_t i = 0; i < count; i++)
        memset(copy + (element(at, i) - at->view), 0, at->port->type->bytes);
    for (int64_t i = 0; i < last; i++)
        is_zero = is_zero && copy[i] == 0;
    free(copy);
    return is_zero;
}

static int run(void *args) {
    const run_of *job = args;
    const place *in = &job->at[0];
    int64_t count_in = job->n_in > 0 ? count_elements(in->port) : 0;
    bool is_good = true;
    for (int32_t i = 0; i < job->n_in; i++)
        is_good = is_good && are_gaps_zero(&job->at[i]);
    for (int32_t i = job->n_in; i < job->n_in + job->n_out && !job->skips; i++) {
        const place *out = &job->at[i];
        int64_t count = count_elements(out->port);
        memset(out->view, GARBAGE, (size_t)out->port->bytes);
        for (int64_t e = 0; e < count; e++) {
            double value = count_in > 0 ? hz_element_get(in->port->type, element(in, e % count_in)) : 1;
            hz_element_set(out->port->type, element(out, e), out->port->factor * value);
        }
    }
    return is_good ? 0 : HZ_RUN_FAILED;
}

static void over(void *args) {
    run_of *job = args;
    for (int32_t i = 0; i < job->n_in + job->n_out; i++)
        bpu_memory_done(job->at[i].view);
    free(job->at);
    --*sim_slot("runs");
}

static uint64_t bytes_needed(const hz_port *port, int64_t row) {
    if (is_image(port))
        return (uint64_t)(count_elements(port) / width_of(port) * row);
    return (uint64_t)port->bytes;
}

/* A user may have set strides that were left open, and how long the rows of an image are. */
static bool take_layout(const hbDNNTensorProperties *p, hz_port *port, int64_t *out_row) {
    bool is_same = p->tensorType == port->type->number && p->validShape.numDimensions == port->rank;
    *out_row = 0;
    for (int32_t i = 0; i < port->rank; i++)
        is_same = is_same && p->validShape.dimensionSize[i] == port->dim[i];
#if HZ_FORM != 2
    if (is_same && is_image(port)) {
        *out_row = p->alignedShape.dimensionSize[port->layout == 0 ? 2 : 3];
        return *out_row % 16 == 0 && *out_row >= width_of(port);
    }
#endif
#if HZ_FORM == 2
    for (int32_t i = 0; i < port->rank; i++) {
        is_same = is_same && p->stride[i] > 0 && (port->stride[i] == -1 || port->stride[i] == p->stride[i]);
        port->stride[i] = p->stride[i];
    }
    port->bytes = is_same && port->bytes <= 0 ? port->stride[0] * port->dim[0] : port->bytes;
#endif
    return is_same;
}

/* Copies of ports follow the places, in the same piece of memory. */
static int32_t take(const hz_port *told, const hbDNNTensor *tensor, place *at, hz_port *mine) {
    *mine = *told;
    at->port = mine;
    if (!take_layout(&tensor->properties, mine, &at->row)) {
        sim_misuse("other_properties");
        return HZ_INVALID_ARGUMENT;
    }
    uint64_t bytes = bytes_needed(mine, at->row);
    if (tensor->sysMem[0].memSize < bytes)
        return HZ_INVALID_ARGUMENT;
    at->view = bpu_memory_view(&tensor->sysMem[0], bytes);
    return at->view != NULL ? 0 : HZ_INVALID_ARGUMENT;
}

static int32_t make(void **out_task, const hbDNNTensor *output, const hbDNNTensor *input, void *handle) {
    const hz_model *model = hz_model_of(handle);
    if (out_task == NULL || *out_task != NULL || output == NULL || input == NULL)
        return HZ_INVALID_ARGUMENT;
    if (model == NULL)
        return HZ_NO_HANDLE;
    size_t ports = (size_t)(model->n_in + model->n_out);
    run_of job = {
        .at = calloc(ports, sizeof(place) + sizeof(hz_port)), .skips = sim_number(0, "skip", 0) != 0};
    if (job.at == NULL)
        sim_die("the host has no memory for a run");
    hz_port *mine = (hz_port *)(job.at + ports);
    int32_t code = 0;
    ++*sim_slot("runs");
    for (; code == 0 && job.n_in < model->n_in; job.n_in++)
        code = take(&model->in[job.n_in], &input[job.n_in], &job.at[job.n_in], mine++);
    for (int32_t i; code == 0 && (i = job.n_out) < model->n_out; job.n_out++)
        code = take(&model->out[i], &output[i], &job.at[job.n_in + i], mine++);
    if (code == 0)
        code = bpu_task_make(
            &(sim_work){.run = run, .done = over, .args = &job, .bytes = sizeof job, .flop = model->flop},
            out_task);
    if (code != 0)
        over(&job);
    return code;
}

#if HZ_FORM == 2
int32_t hbDNNInferV2(void **task, hbDNNTensor *output, const hbDNNTensor *input, void *model) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? make(task, output, input, model) : code);
}
#else
int32_t hbDNNInfer(
    void **task, hbDNNTensor **output, const hbDNNTensor *input, void *model, hbDNNInferCtrlParam *param) {
    int code = sim_enter(__func__);
    if (code == 0 && (param == NULL || output == NULL || param->more != 0 || param->bpuCoreId < 0 ||
                         param->bpuCoreId >= 1 << sim_number(SIM_NO_DEVICE, "cores", 2)))
        code = HZ_INVALID_ARGUMENT;
    if (code == 0)
        code = make(task, *output, input, model);
    return sim_leave(code == 0 ? bpu_task_submit(*task) : code);
}
#endif
