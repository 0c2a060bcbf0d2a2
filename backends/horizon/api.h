/*
 * Prototypes and structs of our own for Horizon's calls about compiled models, as in its public manuals. Two
 * generations: hbDNN with hbSys (XJ3, J5, RDK X3 and X5; all in libdnn.so), and hbDNN with UCP (J6, RDK S100;
 * models in libdnn.so, memory and tasks in libhbucp.so). What is known of each, and from where: README.md.
 */
#ifndef BACKENDS_HORIZON_API_H
#define BACKENDS_HORIZON_API_H

#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "sizes of 32 and of 64 bits share a field");

/**
 * hbSysMem and hbUCPSysMem. The size is of 32 bits in the first, with four bytes behind it that nobody uses:
 * set here as 64 bits it is right in both.
 */
typedef struct horizon_memory {
    uint64_t physical;
    unsigned char *address;
    uint64_t bytes;
} horizon_memory;

/** hbSysFlushMem's and hbUCPMemFlush's flags. */
enum { HORIZON_INVALIDATE = 1, HORIZON_CLEAN = 2 };

/** hbDNNInferCtrlParam. */
typedef struct horizon_dnn_control {
    int32_t bpu_core, dsp_core, priority, more; /* a bit a core, 0: any */
    int64_t custom_id;
    int32_t reserved[2];
} horizon_dnn_control;

/** hbUCPSchedParam. */
typedef struct horizon_ucp_control {
    int32_t priority;
    int64_t custom_id;
    uint64_t backend; /* a bit a core */
    uint32_t device_id;
} horizon_ucp_control;

#define HORIZON_UCP_BPU_ANY (UINT64_C(1) << 7)

/* Most extents of a tensor. */
enum { HORIZON_DNN_RANK = 8, HORIZON_UCP_RANK = 10 };

/** hbDNNTensorShape and the parts about quantisation, in the first generation's sizes. */
typedef struct horizon_dnn_shape {
    int32_t dim[HORIZON_DNN_RANK], rank;
} horizon_dnn_shape;

typedef struct horizon_shift {
    int32_t count;
    uint8_t *shift;
} horizon_shift;

typedef struct horizon_scale {
    int32_t count;
    float *scale;
    int32_t zero_points;
    void *zero_point; /* of 8 bits, with UCP of 32 */
} horizon_scale;

/** hbDNNTensorProperties. The strides (bytes) are absent in the oldest versions, of RDK X3's manual. */
typedef struct horizon_dnn_properties {
    horizon_dnn_shape valid, aligned;
    int32_t layout, type;
    horizon_shift shift;
    horizon_scale scale;
    int32_t quantisation, axis, aligned_bytes;
    int32_t stride[HORIZON_DNN_RANK];
} horizon_dnn_properties;

/** The same with UCP. */
typedef struct horizon_ucp_properties {
    int32_t dim[HORIZON_UCP_RANK], rank;
    int32_t type;
    horizon_scale scale;
    int32_t quantisation, axis;
    int64_t aligned_bytes, stride[HORIZON_UCP_RANK];
} horizon_ucp_properties;

/* Bytes of hbDNNTensorProperties by generation; hbDNNTensor is four memories and that, with UCP one. */
enum {
    HORIZON_EARLY_PROPERTIES = 144,
    HORIZON_DNN_PROPERTIES = 176,
    HORIZON_UCP_PROPERTIES = 176,
    HORIZON_DNN_MEMORIES = 4,
    HORIZON_UCP_MEMORIES = 1
};

_Static_assert(sizeof(horizon_memory) == 24, "hbSysMem");
_Static_assert(sizeof(horizon_dnn_control) == 32, "hbDNNInferCtrlParam");
_Static_assert(sizeof(horizon_ucp_control) == 32, "hbUCPSchedParam");
_Static_assert(sizeof(horizon_dnn_properties) == HORIZON_DNN_PROPERTIES, "hbDNNTensorProperties");
_Static_assert(sizeof(horizon_ucp_properties) == HORIZON_UCP_PROPERTIES, "hbDNNTensorProperties with UCP");

/** Functions of both generations about models, named without "hbDNN". Properties are written as they are. */
typedef struct horizon_model_api {
    const char *(*GetVersion)(void);
    const char *(*GetErrorDesc)(int32_t code);
    int32_t (*InitializeFromFiles)(void **out_pack, const char **paths, int32_t count);
    int32_t (*InitializeFromDDR)(void **out_pack, const void **bytes, int32_t *lengths, int32_t count);
    int32_t (*Release)(void *pack);
    int32_t (*GetModelNameList)(const char ***out_names, int32_t *out_count, void *pack);
    int32_t (*GetModelHandle)(void **out_model, void *pack, const char *name);
    int32_t (*GetInputCount)(int32_t *out_count, void *model);
    int32_t (*GetOutputCount)(int32_t *out_count, void *model);
    int32_t (*GetInputName)(const char **out_name, void *model, int32_t index);
    int32_t (*GetOutputName)(const char **out_name, void *model, int32_t index);
    int32_t (*GetInputTensorProperties)(void *properties, void *model, int32_t index);
    int32_t (*GetOutputTensorProperties)(void *properties, void *model, int32_t index);
} horizon_model_api;

/** The first generation's runs and memory. wait: a limit in ms, 0: none. */
typedef struct horizon_dnn_api {
    int32_t (*Infer)(
        void **out_task, void **outputs, const void *inputs, void *model, horizon_dnn_control *control);
    int32_t (*WaitTaskDone)(void *task, int32_t limit_ms);
    int32_t (*ReleaseTask)(void *task);
    int32_t (*AllocCachedMem)(horizon_memory *memory, uint32_t bytes);
    int32_t (*FlushMem)(horizon_memory *memory, int32_t flag);
    int32_t (*FreeMem)(horizon_memory *memory);
} horizon_dnn_api;

/** UCP's. A wait with a limit returns no earlier than one without, and then tells that it was too long. */
typedef struct horizon_ucp_api {
    const char *(*GetErrorDesc)(int32_t code);
    int32_t (*InferV2)(void **task, void *outputs, const void *inputs, void *model);
    int32_t (*SubmitTask)(void *task, horizon_ucp_control *control);
    int32_t (*WaitTaskDone)(void *task, int32_t limit_ms);
    int32_t (*ReleaseTask)(void *task);
    int32_t (*MallocCached)(horizon_memory *memory, uint64_t bytes, int32_t device);
    int32_t (*MemFlush)(const horizon_memory *memory, int32_t flag);
    int32_t (*Free)(horizon_memory *memory);
} horizon_ucp_api;

#endif
