/*
 * A real cuDNN without a device: its backend interface answers for the properties of a card that is described
 * in words. The functions given are the library's own; where they are handed a handle, that description takes
 * its place.
 */
#ifndef TESTS_UNIT_BACKENDS_CUDA_FAMILY_GRAPH_LIBRARY_H
#define TESTS_UNIT_BACKENDS_CUDA_FAMILY_GRAPH_LIBRARY_H

#include "backends/cuda_family/graph_choice.h"

/** Tables for an H100. False: there is no such library here, or it cannot do without a device. */
bool graph_library_open(cf_dnn_api *out_api);
/** The library's version, 91900 for 9.19. */
long graph_library_version(void);
/** Whether engines that are compiled when they are planned are offered: they want a driver's library. */
bool graph_library_compiles(void);
/** Descriptors that are alive. */
int graph_library_alive(void);

#endif
