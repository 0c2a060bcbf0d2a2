/* copy: bytes over the link between host and device, within a device, or between two. */
#include "runtime/op/op.h"

static const sy_op_field fields[] = {
    {.key = "bytes", .kind = SY_FIELD_BYTES, .offset = offsetof(sy_spec, u.copy.bytes), .least = 1},
    {.key = "kind",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, u.copy.kind),
        .name = sy_spec_copy_name,
        .first = SY_COPY_H2D,
        .last = SY_COPY_P2P},
    {.key = "pinned",
        .kind = SY_FIELD_FLAG,
        .offset = offsetof(sy_spec, u.copy.pinned),
        .silent = SY_SILENT_TEXT,
        .fallback = "1"},
};

static sy_status count_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = spec->u.copy.bytes;
    return SY_OK;
}

const sy_op_row sy_op_copy = {
    .op = SY_SPEC_COPY,
    .name = "copy",
    .field = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .bytes = count_bytes,
};
