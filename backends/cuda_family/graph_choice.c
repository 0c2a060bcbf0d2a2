/* Asking heuristics, and sorting out what they propose. */
#include "backends/cuda_family/graph_choice.h"

#include "backends/cuda_family/graph_numbers.h"

/* Proposals that are looked at: engines without tensor cores come far behind. */
enum { PROPOSALS_MAX = 64, NOTES_MAX = 16 };

static uint32_t bit(int number) {
    return 1u << number;
}

bool cf_graph_is_indirect(const cf_graph_choice *choice) {
    return (choice->notes & (bit(CF_GRAPH_FFT) | bit(CF_GRAPH_WINOGRAD) | bit(CF_GRAPH_WINOGRAD_4X4) |
                                bit(CF_GRAPH_WINOGRAD_6X6) | bit(CF_GRAPH_WINOGRAD_13X13))) != 0;
}

/* Notes of an engine as bits. */
static int read_notes(const cf_graph *graph, void *engine, int name, int type, uint32_t *out_bits) {
    int notes[NOTES_MAX] = {0};
    int64_t count = 0;
    *out_bits = 0;
    int code = graph->api->BackendGetAttribute(engine, name, type, NOTES_MAX, &count, notes);
    for (int64_t i = 0; code == 0 && i < count && i < NOTES_MAX; i++)
        if (notes[i] >= 0 && notes[i] < 32)
            *out_bits |= bit(notes[i]);
    return code;
}

/* What the engine of a proposal is. Who does not tell how it rounds is not taken; the rest is news to older
 * versions. */
static bool describe(const cf_graph *graph, cf_graph_choice *choice) {
    const cf_dnn_api *api = graph->api;
    void *engine = NULL;
    int64_t count = 0, workspace = 0;
    int code = api->BackendCreateDescriptor(CF_GRAPH_ENGINE, &engine);
    if (code != 0)
        return false;
    code = api->BackendGetAttribute(
        choice->config, CF_GRAPH_CONFIG_ENGINE, CF_GRAPH_IS_DESCRIPTOR, 1, &count, &engine);
    if (code == 0)
        code = read_notes(
            graph, engine, CF_GRAPH_ENGINE_NUMERICAL_NOTES, CF_GRAPH_IS_NUMERICAL_NOTE, &choice->notes);
    if (code == 0) {
        (void)read_notes(
            graph, engine, CF_GRAPH_ENGINE_BEHAVIOR_NOTES, CF_GRAPH_IS_BEHAVIOR_NOTE, &choice->behavior);
        (void)api->BackendGetAttribute(
            engine, CF_GRAPH_ENGINE_INDEX, CF_GRAPH_IS_S64, 1, &count, &choice->engine);
        if (api->BackendGetAttribute(
                choice->config, CF_GRAPH_CONFIG_WORKSPACE, CF_GRAPH_IS_S64, 1, &count, &workspace) == 0 &&
            workspace > 0)
            choice->workspace_bytes = (uint64_t)workspace;
    }
    (void)api->BackendDestroyDescriptor(engine);
    return code == 0;
}

/* Tensor cores round f32 to tf32 and nothing else; filters and biases in an order of the library's own are
 * not what we have. */
static bool fits(const cf_graph_choice *choice, bool is_f32, bool is_tf32) {
    const uint32_t rounding = bit(CF_GRAPH_DOWN_CONVERT_INPUTS) | bit(CF_GRAPH_REDUCED_PRECISION);
    bool has_tensor_cores = (choice->notes & bit(CF_GRAPH_TENSOR_CORE)) != 0;
    return (choice->notes & rounding) == 0 && (!is_f32 || has_tensor_cores == is_tf32) &&
           (choice->behavior & (bit(CF_GRAPH_REORDERED_FILTER) | bit(CF_GRAPH_REORDERED_BIAS))) == 0;
}

static bool has_engine(const cf_graph_choices *choices, int64_t engine) {
    for (uint32_t i = 0; i < choices->count; i++)
        if (choices->at[i].engine == engine)
            return true;
    return false;
}

/* The proposals of one heuristic, into `proposal`, which owns them. */
static void propose(cf_graph *graph, int mode, void **proposal, int64_t *out_count) {
    const cf_dnn_api *api = graph->api;
    void *heuristics = NULL;
    *out_count = 0;
    graph->what = "asking for engines";
    graph->code = api->BackendCreateDescriptor(CF_GRAPH_HEURISTICS, &heuristics);
    if (graph->code != 0)
        return;
    int code = api->BackendSetAttribute(
        heuristics, CF_GRAPH_HEURISTICS_OPERATIONS, CF_GRAPH_IS_DESCRIPTOR, 1, &graph->operations);
    if (code == 0)
        code = api->BackendSetAttribute(
            heuristics, CF_GRAPH_HEURISTICS_MODE, CF_GRAPH_IS_HEURISTICS_MODE, 1, &mode);
    if (code == 0)
        code = api->BackendFinalize(heuristics);
    for (int64_t i = 0; code == 0 && i < PROPOSALS_MAX; i++)
        code = api->BackendCreateDescriptor(CF_GRAPH_CONFIG, &proposal[i]);
    if (code == 0)
        code = api->BackendGetAttribute(heuristics, CF_GRAPH_HEURISTICS_RESULTS, CF_GRAPH_IS_DESCRIPTOR,
            PROPOSALS_MAX, out_count, proposal);
    (void)api->BackendDestroyDescriptor(heuristics);
    if (*out_count > PROPOSALS_MAX)
        *out_count = PROPOSALS_MAX;
    graph->code = code;
}

/* Take from the proposals what fits, while there is room; is_new: only engines that are not there yet. */
static void take(const cf_graph *graph, void **proposal, int64_t count, bool is_f32, bool is_tf32,
    bool is_new, cf_graph_choices *direct, cf_graph_choices *indirect) {
    for (int64_t i = 0; i < count; i++) {
        cf_graph_choice choice = {.config = proposal[i], .engine = -1};
        if (!describe(graph, &choice) || !fits(&choice, is_f32, is_tf32))
            continue;
        cf_graph_choices *into = cf_graph_is_indirect(&choice) ? indirect : direct;
        if (into->count >= CF_GRAPH_CHOICES || (is_new && has_engine(into, choice.engine)))
            continue;
        into->at[into->count++] = choice;
        proposal[i] = NULL;
    }
}

static void drop(const cf_graph *graph, void **proposal) {
    for (uint32_t i = 0; i < PROPOSALS_MAX; i++) {
        if (proposal[i] != NULL)
            (void)graph->api->BackendDestroyDescriptor(proposal[i]);
        proposal[i] = NULL;
    }
}

int cf_graph_ask(cf_graph *graph, bool is_f32, bool is_tf32, cf_graph_choices *out_choices) {
    static const int modes[] = {CF_GRAPH_HEURISTICS_A, CF_GRAPH_HEURISTICS_FALLBACK};
    cf_graph_choices indirect = {.count = 0};
    void *proposal[PROPOSALS_MAX] = {0};
    int first_code = 0;
    *out_choices = (cf_graph_choices){.count = 0};
    for (uint32_t i = 0; i < 2 && out_choices->count < CF_GRAPH_CHOICES; i++) {
        int64_t count = 0;
        propose(graph, modes[i], proposal, &count);
        if (graph->code == 0)
            take(graph, proposal, count, is_f32, is_tf32, i > 0, out_choices, &indirect);
        drop(graph, proposal);
        first_code = first_code == 0 ? graph->code : first_code;
    }
    for (uint32_t i = 0; i < indirect.count; i++) {
        if (out_choices->count < CF_GRAPH_CHOICES)
            out_choices->at[out_choices->count++] = indirect.at[i];
        else
            (void)graph->api->BackendDestroyDescriptor(indirect.at[i].config);
    }
    /* One of the two may refuse a graph that the other knows. */
    graph->code = out_choices->count > 0 ? 0 : first_code;
    return graph->code;
}

void cf_graph_choices_free(const cf_graph *graph, cf_graph_choices *choices) {
    for (uint32_t i = 0; i < choices->count; i++) {
        if (choices->at[i].config != NULL)
            (void)graph->api->BackendDestroyDescriptor(choices->at[i].config);
        choices->at[i].config = NULL;
    }
}

int cf_graph_plan(
    const cf_graph *graph, const cf_graph_choice *choice, void **out_plan, uint64_t *out_workspace_bytes) {
    const cf_dnn_api *api = graph->api;
    int64_t count = 0, workspace = 0;
    *out_plan = NULL;
    *out_workspace_bytes = 0;
    int code = api->BackendCreateDescriptor(CF_GRAPH_PLAN, out_plan);
    if (code == 0)
        code =
            api->BackendSetAttribute(*out_plan, CF_GRAPH_PLAN_HANDLE, CF_GRAPH_IS_HANDLE, 1, &graph->handle);
    if (code == 0)
        code = api->BackendSetAttribute(
            *out_plan, CF_GRAPH_PLAN_CONFIG, CF_GRAPH_IS_DESCRIPTOR, 1, &choice->config);
    if (code == 0)
        code = api->BackendFinalize(*out_plan);
    if (code == 0)
        code = api->BackendGetAttribute(
            *out_plan, CF_GRAPH_PLAN_WORKSPACE, CF_GRAPH_IS_S64, 1, &count, &workspace);
    if (code == 0 && workspace > 0)
        *out_workspace_bytes = (uint64_t)workspace;
    return code;
}
