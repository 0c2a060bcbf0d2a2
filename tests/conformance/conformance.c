/*
 * Conformance: every algorithm of every backend solves every case or refuses it with a reason; each result is
 * checked against the definition. Usage: conformance BACKEND [PLUGIN.so]. Prints what really executed; exits
 * 1 on a wrong result that is not a known one of a peer, a refusal without a reason, or when nothing
 * executed; 77 if the backend has no device here.
 *
 * Variables: STEELYARD_ISA, of the cpu backend; STEELYARD_OPENBLAS, STEELYARD_BLIS, STEELYARD_ONEDNN,
 * STEELYARD_CLBLAST and STEELYARD_OPENCL, paths of libraries; STEELYARD_PARAMS, parameters of the device,
 * which is number 0; STEELYARD_CACHE_DIR, where compiled programs are kept; STEELYARD_OWN, without what other
 * libraries and the plain loops compute.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/builtin/builtin.h"
#include "bench/conform/cases.h"
#include "bench/conform/solve.h"
#include "runtime/base/seam.h"
#include "tests/conformance/paths.h"

/* Names that are told apart; the last place takes what does not fit. */
enum { TALLIES = 128 };

/* What became of the cases, by algorithm. */
typedef struct tally {
    char name[64];
    size_t executed, refused, wrong;
    char refusal[256];
} tally;

typedef struct kit {
    sy_job_device on;
    sy_data_block *block;
    const char *backend;
    sy_device_info info;
    tally algorithm[TALLIES];
    size_t algorithms, cases, variants, failures;
} kit;

static tally *find_tally(kit *k, const char *name) {
    for (size_t i = 0; i < k->algorithms; i++)
        if (strcmp(k->algorithm[i].name, name) == 0)
            return &k->algorithm[i];
    tally *fresh = &k->algorithm[k->algorithms < TALLIES - 1 ? k->algorithms++ : TALLIES - 1];
    snprintf(fresh->name, sizeof fresh->name, "%s", name);
    return fresh;
}

static void fail(kit *k, const char *text, const char *algorithm, const char *why) {
    if (k->failures++ < 40)
        printf("FAIL %s by %s: %s\n", text, algorithm, why);
}

/* Algorithms of other libraries and the plain loops: they execute none of our register kernels. */
static bool is_foreign(const char *name) {
    static const char *const foreign[] = {"openblas", "onednn", "blis", "clblast", "reference"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (strcmp(name, foreign[i]) == 0)
            return true;
    return false;
}

/* Every, or on a slow backend each so many: STEELYARD_CASE_STEP, STEELYARD_VARIANT_STEP. */
static size_t step_of(const char *variable) {
    const char *text = getenv(variable);
    const unsigned long step = text != NULL ? strtoul(text, NULL, 10) : 1;
    return step > 0 ? step : 1;
}

/* Where only the kernels differ from another run, only they are of interest; of variants, each so many of all
 * that were met. */
static bool is_left_out(kit *k, const sy_candidate *candidate) {
    if (is_foreign(candidate->algorithm.name) && getenv("STEELYARD_OWN") != NULL)
        return true;
    bool is_variant = (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
    return is_variant && k->variants++ % step_of("STEELYARD_VARIANT_STEP") != 0;
}

static void try_algorithm(kit *k, const char *text, const char *name) {
    sy_error error = SY_ERROR_INIT;
    tally *counted = find_tally(k, name);
    paths_begin();
    sy_status status = sy_solve_case(&k->on, k->block, text, name, &error);
    paths_end(status == SY_OK && !is_foreign(name));
    if (status == SY_OK) {
        counted->executed++;
        return;
    }
    counted->wrong++;
    if (!sy_solve_is_known(text, name, status))
        fail(k, text, name, error.text[0] != '\0' ? error.text : sy_status_name(status));
}

static void refuse(kit *k, const char *text, const sy_candidate *candidate) {
    tally *counted = find_tally(k, candidate->algorithm.name);
    counted->refused++;
    if (candidate->reason[0] == '\0')
        fail(k, text, candidate->algorithm.name, "refused without a reason");
    snprintf(counted->refusal, sizeof counted->refusal, "%s", candidate->reason);
}

static void run_case(kit *k, size_t index, sy_candidates *candidates) {
    char text[SY_CASE_TEXT_MAX];
    sy_error error = SY_ERROR_INIT;
    sy_case_text(index, text);
    sy_status status = sy_solve_candidates(&k->on, text, candidates, &error);
    if (status != SY_OK) {
        fail(k, text, "none", error.text);
        return;
    }
    k->cases++;
    for (uint32_t i = 0; i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        if (is_left_out(k, candidate))
            continue;
        if (candidate->status == SY_OK)
            try_algorithm(k, text, candidate->algorithm.name);
        else
            refuse(k, text, candidate);
    }
}

static const char *option(void *ctx, const char *key) {
    (void)ctx;
    char name[80] = "STEELYARD_";
    size_t length = strlen(name);
    if (strcmp(key, "threads") == 0)
        return "2";
    for (const char *from = strncmp(key, "lib.", 4) == 0 ? key + 4 : key; *from != '\0'; from++)
        if (length + 1 < sizeof name)
            name[length++] = (char)(*from >= 'a' && *from <= 'z' ? *from - 'a' + 'A' : *from);
    name[length] = '\0';
    return getenv(name);
}

static sy_status open_kit(kit *k, sy_registry *registry, const char *backend, sy_error *err) {
    sy_backend_ref found;
    sy_status status = sy_registry_backend(registry, backend, &found, err);
    if (status != SY_OK)
        return status;
    k->backend = backend;
    k->on = (sy_job_device){.api = found.api, .clock = sy_clock_host()};
    k->info.size = sizeof k->info;
    const char *params = getenv("STEELYARD_PARAMS");
    status = found.api->device->open(found.backend, 0, params != NULL ? params : "", &k->on.device, err);
    if (status == SY_OK)
        status = found.api->queue->create(k->on.device, &k->on.queue, err);
    if (status == SY_OK)
        status = found.api->device->info(k->on.device, &k->info, err);
    return status == SY_OK ? sy_data_block_create(SY_DATA_UNIFORM, 1, &k->block, err) : status;
}

static void close_kit(kit *k) {
    if (k->on.queue != NULL)
        k->on.api->queue->destroy(k->on.queue);
    if (k->on.device != NULL)
        k->on.api->device->close(k->on.device);
    sy_data_block_destroy(k->block);
}

static size_t print_tallies(const kit *k) {
    size_t executed = 0;
    printf("device: %s, isa %s, %zu cases\n", k->info.name, k->info.isa, k->cases);
    for (size_t i = 0; i < k->algorithms; i++) {
        const tally *counted = &k->algorithm[i];
        executed += counted->executed;
        printf("  %-24s executed %5zu  refused %5zu  wrong %zu%s%s\n", counted->name, counted->executed,
            counted->refused, counted->wrong, counted->refusal[0] != '\0' ? "  last refusal: " : "",
            counted->refusal);
    }
    return executed;
}

static int run_all(kit *k) {
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    for (size_t i = 0; candidates != NULL && i < sy_case_count(); i += step_of("STEELYARD_CASE_STEP"))
        run_case(k, i, candidates);
    sy_mem_free(candidates);
    size_t executed = print_tallies(k);
    if (strcmp(k->backend, "cpu") == 0)
        paths_print();
    printf("%zu executed, %zu failed\n", executed, k->failures);
    return executed > 0 && k->failures == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    sy_registry_options options = {
        .builtins = sy_builtins, .builtin_count = sy_builtin_count, .option = option};
    sy_registry *registry = NULL;
    sy_error error = SY_ERROR_INIT;
    kit k = {0};
    if (argc < 2)
        return 2;
    sy_status status = argc > 2 ? sy_registry_create_from_file(&options, argv[2], &registry, &error)
                                : sy_registry_create(&options, &registry, &error);
    if (status == SY_OK)
        status = open_kit(&k, registry, argv[1], &error);
    int result = 1;
    /* A backend that is there and has no device here, not one that is not there. */
    if (status == SY_UNSUPPORTED || (status == SY_UNAVAILABLE && k.backend != NULL)) {
        printf("skipped: %s\n", error.text);
        result = 77;
    } else if (status != SY_OK) {
        printf("cannot open %s: %s\n", argv[1], error.text);
    } else {
        result = run_all(&k);
    }
    close_kit(&k);
    sy_registry_destroy(registry);
    return result;
}
