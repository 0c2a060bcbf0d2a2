/*
 * Whole networks (tests/fixtures/onnx-light): weights of constants, so that an output checks operators,
 * shapes and order, and little of the numerics. Input: arange(n) / n. light_models FOLDER [NAME...]
 */
#include <stdio.h>
#include <string.h>

#include "runtime/model/exec/reference.h"
#include "runtime/model/onnx/onnx.h"
#include "runtime/model/passes/specialise.h"
#include "tests/model/compare.h"
#include "tests/support/slow.h"

static void fill(sy_net_tensor *tensor) {
    int64_t count = sy_net_elements(tensor);
    for (int64_t i = 0; i < count; i++)
        sy_net_set(tensor, i, (double)i / (double)count);
}

static sy_status run(const char *path, sy_net_arena *arena, sy_net_tensor *out, sy_error *err) {
    sy_onnx_model *model = NULL;
    sy_net_graph *graph = NULL;
    sy_status status = sy_onnx_load(path, &model, err);
    if (status == SY_OK)
        status = sy_net_specialise(sy_onnx_graph(model), NULL, 0, NULL, arena, &graph, err);
    if (status == SY_OK && (graph->n_input != 1 || graph->n_output != 1)) {
        snprintf(err->text, sizeof err->text, "%u inputs and %u outputs", graph->n_input, graph->n_output);
        status = SY_UNSUPPORTED;
    }
    if (status == SY_OK) {
        sy_net_tensor in = graph->value[graph->input[0]].tensor;
        in.data = sy_net_arena_alloc(arena, sy_net_bytes(&in));
        fill(&in);
        status = sy_net_evaluate(graph, &in, 1, out, 1, arena, NULL, err);
    }
    sy_onnx_destroy(model);
    return status;
}

/* True if the network gives what the reference evaluator gave. */
static bool judge(const char *folder, const char *name) {
    char path[1024], reason[256] = "";
    sy_error err = SY_ERROR_INIT;
    sy_net_arena arena = {0};
    sy_net_tensor out = {0}, wanted = {0};
    const char *ignored = NULL;
    snprintf(path, sizeof path, "%s/%s_output_0.pb", folder, name);
    sy_status status = sy_onnx_tensor_load(path, &arena, &ignored, &wanted, &err);
    snprintf(path, sizeof path, "%s/%s.onnx", folder, name);
    if (status == SY_OK)
        status = run(path, &arena, &out, &err);
    bool is_right = status == SY_OK && tensors_agree(&out, &wanted, ONNX_TOLERANCE, reason, sizeof reason);
    printf("%s %s%s%s\n", is_right ? "passed" : "FAILED", name, is_right ? "" : ": ",
        status == SY_OK ? reason : err.text);
    sy_net_arena_release(&arena);
    return is_right;
}

int main(int argc, char **argv) {
    static const char *const names[] = {
        "light_squeezenet", "light_inception_v1", "light_resnet50", "light_vgg19"};
    bool are_right = argc > 1;
    for (int i = 2; i < argc; i++)
        are_right = judge(argv[1], argv[i]) && are_right;
    size_t count = sizeof names / sizeof names[0];
    if (slow_step(SLOW_ADDRESS | SLOW_THREAD | SLOW_EMULATOR, 2) > 1)
        count = 1;
    for (size_t i = 0; argc == 2 && i < count; i++)
        are_right = judge(argv[1], names[i]) && are_right;
    return are_right ? 0 : 1;
}
