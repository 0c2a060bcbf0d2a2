/*
 * Conformance: every algorithm of every backend solves every case or refuses it with a reason; each result is
 * checked against the definition. Usage: conformance BACKEND [PLUGIN.so]. Prints what really executed; exits
 * 1 on a wrong result that is not a known one of a peer, a refusal without a reason, or when nothing
 * executed; 77 if the backend has no device here.
 *
 * Variables: STEELYARD_ISA, of the cpu backend; STEELYARD_OPENBLAS, STEELYARD_BLIS, STEELYARD_ONEDNN,
 * STEELYARD_CLBLAST and STEELYARD_OPENCL, paths of libraries; STEELYARD_PARAMS, parameters of the device,
 * which is number 0; STEELYARD_CACHE_DIR, where compiled programs are kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/builtin/builtin.h"
#include "bench/check/check.h"
#include "bench/worker/job.h"
#include "runtime/base/seam.h"
#include "tests/conformance/cases.h"
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

/* Launch binding 0 once on poisoned memory. */
static sy_status launch_once(const sy_job *job, sy_error *err) {
    const sy_backend_api *api = job->on->api;
    uint32_t output = sy_job_output_tensor(job);
    sy_status status = SY_OK;
    if ((job->algorithm.flags & SY_ALGO_IN_PLACE_C) == 0)
        status = api->memory->fill(job->on->queue, sy_job_span(job, output, 0), 0xff, err);
    else
        status = api->memory->copy(job->on->queue, sy_job_span(job, output, 0), sy_job_span(job, 2, 0), err);
    if (status == SY_OK)
        status = api->work->run(job->binding[0]);
    return status == SY_OK ? api->queue->sync(job->on->queue, UINT64_MAX, err) : status;
}

static sy_status check_output(kit *k, sy_job *job, const void *output, uint64_t bytes, sy_error *err) {
    uint64_t sets[SY_MAX_TENSORS] = {0};
    sy_check_result result;
    sy_check_request request = {.spec = &job->spec,
        .block = k->block,
        .key = job->request->key,
        .seed = 7,
        .set = sets,
        .level = SY_CHECK_FULL,
        .math = job->algorithm.math,
        .algorithm_bound_factor = job->algorithm.bound_factor,
        .output = output,
        .output_bytes = bytes};
    sy_status status = sy_check_run(&request, &result, err);
    if (status != SY_OK || result.status == SY_OK)
        return status;
    snprintf(err->text, sizeof err->text, "%s: %s", sy_status_name(result.status), result.reason);
    return result.status;
}

static sy_status solve(kit *k, sy_job *job, sy_error *err) {
    sy_status status = launch_once(job, err);
    if (status != SY_OK)
        return status;
    uint64_t bytes = sy_job_output_bytes(job);
    void *output = sy_mem_alloc(bytes);
    status = sy_job_read_output(job, 0, output, err);
    if (status == SY_OK)
        status = check_output(k, job, output, bytes, err);
    sy_mem_free(output);
    return status;
}

/* Without VNNI, oneDNN adds pairs of 8-bit products in 16 bits with saturation, and halves weights of
 * convolutions: wrong for the whole range of values, and nothing that could be mended here. */
static bool is_known_of_peer(const sy_job *job, const char *name, sy_status status) {
    return status == SY_WRONG_RESULT && strcmp(name, "onednn") == 0 && !sy_dtype_is_float(job->spec.dtype_a);
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

/* Beside emulated kernels only those are of interest; of variants, each so many of all that were met. */
static bool is_left_out(kit *k, const sy_candidate *candidate) {
#if defined(STEELYARD_EMULATED)
    if (is_foreign(candidate->algorithm.name))
        return true;
#endif
    bool is_variant = (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
    return is_variant && k->variants++ % step_of("STEELYARD_VARIANT_STEP") != 0;
}

static void try_algorithm(kit *k, const char *text, const char *name) {
    sy_error error = SY_ERROR_INIT;
    sy_job_request request = {.problem = text, .algorithm = name, .key = 42, .cache = SY_CACHE_HOT};
    sy_job *job = sy_mem_calloc(1, sizeof *job);
    tally *counted = find_tally(k, name);
    paths_begin();
    sy_status status = sy_job_prepare(job, &k->on, &request, k->block, &error);
    if (status == SY_OK)
        status = solve(k, job, &error);
    paths_end(status == SY_OK && !is_foreign(name));
    if (status == SY_OK) {
        counted->executed++;
    } else {
        counted->wrong++;
        if (!is_known_of_peer(job, name, status))
            fail(k, text, name, error.text[0] != '\0' ? error.text : sy_status_name(status));
    }
    sy_job_release(job);
    sy_mem_free(job);
}

static void refuse(kit *k, const char *text, const sy_candidate *candidate) {
    tally *counted = find_tally(k, candidate->algorithm.name);
    counted->refused++;
    if (candidate->reason[0] == '\0')
        fail(k, text, candidate->algorithm.name, "refused without a reason");
    snprintf(counted->refusal, sizeof counted->refusal, "%s", candidate->reason);
}

static void run_case(kit *k, size_t index, sy_candidates *candidates) {
    char text[CASE_TEXT_MAX];
    sy_spec spec;
    sy_problem_storage storage;
    sy_error error = SY_ERROR_INIT;
    case_text(index, text);
    sy_status status = sy_spec_parse(text, NULL, &spec, &error);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, &error);
    if (status == SY_OK)
        status = sy_dispatch_candidates(k->on.api, k->on.device, &storage.problem, candidates, &error);
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
    for (size_t i = 0; candidates != NULL && i < case_count(); i += step_of("STEELYARD_CASE_STEP"))
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
