/*
 * Peers: libraries that do the work of a plan in place of kernels of ours, with operands that lie as ours do.
 * A family that offers one is a pure function as any other; its recipe has no steps but names the peer.
 */
#ifndef BACKENDS_OPENCL_PEER_H
#define BACKENDS_OPENCL_PEER_H

#include "backends/opencl/opencl.h"

/**
 * What a peer does.
 *
 * open     Find the library, once in a backend's life; any thread. Errors: SY_UNAVAILABLE or SY_INCOMPATIBLE,
 *          with the reason.
 * prepare  The slow part of a plan, which is filled but for its program; time spent in compilers goes into
 *          plan->compile_ns. Errors: the library's.
 * bind     Check operands beyond what all plans check. Errors: SY_INVALID_ARGUMENT.
 * run      Enqueue one launch. A failure is noted on the queue, too.
 */
struct ocl_peer {
    sy_status (*open)(const sy_device *device, sy_error *err);
    sy_status (*prepare)(sy_plan *plan, sy_error *err);
    sy_status (*bind)(const sy_binding *binding, sy_error *err);
    sy_status (*run)(sy_binding *binding);
};

#endif
