/* What comparing keeps of one row of a record: a copy of its few fields that count, small enough for 100,000
 * of them, with every text kept once. Plain values; not known is absent as in sy_row. */
#ifndef STEELYARD_BENCH_COMPARE_ENTRY_H
#define STEELYARD_BENCH_COMPARE_ENTRY_H

#include "bench/compare/intern.h"
#include "bench/record/row.h"

/** One meter of a row: as in sy_row_energy. reason: why it is not valid, one of them, or NULL. */
typedef struct sy_entry_energy {
    const char *source, *scope, *reason;
    double joule_per_run, joule_net_per_run, u_systematic, u_random;
    bool is_valid;
} sy_entry_energy;

/** One place of a row in a suite. */
typedef struct sy_entry_place {
    const char *suite, *phase, *name;
} sy_entry_place;

/**
 * One row.
 *
 * key, subject     hashes of the row as numbers; subject 0: absent.
 * op, dtype, math  of the problem's string ("gemm", "f32:f32:f32:f32", "strict").
 * asked            algorithm that was asked for ("auto"); algorithm: the one that did the work.
 * explored         candidates that a tuned algorithm was the best of; SY_NO_COUNT: not known.
 * run              place in sy_intake.run, with its host; process: its repeat of the program.
 * card             physical id of the device, NULL if not known.
 * pair, pair_side  id of its pair and 'a' or 'b'; '\0': it is in none. round: then the number of each of its
 *                  rounds, else NULL.
 * place            of the suites it belongs to; none: count 0.
 * round_ns         medians of its rounds by the host's clock; a row without rounds, or with another headline,
 *                  has its median alone (rounds 1). Empty unless has_time: sy_row_has_time().
 * clock_mhz        mean clock of the device under this row.
 * error_of_bound   largest error seen, as a fraction of the bound; delivered: math that was delivered.
 */
typedef struct sy_entry {
    uint64_t key, subject, id, pair;
    const char *problem, *op, *dtype, *math, *data, *cache, *launch;
    const char *device, *asked, *backend, *algorithm, *device_name, *vendor, *scope, *card;
    const char *reason, *delivered, *host;
    uint64_t threads, process, flop, byte, explored;
    uint32_t run, status, headline, checked, rounds;
    bool is_simulated, is_tuned, is_verified, has_time;
    char pair_side;
    double median_ns, ci95_ns[2], error_of_bound, power_cap_w, clock_mhz;
    const double *round_ns;
    const uint32_t *round;
    struct {
        const sy_entry_place *item;
        size_t count;
    } place;
    struct {
        const sy_entry_energy *item;
        size_t count;
    } energy;
} sy_entry;

/** Rounds of a pair are numbered below this. */
#define SY_ENTRY_ROUNDS 100000u

/** Value of a field of a problem's string ("k" of "gemm:m=1,k=8,..." is "8") and its length; NULL: none. */
const char *sy_entry_field(const char *problem, const char *name, size_t *out_bytes);

/**
 * Copy what counts of `row`, belonging to run number `run`.
 *
 * Owns     texts in `texts`, lists in its arena.
 * Errors   SY_INVALID_ARGUMENT: no key_hash, or a hash that is not 16 hex digits; SY_OUT_OF_MEMORY.
 */
sy_status sy_entry_copy(
    const sy_row *row, uint32_t run, sy_intern *texts, sy_entry *out_entry, sy_error *err);

#endif
