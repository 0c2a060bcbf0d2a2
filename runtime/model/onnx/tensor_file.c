/* Tensors in files of their own: inputs and expected outputs of ONNX's test cases. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/file.h"
#include "runtime/model/onnx/onnx.h"
#include "runtime/model/onnx/read_tensor.h"
#include "runtime/model/onnx/schema.h"

static sy_status read_file(const sy_onnx_file *file, sy_net_arena *arena, const char **out_name,
    sy_net_tensor *out_tensor, sy_error *err) {
    sy_onnx_survey survey = {0};
    SyPb__Tensor *message = NULL;
    sy_status status = sy_onnx_survey_make(file->bytes, file->count, SY_ONNX_TENSOR, &survey, err);
    if (status == SY_OK)
        status = sy_schema_tensor(&survey, &message, err);
    if (status == SY_OK) {
        sy_onnx_source source = {.arena = arena, .bytes = file->bytes, .survey = &survey, .is_copied = true};
        const char *name = message->name != NULL ? message->name : "";
        *out_name = sy_net_arena_text(arena, name, strlen(name));
        status = *out_name == NULL ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for its name")
                                   : sy_onnx_read_tensor(&source, message, out_tensor, err);
    }
    sy_schema_free_tensor(message);
    sy_onnx_survey_release(&survey);
    return status;
}

sy_status sy_onnx_tensor_load(
    const char *path, sy_net_arena *arena, const char **out_name, sy_net_tensor *out_tensor, sy_error *err) {
    sy_onnx_file file;
    *out_name = NULL;
    *out_tensor = (sy_net_tensor){0};
    sy_status status = sy_onnx_file_open(path, &file, err);
    if (status == SY_OK)
        status = read_file(&file, arena, out_name, out_tensor, err);
    sy_onnx_file_unmap(&file);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "%s", path);
}
