/* Single problems: none. Whole models alone run here, whose bindings are run through this table. */
#include "backends/onnxruntime/onnxruntime.h"
#include "runtime/task/whole.h"

const sy_work_api ort_work_api = {.size = sizeof(sy_work_api),
    .algorithm = sy_whole_algorithm,
    .layout_bytes = sy_whole_layout_bytes,
    .plan_create = sy_whole_plan_create,
    .plan_destroy = sy_whole_plan_destroy,
    .plan_workspace = sy_whole_plan_workspace,
    .binding_create = sy_whole_binding_create,
    .binding_destroy = ort_binding_destroy,
    .run = ort_binding_run};
