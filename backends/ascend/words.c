/* Codes as statuses and words. */
#include "backends/ascend/words.h"

#include <stdio.h>
#include <string.h>

#include "backends/ascend/library.h"
#include "backends/ascend/numbers.h"

typedef struct code_row {
    int code;
    sy_status status;
    const char *words;
} code_row;

/* After a fault of a kernel the context is of no use any more. */
static const code_row rows[] = {{100000, SY_INTERNAL, "invalid parameter"},
    {100001, SY_INTERNAL, "not initialised"}, {107000, SY_INTERNAL, "invalid parameter of the runtime"},
    {107001, SY_INTERNAL, "no such device"},
    {ACL_CONTEXT_NULL, SY_INTERNAL, "no device is set on this thread"},
    {107003, SY_INTERNAL, "a stream of another context"},
    {107006, SY_INTERNAL, "the event has no time stamp"},
    {107007, SY_INTERNAL, "the events are the wrong way round"}, {107019, SY_TIMEOUT, "waited too long"},
    {107020, SY_TIMEOUT, "the task took too long"}, {ACL_BAD_ALLOC, SY_OUT_OF_MEMORY, "no memory"},
    {ACL_API_UNSUPPORTED, SY_UNSUPPORTED, "not supported"},
    {ACL_FEATURE_UNSUPPORTED, SY_UNSUPPORTED, "not supported"},
    {ACL_RT_FEATURE_UNSUPPORTED, SY_UNSUPPORTED, "not supported"},
    {ACL_NO_MEMORY, SY_OUT_OF_MEMORY, "no device memory"}, {ACL_NO_DEVICE, SY_UNAVAILABLE, "no device"},
    {ACL_NO_EVENT, SY_OUT_OF_MEMORY, "no more events"}, {ACL_NO_STREAM, SY_OUT_OF_MEMORY, "no more streams"},
    {ACL_DEVICE_OOM, SY_OUT_OF_MEMORY, "no device memory"},
    {300000, SY_OUT_OF_MEMORY, "storage over its limit"}, {500000, SY_INTERNAL, "internal error"},
    {500003, SY_INTERNAL, "the runtime failed"}, {500004, SY_INTERNAL, "the driver failed"},
    {507014, SY_LOST, "AI core timed out"}, {507015, SY_LOST, "AI core exception"},
    {507016, SY_LOST, "AI core trap"}, {507018, SY_LOST, "AI CPU exception"},
    {507035, SY_LOST, "vector core exception"}, {507046, SY_LOST, "waiting for the stream timed out"},
    {507899, SY_LOST, "the driver failed"},
    {145000, SY_INVALID_ARGUMENT, "an argument about a model is wrong"},
    {145002, SY_INVALID_ARGUMENT, "no model at this path"}, {145003, SY_INTERNAL, "no such model is loaded"},
    {245000, SY_OUT_OF_MEMORY, "no memory for a model"},
    {545001, SY_INVALID_ARGUMENT, "the model cannot be loaded"},
    {545002, SY_INVALID_ARGUMENT, "not an offline model, or a damaged one"},
    {ACLNN_NULL, SY_UNSUPPORTED, "an argument is missing"},
    {ACLNN_INVALID, SY_UNSUPPORTED, "types, extents or formats that the operator does not take"},
    {361001, SY_INTERNAL, "the operator's call of the runtime failed"},
    {ACLNN_NO_KERNEL, SY_UNAVAILABLE,
        "no kernel for this chip: its package of CANN kernels is not installed"},
    {ACLNN_NO_OPP_PATH, SY_UNAVAILABLE, "ASCEND_OPP_PATH is not set: CANN's set_env.sh sets it"},
    {ACLNN_NO_PACKAGE, SY_UNAVAILABLE, "the package of CANN kernels for this chip is not installed"},
    {ASCEND_OWN_NO_MEMORY, SY_OUT_OF_MEMORY, "no host memory"},
    {ASCEND_OWN_NO_FUNCTION, SY_UNSUPPORTED, "the library has no such function"},
    {ASCEND_OWN_NO_OBJECT, SY_OUT_OF_MEMORY, "the library makes no such object"},
    {ASCEND_OWN_WORKSPACE, SY_UNSUPPORTED, "more workspace is wanted than was planned"}};

static const code_row *find(int code) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

/* Inner errors of operators without a row of their own are about what they were asked. */
sy_status ascend_judge(void *stack, int code) {
    (void)stack;
    const code_row *row = find(code);
    if (row != NULL)
        return row->status;
    return code >= 561000 && code <= 561119 ? SY_UNSUPPORTED : SY_INTERNAL;
}

int ascend_code_text(void *stack, int code, char *out_text, size_t capacity) {
    const ascend_libraries *libraries = stack;
    const code_row *row = find(code);
    const char *words = row != NULL ? row->words : "code";
    const char *message = NULL;
    if (code < ASCEND_OWN_NO_MEMORY && libraries->runtime.GetRecentErrMsg != NULL)
        message = libraries->runtime.GetRecentErrMsg();
    if (message == NULL || message[0] == '\0')
        snprintf(out_text, capacity, "%s (%d)", words, code);
    else
        snprintf(out_text, capacity, "%s (%d): %.*s", words, code, (int)strcspn(message, "\r\n"), message);
    return code;
}
