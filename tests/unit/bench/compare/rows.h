/* Made-up rows for the tests of comparing, and a seeded model of how machines vary. */
#ifndef STEELYARD_TESTS_UNIT_BENCH_COMPARE_ROWS_H
#define STEELYARD_TESTS_UNIT_BENCH_COMPARE_ROWS_H

#include "bench/compare/gate.h"
#include "runtime/base/random.h"

enum { ROWS_ROUNDS_MAX = 64, ROWS_ENERGY_MAX = 2 };

/**
 * A row in a few words; rows_spec() fills in the rest: gemm number n (m = n + 1) of suite "made", auto on a
 * cpu, status ok. also: a second suite. rounds 0: no time. Energy entries are consistent with themselves.
 */
typedef struct rows_spec {
    unsigned n;
    uint64_t process, threads, explored;
    const char *device, *device_name, *card, *backend, *asked, *algorithm, *scope;
    const char *suite, *also, *phase, *name, *dtype, *math, *data, *cache, *reason, *delivered;
    const char *pair_side; /* NULL: in no pair; else pair number pair_n */
    unsigned pair_n;
    bool is_simulated, is_tuned, is_unverified, has_no_subject;
    uint32_t status, headline;
    double round_ns[ROWS_ROUNDS_MAX], ci95, error_of_bound, power_cap_w, clock_mhz;
    size_t rounds, energies;
    struct {
        const char *source, *scope, *reason;
        double joule, net, u_random, u_systematic;
    } energy[ROWS_ENERGY_MAX];
} rows_spec;

/** The plain row number n: one round of 1,000 ns. */
rows_spec rows_plain(unsigned n);

/** Take a row in; fails the test if that fails. */
void rows_take(sy_intake *intake, uint32_t run, const rows_spec *spec);

/** A new run of a side, on host "lab" if `environment` is NULL. */
uint32_t rows_run(sy_intake *intake, uint32_t side, const char *run_id, const sy_environment *environment);

/**
 * How a machine varies, in logs.
 *
 * low, high    each row's noise from round to round is uniform in between.
 * common, own  standard deviations from run to run: what all rows share, what each has alone.
 * phi          autocorrelation of neighbouring rounds. tails: rounds are of Student's law with 4 degrees of
 *              freedom (same deviation).
 */
typedef struct rows_machine {
    double low, high, common, own, phi;
    bool tails;
} rows_machine;

/** Noise of row n of a machine. */
double rows_noise_of(const rows_machine *machine, uint64_t seed, unsigned n);

/**
 * One run of `rows` rows with `rounds` rounds each, two suites and two types, on side `side`. slower: of
 * every row, or of row `only` alone if that is not negative.
 */
void rows_simulate(sy_intake *intake, uint32_t side, const rows_machine *machine, uint64_t seed, uint64_t run,
    unsigned rows, size_t rounds, double slower, int only);

/** Two sides, one run each, and what comes out of them. */
typedef struct rows_pair {
    sy_intake intake;
    sy_arena arena;
    sy_join join;
    sy_comparison comparison;
    uint32_t base, other;
} rows_pair;

/** A test's set up and tear down; *state is a rows_pair. */
int rows_set_up(void **state);
int rows_tear_down(void **state);

/** Join over time and compare; options NULL: the defaults. Fails the test if that fails. */
void rows_compare(rows_pair *pair, const sy_comparison_options *options);

/** The ratio of a line in the first column. */
const sy_ratio *rows_ratio(const rows_pair *pair, size_t line, int quantity);

#endif
