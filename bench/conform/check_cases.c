/* Every algorithm of one op and type against the definition; and layouts converted. */
#include <string.h>

#include "bench/conform/cases.h"
#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/solve.h"
#include "runtime/base/seam.h"

/* What a topic may take unless all of it is asked for; so many cases are tried however long they take. */
static const uint64_t TOPIC_NS = UINT64_C(4000000000);
enum { CASES_LEAST = 2, NAMES = 24 };

/* What became of one algorithm; variants count for what they are variants of. */
typedef struct tally {
    char name[64];
    size_t right, wrong, refused, known;
} tally;

typedef struct topic {
    sy_candidates *candidates;
    tally algorithm[NAMES];
    size_t algorithms, cases, executed, wrong, variants;
    char first_wrong[640], refusal[336];
} topic;

static tally *find_tally(topic *t, const char *name) {
    size_t length = strcspn(name, "/");
    for (size_t i = 0; i < t->algorithms; i++)
        if (strncmp(t->algorithm[i].name, name, length) == 0 && t->algorithm[i].name[length] == '\0')
            return &t->algorithm[i];
    tally *fresh = &t->algorithm[t->algorithms < NAMES - 1 ? t->algorithms++ : NAMES - 1];
    snprintf(fresh->name, sizeof fresh->name, "%.*s", (int)length, name);
    return fresh;
}

static void note_wrong(topic *t, const char *text, const char *name, const char *why) {
    if (t->wrong++ == 0)
        snprintf(t->first_wrong, sizeof t->first_wrong, "%s by %s: %.200s", text, name, why);
}

static bool try_candidate(conform_kit *kit, topic *t, const char *text, const sy_candidate *candidate) {
    sy_error err = SY_ERROR_INIT;
    const char *name = candidate->algorithm.name;
    tally *counted = find_tally(t, name);
    if (candidate->status != SY_OK) {
        counted->refused++;
        if (candidate->reason[0] == '\0' || candidate->status == SY_INTERNAL)
            note_wrong(t, text, name,
                candidate->reason[0] != '\0' ? candidate->reason : "refused without a word why");
        snprintf(t->refusal, sizeof t->refusal, "%s by %s", candidate->reason, name);
        return true;
    }
    conform_doing(kit, "solving %s by %s", text, name);
    sy_status status = sy_solve_case(&kit->on, kit->block, text, name, &err);
    bool is_known = sy_solve_is_known(text, name, status);
    t->executed++;
    counted->right += status == SY_OK;
    counted->known += is_known;
    if (status != SY_OK && !is_known) {
        counted->wrong++;
        note_wrong(t, text, name, err.text[0] != '\0' ? err.text : sy_status_name(status));
    }
    return status != SY_LOST;
}

/* Unless all is asked for, one variant of each case, another one each time. */
static bool is_left_out(const conform_kit *kit, topic *t, const sy_candidate *candidate, size_t *seen) {
    if (kit->request->full || (candidate->algorithm.flags & SY_ALGO_VARIANT) == 0)
        return false;
    return (*seen)++ != t->variants;
}

static bool run_case(conform_kit *kit, topic *t, size_t index) {
    char text[SY_CASE_TEXT_MAX];
    sy_error err = SY_ERROR_INIT;
    size_t seen = 0;
    sy_case_text(index, text);
    conform_doing(kit, "asking for the algorithms of %s", text);
    sy_status status = sy_solve_candidates(&kit->on, text, t->candidates, &err);
    t->cases++;
    if (status != SY_OK) {
        note_wrong(t, text, "none", err.text[0] != '\0' ? err.text : sy_status_name(status));
        return status != SY_LOST;
    }
    for (uint32_t i = 0; i < t->candidates->count; i++)
        if (!is_left_out(kit, t, &t->candidates->candidate[i], &seen) &&
            !try_candidate(kit, t, text, &t->candidates->candidate[i]))
            return false;
    t->variants = seen > 0 ? (t->variants + 1) % seen : 0;
    return true;
}

static void judge(conform_kit *kit, const topic *t, size_t of) {
    char text[512];
    size_t at = (size_t)snprintf(text, sizeof text, "%zu of %zu cases", t->cases, of);
    if (t->wrong > 0) {
        conform_fail(kit, "%zu wrong in %zu cases; first: %s", t->wrong, t->cases, t->first_wrong);
        return;
    }
    const char *joint = ":";
    for (size_t i = 0; i < t->algorithms && at < sizeof text; i++) {
        const tally *a = &t->algorithm[i];
        if (a->right + a->known == 0)
            continue;
        at += (size_t)snprintf(text + at, sizeof text - at, "%s %s %zu", joint, a->name, a->right);
        if (a->known > 0 && at < sizeof text)
            at += (size_t)snprintf(
                text + at, sizeof text - at, " (and %zu wrong as that library is known to be)", a->known);
        joint = ",";
    }
    if (t->refusal[0] != '\0' && at < sizeof text)
        snprintf(text + at, sizeof text - at, "; refused, for example: %.250s", t->refusal);
    if (t->executed == 0)
        conform_skip(kit, "not done: %s", t->refusal[0] != '\0' ? t->refusal : "no algorithm is offered");
    else
        conform_pass(kit, "%s", text);
}

/* A step that shares no factor with `count`: the cases in another order, far from each other. */
static size_t stride_of(size_t count) {
    static const size_t primes[] = {37, 41, 43, 47};
    for (size_t i = 0; i < 4; i++)
        if (count % primes[i] != 0)
            return primes[i];
    return 1;
}

void conform_check_cases(conform_kit *kit, size_t item) {
    sy_case_topic cases = sy_case_topic_get(item);
    topic *t = sy_mem_calloc(1, sizeof *t);
    size_t stride = stride_of(cases.count);
    if (t != NULL)
        t->candidates = sy_mem_alloc(sizeof *t->candidates);
    if (t == NULL || t->candidates == NULL) {
        conform_skip(kit, "no host memory");
        sy_mem_free(t);
        return;
    }
    uint64_t begin = sy_clock_raw_ns();
    for (size_t i = 0; i < cases.count; i++) {
        bool is_enough = i >= CASES_LEAST && sy_clock_raw_ns() - begin > TOPIC_NS;
        if (is_enough && !kit->request->full)
            break;
        if (!run_case(kit, t, cases.first + i * stride % cases.count * cases.step))
            break;
    }
    judge(kit, t, cases.count);
    sy_mem_free(t->candidates);
    sy_mem_free(t);
}

static sy_tensor image_of(uint32_t dtype, uint32_t layout) {
    sy_tensor tensor = {
        .size = sizeof tensor, .dtype = dtype, .layout = SY_LAYOUT_STRIDED, .rank = 4, .dim = {2, 5, 7, 3}};
    sy_tensor_set_strides(&tensor, layout);
    return tensor;
}

/* Element (n, c, h, w) of one and the other order. */
static bool orders_agree(const uint8_t *rows, const uint8_t *turned, size_t size) {
    for (size_t n = 0; n < 2; n++)
        for (size_t c = 0; c < 5; c++)
            for (size_t p = 0; p < 21; p++)
                if (memcmp(rows + ((n * 5 + c) * 21 + p) * size, turned + ((n * 21 + p) * 5 + c) * size,
                        size) != 0)
                    return false;
    return true;
}

/* Returns 1 if it was done, 0 if it was refused with words. */
static int turn(conform_kit *kit, uint32_t dtype) {
    sy_error err = SY_ERROR_INIT;
    size_t size = sy_dtype_size(dtype), bytes = 210 * size;
    uint8_t rows[210 * 8], seen[210 * 8] = {0};
    sy_buffer *from = conform_alloc(kit, SY_MEMORY_DEVICE, bytes),
              *to = conform_alloc(kit, SY_MEMORY_DEVICE, bytes);
    const sy_span source = {from, 0, bytes}, target = {to, 0, bytes};
    sy_tensor a = image_of(dtype, SY_IMAGE_NCHW), b = image_of(dtype, SY_IMAGE_NHWC);
    for (size_t i = 0; i < bytes; i++)
        rows[i] = (uint8_t)(1 + i % 61 + i / 61);
    sy_status status = SY_INTERNAL;
    conform_doing(kit, "converting %s from channels first to channels last", sy_dtype_name(dtype));
    if (from != NULL && to != NULL && conform_write(kit, source, rows)) {
        status =
            sy_dispatch_reorder(kit->on.api, kit->on.device, kit->on.queue, &a, source, &b, target, &err);
        if (status != SY_UNSUPPORTED && conform_succeeds(kit, "reorder", status, &err) &&
            conform_read(kit, target, seen) && !orders_agree(rows, seen, size))
            conform_fail(kit, "reorder of %s from channels first to channels last moved elements wrong",
                sy_dtype_name(dtype));
    }
    conform_free(kit, to);
    conform_free(kit, from);
    return status == SY_OK;
}

void conform_check_reorder(conform_kit *kit, size_t item) {
    static const uint32_t dtypes[] = {SY_F32, SY_F16, SY_S8, SY_F64};
    int done = 0;
    (void)item;
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0] && conform_is_fine(kit); i++)
        if ((kit->info.dtypes & SY_DTYPE_BIT(dtypes[i])) != 0)
            done += turn(kit, dtypes[i]);
    if (done == 0)
        conform_skip(kit, "no reorder is offered");
    conform_pass(kit, "channels first to channels last in %d types", done);
}
