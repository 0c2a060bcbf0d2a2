/* peak: independent multiply-add chains in registers, the ceiling of a device's arithmetic. */
#include "runtime/op/op.h"
#include "runtime/op/storage.h"

static const sy_op_field fields[] = {
    {.key = "flop", .kind = SY_FIELD_COUNT, .offset = offsetof(sy_spec, u.peak.flop), .least = 1},
    {.key = "dtype", .kind = SY_FIELD_DTYPES, .silent = SY_SILENT_DTYPE},
};

static sy_status count_flop(const sy_spec *spec, uint64_t *out_flop, sy_error *err) {
    (void)err;
    *out_flop = spec->u.peak.flop;
    return SY_OK;
}

static sy_status count_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    (void)spec;
    (void)err;
    *out_bytes = 0;
    return SY_OK;
}

static void make_problem(const sy_spec *spec, sy_problem_storage *storage) {
    const int64_t sums = SY_OP_SUMS;
    sy_storage_add(storage, SY_ROLE_OUTPUT, spec->dtype_acc, 1, &sums);
    storage->attr.peak = (sy_peak_attr){.size = sizeof(sy_peak_attr),
        .dtype_in = spec->dtype_a,
        .dtype_acc = spec->dtype_acc,
        .flop = spec->u.peak.flop};
    sy_storage_finish(storage, SY_OP_PEAK, spec);
}

const sy_op_row sy_op_peak = {
    .op = SY_SPEC_PEAK,
    .name = "peak",
    .field = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .flop = count_flop,
    .bytes = count_bytes,
    .problem = make_problem,
};
