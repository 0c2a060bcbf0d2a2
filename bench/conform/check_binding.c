/* Bindings: operands and workspaces that do not fit the plan. */
#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"

/* What a binding is made of. */
typedef struct parts {
    sy_span operand[SY_MAX_TENSORS], workspace;
    uint32_t count;
} parts;

static parts take_parts(const conform_small *small) {
    const sy_job *job = &small->job;
    parts p = {.count = job->resolved.problem.n_in + job->resolved.problem.n_out,
        .workspace = {job->workspace, 0, job->workspace != NULL ? job->algorithm.workspace_bytes : 0}};
    for (uint32_t i = 0; i < p.count; i++)
        p.operand[i] = sy_job_span(job, i, 0);
    return p;
}

static void expect_refusal(conform_kit *kit, const conform_small *small, const char *what, const parts *p) {
    sy_error err = SY_ERROR_INIT;
    sy_binding *binding = NULL;
    conform_doing(kit, "binding %s", what);
    sy_status status = kit->on.api->work->binding_create(
        small->job.plan, kit->on.queue, p->operand, p->count, p->workspace, &binding, &err);
    if (status == SY_OK) {
        conform_fail(kit, "%s: accepted, must be refused", what);
        kit->on.api->work->binding_destroy(binding);
    } else {
        CONFORM_REFUSES(kit, what, status, &err, SY_INVALID_ARGUMENT, SY_UNSUPPORTED);
    }
}

/* One operand after the other is spoilt. */
static void spoil_operand(conform_kit *kit, const conform_small *small, uint32_t index) {
    parts p = take_parts(small);
    const sy_span right = p.operand[index];
    bool is_private = (small->job.resolved.tensor[index].layout & SY_LAYOUT_PRIVATE) != 0;
    p.operand[index] = (sy_span){right.buffer, right.offset, is_private ? right.bytes / 2 : right.bytes - 1};
    expect_refusal(kit, small,
        is_private ? "half of an operand in a private layout" : "an operand one byte too short", &p);
    p.operand[index] = (sy_span){right.buffer, UINT64_C(1) << 60, right.bytes};
    expect_refusal(kit, small, "an operand behind the end of its buffer", &p);
    p.operand[index] = (sy_span){right.buffer, UINT64_MAX - 63, right.bytes};
    expect_refusal(kit, small, "an operand whose end wraps", &p);
    p.operand[index] = (sy_span){NULL, 0, right.bytes};
    expect_refusal(kit, small, "an operand without a buffer", &p);
}

void conform_check_bindings(conform_kit *kit, size_t item) {
    conform_small *small = conform_small_open(kit, 16, 0);
    (void)item;
    if (small == NULL)
        return;
    for (uint32_t i = 0; i < take_parts(small).count && conform_is_fine(kit); i++)
        if (small->job.operand[i].buffer != NULL)
            spoil_operand(kit, small, i);
    parts p = take_parts(small);
    p.count--;
    expect_refusal(kit, small, "one operand too few", &p);
    p.count += 2;
    expect_refusal(kit, small, "one operand too many", &p);
    p = take_parts(small);
    uint64_t workspace = p.workspace.bytes;
    if (workspace > 0) {
        p.workspace.bytes--;
        expect_refusal(kit, small, "a workspace one byte too small", &p);
        p.workspace = (sy_span){0};
        expect_refusal(kit, small, "no workspace where one is wanted", &p);
    }
    if (conform_is_fine(kit) && conform_small_poison(kit, small) && conform_small_run(kit, small) &&
        conform_sync(kit))
        conform_small_check(kit, small, "a launch after all the refusals");
    conform_pass(kit, "%s by %s%s", small->text, small->algorithm,
        workspace > 0 ? "" : "; it wants no workspace, so a small one was not tried");
    conform_small_close(small);
}
