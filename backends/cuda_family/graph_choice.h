/* Engines for a graph: what cuDNN's heuristics propose, what their notes say, and execution plans. */
#ifndef BACKENDS_CUDA_FAMILY_GRAPH_CHOICE_H
#define BACKENDS_CUDA_FAMILY_GRAPH_CHOICE_H

#include "backends/cuda_family/graph_operations.h"

/** Choices that are kept. */
#define CF_GRAPH_CHOICES 8u

/** An engine with its settings. notes, behavior: bits 1 << CF_GRAPH_TENSOR_CORE, 1 <<
 * CF_GRAPH_RUNTIME_COMPILATION
 * ... `config`: its descriptor, as long as the choices are not freed. */
typedef struct cf_graph_choice {
    void *config;
    int64_t engine;
    uint32_t notes, behavior;
    uint64_t workspace_bytes; /* 0 if it does not tell before it is planned */
} cf_graph_choice;

typedef struct cf_graph_choices {
    cf_graph_choice at[CF_GRAPH_CHOICES];
    uint32_t count;
} cf_graph_choices;

/** Whether it multiplies otherwise than directly (Winograd, FFT), with a larger error. */
bool cf_graph_is_indirect(const cf_graph_choice *choice);

/**
 * Ask for engines, best guess first, those that multiply indirectly behind all others. is_f32: inputs of f32:
 * is_tf32 then wants engines with tensor cores, which round them, and those without otherwise. Engines that
 * round inputs or sums to narrower types are never taken. Returns graph->code: 0 also if there is none.
 */
int cf_graph_ask(cf_graph *graph, bool is_f32, bool is_tf32, cf_graph_choices *out_choices);
void cf_graph_choices_free(const cf_graph *graph, cf_graph_choices *choices);

/** Make it executable, which may compile for seconds. `out_plan` is to be destroyed, also after failures;
 * NULL if there is none. Returns the library's code. */
int cf_graph_plan(
    const cf_graph *graph, const cf_graph_choice *choice, void **out_plan, uint64_t *out_workspace_bytes);

#endif
