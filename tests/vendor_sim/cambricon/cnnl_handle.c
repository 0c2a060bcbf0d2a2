/* libcnnl.so: how functions begin and end, handles, versions. */
#include "tests/vendor_sim/cambricon/cnnl.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNNL_SIM_EARLY
enum { VERSION_MAJOR = 1, VERSION_MINOR = 4 };
#elif defined CNNL_SIM_1
enum { VERSION_MAJOR = 1, VERSION_MINOR = 26 };
#else
enum { VERSION_MAJOR = 2, VERSION_MINOR = 2 };
#endif

/* Scripted faults are CNNL's own codes; what is none of them is a device that is gone. */
static cnnlStatus_t status_of(int code) {
    return code < 0 || code > CNNL_STATUS_NUMERICAL_OVERFLOW ? CNNL_STATUS_EXECUTION_FAILED : code;
}

cnnlStatus_t cnnl_enter(const char *function) {
    return status_of(sim_enter(function));
}

cnnlStatus_t cnnl_enter_on(const char *function, cnnlHandle_t handle, cnnl_handle **out_handle) {
    cnnlStatus_t status = cnnl_enter(function);
    if (status != CNNL_STATUS_SUCCESS)
        return status;
    *out_handle = cnnl_get(handle, CNNL_HANDLE);
    if (*out_handle == NULL)
        return CNNL_STATUS_BAD_PARAM;
    if (mlu_current() != (*out_handle)->device)
        sim_misuse("wrong_device_on_thread");
    return mlu_trap_of((*out_handle)->device) != 0 ? CNNL_STATUS_EXECUTION_FAILED : CNNL_STATUS_SUCCESS;
}

cnnlStatus_t cnnl_leave(cnnlStatus_t status) {
    return sim_leave(status);
}

void *cnnl_get(const void *handle, const char *kind) {
    return handle != NULL ? sim_handle_get(handle, kind) : NULL;
}

cnnlStatus_t cnnl_create(const char *function, const char *kind, size_t bytes, void *out_handle) {
    cnnlStatus_t status = cnnl_enter(function);
    if (status == CNNL_STATUS_SUCCESS && out_handle == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *(void **)out_handle = sim_handle_make(kind, bytes, NULL);
    return cnnl_leave(status);
}

cnnlStatus_t cnnl_destroy(const char *function, const char *kind, const void *handle) {
    cnnlStatus_t status = status_of(sim_enter_apart(function));
    if (status == CNNL_STATUS_SUCCESS && cnnl_get(handle, kind) == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        sim_handle_destroy(handle);
    return cnnl_leave(status);
}

void cnnlGetLibVersion(int *major, int *minor, int *patch) {
    int status = sim_enter_apart(__func__);
    if (major != NULL)
        *major = VERSION_MAJOR;
    if (minor != NULL)
        *minor = VERSION_MINOR;
    if (patch != NULL)
        *patch = 6;
    sim_leave(status);
}

const char *cnnlGetErrorString(cnnlStatus_t status) {
    static const char *const texts[] = {"CNNL_STATUS_SUCCESS", "CNNL_STATUS_NOT_INITIALIZED",
        "CNNL_STATUS_ALLOC_FAILED", "CNNL_STATUS_BAD_PARAM", "CNNL_STATUS_INTERNAL_ERROR",
        "CNNL_STATUS_ARCH_MISMATCH", "CNNL_STATUS_EXECUTION_FAILED", "CNNL_STATUS_NOT_SUPPORTED",
        "CNNL_STATUS_NUMERICAL_OVERFLOW"};
    return status >= 0 && (size_t)status < sizeof texts / sizeof *texts ? texts[status] : "unknown status";
}

cnnlStatus_t cnnlCreate(cnnlHandle_t *handle) {
    cnnlStatus_t status = cnnl_enter(__func__);
    int device = mlu_current();
    if (status == CNNL_STATUS_SUCCESS && handle == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS && device < 0)
        status = CNNL_STATUS_NOT_INITIALIZED;
    if (status == CNNL_STATUS_SUCCESS) {
        void *object;
        *handle = sim_handle_make(CNNL_HANDLE, sizeof(cnnl_handle), &object);
        *(cnnl_handle *)object = (cnnl_handle){.device = device};
    }
    return cnnl_leave(status);
}

cnnlStatus_t cnnlDestroy(cnnlHandle_t handle) {
    return cnnl_destroy(__func__, CNNL_HANDLE, handle);
}

sim_stream *cnnl_stream(const cnnl_handle *handle) {
    if ((uintptr_t)handle->queue <= 2)
        return sim_stream_default(handle->device);
    int device = -1;
    sim_stream *stream = mlu_stream(handle->queue, &device);
    return device == handle->device ? stream : NULL;
}

cnnlStatus_t cnnlSetQueue(cnnlHandle_t handle, cnrtQueue_t queue) {
    cnnl_handle *context;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status == CNNL_STATUS_SUCCESS) {
        cnrtQueue_t old = context->queue;
        context->queue = queue;
        if (cnnl_stream(context) == NULL) {
            context->queue = old;
            status = CNNL_STATUS_BAD_PARAM;
        }
    }
    return cnnl_leave(status);
}

cnnlStatus_t cnnlGetQueue(cnnlHandle_t handle, cnrtQueue_t *queue) {
    cnnl_handle *context;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status == CNNL_STATUS_SUCCESS && queue == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *queue = context->queue;
    return cnnl_leave(status);
}

cnnlStatus_t cnnl_enqueue(const cnnl_handle *handle, const sim_work *work) {
    sim_stream *stream = cnnl_stream(handle);
    if (stream == NULL)
        return CNNL_STATUS_BAD_PARAM;
    sim_stream_enqueue(stream, work);
    return CNNL_STATUS_SUCCESS;
}
