/* What usual products and convolutions tell about a device. */
#include <stdio.h>

#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

/* What the device would take for a problem. False: it takes none. */
static bool ask(sy_compiled *compiled, const char *text, sy_algorithm *out_algorithm) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    sy_spec spec;
    sy_problem_storage storage = {0};
    uint32_t index = 0;
    if (sy_spec_parse(text, NULL, &spec, NULL) != SY_OK || sy_spec_problem(&spec, &storage, NULL) != SY_OK)
        return false;
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    if (candidates == NULL)
        return false;
    bool is_done = sy_dispatch_candidates(
                       context->ref.api, context->device, &storage.problem, candidates, NULL) == SY_OK &&
                   sy_dispatch_choose(candidates, "auto", &index, NULL) == SY_OK;
    if (is_done)
        *out_algorithm = candidates->candidate[index].algorithm;
    sy_mem_free(candidates);
    return is_done;
}

bool sy_exec_likes_channels_last(sy_compiled *compiled) {
    sy_algorithm algorithm;
    return ask(compiled, "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1", &algorithm) &&
           algorithm.layout[0] == SY_LAYOUT_CHANNELS_LAST;
}

bool sy_exec_has_products(sy_compiled *compiled, const char *dtype) {
    char product[64], convolution[96];
    sy_algorithm algorithm;
    snprintf(product, sizeof product, "gemm:m=64,n=64,k=64,dtype=%s", dtype);
    snprintf(convolution, sizeof convolution, "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,dtype=%s", dtype);
    return ask(compiled, product, &algorithm) && ask(compiled, convolution, &algorithm);
}
