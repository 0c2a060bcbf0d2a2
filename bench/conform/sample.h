/* A whole model that the backend takes, for checks that need one: the user's, or one of the kit's own. */
#ifndef STEELYARD_CONFORM_SAMPLE_H
#define STEELYARD_CONFORM_SAMPLE_H

#include "bench/conform/kit.h"

enum { CONFORM_PORTS_MAX = 64 };

/** A loaded model; inputs that were open have extents of 1. Zero: none. bytes: of each port. */
typedef struct conform_sample {
    sy_model *model;
    uint32_t ports, inputs;
    sy_model_port port[CONFORM_PORTS_MAX];
    uint64_t bytes[CONFORM_PORTS_MAX];
    sy_buffer *buffer[CONFORM_PORTS_MAX];
    sy_binding *binding;
} conform_sample;

/** Load it. False: none is taken, and the check is a skip; or it has failed. */
bool conform_sample_load(conform_kit *kit, conform_sample *out_sample);

/** Fix what is open, and take the ports. False: the check has failed. */
bool conform_sample_take(conform_kit *kit, conform_sample *sample);

/** Memory for every port, zeroed, and a binding to the kit's queue. False: the check has failed. */
bool conform_sample_bind(conform_kit *kit, conform_sample *sample);

/** Run once and wait. False: the check has failed. */
bool conform_sample_run(conform_kit *kit, conform_sample *sample);

/** All that there is goes. */
void conform_sample_close(conform_kit *kit, conform_sample *sample);

/** The operands of a bound sample, in the order of its ports. */
void conform_sample_spans(const conform_sample *sample, sy_span out_span[CONFORM_PORTS_MAX]);

#endif
