/* The lists of algorithms, as the plugin gives them. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "bench/conform/cases.h"
#include "bench/conform/checks.h"
#include "runtime/base/seam.h"

/* Each so many cases: a number that shares no factor with the lists. */
enum { CASE_STEP = 37 };

/* One list, asked for once. */
typedef struct list {
    uint32_t count;
    sy_algorithm algorithm[SY_MAX_CANDIDATES];
    sy_status status[SY_MAX_CANDIDATES];
} list;

static bool text_ends(const char *text, size_t room) {
    return memchr(text, '\0', room) != NULL;
}

/* What can be said of a candidate alone. NULL: fine. */
static const char *find_flaw(const sy_algorithm *a, sy_status status, const sy_error *err, bool is_newer) {
    if (!text_ends(a->name, sizeof a->name) || a->name[0] == '\0')
        return "has no name, or one that does not end";
    if (!text_ends(a->implementation, sizeof a->implementation))
        return "has an implementation that does not end";
    if (status == SY_UNSUPPORTED)
        return err->text[0] == '\0' ? "is refused without a word why" : NULL;
    if (a->math > SY_MATH_UNKNOWN)
        return "delivers none of SY_MATH_*";
    if (!is_newer && (a->flags & ~(2u * SY_ALGO_VARIANT - 1u)) != 0)
        return "has flags that its ABI version does not have";
    if (!isfinite(a->flop_ratio) || a->flop_ratio < 0.0 || !isfinite(a->bound_factor) ||
        a->bound_factor < 0.0)
        return "has an impossible flop_ratio or bound_factor";
    if (a->n_layout > SY_MAX_TENSORS)
        return "wishes layouts for more tensors than there can be";
    return a->workspace_bytes > UINT64_C(1) << 50 ? "wants an impossible workspace" : NULL;
}

static bool ask(conform_kit *kit, const sy_problem *problem, const char *text, list *out) {
    bool is_newer = kit->found.api->abi_minor > SY_ABI_MINOR;
    for (out->count = 0; out->count < SY_MAX_CANDIDATES; out->count++) {
        sy_error err = SY_ERROR_INIT;
        sy_algorithm *a = &out->algorithm[out->count];
        *a = (sy_algorithm){.size = sizeof *a};
        sy_status status = kit->on.api->work->algorithm(kit->on.device, problem, out->count, a, &err);
        out->status[out->count] = status;
        if (status == SY_UNAVAILABLE)
            return true;
        const char *flaw = NULL;
        if (status != SY_OK && status != SY_UNSUPPORTED)
            conform_fail(kit, "%s: candidate %u: %s: %s", text, out->count, sy_status_name(status), err.text);
        else if ((flaw = find_flaw(a, status, &err, is_newer)) != NULL)
            conform_fail(kit, "%s: candidate %u (%.64s) %s", text, out->count, a->name, flaw);
        if (!conform_is_fine(kit))
            return false;
    }
    sy_algorithm beyond = {.size = sizeof beyond};
    if (kit->on.api->work->algorithm(kit->on.device, problem, out->count, &beyond, NULL) != SY_UNAVAILABLE)
        conform_fail(kit, "%s: more than %u candidates", text, SY_MAX_CANDIDATES);
    return conform_is_fine(kit);
}

static bool same(const sy_algorithm *a, const sy_algorithm *b) {
    return strcmp(a->name, b->name) == 0 && a->id == b->id && a->flags == b->flags && a->math == b->math &&
           a->workspace_bytes == b->workspace_bytes && a->n_layout == b->n_layout &&
           memcmp(a->layout, b->layout, sizeof a->layout) == 0;
}

/* The same twice; usable names once; variants behind all others. */
static void compare(conform_kit *kit, const char *text, const list *one, const list *two) {
    bool had_variant = false;
    if (one->count != two->count)
        conform_fail(kit, "%s: %u candidates, then %u", text, one->count, two->count);
    for (uint32_t i = 0; i < one->count && conform_is_fine(kit); i++) {
        const sy_algorithm *a = &one->algorithm[i];
        bool is_variant = (a->flags & SY_ALGO_VARIANT) != 0;
        if (one->status[i] != two->status[i] || !same(a, &two->algorithm[i]))
            conform_fail(kit, "%s: candidate %u (%s) is another one when asked again", text, i, a->name);
        if (one->status[i] == SY_OK && had_variant && !is_variant)
            conform_fail(kit, "%s: %s comes behind variants; ordinary candidates come first", text, a->name);
        had_variant = had_variant || is_variant;
        for (uint32_t k = 0; k < i; k++)
            if (one->status[i] == SY_OK && one->status[k] == SY_OK &&
                strcmp(a->name, one->algorithm[k].name) == 0)
                conform_fail(kit, "%s: two candidates are named %s", text, a->name);
    }
}

static bool check_one(conform_kit *kit, const char *text, list *one, list *two) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_error err = SY_ERROR_INIT;
    conform_doing(kit, "asking for the algorithms of %s", text);
    sy_status status = sy_spec_parse(text, NULL, &spec, &err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, &err);
    if (!conform_succeeds(kit, text, status, &err))
        return false;
    if (ask(kit, &storage.problem, text, one) && ask(kit, &storage.problem, text, two))
        compare(kit, text, one, two);
    return conform_is_fine(kit);
}

/* An older host's struct: nothing is written behind its size. */
static void check_older(conform_kit *kit) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_algorithm guarded, untouched;
    if (sy_spec_parse("gemm:m=8,n=8,k=8", NULL, &spec, NULL) != SY_OK ||
        sy_spec_problem(&spec, &storage, NULL) != SY_OK)
        return;
    memset(&guarded, 0x5a, sizeof guarded);
    memset(&untouched, 0x5a, sizeof untouched);
    guarded.size = offsetof(sy_algorithm, bound_factor);
    kit->on.api->work->algorithm(kit->on.device, &storage.problem, 0, &guarded, NULL);
    if (memcmp((char *)&guarded + guarded.size, (char *)&untouched + guarded.size,
            sizeof guarded - guarded.size) != 0)
        conform_fail(kit, "algorithm() writes beyond the size of the caller's struct");
}

void conform_check_list(conform_kit *kit, size_t item) {
    list *lists = sy_mem_calloc(2, sizeof *lists);
    size_t asked = 0;
    (void)item;
    if (lists == NULL) {
        conform_skip(kit, "no host memory");
        return;
    }
    for (size_t i = 0; i < sy_case_count(); i += CASE_STEP, asked++) {
        char text[SY_CASE_TEXT_MAX];
        sy_case_text(i, text);
        if (!check_one(kit, text, &lists[0], &lists[1]))
            break;
    }
    if (conform_is_fine(kit))
        check_older(kit);
    sy_mem_free(lists);
    conform_pass(kit, "lists of %zu problems", asked);
}
