/* The actions of `steelyard model`. Private to this folder. */
#ifndef STEELYARD_VERBS_MODEL_JOB_H
#define STEELYARD_VERBS_MODEL_JOB_H

#include "bench/networks/look.h"
#include "bench/report/export/out.h"
#include "bench/report/report.h"
#include "bench/verbs/program.h"

/** Where the action's result goes: -o, else standard output. */
sy_status sy_model_out_open(const sy_program *program, sy_out *out_out, sy_error *err);

/** `show` as text for people (cut to the style's columns), and as one JSON object. */
sy_status sy_model_show_text(
    const sy_look *look, const char *path, const sy_report_style *style, sy_text *out, sy_error *err);
sy_status sy_model_show_json(const sy_look *look, const char *path, sy_text *out, sy_error *err);

#endif
