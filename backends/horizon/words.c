/* Codes of the libraries as statuses and words. */
#include <string.h>

#include "backends/horizon/library.h"
#include "runtime/base/error.h"

/* hbDNN's codes begin there; the oldest versions count from 1 instead, in the same order. */
enum { DNN_BASE = -6000000, DNN_CODES = 16 };

static const struct {
    int32_t code;
    sy_status status;
    const char *words;
} rows[] = {
    {HORIZON_NO_MEMORY, SY_OUT_OF_MEMORY, "it gave no memory"},
    {HORIZON_NO_OBJECT, SY_INTERNAL, "it says success and gives nothing"},
    {DNN_BASE - 1, SY_INTERNAL, "invalid argument"},
    {DNN_BASE - 2, SY_INVALID_ARGUMENT, "invalid model"},
    {DNN_BASE - 3, SY_OUT_OF_MEMORY, "more models than there may be"},
    {DNN_BASE - 4, SY_INTERNAL, "invalid handle of a pack of models"},
    {DNN_BASE - 5, SY_INTERNAL, "invalid handle of a model"},
    {DNN_BASE - 6, SY_IO, "the file cannot be opened"},
    {DNN_BASE - 7, SY_OUT_OF_MEMORY, "out of memory"},
    {DNN_BASE - 8, SY_TIMEOUT, "timeout"},
    {DNN_BASE - 9, SY_OUT_OF_MEMORY, "more tasks than there may be"},
    {DNN_BASE - 10, SY_INTERNAL, "a task of more parts than there may be"},
    {DNN_BASE - 11, SY_INTERNAL, "invalid handle of a task"},
    {DNN_BASE - 12, SY_INTERNAL, "the task failed"},
    {DNN_BASE - 13, SY_INTERNAL, "the model is running"},
    {DNN_BASE - 14, SY_INVALID_ARGUMENT, "the model is of another version, or for another chip"},
    {DNN_BASE - 15, SY_INTERNAL, "wrong use of the interface"},
    {DNN_BASE - 16, SY_INTERNAL, "wrong use by several processes"},
    {-6000129, SY_INTERNAL, "invalid argument about memory"},
    {-6000130, SY_OUT_OF_MEMORY, "out of memory"},
    {-6000131, SY_INTERNAL, "memory cannot be registered"},
    {-100001, SY_INTERNAL, "invalid argument"},
    {-100002, SY_INTERNAL, "wrong use of the interface"},
    {-100003, SY_INTERNAL, "it does not start"},
    {-200001, SY_OUT_OF_MEMORY, "more tasks than there may be"},
    {-200002, SY_TIMEOUT, "timeout"},
    {-200003, SY_INTERNAL, "the task failed"},
    {-200004, SY_INTERNAL, "invalid handle of a task"},
    {-400001, SY_OUT_OF_MEMORY, "out of memory"},
    {-400003, SY_INTERNAL, "memory cannot be flushed"},
    {-400005, SY_INTERNAL, "memory that is none"},
    {-500001, SY_IO, "the file cannot be opened"},
    {-600001, SY_OUT_OF_MEMORY, "more models than there may be"},
    {-600002, SY_INVALID_ARGUMENT, "invalid model"},
    {-600003, SY_INTERNAL, "the model is in use"},
    {-600004, SY_INVALID_ARGUMENT, "the model is of another version, or for another chip"},
};

/* The library's own words, "" if it has none. */
static const char *own_words(const horizon_library *library, int32_t code) {
    const char *words = NULL;
    if (library->is_ucp && library->ucp.GetErrorDesc != NULL)
        words = library->ucp.GetErrorDesc(code);
    else if (library->model.GetErrorDesc != NULL)
        words = library->model.GetErrorDesc(code);
    return words != NULL ? words : "";
}

sy_status horizon_fail(const horizon_library *library, int32_t code, const char *what, sy_error *err) {
    size_t row = 0;
    const int32_t known = code > 0 && code <= DNN_CODES && !library->is_ucp ? DNN_BASE - code : code;
    if (code == 0)
        return SY_OK;
    while (row < sizeof rows / sizeof rows[0] && rows[row].code != known)
        row++;
    const bool is_known = row < sizeof rows / sizeof rows[0];
    const char *own = own_words(library, code);
    sy_status status =
        sy_error_set(err, is_known ? rows[row].status : SY_INTERNAL, "horizon:0: %s: %s%s%s (%d)", what,
            is_known ? rows[row].words : "failed", own[0] != '\0' ? ": " : "", own, code);
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = code;
    return status;
}
