/* The backend on the simulated libraries of Neuware, with short words for what tests do to it. */
#ifndef TESTS_UNIT_BACKENDS_CAMBRICON_WORLD_H
#define TESTS_UNIT_BACKENDS_CAMBRICON_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cambricon/inside.h"
#include "bench/conform/solve.h"
#include "tests/vendor_sim/common/world.h"

/** What the backend is told: a folder for all libraries, and files of single ones ("" or NULL: unset). */
typedef struct world {
    const char *folder, *cnnl, *cndev;
    sy_backend *backend;
    sy_job_device on;
    sy_data_block *block;
    sy_error error;
    char reported[512]; /* "cnrt 6.14.1; cnnl 2.2.6; ": libraries and versions as they were told */
} world;

/** Function of the simulation by name. */
void *world_symbol(const char *name);
#define SIM(name) ((__typeof__(name) *)world_symbol(#name))

/** A new world of a generation ("cambricon", "cambricon_1", "cambricon_early") with these settings, and the
 * backend made in it. */
void world_begin(world *w, const char *generation, const char *settings);

/** The same with device 0 open, and a queue. */
void world_open(world *w, const char *generation, const char *settings);

/** Everything goes: nothing of the libraries may be left, and nothing may have been done wrong. */
void world_end(world *w);

/** Solve a problem by an algorithm, and compare; the test fails if it is not right. */
void world_solve(world *w, const char *problem, const char *algorithm);

/** The problem must be refused by every algorithm, with these words. */
void world_refuse(world *w, const char *problem, const char *words);

/** Whether an algorithm of that name is usable for a problem; its workspace and math. */
bool world_has(world *w, const char *problem, const char *algorithm, sy_algorithm *out_algorithm);

/** Sensor of that kind: false if there is none. */
bool world_sensor(world *w, uint32_t kind, double *out_value);

/** The text has the words, and is one line. */
void world_says(const char *text, const char *words);

#endif
