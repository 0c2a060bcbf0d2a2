/* Neuware's libraries, opened and bound. */
#ifndef BACKENDS_CAMBRICON_LIBRARY_H
#define BACKENDS_CAMBRICON_LIBRARY_H

#include "backends/cambricon/meter.h"
#include "backends/cambricon/symbols.h"
#include "runtime/card/card.h"

/** A library's version as it tells it; `major` 0: it does not. */
typedef struct cambricon_version {
    int major, minor, patch;
} cambricon_version;

/** What backend->stack and device->stack are. Libraries are never closed: they leave threads behind. */
typedef struct cambricon_libraries {
    cambricon_cnrt cnrt;
    cambricon_cnnl cnnl;
    cambricon_lacks lacks; /* of CNNL */
    sy_status cnnl_status; /* SY_OK; otherwise cnnl_reason says what is missing */
    sy_error cnnl_reason;
    cambricon_version cnrt_version, cnnl_version;
    cambricon_meters *meters; /* CNDEV */
    bool is_simulated;        /* carries the mark of a simulated library */
} cambricon_libraries;

/**
 * Open CNRT, then CNNL and CNDEV, which may be missing. Where each is looked for: the file that the option
 * lib.cnrt (lib.cnnl, lib.cndev) names, and nowhere else; the folder of "cambricon_folder", and nowhere else;
 * NEUWARE_HOME's lib64 and lib; the loader's own search; the folders where Neuware and its driver lie
 * otherwise.
 * Errors: SY_UNAVAILABLE: no CNRT; SY_INCOMPATIBLE: one from before 6; SY_OUT_OF_MEMORY. *out_libraries is
 * to be closed in any case.
 */
sy_status cambricon_libraries_open(sy_backend *backend, cambricon_libraries **out_libraries, sy_error *err);
void cambricon_libraries_close(cambricon_libraries *libraries);

/** Whether CNNL is there with a whole group of functions. SY_UNSUPPORTED with what is missing. */
sy_status cambricon_cnnl_has(const cambricon_libraries *libraries, cambricon_group group, sy_error *err);

#endif
