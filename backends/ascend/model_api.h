/*
 * Prototypes of our own for CANN's calls about whole models (offline models, ".om"), as in its public headers
 * and documents of CANN 7 to 9. They are in libascendcl.so, from CANN 8.5 on in libacl_mdl.so.
 */
#ifndef BACKENDS_ASCEND_MODEL_API_H
#define BACKENDS_ASCEND_MODEL_API_H

#include <stddef.h>
#include <stdint.h>

/** aclmdlIODims: a name that may be cut, and extents; -1 where one is open, a count of 0 for a scalar. */
typedef struct ascend_model_dims {
    char name[128];
    size_t count;
    int64_t dim[128];
} ascend_model_dims;

/** Fields are named without "acl". Functions return the vendor's code unless they return a value. */
typedef struct ascend_model_api {
    int (*mdlLoadFromFile)(const char *path, uint32_t *id);
    int (*mdlLoadFromMem)(const void *bytes, size_t count, uint32_t *id);
    int (*mdlUnload)(uint32_t id);
    void *(*mdlCreateDesc)(void);
    int (*mdlDestroyDesc)(void *description);
    int (*mdlGetDesc)(void *description, uint32_t id);
    size_t (*mdlGetNumInputs)(void *description);
    size_t (*mdlGetNumOutputs)(void *description);
    size_t (*mdlGetInputSizeByIndex)(void *description, size_t index);
    size_t (*mdlGetOutputSizeByIndex)(void *description, size_t index);
    const char *(*mdlGetInputNameByIndex)(const void *description, size_t index);
    const char *(*mdlGetOutputNameByIndex)(const void *description, size_t index);
    int (*mdlGetInputDims)(const void *description, size_t index, ascend_model_dims *dims);
    int (*mdlGetOutputDims)(const void *description, size_t index, ascend_model_dims *dims);
    int (*mdlGetInputDataType)(const void *description, size_t index);  /* a type */
    int (*mdlGetOutputDataType)(const void *description, size_t index); /* a type */
    int (*mdlGetInputFormat)(const void *description, size_t index);    /* a format */
    int (*mdlGetOutputFormat)(const void *description, size_t index);   /* a format */
    void *(*mdlCreateDataset)(void);
    int (*mdlDestroyDataset)(const void *set); /* not the buffers in it */
    int (*mdlAddDatasetBuffer)(void *set, void *buffer);
    int (*mdlExecuteAsync)(uint32_t id, const void *in, void *out, void *stream);
    void *(*CreateDataBuffer)(void *memory, size_t bytes);
    int (*DestroyDataBuffer)(const void *buffer); /* not its memory */
} ascend_model_api;

#endif
