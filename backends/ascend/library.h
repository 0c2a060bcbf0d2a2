/* CANN's libraries, found, opened and bound; and the driver's telemetry. */
#ifndef BACKENDS_ASCEND_LIBRARY_H
#define BACKENDS_ASCEND_LIBRARY_H

#include "backends/ascend/api.h"
#include "backends/ascend/dcmi.h"
#include "backends/ascend/model_api.h"
#include "runtime/card/card.h"

/**
 * What backend->stack and device->stack are. Libraries are never closed, and CANN is never finalised: it may
 * not be started again in this process, and ending it late is what crashes.
 */
typedef struct ascend_libraries {
    ascend_runtime_api runtime;
    ascend_base_api base;
    ascend_operator op[ASCEND_OPS];
    ascend_dcmi dcmi;
    sy_status ops_status; /* SY_UNAVAILABLE with a reason: no operators, the runtime works */
    sy_error ops_reason;
    ascend_model_api model;
    sy_status model_status; /* SY_UNAVAILABLE with a reason: no whole models */
    sy_error model_reason;
    char cann[24];     /* version of CANN, "" unknown */
    bool is_simulated; /* carries the mark of a simulated library */
} ascend_libraries;

/** Numbers of this backend's own beside the vendor's codes. */
enum { ASCEND_OWN_NO_MEMORY = 1000001, ASCEND_OWN_NO_FUNCTION, ASCEND_OWN_NO_OBJECT, ASCEND_OWN_WORKSPACE };

/** Open what is there, start the runtime. SY_UNAVAILABLE: no runtime, or it does not start; the text says
 * what was looked for, where, and what helps. Operators and telemetry may be missing: what they do is refused
 * with their reasons. *out_libraries is to be closed also on errors; NULL: no host memory. */
sy_status ascend_libraries_open(sy_backend *backend, ascend_libraries **out_libraries, sy_error *err);
void ascend_libraries_close(ascend_libraries *libraries);

/** For texts: what a container must be given. */
#define ASCEND_CONTAINER                                                                                     \
    "a container needs --device /dev/davinciN, /dev/davinci_manager, /dev/devmm_svm and /dev/hisi_hdc, and " \
    "the mount "                                                                                             \
    "/usr/local/Ascend/driver"

#endif
