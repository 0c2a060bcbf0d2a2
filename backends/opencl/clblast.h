/*
 * CLBlast, as the peer "clblast": its C interface, declared here, from a library that is opened when a
 * product is first asked for. Matrix products of f32, f64 and f16 (with sums in f16), single or batched, with
 * alpha and beta; nothing follows the sums. C and D are one matrix.
 */
#ifndef BACKENDS_OPENCL_CLBLAST_H
#define BACKENDS_OPENCL_CLBLAST_H

#include <pthread.h>

#include "backends/opencl/peer.h"

/* Its numbers. Row-major; an operand as it is, or transposed. */
enum { OCL_CLBLAST_ROW_MAJOR = 101, OCL_CLBLAST_AS_IS = 111, OCL_CLBLAST_TRANSPOSED = 112 };

/* Parameters of its functions for scalars of a type: layout, transposes, m n k, alpha, A, B, beta, C, queue,
 * event. The batched ones have a stride behind each leading dimension, and the count of members. All sizes in
 * elements. */
#define OCL_CLBLAST_PRODUCT(scalar)                                                                          \
    int (*)(unsigned, unsigned, unsigned, size_t, size_t, size_t, scalar, cl_mem, size_t, size_t, cl_mem,    \
        size_t, size_t, scalar, cl_mem, size_t, size_t, cl_command_queue *, cl_event *)
#define OCL_CLBLAST_BATCHED(scalar)                                                                          \
    int (*)(unsigned, unsigned, unsigned, size_t, size_t, size_t, scalar, cl_mem, size_t, size_t, size_t,    \
        cl_mem, size_t, size_t, size_t, scalar, cl_mem, size_t, size_t, size_t, size_t, cl_command_queue *,  \
        cl_event *)

/** The library, shared by all devices of a backend. `status` and `error` say why it cannot be used. `lock`
 * guards them. */
typedef struct ocl_clblast {
    pthread_mutex_t lock;
    bool is_tried;
    sy_status status;
    sy_error error;
    sy_dynlib library;
    struct {
        __typeof__(OCL_CLBLAST_PRODUCT(float)) sgemm;
        __typeof__(OCL_CLBLAST_PRODUCT(double)) dgemm;
        __typeof__(OCL_CLBLAST_PRODUCT(cl_half)) hgemm;
        __typeof__(OCL_CLBLAST_BATCHED(float)) sgemm_batched;
        __typeof__(OCL_CLBLAST_BATCHED(double)) dgemm_batched;
        __typeof__(OCL_CLBLAST_BATCHED(cl_half)) hgemm_batched;
        int (*clear_cache)(void);
    } call;
} ocl_clblast;

/** One matrix of a product, as the library wants it. Strides in elements. */
typedef struct ocl_clblast_matrix {
    uint32_t tensor;
    unsigned transpose;
    size_t lead, stride;
} ocl_clblast_matrix;

/** A product in the library's words: D = alpha A B + beta D. */
typedef struct ocl_clblast_product {
    uint32_t dtype;
    size_t m, n, k, batch;
    double alpha, beta;
    ocl_clblast_matrix a, b, d;
} ocl_clblast_product;

/**
 * Read a gemm. Errors: SY_UNSUPPORTED with the reason: types, sums, posts, strides, empty extents;
 * SY_INVALID_ARGUMENT: tensors that do not go together.
 */
sy_status ocl_clblast_read(
    const ocl_traits *traits, const sy_task *task, ocl_clblast_product *out_product, sy_error *err);

/** Memory for the library's state; NULL: there is none. Nothing is opened. */
ocl_clblast *ocl_clblast_create(void);
void ocl_clblast_destroy(ocl_clblast *clblast);

/** Open it if nobody did. Errors: SY_UNAVAILABLE: not found, the text tells what to install; SY_INCOMPATIBLE:
 * functions are missing, or it uses another OpenCL library. */
sy_status ocl_clblast_open(const sy_device *device, sy_error *err);

/** Let the library forget what it keeps for contexts, before one goes. */
void ocl_clblast_forget(const sy_backend *backend);

/** Name of one of its status codes ("CLBlastInvalidLeadDimA"), "unknown code" if it has none. */
const char *ocl_clblast_code_name(int code);

extern const struct ocl_peer ocl_clblast_peer;

#endif
