/*
 * A stack as a row: which libraries, how their functions are spelled, which numbers they go by. All of the
 * family's stacks have NVIDIA's argument orders; nothing else of them is alike.
 * Sources: NVIDIA's headers of CUDA 13.0 and cuDNN 9; for the others public callers of their libraries and
 * ROCm's headers. Rows other than NVIDIA's were not run on hardware: sy_device_info.platform says so.
 */
#ifndef BACKENDS_CUDA_FAMILY_STACK_H
#define BACKENDS_CUDA_FAMILY_STACK_H

#include <stdbool.h>

#include "backends/cuda_family/meter.h"
#include "steelyard/types.h"

#define CF_NAMES_MAX 8u
#define CF_NODES_MAX 4u
#define CF_SPELLINGS_MAX 12u
#define CF_NONE (-1)

/** A function whose name is not prefix + its plain name. `or_plain`: try that too. */
typedef struct cf_spelling {
    const char *plain, *spelled;
    bool or_plain;
} cf_spelling;

/** A library: `option` is its key of sy_host.option() behind "lib.", the same name goes into records. */
typedef struct cf_library_row {
    const char *option;
    const char *names[CF_NAMES_MAX]; /* NULL at the end */
    const char *prefix;              /* of its functions */
    cf_spelling spelling[CF_SPELLINGS_MAX];
} cf_library_row;

/** Numbers of a runtime. Device attributes: CF_NONE where they are not known. */
typedef struct cf_runtime_row {
    cf_library_row library;
    int not_ready, out_of_memory, no_device, old_driver;
    int attribute_units, attribute_clock_khz, attribute_l2, attribute_major, attribute_minor;
    uint32_t graph_arguments; /* of GraphInstantiate; 0: graphs are not used */
    int graph_version;        /* of the runtime from which on it has so many, before 5; 0: always */
    bool is_error_sticky;     /* GetLastError after a failure, or the next call fails as well */
} cf_runtime_row;

/** What a compute type is: a number of its own, a data type, or whichever of the two computes rightly. */
typedef enum cf_compute_style { CF_COMPUTE_OWN, CF_COMPUTE_IS_TYPE, CF_COMPUTE_PROBED } cf_compute_style;

/** Numbers of a BLAS. Indexed by SY_DTYPE numbers; CF_NONE: it has none. */
typedef struct cf_blas_row {
    cf_library_row library;
    bool is_rocblas;  /* one more matrix, other tail */
    bool has_atomics; /* may add up parts of sums in any order: results differ in their last bits */
    int op_n, op_t, algo;
    int math_mode; /* no sums in a narrower type than asked for; CF_NONE: there is no such mode */
    int no_memory, not_supported; /* its codes for the two */
    int dtype[SY_DTYPE_COUNT];
    cf_compute_style style;
    int compute_f32, compute_f16, compute_f64, compute_s32, compute_tf32; /* of its own style */
    /** f32 operands are rounded to tf32 under compute_f32: for them compute_pedantic is taken. */
    bool is_f32_lowered;
    int compute_pedantic;
    /** Numbers that another version of the same library may go by; NULL: none. Which one it is, is probed. */
    const struct cf_blas_row *or_else;
} cf_blas_row;

/** Attribute numbers of Lt's objects. */
typedef struct cf_lt_row {
    cf_library_row library;
    const cf_blas_row *numbers; /* its types, operations, compute types and codes */
    int trans_a, trans_b, epilogue, bias_pointer, bias_type, a_scale, b_scale, fast_accum;
    int batch_count, batch_offset, max_workspace;
    uint32_t algo_bytes, result_bytes, workspace_offset, state_offset;
} cf_lt_row;

/** Numbers of a DNN library with cuDNN's call shape. */
typedef struct cf_dnn_row {
    cf_library_row library;
    bool is_miopen;
    int dtype[SY_DTYPE_COUNT];
    int nchw, nhwc, cross_correlation;
    int math_default, math_tensor, math_fma; /* CF_NONE: there is no math type to set */
    bool has_tf32;                           /* math_tensor rounds f32 to tf32 */
    bool is_probed; /* its numbers are not certain, nor which of the modes 0 and 1 is the right one */
} cf_dnn_row;

/** A stack. `blas`, `lt`, `dnn` may be NULL: it has none that C can reach. */
typedef struct cf_stack cf_stack;
struct cf_stack {
    const char *name;           /* of devices: "cuda" */
    const char *title;          /* "NVIDIA CUDA" */
    const char *vendor;         /* if no management library and no PCI id tell */
    const char *const *folders; /* where its libraries lie, NULL at the end; "" is the loader's search, and
                                   what begins with $NAME/ is below that variable's folder */
    const char *root_variables; /* environment variables that name its root, for texts */
    const char *visible;        /* the variable that hides devices */
    const char *nodes[CF_NODES_MAX]; /* device nodes that it needs, NULL at the end */
    const char *container;           /* what lets devices into a container */
    const char *const *lowering;     /* environment variables that change precision; NULL: none known */
    const char *isa;                 /* what the capability's two digits are put behind; NULL: not known */
    const cf_meter_kind *meter;      /* the management library of its cards; NULL: not known */
    bool is_namesake;                /* its runtime bears the names of NVIDIA's: see identify.h */
    const cf_stack *const
        *namesakes; /* stacks whose cards may be found behind this one's names; NULL: none */
    bool is_proven; /* has been run on the real thing */
    cf_runtime_row runtime;
    const cf_blas_row *blas, *blas_other; /* the second stands beside the first */
    const cf_lt_row *lt;
    const cf_dnn_row *dnn;
    const char *no_dnn; /* why there is none that C can call; NULL: there is one */
};

extern const cf_stack cf_stack_cuda;                /* NVIDIA */
extern const cf_stack cf_stack_corex, cf_stack_dtk; /* Iluvatar; Hygon's CUDA layer */
extern const cf_stack cf_stack_xre, cf_stack_ppu;   /* Kunlunxin; T-Head */
extern const cf_stack cf_stack_hip, cf_stack_musa;  /* AMD and Hygon; Moore Threads */
extern const cf_stack cf_stack_maca, cf_stack_hpcc; /* MetaX, and its twin */

#endif
