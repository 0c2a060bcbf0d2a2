/* How the device's convolutions like their images. */
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

bool sy_exec_likes_channels_last(sy_compiled *compiled) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    sy_spec spec;
    sy_problem_storage storage = {0};
    uint32_t index = 0;
    bool is_last = false;
    if (sy_spec_parse("conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1", NULL, &spec, NULL) != SY_OK ||
        sy_spec_problem(&spec, &storage, NULL) != SY_OK)
        return false;
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    if (candidates == NULL)
        return false;
    if (sy_dispatch_candidates(context->ref.api, context->device, &storage.problem, candidates, NULL) ==
            SY_OK &&
        sy_dispatch_choose(candidates, "auto", &index, NULL) == SY_OK)
        is_last = candidates->candidate[index].algorithm.layout[0] == SY_LAYOUT_CHANNELS_LAST;
    sy_mem_free(candidates);
    return is_last;
}
