/* The catalogue for the devices of a verb. */
#include "bench/verbs/datasheets.h"

#include "runtime/base/error.h"

sy_status sy_datasheets_load(
    const sy_program *program, sy_targets *targets, sy_catalogue *catalogue, sy_error *err) {
    sy_error why = SY_ERROR_INIT;
    sy_logger logger = sy_program_logger(program);
    sy_reference_places places = sy_program_reference(program);
    bool is_wanted = false;
    for (size_t i = 0; i < targets->count; i++)
        is_wanted = is_wanted || sy_datasheet_is_looked_for(&targets->target[i]);
    if (!is_wanted)
        return SY_OK;
    sy_status status = sy_catalogue_load(&places, catalogue, &why);
    if (status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", sy_error_text(&why, status));
    if (status != SY_OK && status != SY_UNAVAILABLE)
        sy_log(&logger, SY_LOG_WARNING, "no data sheets: %s", sy_error_text(&why, status));
    sy_datasheets_find(targets, catalogue);
    return SY_OK;
}
