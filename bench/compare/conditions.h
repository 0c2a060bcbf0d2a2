/* What differs between the installations that two columns were measured on. */
#ifndef STEELYARD_BENCH_COMPARE_CONDITIONS_H
#define STEELYARD_BENCH_COMPARE_CONDITIONS_H

#include "bench/compare/join.h"

/* What a difference means. NOTED: a change that is what one compares (version, compiler, algorithm, driver,
 * library): judged and listed. INCONCLUSIVE: the ratio says nothing about the code (how clocks are governed,
 * power cap, CPUs allowed, threads, data, cache). INSTALLATION: another host or card. X(constant, number,
 * name) */
#define SY_CONDITION_LIST(X)                                                                                 \
    X(SY_CONDITION_NOTED, 0, "judged and listed")                                                            \
    X(SY_CONDITION_INCONCLUSIVE, 1, "inconclusive")                                                          \
    X(SY_CONDITION_INSTALLATION, 2, "another installation")
#define SY_CONDITION_ENUMERATOR(constant, number, name) constant = number,
enum { SY_CONDITION_LIST(SY_CONDITION_ENUMERATOR) };
#undef SY_CONDITION_ENUMERATOR

/** One difference: field ("host", "device", "driver", "library onednn", "clock governor", "power cap", ...),
 * all values of both sides, and SY_CONDITION_*. */
typedef struct sy_condition {
    const char *field, *base, *other;
    int kind;
} sy_condition;

/**
 * All differences of a column against the base.
 *
 * statement  NULL, or where host or device differ: "observed ratio of these two installations; unit-to-unit,
 *            room and driver variation not included".
 * inconclusive, installation  how many of each kind.
 */
typedef struct sy_conditions {
    const sy_condition *item;
    size_t count, inconclusive, installation;
    const char *statement;
} sy_conditions;

/** "inconclusive"; "?" if not valid. */
const char *sy_condition_name(int kind);

/**
 * Compare the runs of a column (>= 1) with those of the base. Only fields that both know; of a field with
 * several values all are listed ("560.35 | 570.10"). Across devices, what belongs to the devices (name, power
 * cap, driver, threads) is another installation, never inconclusive.
 *
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_conditions_compare(const sy_intake *intake, const sy_join *join, size_t column, sy_arena *arena,
    sy_conditions *out_conditions, sy_error *err);

#endif
