#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/onnx/onnx.h"
#include "runtime/model/onnx/reader.h"
#include "runtime/model/onnx/schema.h"
#include "steelyard/spec.h"

struct sy_onnx_model {
    sy_net_arena arena;
    sy_onnx_file file;
    bool is_mapped; /* file is ours */
    sy_externals external;
    sy_net_graph *graph;
    sy_onnx_info info;
};

/* From the parsed messages to the graph. */
static sy_status build(
    sy_onnx_model *model, const SyPb__Model *message, const sy_onnx_survey *survey, sy_error *err) {
    sy_externals *external = model->is_mapped ? &model->external : NULL;
    if (message->graph == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "not an ONNX model: it has no graph");
    sy_reader *reader = sy_mem_calloc(1, sizeof *reader);
    if (reader == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the reader");
    reader->arena = &model->arena;
    reader->source = (sy_onnx_source){.arena = &model->arena,
        .bytes = model->file.bytes,
        .survey = survey,
        .external = external,
        .is_mapped = model->is_mapped};
    reader->model = message;
    reader->err = err;
    sy_names_make_key(reader->key);
    sy_status status = sy_reader_keep(reader, message->producer_name, &model->info.producer);
    if (status == SY_OK)
        status = sy_reader_graph(reader, message->graph, NULL, 0, &model->graph);
    if (status == SY_OK)
        status = sy_missing_report(&reader->missing, err);
    sy_net_arena_release(&reader->scratch);
    sy_mem_free(reader);
    return status;
}

static int64_t default_opset(const SyPb__Model *message) {
    for (size_t i = 0; i < message->n_opset_import; i++) {
        const char *domain = sy_reader_text(message->opset_import[i]->domain);
        if (domain[0] == '\0' || strcmp(domain, "ai.onnx") == 0)
            return message->opset_import[i]->version;
    }
    return 0;
}

/* Everything but the bytes, which are there. */
static sy_status make(sy_onnx_model *model, sy_error *err) {
    sy_onnx_survey survey = {0};
    SyPb__Model *message = NULL;
    sy_status status = sy_onnx_survey_make(model->file.bytes, model->file.count, SY_ONNX_MODEL, &survey, err);
    if (status == SY_OK)
        status = sy_schema_model(&survey, &message, err);
    if (status == SY_OK) {
        model->info.ir_version = message->ir_version;
        model->info.opset = default_opset(message);
        model->info.file_bytes = model->file.count;
        status = build(model, message, &survey, err);
    }
    sy_schema_free_model(message);
    sy_onnx_survey_release(&survey);
    sy_externals_close(&model->external);
    return status;
}

static sy_status create(sy_onnx_model **out_model, sy_error *err) {
    *out_model = sy_mem_calloc(1, sizeof **out_model);
    if (*out_model == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a model");
    sy_externals_init(&(*out_model)->external, NULL);
    return SY_OK;
}

/* Either the finished model or nothing. */
static sy_status hand_over(sy_onnx_model *model, sy_status status, sy_onnx_model **out_model) {
    if (status == SY_OK)
        *out_model = model;
    else
        sy_onnx_destroy(model);
    return status;
}

sy_status sy_onnx_load(const char *path, sy_onnx_model **out_model, sy_error *err) {
    sy_onnx_model *model = NULL;
    *out_model = NULL;
    sy_status status = create(&model, err);
    if (status != SY_OK)
        return status;
    sy_externals_init(&model->external, path);
    model->is_mapped = true;
    status = sy_onnx_file_open(path, &model->file, err);
    if (status == SY_OK)
        status = make(model, err);
    if (status != SY_OK)
        sy_error_prefix(err, status, "%s", path);
    model->external.model_path = NULL;
    return hand_over(model, status, out_model);
}

sy_status sy_onnx_read(const void *bytes, size_t byte_count, sy_onnx_model **out_model, sy_error *err) {
    sy_onnx_model *model = NULL;
    *out_model = NULL;
    sy_status status = create(&model, err);
    if (status != SY_OK)
        return status;
    model->file = (sy_onnx_file){bytes, byte_count};
    return hand_over(model, make(model, err), out_model);
}

void sy_onnx_destroy(sy_onnx_model *model) {
    if (model == NULL)
        return;
    sy_net_arena_release(&model->arena);
    sy_externals_release(&model->external);
    if (model->is_mapped)
        sy_onnx_file_unmap(&model->file);
    sy_mem_free(model);
}

void sy_onnx_rest(const sy_onnx_model *model) {
    if (model->is_mapped)
        sy_file_forget(model->file.bytes, model->file.count);
    for (uint32_t i = 0; i < model->external.count; i++)
        sy_file_forget(model->external.file[i].file.bytes, model->external.file[i].file.count);
}

static bool is_inside(const sy_onnx_file *file, const void *bytes, size_t count) {
    const uintptr_t first = (uintptr_t)file->bytes, at = (uintptr_t)bytes;
    return file->bytes != NULL && at >= first && at - first <= file->count &&
           count <= file->count - (at - first);
}

void sy_onnx_rest_weight(const sy_onnx_model *model, const void *bytes, size_t count) {
    bool is_ours = model->is_mapped && is_inside(&model->file, bytes, count);
    for (uint32_t i = 0; i < model->external.count; i++)
        is_ours = is_ours || is_inside(&model->external.file[i].file, bytes, count);
    if (is_ours)
        sy_file_forget(bytes, count);
}

const sy_net_graph *sy_onnx_graph(const sy_onnx_model *model) {
    return model->graph;
}

const sy_onnx_info *sy_onnx_info_get(const sy_onnx_model *model) {
    return &model->info;
}

void sy_onnx_hash(const sy_onnx_model *model, char out_hex[SY_HASH_HEX_MAX]) {
    sy_hash_sha256(model->file.bytes, model->file.count, out_hex);
}
