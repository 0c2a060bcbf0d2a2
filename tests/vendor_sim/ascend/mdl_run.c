/* Simulated offline models: sets of buffers, and runs. */
#include "tests/vendor_sim/ascend/mdl.h"

#include <math.h>

#include "tests/vendor_sim/ascend/op.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define ALIGNMENT 64u

/* A run on its way through a stream. */
typedef struct as_run_of {
    as_mdl model;
    char *in[AS_MDL_PORTS], *out[AS_MDL_PORTS];
    as_use *use;
    bool is_ok, skips, spoils;
} as_run_of;

static void *create(const char *function, const char *kind, size_t bytes, void **out_object) {
    int code = as_enter(function);
    void *handle = code == ACL_SUCCESS ? sim_handle_make(kind, bytes, out_object) : NULL;
    sim_leave(code);
    return handle;
}

void *aclmdlCreateDataset(void) {
    return create(__func__, AS_SET, sizeof(as_set), NULL);
}

void *aclCreateDataBuffer(void *memory, size_t bytes) {
    as_buffer *buffer = NULL;
    void *handle = create(__func__, AS_BUFFER, sizeof *buffer, (void **)&buffer);
    if (buffer != NULL)
        *buffer = (as_buffer){memory, bytes};
    return handle;
}

static int destroy(const void *handle, const char *kind) {
    if (sim_handle_get(handle, kind) == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "not a %s", kind);
    if (as_use_of_object(handle))
        sim_misuse("destroyed_in_use");
    sim_handle_destroy(handle);
    return ACL_SUCCESS;
}

aclError aclmdlDestroyDataset(const void *set) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == ACL_SUCCESS ? destroy(set, AS_SET) : code);
}

aclError aclDestroyDataBuffer(const void *buffer) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == ACL_SUCCESS ? destroy(buffer, AS_BUFFER) : code);
}

aclError aclmdlAddDatasetBuffer(void *handle, void *buffer) {
    int code = as_enter(__func__);
    as_set *set = code == ACL_SUCCESS ? sim_handle_get(handle, AS_SET) : NULL;
    bool is_good = set != NULL && sim_handle_get(buffer, AS_BUFFER) != NULL && set->count < AS_MDL_PORTS;
    if (code == ACL_SUCCESS && !is_good)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "not a set, or not a buffer");
    if (code == ACL_SUCCESS)
        set->buffer[set->count++] = buffer;
    return sim_leave(code);
}

static int run(void *args) {
    const as_run_of *job = args;
    const as_mdl_port *in = &job->model.in[0];
    uint32_t in_bytes = job->model.n_in > 0 ? as_type_bytes(in->type) : 0;
    if (!job->is_ok)
        return ACL_ERROR_RT_AICORE_EXCEPTION;
    for (uint32_t i = 0; i < job->model.n_out && !job->skips && in_bytes > 0; i++) {
        const as_mdl_port *out = &job->model.out[i];
        uint32_t bytes = as_type_bytes(out->type);
        for (size_t e = 0; e < out->bytes / bytes && e < in->bytes / in_bytes; e++) {
            double value = out->factor * as_element_get(in->type, job->in[0] + e * in_bytes);
            bool is_spoilt = job->spoils && as_type_is_float(out->type);
            as_element_set(out->type, job->out[i] + e * bytes, is_spoilt ? (double)NAN : value);
        }
    }
    return ACL_SUCCESS;
}

static void over(void *args) {
    as_use_end(((as_run_of *)args)->use);
}

/* Where a set's buffers lie. */
static int take_set(as_run_of *job, const as_set *set, bool is_output) {
    const as_mdl_port *port = is_output ? job->model.out : job->model.in;
    uint32_t count = is_output ? job->model.n_out : job->model.n_in;
    if (set == NULL || set->count != count)
        return as_fail(
            ACL_ERROR_GE_PARAM_INVALID, "a set of %u buffers, not %u", set != NULL ? set->count : 0, count);
    for (uint32_t i = 0; i < count; i++) {
        const as_buffer *buffer = sim_handle_get(set->buffer[i], AS_BUFFER);
        if (buffer == NULL || buffer->bytes < port[i].bytes)
            return as_fail(ACL_ERROR_GE_PARAM_INVALID, "buffer %u is too small for its port", i);
        if ((uintptr_t)buffer->memory % ALIGNMENT != 0)
            sim_misuse("unaligned_buffer");
        char *view = sim_memory_view(job->model.device, buffer->memory, port[i].bytes);
        if (view == NULL)
            sim_misuse("memory_not_there");
        job->is_ok = job->is_ok && view != NULL;
        *(is_output ? &job->out[i] : &job->in[i]) = view;
    }
    return ACL_SUCCESS;
}

static void note_use(as_run_of *job, const void *model, const as_set *in, const as_set *out) {
    job->use = as_use_begin();
    if (job->use == NULL)
        sim_die("the host has no memory");
    as_use_add(job->use, NULL, 0, model);
    for (uint32_t set = 0; set < 2; set++) {
        const as_set *each = set == 0 ? in : out;
        for (uint32_t i = 0; i < each->count && job->use->count < AS_USES_MAX; i++) {
            const as_buffer *buffer = sim_handle_get(each->buffer[i], AS_BUFFER);
            as_use_add(job->use, buffer->memory, buffer->bytes, each->buffer[i]);
        }
    }
}

static int execute(uint32_t id, const void *in, const void *out, sim_stream *queue) {
    void *handle = NULL;
    as_mdl *model = as_mdl_find(id, &handle);
    if (model == NULL)
        return as_fail(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, "no model %u", id);
    as_run_of job = {.model = *model,
        .is_ok = true,
        .skips = sim_number(model->device, "skip", 0) != 0,
        .spoils = sim_number(model->device, "nan", 0) != 0};
    const as_set *in_set = sim_handle_get(in, AS_SET), *out_set = sim_handle_get(out, AS_SET);
    int code = take_set(&job, in_set, false);
    if (code == ACL_SUCCESS)
        code = take_set(&job, out_set, true);
    if (code != ACL_SUCCESS)
        return code;
    if (as_use_of_object(handle) && model->queue != queue)
        sim_misuse("model_on_two_streams");
    model->queue = queue;
    note_use(&job, handle, in_set, out_set);
    sim_stream_enqueue(
        queue, &(sim_work){.run = run, .done = over, .args = &job, .bytes = sizeof job, .flop = model->flop});
    return ACL_SUCCESS;
}

aclError aclmdlExecuteAsync(uint32_t id, const void *in, void *out, aclrtStream stream) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = as_stream_find(stream, &queue);
    return sim_leave(code == ACL_SUCCESS ? execute(id, in, out, queue) : code);
}
