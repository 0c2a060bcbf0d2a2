/* Between web.c and web_meter.c: a connection by a spec. */
#ifndef STEELYARD_ENERGY_WEB_METER_H
#define STEELYARD_ENERGY_WEB_METER_H

#include "bench/energy/web.h"

/**
 * Connect to the device that a spec names. out_web->http is sy_http_close()d by the caller, also after an
 * error. credentials: a file or NULL. Errors: SY_INVALID_ARGUMENT with out_web->name "": the spec is not of
 * the form; else those of the credentials and of sy_http_open().
 */
sy_status sy_web_connect(
    const sy_web_source *source, const char *credentials, const char *spec, sy_web *out_web, sy_error *err);

#endif
