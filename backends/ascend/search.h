/* Where CANN's libraries may lie. */
#ifndef BACKENDS_ASCEND_SEARCH_H
#define BACKENDS_ASCEND_SEARCH_H

#include "runtime/base/dynlib.h"
#include "runtime/card/card.h"

/** A library: `option` is its key of sy_host.option() behind "lib." and its name in records. */
typedef struct ascend_library_row {
    const char *option;
    const char *const *names;  /* NULL at the end */
    const char *const *places; /* fixed folders, NULL at the end; NULL: those of a CANN */
} ascend_library_row;

/**
 * Open one and tell the host. In order: the file that the option lib.X names; the folder that the option
 * ascend_folder names, and then no other; lib64 of what ASCEND_HOME_PATH, ASCEND_TOOLKIT_HOME and ASCEND_HOME
 * name; the loader's own search; the folders where installers put CANN. Errors: SY_UNAVAILABLE: it is in
 * none; the text has the folders and the variables.
 */
sy_status ascend_search(
    const sy_backend *backend, const ascend_library_row *row, sy_dynlib *out_library, sy_error *err);

#endif
