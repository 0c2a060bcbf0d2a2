/*
 * Whole networks (tests/fixtures/onnx-light): weights of constants, so that an output checks operators,
 * shapes and order, and little of the numerics. Input: arange(n) / n. light_models FOLDER [-c] [NAME...]; -c:
 * compiled for the processor instead of operator by operator.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/model/exec/network.h"
#include "runtime/model/onnx/onnx.h"
#include "tests/model/case.h"
#include "tests/support/slow.h"

/* The one input of a network: extents that are open are 1. */
static sy_status make_input(const sy_network *network, data_set *set, sy_error *err) {
    const sy_net_graph *graph = sy_onnx_graph(network->model);
    if (graph->n_input != 1) {
        snprintf(err->text, sizeof err->text, "%u inputs", graph->n_input);
        return SY_UNSUPPORTED;
    }
    sy_net_tensor *in = &set->in[0];
    *in = graph->value[graph->input[0]].tensor;
    for (uint32_t i = 0; i < in->rank; i++)
        in->dim[i] = in->dim[i] < 0 ? 1 : in->dim[i];
    in->data = sy_net_arena_alloc(&set->arena, sy_net_bytes(in));
    int64_t count = sy_net_elements(in);
    for (int64_t i = 0; i < count; i++)
        sy_net_set(in, i, (double)i / (double)count);
    set->in_name[0] = "";
    set->n_in = 1;
    return SY_OK;
}

static sy_status run(const char *path, bool is_compiled, data_set *set, sy_net_tensor *out, sy_error *err) {
    sy_network *network = NULL;
    uint32_t count = 0;
    sy_status status = sy_network_load(path, &network, err);
    if (status == SY_OK)
        status = make_input(network, set, err);
    if (status == SY_OK)
        status = (is_compiled ? case_execute : case_evaluate)(network, set, &set->arena, out, &count, err);
    sy_network_destroy(network);
    return status;
}

/* True if the network gives what the reference evaluator gave. */
static bool judge(const char *folder, const char *name, bool is_compiled) {
    static data_set set;
    static sy_net_tensor out[DATA_PORTS_MAX];
    char path[DATA_PATH_MAX], reason[256] = "";
    sy_error err = SY_ERROR_INIT;
    const char *ignored = NULL;
    set = (data_set){0};
    snprintf(path, sizeof path, "%s/%s_output_0.pb", folder, name);
    sy_status status = sy_onnx_tensor_load(path, &set.arena, &ignored, &set.out[0], &err);
    snprintf(path, sizeof path, "%s/%s.onnx", folder, name);
    if (status == SY_OK)
        status = run(path, is_compiled, &set, out, &err);
    bool is_right =
        status == SY_OK && tensors_agree(&out[0], &set.out[0], ONNX_TOLERANCE, reason, sizeof reason);
    printf("%s %s%s%s\n", is_right ? "passed" : "FAILED", name, is_right ? "" : ": ",
        status == SY_OK ? reason : err.text);
    sy_net_arena_release(&set.arena);
    return is_right;
}

int main(int argc, char **argv) {
    static const char *const names[] = {"light_squeezenet", "light_shufflenet", "light_inception_v1",
        "light_inception_v2", "light_densenet121", "light_resnet50", "light_bvlc_alexnet", "light_zfnet512",
        "light_vgg19"};
    size_t count = sizeof names / sizeof names[0];
    if (argc < 2)
        return 2;
    bool is_compiled = argc > 2 && strcmp(argv[2], "-c") == 0, are_right = true;
    int first = is_compiled ? 3 : 2;
    if (slow_step(SLOW_ADDRESS | SLOW_THREAD | SLOW_EMULATOR, 2) > 1)
        count = 2;
    for (int i = first; i < argc; i++)
        are_right = judge(argv[1], argv[i], is_compiled) && are_right;
    for (size_t i = 0; argc == first && i < count; i++)
        are_right = judge(argv[1], names[i], is_compiled) && are_right;
    return are_right ? 0 : 1;
}
