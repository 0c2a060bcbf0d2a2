/*
 * Compiled models of the simulated device: a text of lines, so that tests can write one.
 *
 *     simmodel 1                first, with nothing before it
 *     input NAME TYPE EXTENTS   EXTENTS as 1,3,224,224; ? where one is open; - for a scalar
 *     output NAME copy INPUT    type and extents of that input, and its values
 *     output NAME scale INPUT FACTOR     its values times FACTOR
 *     flop COUNT                arithmetic of a run (0), byte COUNT: its traffic besides inputs and outputs
 * (0)
 *
 * Lines that are empty or begin with # are skipped.
 */
#ifndef STEELYARD_SIM_MODEL_FILE_H
#define STEELYARD_SIM_MODEL_FILE_H

#include "steelyard/backend.h"

enum { SIM_PORTS_MAX = 32, SIM_MODEL_FILE_MAX = 65536 };

/** A port. Of an output: the input that it is made of, and the factor. */
typedef struct sim_port {
    sy_model_port known;
    uint32_t source;
    double factor;
} sim_port;

/** What a file says: inputs first. */
typedef struct sim_model_file {
    sim_port port[SIM_PORTS_MAX];
    uint32_t n_in, n_out;
    uint64_t flop, byte;
} sim_model_file;

/**
 * Read a text of `count` bytes. Errors: SY_INCOMPATIBLE: it is no such text; SY_INVALID_ARGUMENT: with the
 * line and what would be right.
 */
sy_status sim_model_file_read(const char *text, size_t count, sim_model_file *out_file, sy_error *err);

#endif
