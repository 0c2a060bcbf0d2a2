/* A data set of a case: input_N.pb and output_N.pb in one folder. */
#ifndef TESTS_MODEL_DATA_SET_H
#define TESTS_MODEL_DATA_SET_H

#include "runtime/model/graph/graph.h"

#define DATA_PORTS_MAX 64u
#define DATA_PATH_MAX 1024u

/** Its tensors, by the numbers of their files. */
typedef struct data_set {
    sy_net_arena arena;
    sy_net_tensor in[DATA_PORTS_MAX], out[DATA_PORTS_MAX];
    const char *in_name[DATA_PORTS_MAX];
    uint32_t n_in, n_out;
} data_set;

/** What is fixed when a network is compiled, to be tried in this order: what an extent hangs on has to be. */
typedef enum bound_values { NO_VALUES, INTEGERS, ALL_VALUES, BOUND_VALUES } bound_values;

/** Read a folder; sy_net_arena_release(&set->arena) at the end, whatever comes back. */
sy_status data_set_load(const char *folder, data_set *out_set, sy_error *err);

/** The tensor for input `index` of the network, by its name, else by its place, of the input's type (test
 * data of before ONNX 1.13 has the bits of bf16 as u16); false if there is none. */
bool data_set_find(
    const data_set *set, const char *name, uint32_t dtype, uint32_t index, sy_net_tensor *out_tensor);

/** Extents of all inputs of the network bound, values of those that `which` says; returns how many. */
uint32_t data_set_bind(const data_set *set, const sy_net_graph *source, bound_values which,
    sy_network_bind bind[DATA_PORTS_MAX]);

#endif
