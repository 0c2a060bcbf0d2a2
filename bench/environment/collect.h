/* The parts that the facts are collected by; each leaves absent what it cannot read. */
#ifndef STEELYARD_BENCH_ENVIRONMENT_COLLECT_H
#define STEELYARD_BENCH_ENVIRONMENT_COLLECT_H

#include "bench/environment/environment.h"

/** Where facts are read and kept. failed: memory was short. */
typedef struct sy_collector {
    const char *root;
    sy_arena *arena;
    sy_environment *facts;
    bool failed;
} sy_collector;

/** A copy in the arena; NULL gives NULL, and so does "". */
const char *sy_collect_keep(sy_collector *collector, const char *text);

/** Text of a file in the arena, NULL if there is none or it is empty. */
const char *sy_collect_file(sy_collector *collector, const char *path);

/** Number in a file; false if there is none. */
bool sy_collect_number(const sy_collector *collector, const char *path, int64_t *out_value);

/**
 * The value of a "name<spaces>:<spaces>value" line, or of a "name=value" one, into out_value (cut to
 * capacity). False if there is no such line or its value is empty.
 */
bool sy_collect_line(const char *text, const char *name, char separator, char *out_value, size_t capacity);

/** Most CPUs of a list. */
#define SY_CPULIST_MAX 4096u

/** Numbers of a list like "0-3,8"; the count, 0 if it is not one. At most SY_CPULIST_MAX are written. */
size_t sy_cpulist_parse(const char *text, uint32_t out_cpus[SY_CPULIST_MAX]);

void sy_collect_host(sy_collector *collector);
void sy_collect_cpu(sy_collector *collector);
void sy_collect_topology(sy_collector *collector);
void sy_collect_limits(sy_collector *collector);
void sy_collect_build(sy_collector *collector);

#endif
