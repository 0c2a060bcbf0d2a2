/* stream: memory rates over f32 operands of `bytes` each: read, triad (A = B + s C), fill. */
#include <inttypes.h>

#include "runtime/base/error.h"
#include "runtime/op/op.h"
#include "runtime/op/storage.h"

static const sy_op_field fields[] = {
    {.key = "bytes", .kind = SY_FIELD_BYTES, .offset = offsetof(sy_spec, u.stream.bytes), .least = 4},
    {.key = "kind",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, u.stream.kind),
        .name = sy_spec_stream_name,
        .first = SY_STREAM_READ,
        .last = SY_STREAM_FILL},
};

/* Operands of `bytes` that each kind reads and writes; a kind that writes none gives sums. */
static const struct {
    uint32_t read, written;
} operands[] = {[SY_STREAM_READ] = {1, 0}, [SY_STREAM_TRIAD] = {2, 1}, [SY_STREAM_FILL] = {0, 1}};

static uint32_t operand_count(uint32_t kind) {
    return operands[kind].read + operands[kind].written;
}

static sy_status validate(const sy_spec *spec, sy_error *err) {
    uint64_t bytes = spec->u.stream.bytes;
    if (bytes % 4 == 0)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "stream: bytes is %" PRIu64 ", must be a multiple of 4 (elements are f32)", bytes);
}

static sy_status count_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    const int64_t factor[] = {operand_count(spec->u.stream.kind), (int64_t)spec->u.stream.bytes};
    return sy_op_product("stream", "the operands' bytes", factor, 2, out_bytes, err);
}

static void make_problem(const sy_spec *spec, sy_problem_storage *storage) {
    uint64_t bytes = spec->u.stream.bytes;
    uint32_t kind = spec->u.stream.kind;
    const int64_t count = (int64_t)(bytes / 4), sums = SY_OP_SUMS;
    for (uint32_t i = 0; i < operands[kind].read; i++)
        sy_storage_add(storage, SY_ROLE_ACTIVATION, SY_F32, 1, &count);
    sy_storage_add(storage, SY_ROLE_OUTPUT, SY_F32, 1, operands[kind].written != 0 ? &count : &sums);
    storage->attr.stream = (sy_stream_attr){
        .size = sizeof(sy_stream_attr), .kind = kind, .operand_count = operand_count(kind), .bytes = bytes};
    sy_storage_finish(storage, SY_OP_STREAM, spec);
}

const sy_op_row sy_op_stream = {
    .op = SY_SPEC_STREAM,
    .name = "stream",
    .field = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .validate = validate,
    .bytes = count_bytes,
    .problem = make_problem,
};
