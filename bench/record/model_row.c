/* A model's part of a row as a table of fields. */
#include "bench/record/model_row.h"

#define TEXT(name) SY_TEXT_FIELD(sy_row_model, #name, name)
#define COUNT(name) SY_COUNT_FIELD(sy_row_model, #name, name)
#define F64(name) SY_F64_FIELD(sy_row_model, #name, name, 0.0)

static const sy_field percentile_rows[] = {
    SY_F64_FIELD(sy_row_percentile, "percentile", percentile, 0.0),
    SY_F64_FIELD(sy_row_percentile, "plain_ns", plain_ns, 0.0),
    SY_F64_FIELD(sy_row_percentile, "estimate_ns", estimate_ns, 0.0),
    SY_COUNT_FIELD(sy_row_percentile, "needs", needs),
    SY_COUNT_FIELD(sy_row_percentile, "has", has),
};
static const sy_field_table percentile_fields = SY_FIELD_TABLE(percentile_rows, sy_row_percentile);

static const sy_field split_rows[] = {
    F64(queue_ns),
    F64(in_ns),
    F64(compute_ns),
    F64(out_ns),
    F64(other_ns),
};
static const sy_field_table split_fields = SY_FIELD_TABLE(split_rows, sy_row_model);

static const sy_field model_rows[] = {
    TEXT(unit),
    COUNT(instances),
    COUNT(batch),
    COUNT(query_samples),
    F64(qps),
    F64(bound_ns),
    COUNT(queries),
    COUNT(samples),
    COUNT(runs),
    COUNT(padding),
    COUNT(over),
    F64(duration_ns),
    F64(inference_per_s),
    TEXT(item),
    F64(item_per_s),
    SY_LIST_FIELD(sy_row_model, "percentile", percentile, percentile_fields),
    SY_GROUP_FIELD("split", 0, split_fields),
    SY_TRI_FIELD(sy_row_model, "valid", valid),
    SY_TEXTS_FIELD(sy_row_model, "reasons", reasons),
    SY_TRI_FIELD(sy_row_model, "whole", whole),
    COUNT(steps),
    COUNT(device_steps),
    COUNT(host_steps),
    COUNT(copies),
    COUNT(wide_steps),
    SY_TEXTS_FIELD(sy_row_model, "host_ops", host_ops),
    F64(host_share),
    COUNT(weight_byte),
    COUNT(activation_byte),
    COUNT(peak_rss_byte),
    F64(load_ns),
    COUNT(compared),
    F64(repeated_of_distinct),
};
const sy_field_table sy_row_model_fields = SY_FIELD_TABLE(model_rows, sy_row_model);

bool sy_row_model_is_there(const sy_row_model *model) {
    return model->scenario != NULL;
}
