/* Rows of plugs. */
#include "bench/energy/plug.h"

#include "bench/energy/answer.h"

static const double PLUG_GAIN = 0.01;

sy_status sy_plug_add(
    sy_web *web, sy_web_rows *rows, sy_web_row *row, json_t *root, const char *kind, sy_error *err) {
    char shown[64];
    double value = 0.0;
    sy_status status = sy_web_number(row->path, root, row->pointer, &value, err);
    if (status != SY_OK)
        return status;
    double step = sy_answer_step_of(value) * row->scale;
    /* A number that ends in zeros shows fewer digits than there are: what the caller knows to be finer
     * stands. */
    if (!(row->facts.resolution < step))
        row->facts.resolution = step;
    row->facts.gain = PLUG_GAIN;
    sy_answer_copy(shown, sizeof shown, kind);
    sy_web_print(
        row->facts.detail, sizeof row->facts.detail, "class plug: %s; gain of 1 %% is assumed", shown);
    return sy_web_add(web, rows, row, err);
}
