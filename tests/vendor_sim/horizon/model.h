/*
 * Simulated compiled models. A file is a text:
 *
 *     bin-sim 1                 first
 *     model NAME                begins a model; there may be several
 *     march TEXT                chips that it is for: refused unless it is that of the setting `march`
 * (bayes) input NAME TYPE EXTENTS [KEY=VALUE...]     TYPE as f32, s8, nv12; EXTENTS as 1,3,8,8 output NAME
 * TYPE EXTENTS [KEY=VALUE...]    its elements are those of input 0, over and over, times a factor; what pads
 * them is written, too flop COUNT                of a run
 *
 * Keys: aligned=EXTENTS (as the extents), layout=nchw|nhwc|none (nchw; a number is told as it is),
 * bytes=COUNT told, stride=BYTES,... told (by the aligned extents), factor=NUMBER (1), quant=shift:N|scale:X.
 */
#ifndef TESTS_VENDOR_SIM_HORIZON_MODEL_H
#define TESTS_VENDOR_SIM_HORIZON_MODEL_H

#include "tests/vendor_sim/horizon/bpu.h"

enum { HZ_PORTS_MAX = 8, HZ_MODELS_MAX = 4 };

/** A type: its name in a text, its number (-1: none in this generation), what it is in arithmetic. */
typedef struct hz_type {
    const char *name;
    int32_t number;
    uint32_t dtype, bytes;
} hz_type;

typedef struct hz_port {
    char name[64];
    const hz_type *type;
    int32_t rank, layout;
    int64_t dim[HZ_RANK], aligned[HZ_RANK], stride[HZ_RANK], bytes;
    double factor;
    uint8_t shift;
    float scale;
    int32_t quantisation;
} hz_port;

typedef struct hz_model {
    char name[64], march[32];
    hz_port in[HZ_PORTS_MAX], out[HZ_PORTS_MAX];
    int32_t n_in, n_out;
    double flop;
} hz_model;

/** All models of a file; handle: of each. */
typedef struct hz_pack {
    hz_model model[HZ_MODELS_MAX];
    void *handle[HZ_MODELS_MAX];
    const char *name[HZ_MODELS_MAX];
    int32_t models;
} hz_pack;

/** Read a text that ends with NUL; false: it is no file of models. */
bool hz_text_read(char *text, hz_pack *out_pack);

/** The model of a handle, NULL with misuse if there is none.. */
const hz_model *hz_model_of(void *handle);

/** An element's value, and back. */
double hz_element_get(const hz_type *type, const unsigned char *from);
void hz_element_set(const hz_type *type, unsigned char *to, double value);

#endif
