/* Made-up rows and machines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include "tests/unit/bench/compare/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

rows_spec rows_plain(unsigned n) {
    return (rows_spec){.n = n,
        .threads = 2,
        .device = "cpu",
        .device_name = "EPYC",
        .card = "cpu-0",
        .backend = "cpu",
        .asked = "auto",
        .algorithm = "native",
        .scope = "package",
        .suite = "made",
        .phase = "decode",
        .dtype = "f32:f32:f32:f32",
        .math = "strict",
        .data = "uniform",
        .cache = "weights",
        .delivered = "strict",
        .status = SY_ROW_OK,
        .headline = SY_HEADLINE_HOST,
        .round_ns = {1000.0},
        .rounds = 1,
        .ci95 = 0.01,
        .error_of_bound = 0.1,
        .power_cap_w = NAN,
        .clock_mhz = NAN};
}

static void set_time(const rows_spec *spec, sy_row_round *rounds, sy_row *row) {
    double sum = 0.0;
    row->time.headline = spec->headline;
    for (size_t i = 0; i < spec->rounds; i++) {
        rounds[i] = (sy_row_round){.round = i, .median_ns = spec->round_ns[i]};
        sum += spec->round_ns[i] / (double)spec->rounds;
    }
    sy_row_time *time = spec->headline == SY_HEADLINE_DEVICE ? &row->time.device : &row->time.host;
    time->median_ns = spec->rounds > 0 ? sum : NAN;
    time->ci95_ns[0] = time->median_ns * (1.0 - spec->ci95);
    time->ci95_ns[1] = time->median_ns * (1.0 + spec->ci95);
    row->time.device_believed = SY_TRI_YES;
    row->time.by_round.item = rounds;
    row->time.by_round.count = spec->rounds;
}

static void set_energy(const rows_spec *spec, sy_row_energy *energies, sy_row *row) {
    for (size_t i = 0; i < spec->energies; i++) {
        sy_row_energy *to = &energies[i];
        sy_row_energy_init(to);
        to->source = spec->energy[i].source;
        to->scope = spec->energy[i].scope;
        to->joule_per_run = spec->energy[i].joule;
        to->joule_net_per_run = spec->energy[i].net;
        to->watt = spec->energy[i].joule;
        to->run_per_s = 1.0;
        to->u_random = spec->energy[i].u_random;
        to->u_systematic = spec->energy[i].u_systematic;
        to->valid = sy_tri_of(spec->energy[i].reason == NULL);
        to->reasons.item = &spec->energy[i].reason;
        to->reasons.count = spec->energy[i].reason != NULL;
    }
    row->energy.item = energies;
    row->energy.count = spec->energies;
}

static void set_subject(const rows_spec *spec, sy_row *row) {
    row->request.device = spec->device;
    row->request.algorithm = spec->asked;
    row->subject.backend = spec->backend;
    row->subject.algorithm = spec->algorithm;
    row->subject.device = (sy_row_device){
        .id = spec->device, .name = spec->device_name, .physical_id = spec->card, .scope = spec->scope};
    row->subject.config.threads = spec->threads;
    row->subject.config.tuned = sy_tri_of(spec->is_tuned);
    row->subject.config.explored = spec->explored;
    row->subject.simulated = sy_tri_of(spec->is_simulated);
}

void rows_take(sy_intake *intake, uint32_t run, const rows_spec *spec) {
    static sy_row_round rounds[ROWS_ROUNDS_MAX];
    char problem[256], key[SY_ROW_ID_MAX], subject[SY_ROW_ID_MAX], id[SY_ROW_ID_MAX], name[32];
    sy_row_energy energies[ROWS_ENERGY_MAX];
    sy_row row;
    sy_error err = SY_ERROR_INIT;
    sy_row_init(&row);
    snprintf(problem, sizeof problem, "gemm:m=%u,n=64,k=64,batch=1,dtype=%s,math=%s", spec->n + 1,
        spec->dtype, spec->math);
    snprintf(name, sizeof name, "layer%u", spec->n);
    row.key.problem = problem;
    row.key.data = spec->data;
    row.key.cache = spec->cache;
    row.key.launch = "direct";
    row.process = spec->process;
    row.origin = (sy_row_origin){
        .suite = spec->suite, .phase = spec->phase, .name = spec->name != NULL ? spec->name : name};
    const sy_row_origin also = {.suite = spec->also, .phase = spec->phase, .name = "also"};
    row.also.item = &also;
    row.also.count = spec->also != NULL;
    row.status = spec->status;
    row.reason = spec->reason;
    row.check.math = spec->delivered;
    row.check.verified = sy_tri_of(!spec->is_unverified);
    row.check.max_error = spec->error_of_bound;
    row.check.bound = 1.0;
    row.conditions.power_cap_w = spec->power_cap_w;
    row.conditions.clock_mhz.mean = spec->clock_mhz;
    char pair[SY_ROW_ID_MAX];
    snprintf(pair, sizeof pair, "%016x", spec->pair_n);
    row.pair.id = spec->pair_side != NULL ? pair : NULL;
    row.pair.side = spec->pair_side;
    set_subject(spec, &row);
    set_time(spec, rounds, &row);
    set_energy(spec, energies, &row);
    sy_key_hash(&row, key);
    sy_subject_hash(&row, subject);
    row.key_hash = key;
    row.subject_hash = spec->has_no_subject ? NULL : subject;
    sy_row_id(&row, "0000000000000001", id);
    row.id = id;
    assert_int_equal(sy_intake_row(intake, run, &row, &err), SY_OK);
}

uint32_t rows_run(sy_intake *intake, uint32_t side, const char *run_id, const sy_environment *environment) {
    sy_environment plain;
    uint32_t run;
    sy_error err = SY_ERROR_INIT;
    sy_environment_init(&plain);
    plain.host.name = "lab";
    const sy_environment *used = environment != NULL ? environment : &plain;
    assert_int_equal(sy_intake_run(intake, side, run_id, used, &run, &err), SY_OK);
    return run;
}

double rows_noise_of(const rows_machine *machine, uint64_t seed, unsigned n) {
    sy_random random;
    sy_random_seed(&random, seed, 1000000u + n);
    return machine->low + (machine->high - machine->low) * sy_random_unit(&random);
}

/* A standard deviate of the machine's law. */
static double deviate(const rows_machine *machine, sy_random *random) {
    double value = sy_random_normal(random), squares = 0.0;
    for (int i = 0; i < 4 && machine->tails; i++) {
        double each = sy_random_normal(random);
        squares += each * each;
    }
    return machine->tails ? value / sqrt(squares / 4.0) / sqrt(2.0) : value;
}

void rows_simulate(sy_intake *intake, uint32_t side, const rows_machine *machine, uint64_t seed, uint64_t run,
    unsigned rows, size_t rounds, double slower, int only) {
    sy_random random;
    char run_id[48];
    sy_random_seed(&random, seed, 2000000u + run);
    snprintf(run_id, sizeof run_id, "run-%u-%u", (unsigned)seed, (unsigned)run);
    uint32_t number = rows_run(intake, side, run_id, NULL);
    double common = machine->common * sy_random_normal(&random);
    for (unsigned n = 0; n < rows; n++) {
        rows_spec spec = rows_plain(n);
        double noise = rows_noise_of(machine, seed, n), own = machine->own * sy_random_normal(&random);
        double level =
            log(1000.0 + n) + common + own + (only < 0 || (unsigned)only == n ? log1p(slower) : 0.0);
        double last = deviate(machine, &random);
        spec.suite = n % 3 == 0 ? "first" : "second";
        spec.dtype = n % 2 == 0 ? "f32:f32:f32:f32" : "bf16:bf16:f32:f32";
        spec.rounds = rounds;
        for (size_t r = 0; r < rounds; r++) {
            spec.round_ns[r] = exp(level + noise * last);
            last = machine->phi * last + sqrt(1.0 - machine->phi * machine->phi) * deviate(machine, &random);
        }
        rows_take(intake, number, &spec);
    }
}

int rows_set_up(void **state) {
    static rows_pair made;
    made = (rows_pair){0};
    made.base = rows_run(&made.intake, 0, "base", NULL);
    made.other = rows_run(&made.intake, 1, "new", NULL);
    *state = &made;
    return 0;
}

int rows_tear_down(void **state) {
    rows_pair *pair = *state;
    sy_intake_release(&pair->intake);
    sy_arena_release(&pair->arena);
    return 0;
}

void rows_compare(rows_pair *pair, const sy_comparison_options *options) {
    const sy_comparison_options defaults = {0}, *used = options != NULL ? options : &defaults;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_join_over_time(&pair->intake, 2, &pair->arena, &pair->join, &err), SY_OK);
    assert_int_equal(sy_comparison_make(&pair->join, used, &pair->arena, &pair->comparison, &err), SY_OK);
}

const sy_ratio *rows_ratio(const rows_pair *pair, size_t line, int quantity) {
    return sy_comparison_ratio(&pair->comparison, line, 1, quantity);
}
