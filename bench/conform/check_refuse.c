/* Problems that nobody can solve, and error texts of every size. */
#include <stddef.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"

/* A problem that the device solves, resolved, to be spoilt; the copy points into itself. */
typedef struct spoilt {
    sy_problem_storage storage;
    uint64_t id;
} spoilt;

static void copy_problem(spoilt *to, const sy_job *job, bool is_resolved) {
    const sy_problem_storage *from = is_resolved ? &job->resolved : &job->logical;
    to->storage = *from;
    to->storage.problem.tensor = to->storage.tensor;
    to->storage.problem.post = to->storage.problem.n_post > 0 ? to->storage.post : NULL;
    to->storage.problem.attr = &to->storage.attr;
    to->id = job->algorithm.id;
}

static void spoil_op(spoilt *s) {
    s->storage.problem.op = 9999;
}
static void spoil_type(spoilt *s) {
    s->storage.tensor[0].dtype = 200;
}
static void spoil_understanding(spoilt *s) {
    s->storage.problem.must_understand = UINT64_C(1) << 63;
}
static void spoil_rank(spoilt *s) {
    s->storage.tensor[0].rank = SY_MAX_RANK + 1;
}
static void spoil_sign(spoilt *s) {
    s->storage.tensor[0].dim[1] = -5;
    s->storage.tensor[s->storage.problem.n_in].dim[1] = -5;
}
static void spoil_extent(spoilt *s) {
    for (uint32_t i = 0; i < s->storage.problem.n_in + s->storage.problem.n_out; i++)
        for (uint32_t d = 0; d < s->storage.tensor[i].rank; d++)
            s->storage.tensor[i].dim[d] = INT64_MAX / 2;
}
static void spoil_post(spoilt *s) {
    s->storage.post[0] = (sy_post){.kind = 9999, .operand = SY_NO_OPERAND};
    s->storage.problem.post = s->storage.post;
    s->storage.problem.n_post = 1;
}
static void spoil_layout(spoilt *s) {
    s->storage.tensor[0].layout = SY_LAYOUT_PRIVATE | UINT32_C(0x7ffffff1);
}
static void spoil_id(spoilt *s) {
    s->id = UINT64_MAX - 12345;
}
static void spoil_nothing_resolved(spoilt *s) {
    s->storage.tensor[0].layout = SY_LAYOUT_ANY;
}

/* `only_plan`: the list need not know, as it is not told. */
static const struct {
    const char *what;
    void (*spoil)(spoilt *);
    bool only_plan;
} rows[] = {{"an op that does not exist", spoil_op, false}, {"a type that does not exist", spoil_type, false},
    {"a must_understand bit that does not exist", spoil_understanding, false},
    {"a tensor of rank 9", spoil_rank, false}, {"a negative extent", spoil_sign, false},
    {"extents whose product overflows", spoil_extent, false},
    {"a post that does not exist", spoil_post, false},
    {"a private layout that was never offered", spoil_layout, true},
    {"an algorithm id that was never offered", spoil_id, true},
    {"a layout that is still open", spoil_nothing_resolved, true}};

/* A candidate that takes the spoilt problem, if there is one; each refusal needs words. */
static bool is_offered(conform_kit *kit, const char *what, spoilt *s) {
    for (uint32_t i = 0; i < SY_MAX_CANDIDATES && conform_is_fine(kit); i++) {
        sy_error err = SY_ERROR_INIT;
        sy_algorithm algorithm = {.size = sizeof algorithm};
        sy_status status =
            kit->on.api->work->algorithm(kit->on.device, &s->storage.problem, i, &algorithm, &err);
        if (status == SY_UNAVAILABLE)
            return false;
        if (status == SY_OK) {
            s->id = algorithm.id;
            return true;
        }
        CONFORM_REFUSES(kit, what, status, &err, SY_UNSUPPORTED, SY_INVALID_ARGUMENT, SY_OVERFLOW);
    }
    return false;
}

/* A plan that was made all the same must not be bound to spans of one small buffer. */
static void bind_spoilt(conform_kit *kit, const char *what, sy_plan *plan, const spoilt *s) {
    sy_error err = SY_ERROR_INIT;
    sy_binding *binding = NULL;
    sy_buffer *buffer = conform_alloc(kit, SY_MEMORY_DEVICE, 4096);
    sy_span operands[SY_MAX_TENSORS] = {0};
    uint32_t count = s->storage.problem.n_in + s->storage.problem.n_out;
    for (uint32_t i = 0; i < count; i++)
        if ((s->storage.tensor[i].flags & SY_TENSOR_ABSENT) == 0)
            operands[i] = (sy_span){buffer, 0, 4096};
    sy_status status = kit->on.api->work->binding_create(
        plan, kit->on.queue, operands, count, (sy_span){buffer, 0, 4096}, &binding, &err);
    if (status == SY_OK) {
        conform_fail(kit, "%s: accepted by the list, the plan and the binding", what);
        kit->on.api->work->binding_destroy(binding);
    } else {
        CONFORM_REFUSES(kit, what, status, &err, SY_INVALID_ARGUMENT, SY_UNSUPPORTED, SY_OVERFLOW);
    }
    conform_free(kit, buffer);
}

static void plan_spoilt(conform_kit *kit, const char *what, const spoilt *s, bool only_plan) {
    sy_error err = SY_ERROR_INIT;
    sy_plan *plan = NULL;
    sy_status status =
        kit->on.api->work->plan_create(kit->on.device, &s->storage.problem, s->id, &plan, &err);
    if (status != SY_OK)
        CONFORM_REFUSES(
            kit, what, status, &err, SY_INVALID_ARGUMENT, SY_UNSUPPORTED, SY_OVERFLOW, SY_OUT_OF_MEMORY);
    else if (only_plan)
        conform_fail(kit, "%s: plan_create() made a plan of it", what);
    else
        bind_spoilt(kit, what, plan, s);
    if (status == SY_OK)
        kit->on.api->work->plan_destroy(plan);
}

void conform_check_problems(conform_kit *kit, size_t item) {
    conform_small *small = conform_small_open(kit, 8, 0);
    (void)item;
    for (size_t i = 0; small != NULL && i < sizeof rows / sizeof rows[0] && conform_is_fine(kit); i++) {
        spoilt s;
        if (!rows[i].only_plan) {
            copy_problem(&s, &small->job, false);
            rows[i].spoil(&s);
            conform_doing(kit, "asking for the algorithms of %s", rows[i].what);
            is_offered(kit, rows[i].what, &s);
        }
        uint64_t id = rows[i].only_plan ? small->job.algorithm.id : s.id;
        copy_problem(&s, &small->job, true);
        s.id = id;
        rows[i].spoil(&s);
        conform_doing(kit, "planning %s", rows[i].what);
        if (conform_is_fine(kit))
            plan_spoilt(kit, rows[i].what, &s, rows[i].only_plan);
    }
    conform_small_close(small);
    conform_pass(kit, "%zu kinds of them", sizeof rows / sizeof rows[0]);
}

/* Calls that fail, each with the error it is given. */
static void fail_all(conform_kit *kit, sy_error *err) {
    sy_buffer *buffer = NULL;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_device_info info = {.size = sizeof info};
    sy_device *device = NULL;
    sy_plan *plan = NULL;
    sy_tensor tensor = {
        .size = sizeof tensor, .dtype = SY_F32, .layout = SY_LAYOUT_PRIVATE | 0x7ffffff1, .rank = 1};
    sy_problem problem = {.size = sizeof problem, .op = 9999, .tensor = &tensor, .n_out = 1};
    const sy_backend_api *api = kit->on.api;
    const sy_span none = {0};
    api->memory->alloc(kit->on.device, 99, 16, &buffer, err);
    api->memory->alloc(kit->on.device, SY_MEMORY_DEVICE, 0, &buffer, err);
    api->memory->alloc(kit->on.device, SY_MEMORY_DEVICE, UINT64_MAX, &buffer, err);
    api->memory->import(kit->on.device, NULL, 0, &buffer, err);
    api->memory->copy(kit->on.queue, none, none, err);
    api->memory->fill(kit->on.queue, none, 0, err);
    api->device->describe(kit->found.backend, UINT32_MAX, &info, err);
    api->device->open(kit->found.backend, UINT32_MAX, "", &device, err);
    api->device->open(kit->found.backend, kit->request->index, "no_such_parameter=1", &device, err);
    api->work->algorithm(kit->on.device, &problem, 0, &algorithm, err);
    api->work->algorithm(kit->on.device, &problem, UINT32_MAX, &algorithm, err);
    api->work->plan_create(kit->on.device, &problem, UINT64_MAX, &plan, err);
}

void conform_check_errors(conform_kit *kit, size_t item) {
    enum { MARK = 0x5a };
    const uint32_t sizes[] = {sizeof(sy_error), offsetof(sy_error, text) + 24, offsetof(sy_error, text) + 1,
        offsetof(sy_error, text)};
    union {
        sy_error error;
        uint8_t bytes[sizeof(sy_error)];
    } guarded;
    (void)item;
    conform_doing(kit, "refused calls without an error to write to");
    fail_all(kit, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(&guarded, MARK, sizeof guarded);
        guarded.error.size = sizes[i];
        if (sizes[i] > offsetof(sy_error, text))
            guarded.error.text[0] = '\0';
        conform_doing(kit, "refused calls with an error of %u bytes", sizes[i]);
        fail_all(kit, &guarded.error);
        conform_all_are(kit, "an error's text was written beyond its size", guarded.bytes + sizes[i],
            sizeof guarded.bytes - sizes[i], MARK);
        size_t room = sizes[i] - offsetof(sy_error, text);
        if (room > 0 && memchr(guarded.error.text, '\0', room) == NULL)
            conform_fail(kit, "an error's text has no NUL within the %u bytes of its struct", sizes[i]);
    }
    if (conform_is_fine(kit))
        conform_sync(kit);
}
