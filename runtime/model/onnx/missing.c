#include "runtime/model/onnx/missing.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

#define NAME_SHOWN 48 /* of a name that may be long */

void sy_missing_note(sy_missing *missing, const char *domain, const char *name, uint32_t opset) {
    for (uint32_t i = 0; i < missing->count; i++) {
        sy_missing_row *row = &missing->row[i];
        if (row->opset == opset && strcmp(row->name, name) == 0 && strcmp(row->domain, domain) == 0) {
            row->times++;
            return;
        }
    }
    if (missing->count == SY_ONNX_MAX_MISSING)
        missing->unlisted++;
    else
        missing->row[missing->count++] = (sy_missing_row){domain, name, opset, 1};
}

sy_status sy_missing_report(const sy_missing *missing, sy_error *err) {
    char text[420] = "";
    size_t used = 0;
    uint32_t shown = 0;
    if (missing->count == 0)
        return SY_OK;
    for (; shown < missing->count; shown++) {
        const sy_missing_row *row = &missing->row[shown];
        char entry[2 * NAME_SHOWN + 64];
        int length = snprintf(entry, sizeof entry, "%s%.*s%s%.*s (opset %u, %u times)", shown > 0 ? ", " : "",
            NAME_SHOWN, row->domain, row->domain[0] != '\0' ? "." : "", NAME_SHOWN, row->name, row->opset,
            row->times);
        if (length < 0 || used + (size_t)length >= sizeof text)
            break;
        memcpy(text + used, entry, (size_t)length + 1);
        used += (size_t)length;
    }
    uint32_t others = missing->count - shown;
    if (others == 0 && missing->unlisted == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "operators that are not known: %s", text);
    return sy_error_set(err, SY_UNSUPPORTED, "operators that are not known: %s and %u %sothers", text, others,
        missing->unlisted > 0 ? "or more " : "");
}
