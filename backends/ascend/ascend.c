/* The model: its libraries' life, its devices, its ways. */
#include "backends/ascend/ascend.h"

#include "backends/ascend/work.h"

#define WAY(text, number)                                                                                    \
    {                                                                                                        \
        .name = (text), .setting = (number), .does = ascend_way_does, .offer = ascend_way_offer,             \
        .plan = ascend_way_plan, .plan_free = ascend_way_plan_free, .bind = ascend_way_bind,                 \
        .bind_free = ascend_way_bind_free, .run = ascend_way_run                                             \
    }

static const sy_card_way mm = WAY("aclnnMm", ASCEND_RECIPE_MM);
static const sy_card_way mm_hf32 = WAY("aclnnMm/hf32", ASCEND_RECIPE_MM | ASCEND_WAY_HF32);
static const sy_card_way batch = WAY("aclnnBatchMatMul", ASCEND_RECIPE_BATCH_MATMUL);
static const sy_card_way batch_hf32 =
    WAY("aclnnBatchMatMul/hf32", ASCEND_RECIPE_BATCH_MATMUL | ASCEND_WAY_HF32);
static const sy_card_way matmul = WAY("aclnnMatmul", ASCEND_RECIPE_MATMUL);
static const sy_card_way matmul_hf32 = WAY("aclnnMatmul/hf32", ASCEND_RECIPE_MATMUL | ASCEND_WAY_HF32);
static const sy_card_way addmm = WAY("aclnnAddmm", ASCEND_RECIPE_ADDMM);
static const sy_card_way addmm_hf32 = WAY("aclnnAddmm/hf32", ASCEND_RECIPE_ADDMM | ASCEND_WAY_HF32);
static const sy_card_way quant_v4 = WAY("aclnnQuantMatmulV4", ASCEND_RECIPE_QUANT_V4);
static const sy_card_way quant_v3 = WAY("aclnnQuantMatmulV3", ASCEND_RECIPE_QUANT_V3);
static const sy_card_way quant_v5 = WAY("aclnnQuantMatmulV5", ASCEND_RECIPE_QUANT_V5);
static const sy_card_way conv = WAY("aclnnConvolution", ASCEND_RECIPE_CONV);
static const sy_card_way conv_hf32 = WAY("aclnnConvolution/hf32", ASCEND_RECIPE_CONV | ASCEND_WAY_HF32);
static const sy_card_way triad = WAY("aclnnAdd", ASCEND_RECIPE_TRIAD);
static const sy_card_way copy = WAY("aclnnInplaceCopy", ASCEND_RECIPE_COPY);

/* What rounds comes first where it is allowed: it is the faster one. */
static const sy_card_way *const ways[] = {&mm_hf32, &batch_hf32, &matmul_hf32, &addmm_hf32, &mm, &batch,
    &matmul, &addmm, &quant_v4, &quant_v3, &quant_v5, &conv_hf32, &conv, &triad, &copy, &sy_card_way_host,
    NULL};

static sy_status open_stack(sy_backend *backend, sy_error *err) {
    ascend_libraries *libraries = NULL;
    sy_status status = ascend_libraries_open(backend, &libraries, err);
    backend->stack = libraries;
    return status;
}

static void close_stack(sy_backend *backend) {
    ascend_libraries_close(backend->stack);
}

const sy_card_model ascend_model = {.name = "ascend",
    .runtime = &ascend_runtime,
    .open = open_stack,
    .close = close_stack,
    .count = ascend_devices_count,
    .describe = ascend_device_describe,
    .device_open = ascend_device_open,
    .device_close = ascend_device_close,
    .ways = ways,
    .sensor_describe = ascend_sensor_describe,
    .sensor_read = ascend_sensor_read};
