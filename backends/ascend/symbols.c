/* Names of functions. */
#include "backends/ascend/symbols.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/seam.h"

#define RUNTIME(name)                                                                                        \
    { "acl" #name, offsetof(ascend_runtime_api, name), false }
#define RUNTIME_OR_NOT(name)                                                                                 \
    { "acl" #name, offsetof(ascend_runtime_api, name), true }

static const sy_dynlib_symbol runtime_symbols[] = {RUNTIME(Init), RUNTIME_OR_NOT(rtGetVersion),
    RUNTIME_OR_NOT(GetRecentErrMsg), RUNTIME(rtGetDeviceCount), RUNTIME(rtSetDevice),
    RUNTIME_OR_NOT(rtGetDevice), RUNTIME(rtGetSocName), RUNTIME(rtGetMemInfo),
    RUNTIME_OR_NOT(GetDeviceCapability), RUNTIME_OR_NOT(rtGetDeviceInfo), RUNTIME_OR_NOT(rtDeviceGetPCIBusId),
    RUNTIME_OR_NOT(rtGetLogicDevIdByUserDevId), RUNTIME(rtMalloc), RUNTIME(rtFree), RUNTIME(rtMallocHost),
    RUNTIME(rtFreeHost), RUNTIME(rtMemcpy), RUNTIME(rtMemcpyAsync), RUNTIME(rtMemsetAsync),
    RUNTIME(rtCreateStream), RUNTIME_OR_NOT(rtCreateStreamWithConfig), RUNTIME(rtDestroyStream),
    RUNTIME(rtSynchronizeStream), RUNTIME_OR_NOT(rtStreamQuery), RUNTIME(rtStreamWaitEvent),
    RUNTIME(rtCreateEvent), RUNTIME_OR_NOT(rtCreateEventWithFlag), RUNTIME(rtDestroyEvent),
    RUNTIME(rtRecordEvent), RUNTIME_OR_NOT(rtQueryEventStatus), RUNTIME_OR_NOT(rtQueryEvent),
    RUNTIME(rtEventElapsedTime)};

#define BASE(name)                                                                                           \
    { "acl" #name, offsetof(ascend_base_api, name), false }
#define BASE_OR_NOT(name)                                                                                    \
    { "acl" #name, offsetof(ascend_base_api, name), true }

static const sy_dynlib_symbol base_symbols[] = {BASE(CreateTensor), BASE(DestroyTensor), BASE(CreateScalar),
    BASE(DestroyScalar), BASE(CreateIntArray), BASE(DestroyIntArray), BASE_OR_NOT(SetAclOpExecutorRepeatable),
    BASE_OR_NOT(DestroyAclOpExecutor)};

#define MODEL(name)                                                                                          \
    { "acl" #name, offsetof(ascend_model_api, name), false }

static const sy_dynlib_symbol model_symbols[] = {MODEL(mdlLoadFromFile), MODEL(mdlLoadFromMem),
    MODEL(mdlUnload), MODEL(mdlCreateDesc), MODEL(mdlDestroyDesc), MODEL(mdlGetDesc), MODEL(mdlGetNumInputs),
    MODEL(mdlGetNumOutputs), MODEL(mdlGetInputSizeByIndex), MODEL(mdlGetOutputSizeByIndex),
    MODEL(mdlGetInputNameByIndex), MODEL(mdlGetOutputNameByIndex), MODEL(mdlGetInputDims),
    MODEL(mdlGetOutputDims), MODEL(mdlGetInputDataType), MODEL(mdlGetOutputDataType),
    MODEL(mdlGetInputFormat), MODEL(mdlGetOutputFormat), MODEL(mdlCreateDataset), MODEL(mdlDestroyDataset),
    MODEL(mdlAddDatasetBuffer), MODEL(mdlExecuteAsync), MODEL(CreateDataBuffer), MODEL(DestroyDataBuffer)};

#define DCMI(name)                                                                                           \
    { "dcmi_" #name, offsetof(ascend_dcmi_api, name), true }
#define DCMI_2(name)                                                                                         \
    { "dcmi" #name, offsetof(ascend_dcmi_api, name), true }

static const sy_dynlib_symbol dcmi_symbols[] = {DCMI(init), DCMI(get_dcmi_version), DCMI(get_card_list),
    DCMI(get_card_num_list), DCMI(get_device_id_in_card), DCMI(get_device_logic_id),
    DCMI(get_device_phyid_from_logicid), DCMI(get_device_pcie_info_v2), DCMI(get_device_power_info),
    DCMI(mcu_get_power_info), DCMI(get_device_temperature), DCMI(get_device_frequency), DCMI_2(v2_init),
    DCMI_2(v2_get_device_list), DCMI_2(v2_get_device_power_info), DCMI_2(v2_get_device_temperature),
    DCMI_2(v2_get_device_frequency)};

static const char *const operator_names[ASCEND_OPS] = {[ASCEND_OP_MATMUL] = "aclnnMatmul",
    [ASCEND_OP_MM] = "aclnnMm",
    [ASCEND_OP_BATCH_MATMUL] = "aclnnBatchMatMul",
    [ASCEND_OP_ADDMM] = "aclnnAddmm",
    [ASCEND_OP_QUANT_V3] = "aclnnQuantMatmulV3",
    [ASCEND_OP_QUANT_V4] = "aclnnQuantMatmulV4",
    [ASCEND_OP_QUANT_V5] = "aclnnQuantMatmulV5",
    [ASCEND_OP_CONV] = "aclnnConvolution",
    [ASCEND_OP_ADD] = "aclnnAdd",
    [ASCEND_OP_COPY] = "aclnnInplaceCopy"};

sy_status ascend_bind_runtime(const sy_dynlib *library, ascend_runtime_api *out_api, sy_error *err) {
    return sy_dynlib_bind(
        library, runtime_symbols, sizeof runtime_symbols / sizeof runtime_symbols[0], out_api, err);
}

sy_status ascend_bind_base(const sy_dynlib *library, ascend_base_api *out_api, sy_error *err) {
    return sy_dynlib_bind(library, base_symbols, sizeof base_symbols / sizeof base_symbols[0], out_api, err);
}

sy_status ascend_bind_model(const sy_dynlib *library, ascend_model_api *out_api, sy_error *err) {
    return sy_dynlib_bind(
        library, model_symbols, sizeof model_symbols / sizeof model_symbols[0], out_api, err);
}

sy_status ascend_bind_dcmi(const sy_dynlib *library, ascend_dcmi_api *out_api, sy_error *err) {
    return sy_dynlib_bind(library, dcmi_symbols, sizeof dcmi_symbols / sizeof dcmi_symbols[0], out_api, err);
}

void ascend_name_operators(ascend_operator op[ASCEND_OPS]) {
    for (uint32_t i = 0; i < ASCEND_OPS; i++)
        op[i] = (ascend_operator){.name = operator_names[i]};
}

uint32_t ascend_bind_operators(const sy_dynlib *library, ascend_operator op[ASCEND_OPS]) {
    char name[64];
    uint32_t count = 0;
    for (uint32_t i = 0; i < ASCEND_OPS; i++) {
        if (op[i].phase_one == NULL) {
            snprintf(name, sizeof name, "%sGetWorkspaceSize", op[i].name);
            void *one = sy_dl_symbol(library->handle, name), *two = sy_dl_symbol(library->handle, op[i].name);
            if (one != NULL && two != NULL) {
                memcpy(&op[i].phase_one, &one, sizeof one);
                memcpy(&op[i].phase_two, &two, sizeof two);
            }
        }
        count += op[i].phase_one != NULL;
    }
    return count;
}
