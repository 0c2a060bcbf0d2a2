/* Members of JSON objects. */
#include "bench/report/export/json.h"

#include <inttypes.h>
#include <math.h>

#include "bench/fields/json_text.h"

void sy_export_quote(sy_text *out, const char *text) {
    sy_text clean = {0};
    sy_export_clean(&clean, text);
    sy_json_quote(out, clean.data != NULL ? clean.data : "");
    out->failed = out->failed || clean.failed;
    sy_text_release(&clean);
}

void sy_export_member_number(sy_text *out, const char *name, double value) {
    if (!isfinite(value))
        return;
    sy_text_printf(out, ",\"%s\":", name);
    sy_export_number(out, value);
}

void sy_export_member_count(sy_text *out, const char *name, uint64_t value) {
    if (value != SY_NO_COUNT)
        sy_text_printf(out, ",\"%s\":%" PRIu64, name, value);
}

void sy_export_member_text(sy_text *out, const char *name, const char *text) {
    if (text == NULL)
        return;
    sy_text_printf(out, ",\"%s\":", name);
    sy_export_quote(out, text);
}
