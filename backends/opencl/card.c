/* Vendors, and what is assumed of their cards. */
#include "backends/opencl/card.h"

#include <string.h>

/* A row a vendor, by a word of its name. merged: compute units as the driver counts them that share a local
 * memory. */
static const struct {
    const char *word;
    double lanes, merged, registers, registers_most;
} vendors[] = {
    {"NVIDIA", 128, 1, 512, 255},
    {"Advanced Micro", 64, 1, 1024, 256},
    {"AMD", 64, 1, 1024, 256},
    {"Intel", 128, 16, 1024, 128}, /* vector engines of 8 lanes, 16 of them around a local memory */
    {"ARM", 32, 1, 2048, 112},
    {"Arm", 32, 1, 2048, 112},
    {"QUALCOMM", 128, 1, 512, 96},
};

static double between(double least, double value, double most) {
    return value < least ? least : value > most ? most : value;
}

ocl_card ocl_card_of(const ocl_traits *traits) {
    ocl_card card = {.units = traits->units,
        .lanes = between(16.0, 4.0 * traits->simd, 128.0),
        .registers = 512.0,
        .registers_most =
            traits->has_local ? 250.0 : 112.0, /* small cards put local memory into the other one */
        .items = 16.0,
        .groups = 16.0,
        .latency = 600.0,
        .local_rate = traits->has_local ? 128.0 : 16.0,
        .cache_rate = 64.0,
        .memory_rate = 12.0,
        .launch = 10000.0};
    for (size_t i = 0; i < sizeof vendors / sizeof vendors[0]; i++)
        if (traits->kind == OCL_GPU && strstr(traits->vendor, vendors[i].word) != NULL) {
            card.units = traits->units > vendors[i].merged ? traits->units / vendors[i].merged : 1.0;
            card.lanes = vendors[i].lanes;
            card.registers = vendors[i].registers;
            card.registers_most = vendors[i].registers_most;
            break;
        }
    return card;
}
