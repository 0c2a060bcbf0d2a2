/* The interface's group `model` by CANN's offline models. */
#ifndef BACKENDS_ASCEND_MODEL_H
#define BACKENDS_ASCEND_MODEL_H

#include "backends/ascend/inside.h"

enum { ASCEND_PORTS_MAX = 256 };

/** A loaded model. queue: that it is bound to, while `bindings` are alive: what runs of a model share is the
 * model's, so that two at once would disturb each other. bytes: of each port. */
struct sy_model {
    sy_device *device;
    uint32_t id, n_in, n_out, bindings;
    bool is_loaded;
    void *description;
    sy_queue *queue;
    sy_model_port port[ASCEND_PORTS_MAX];
    uint64_t bytes[ASCEND_PORTS_MAX];
};

extern const sy_model_api ascend_model_group;

/** model_ports.c: what CANN says of the ports of model->id. SY_UNSUPPORTED: open extents, an inner layout, a
 * type or rank that is none of the interface, buffers of another size than the extents say. */
sy_status ascend_model_read_ports(sy_model *model, sy_error *err);

/** model_bind.c: as sy_model_api.bind(). */
sy_status ascend_model_bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err);

#endif
