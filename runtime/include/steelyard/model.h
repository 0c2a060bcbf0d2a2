/*
 * Networks for embedders: load an ONNX file, compile it for a device, run it.
 *
 *     sy_network_load       read and check the file; weights stay mapped in it
 *     sy_compiled_create    for one device and fixed shapes; may take seconds. Owns the prepared weights
 *     sy_instance_create    activations and a queue; several share one sy_compiled
 *     sy_instance_run       inputs in, outputs out
 *
 * Lifetimes go the same way: destroy instances before their compiled network, that before its network and
 * context. Destroying NULL does nothing.
 *
 * Threads. A network may be read by several threads; everything else belongs to one thread at a time.
 * Instances of one compiled network may run at once, each on its own thread (which calls sy_context_enter()
 * first).
 *
 * Errors. See status.h; every function takes a sy_error that may be NULL. Outputs are NULL or 0 on error.
 */
#ifndef STEELYARD_MODEL_H
#define STEELYARD_MODEL_H

#include "steelyard/runtime.h"

/*
 * Element types that only networks have, beside SY_F32 ... of types.h. Numbers are ABI (sy_model_port.dtype).
 * SY_STRING has no elements that anything here computes with.
 */
enum {
    SY_S64 = 64,
    SY_BOOL = 65, /* one byte, 0 or 1 */
    SY_S16 = 66,
    SY_U16 = 67,
    SY_U32 = 68,
    SY_U64 = 69,
    SY_STRING = 70,
};

#pragma GCC visibility push(default)

typedef struct sy_network sy_network;
typedef struct sy_compiled sy_compiled;
typedef struct sy_instance sy_instance;

/** Bytes of an element of any type of a network; 0 for SY_STRING and what is no type. */
size_t sy_net_dtype_size(uint32_t dtype);

/** "f32", "s64", "bool" ...; "?" for what is no type. */
const char *sy_net_dtype_name(uint32_t dtype);

/**
 * Read an ONNX file (opsets 7 to 22). What is stored beside it (external data) must lie in its folder.
 * Errors: SY_IO: cannot be read; SY_INVALID_ARGUMENT: damaged or not a model, with where; SY_UNSUPPORTED:
 * operators, types or forms that are not known, all of them listed; SY_REFUSED: external data outside the
 * folder, a link, or of a wrong length; SY_OVERFLOW: beyond a limit, with the limit; SY_OUT_OF_MEMORY.
 */
sy_status sy_network_load(const char *path, sy_network **out_network, sy_error *err);

/** As sy_network_load() from memory, which is borrowed until the network is destroyed. External data is
 * refused. */
sy_status sy_network_read(const void *bytes, size_t byte_count, sy_network **out_network, sy_error *err);
void sy_network_destroy(sy_network *network);

/** An input or output. Strings belong to the network. Extents that are not fixed are -1; dim_name is then the
 * symbol ("batch"), or "". A rank that is not known is UINT32_MAX. */
typedef struct sy_network_port {
    uint32_t size, is_output, dtype, rank;
    const char *name;
    int64_t dim[SY_MAX_RANK];
    const char *dim_name[SY_MAX_RANK];
} sy_network_port;

/** Port `index`, inputs first; the caller sets out_port->size. SY_UNAVAILABLE past the end. */
sy_status sy_network_port_get(
    const sy_network *network, uint32_t index, sy_network_port *out_port, sy_error *err);

/** A symbol's extent, or (name of an input) all extents of that input; a value makes the input a constant. */
typedef struct sy_network_bind {
    const char *name; /* of an extent's symbol, or of an input */
    uint32_t rank;    /* of an input; 0 with dim[0]: a symbol's extent */
    int64_t dim[SY_MAX_RANK];
    const void *value; /* NULL, or the packed elements of the input: fixed for the compiled network */
} sy_network_bind;

/**
 * How to compile. Zero is the default everywhere.
 *
 * bind       extents and values of inputs; what is left open becomes 1.
 * dtype      0 or SY_F32: as the file says; SY_BF16: weights and activations of products and convolutions in
 *            bf16, sums in f32.
 * math       SY_MATH_STRICT or wider, see types.h.
 * no_winograd  nonzero: no algorithm with a larger error bound than direct sums (strict else allows Winograd:
 *            nothing is rounded below its type).
 * no_passes  nonzero: run the graph as it is, operator by operator on the host. The reference.
 * host       a context on `cpu` that runs what the device lacks; NULL: one is opened as needed.
 */
typedef struct sy_compile_options {
    uint32_t size, n_bind;
    const sy_network_bind *bind;
    uint32_t dtype, math, no_winograd, no_passes;
    sy_context *host;
} sy_compile_options;

/**
 * Compile for the device of `context`. Errors: SY_INVALID_ARGUMENT: bindings or shapes that do not fit, with
 * the node; SY_UNSUPPORTED: a form that is not done; SY_OUT_OF_MEMORY; the backend's.
 */
sy_status sy_compiled_create(const sy_network *network, sy_context *context,
    const sy_compile_options *options, sy_compiled **out_compiled, sy_error *err);
void sy_compiled_destroy(sy_compiled *compiled);

/** As sy_network_port_get(), with all extents as compiled; bound values are no inputs any more. */
sy_status sy_compiled_port_get(
    const sy_compiled *compiled, uint32_t index, sy_network_port *out_port, sy_error *err);

/** What was made of the network. Bytes: prepared weights (shared), activations (an instance, at the peak). */
typedef struct sy_compiled_info {
    uint32_t size, steps, device_steps, host_steps, copies;
    uint64_t weight_bytes, activation_bytes;
    double flop; /* direct count of products and convolutions, one run */
    /* Of the steps on the device: how many compute in bf16, how many in bytes. */
    uint32_t bf16_steps, byte_steps;
    /* The widest rounding of any of them (SY_MATH_*), and how many have a larger error bound than direct sums
     * (Winograd). */
    uint32_t math, wide_steps;
} sy_compiled_info;
sy_status sy_compiled_info_get(const sy_compiled *compiled, sy_compiled_info *out_info, sy_error *err);

/** Step `index` of a run in order: what it is and where. SY_UNAVAILABLE past the end. */
typedef struct sy_compiled_step {
    uint32_t size, is_host, is_copy, dtype; /* dtype: of the first output */
    const char *node, *op, *algorithm;
    double flop;
    uint64_t bytes; /* inputs, weights and outputs, each once */
} sy_compiled_step;
sy_status sy_compiled_step_get(
    const sy_compiled *compiled, uint32_t index, sy_compiled_step *out_step, sy_error *err);

/** An instance: activations, and a queue of its own where the device has more than one. */
sy_status sy_instance_create(sy_compiled *compiled, sy_instance **out_instance, sy_error *err);
void sy_instance_destroy(sy_instance *instance);

/**
 * One run, and wait. Packed row-major host memory in the order of the ports: n_in inputs, n_out outputs
 * (NULL: not wanted). Nothing is allocated. Errors: SY_INVALID_ARGUMENT: counts, a missing input, an index
 * out of range inside the network; the backend's.
 */
sy_status sy_instance_run(sy_instance *instance, const void *const *in, uint32_t n_in, void *const *out,
    uint32_t n_out, sy_error *err);

/** Parts of the last run in ns of the monotonic clock; steps_ns only after sy_instance_profile(). */
typedef struct sy_instance_times {
    uint32_t size, n_step;
    uint64_t begin_ns, in_ns, compute_ns,
        out_ns; /* begin; then durations: inputs to the device, run, outputs back */
    const uint64_t *step_begin_ns, *step_ns; /* n_step each; NULL without profile. The instance's */
} sy_instance_times;
sy_status sy_instance_times_get(const sy_instance *instance, sy_instance_times *out_times, sy_error *err);

/** Time each step from now on (the device is waited for after each, which costs time), or not. */
sy_status sy_instance_profile(sy_instance *instance, uint32_t is_on, sy_error *err);

#pragma GCC visibility pop

#endif
