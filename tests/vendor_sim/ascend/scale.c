/* Scales as numbers, and packed: the f32 without its last 13 bits, an offset of 9 bits at 37, a mark at 46.
 */
#include "tests/vendor_sim/ascend/scale.h"

#include <math.h>
#include <string.h>

#define SCALE_BITS UINT64_C(0xffffe000)
#define OFFSET_SHIFT 37
#define OFFSET_BITS UINT64_C(0x1ff)
#define MARK (UINT64_C(1) << 46)

static double unpack(uint64_t packed, double *out_offset) {
    uint32_t bits = (uint32_t)(packed & SCALE_BITS);
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    int64_t offset = (int64_t)(packed >> OFFSET_SHIFT & OFFSET_BITS);
    if (out_offset != NULL)
        *out_offset = (double)(offset >= 256 ? offset - 512 : offset);
    return (double)scale;
}

double as_scale_at(const as_tensor *scale, const char *view, int64_t index, double *out_offset) {
    int64_t at = scale->dim[0] == 1 ? 0 : index;
    const char *element = view + at * (int64_t)as_type_bytes(scale->type);
    uint64_t packed;
    if (scale->type != ACL_UINT64 && scale->type != ACL_INT64)
        return as_element_get(scale->type, element);
    memcpy(&packed, element, sizeof packed);
    return unpack(packed, out_offset);
}

static int run(const as_plan *plan, char *const *view) {
    for (int64_t i = 0; i < plan->tensor[2].dim[0]; i++) {
        float scale = (float)as_scale_at(&plan->tensor[0], view[0], i, NULL);
        double offset = view[1] != NULL ? as_scale_at(&plan->tensor[1], view[1], i, NULL) : 0;
        uint32_t bits;
        memcpy(&bits, &scale, sizeof bits);
        uint64_t packed = (bits & SCALE_BITS) | MARK;
        packed |= ((uint64_t)(int64_t)nearbyint(offset) & OFFSET_BITS) << OFFSET_SHIFT;
        memcpy(view[2] + i * (int64_t)sizeof packed, &packed, sizeof packed);
    }
    return 0;
}

static bool is_vector(const as_tensor *tensor, int type) {
    return tensor->type == type && tensor->rank == 1 && as_tensor_is_packed(tensor);
}

aclnnStatus aclnnTransQuantParamV2GetWorkspaceSize(const aclTensor *scale, const aclTensor *offset,
    aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnTransQuantParamV2", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, scale, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, offset, false, true);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, out, true, false);
    const as_tensor *tensor = plan.tensor;
    bool is_wide = tensor[2].type == ACL_UINT64 || tensor[2].type == ACL_INT64;
    if (code == ACLNN_SUCCESS &&
        (!is_vector(&tensor[0], ACL_FLOAT) || !is_wide || !as_tensor_has_shape(&tensor[2], 1, tensor[0].dim)))
        code = as_refuse("scale is a vector of f32, out of as many 64-bit integers");
    if (code == ACLNN_SUCCESS && offset != NULL && !is_vector(&tensor[1], ACL_FLOAT))
        code = as_refuse("offset is a vector of f32");
    plan.run = run;
    return as_plan_end(&plan, code);
}

AS_PHASE_TWO(aclnnTransQuantParamV2) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
