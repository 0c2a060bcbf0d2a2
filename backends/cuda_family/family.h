/* The inside of the backend: what an opened device has, and what its files offer each other. */
#ifndef BACKENDS_CUDA_FAMILY_FAMILY_H
#define BACKENDS_CUDA_FAMILY_FAMILY_H

#include "backends/cuda_family/cuda_family.h"
#include "backends/cuda_family/library.h"
#include "runtime/card/product.h"

typedef struct cf_graph_memo cf_graph_memo;

/** The numbers that a BLAS goes by on a device: its row's, or what the probe found (blas_probe.h). */
typedef struct cf_numbers {
    const cf_blas_row *row; /* NULL: the stack has no such library */
    bool is_type;           /* compute types are data types */
    bool is_f32_rounded;    /* f32 cannot be had, tf32 is what comes */
    uint64_t refused;       /* SY_DTYPE_BIT of operands of which a product was refused when it was tried */
    bool is_f16_sum_refused;
    sy_status status; /* not SY_OK: none of them are right, and why */
    sy_error reason;
} cf_numbers;

/** Handles of an opened device; NULL: that library is not there. A handle of a BLAS or DNN library has one
 * stream: setting it and launching happen under the device's lock. */
typedef struct cf_device {
    void *blas[2], *lt, *dnn;
    cf_numbers numbers[2]; /* of blas */
    int dnn_mode;          /* cross-correlation's number: the row's, or as probed */
    sy_status dnn_status;  /* not SY_OK: its numbers are not known, and why */
    sy_error dnn_reason;
    cf_meter *meter; /* NULL: none knows the card, and why */
    sy_error meter_reason;
    cf_graph_memo *graphs;             /* of graph.c, NULL before it is asked; guarded by the device's lock */
    int major, minor;                  /* compute capability, 0: unknown */
    void *blas_stream[2], *dnn_stream; /* that the handles were last set to; guarded by the device's lock */
} cf_device;

static inline const cf_libraries *cf_libraries_of(const sy_device *device) {
    return device->stack;
}

static inline cf_device *cf_device_of(const sy_device *device) {
    return device->own;
}

/** Set the stream of a BLAS' handle, if it is another one. Under the device's lock. Returns its own code. */
int cf_blas_stream_set(sy_device *device, uint32_t which, void *stream);

/** The same of the DNN library's. */
int cf_dnn_stream_set(sy_device *device, void *stream);

/** Of a BLAS or Lt way: which BLAS, whether f32 is rounded to tf32, whether constant weights are turned over
 * though they need not be. */
enum { CF_WAY_OTHER = 1, CF_WAY_TF32 = 2, CF_WAY_TURNED = 4 };

/** Settings of a DNN way: the layout that does not come first (of graphs: channels first), and tf32 as above.
 */
enum { CF_WAY_OTHER_LAYOUT = 1 };

/** Ways. */
extern const sy_card_way cf_way_lt, cf_way_lt_tf32; /* products with descriptors */
extern const sy_card_way cf_way_lt_turned, cf_way_lt_turned_tf32;
extern const sy_card_way cf_way_blas, cf_way_blas_tf32; /* products by GemmEx */
extern const sy_card_way cf_way_blas_other;             /* of the stack's second BLAS */
extern const sy_card_way cf_way_geam;                   /* streams */
/* Convolutions by descriptors, as cuDNN had them first. */
extern const sy_card_way cf_way_dnn, cf_way_dnn_tf32, cf_way_dnn_other, cf_way_dnn_other_tf32;
/* Convolutions by MIOpen: channels first, and last. */
extern const sy_card_way cf_way_miopen, cf_way_miopen_other;
/* Convolutions by cuDNN's backend interface: channels last, and first. */
extern const sy_card_way cf_way_graph, cf_way_graph_tf32, cf_way_graph_other, cf_way_graph_other_tf32;

extern const sy_card_way cf_way_missing; /* convolutions that C cannot call */

/** Free what graphs remember of the device; NULL is fine. */
void cf_graph_memo_free(cf_graph_memo *memo);

#endif
