/*
 * Offline models (aclmdl*), as the simulation exports them, and their inside. A model is a text:
 *
 *     om-sim 1                  first
 *     memory BYTES              of the device that a loaded one takes (4096)
 *     chip TEXT                 it is refused by cards of another name (any)
 *     input NAME TYPE FORMAT EXTENTS [SIZE]     numbers of aclDataType and aclFormat; EXTENTS as 1,3,8 or -;
 *                               SIZE: bytes that it says to take, if others than by the extents
 *     output NAME TYPE FORMAT EXTENTS FACTOR [SIZE]   its elements are those of input 0, times FACTOR
 *     flop COUNT
 */
#ifndef TESTS_VENDOR_SIM_ASCEND_MDL_H
#define TESTS_VENDOR_SIM_ASCEND_MDL_H

#include <stddef.h>
#include <stdint.h>

#include "tests/vendor_sim/ascend/acl.h"
#include "tests/vendor_sim/ascend/ascend.h"

/* Kinds of objects. */
#define AS_MODEL "model"
#define AS_DESC "model_description"
#define AS_SET "dataset"
#define AS_BUFFER "data_buffer"

enum {
    ACL_ERROR_GE_PARAM_INVALID = 145000,
    ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID = 145002,
    ACL_ERROR_GE_EXEC_MODEL_ID_INVALID = 145003,
    ACL_ERROR_GE_MEMORY_ALLOCATION = 245000,
    ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED = 545002
};

typedef struct aclmdlIODims {
    char name[128];
    size_t dimCount;
    int64_t dims[128];
} aclmdlIODims;

#define AS_MDL_PORTS 8u

typedef struct as_mdl_port {
    aclmdlIODims dims;
    int type, format;
    double factor;
    size_t bytes;
} as_mdl_port;

typedef struct as_mdl {
    as_mdl_port in[AS_MDL_PORTS], out[AS_MDL_PORTS];
    uint32_t n_in, n_out, id;
    uint64_t memory_bytes;
    double flop;
    char chip[64];
    void *memory;
    int device;
    void *context;
    const sim_stream *queue; /* it ran on last */
} as_mdl;

/** What a set holds: handles. */
typedef struct as_set {
    const void *buffer[AS_MDL_PORTS];
    uint32_t count;
} as_set;

typedef struct as_buffer {
    void *memory;
    size_t bytes;
} as_buffer;

/* mdl_text.c */
/** Read a text that ends with NUL; false: it is no model. */
bool as_mdl_read(char *text, as_mdl *out_model);

/* mdl.c */
/** The model of an id; NULL, with misuse: none is loaded. */
as_mdl *as_mdl_find(uint32_t id, void **out_handle);

#pragma GCC visibility push(default)
aclError aclmdlLoadFromFile(const char *path, uint32_t *id);
aclError aclmdlLoadFromMem(const void *model, size_t bytes, uint32_t *id);
aclError aclmdlUnload(uint32_t id);
void *aclmdlCreateDesc(void);
aclError aclmdlDestroyDesc(void *desc);
aclError aclmdlGetDesc(void *desc, uint32_t id);
size_t aclmdlGetNumInputs(void *desc);
size_t aclmdlGetNumOutputs(void *desc);
size_t aclmdlGetInputSizeByIndex(void *desc, size_t index);
size_t aclmdlGetOutputSizeByIndex(void *desc, size_t index);
const char *aclmdlGetInputNameByIndex(const void *desc, size_t index);
const char *aclmdlGetOutputNameByIndex(const void *desc, size_t index);
aclError aclmdlGetInputDims(const void *desc, size_t index, aclmdlIODims *dims);
aclError aclmdlGetOutputDims(const void *desc, size_t index, aclmdlIODims *dims);
int aclmdlGetInputDataType(const void *desc, size_t index);
int aclmdlGetOutputDataType(const void *desc, size_t index);
int aclmdlGetInputFormat(const void *desc, size_t index);
int aclmdlGetOutputFormat(const void *desc, size_t index);
void *aclmdlCreateDataset(void);
aclError aclmdlDestroyDataset(const void *set);
aclError aclmdlAddDatasetBuffer(void *set, void *buffer);
aclError aclmdlExecuteAsync(uint32_t id, const void *in, void *out, aclrtStream stream);
void *aclCreateDataBuffer(void *memory, size_t bytes);
aclError aclDestroyDataBuffer(const void *buffer);
#pragma GCC visibility pop

#endif
