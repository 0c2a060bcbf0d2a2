/* What an extension changed, as notes of a gate. */
#include "bench/compare/extension.h"
#include "bench/compare/judging.h"
#include "bench/compare/say.h"

static const char *const outcomes[] = {[SY_GATED_PASS] = "passed",
    [SY_GATED_REGRESSED] = "regressed",
    [SY_GATED_UNDECIDED] = "undecided",
    [SY_GATED_LOST] = "lost",
    [SY_GATED_SKIPPED] = "not gated"};

static void note(sy_judging *state, const char *text) {
    sy_judging_add(state, SY_REASON_NOTE, text);
}

/* The extension's place of each line, from 1; 0: it has none. NULL without memory. */
static size_t *place_lines(sy_judging *state) {
    const sy_extension *extension = state->options->extension;
    size_t *place = sy_arena_array(state->arena, state->comparison->join->lines, sizeof *place);
    for (size_t i = 0; place != NULL && i < extension->rows; i++)
        place[extension->row[i].line] = i + 1;
    state->failed = state->failed || place == NULL;
    return place;
}

/* A line that has samples now: what each quantity was, and is. */
static void compare_outcomes(sy_judging *state, const sy_extension_row *row, sy_gated_row *now) {
    int before = row->before[now->quantity];
    if (before < 0 || before == SY_GATED_SKIPPED)
        return;
    now->before = before;
    sy_judging_add_row(state, SY_REASON_NOTE, now,
        sy_say(state->arena, "%s was %s, with the extension %s", sy_quantity_name(now->quantity),
            outcomes[before], outcomes[now->outcome]));
}

static void list_rows(sy_judging *state) {
    size_t *place = place_lines(state);
    for (size_t i = 0; place != NULL && i < state->out->rows; i++) {
        sy_gated_row *now = &state->row[i];
        size_t at = now->column == 1 ? place[now->line] : 0;
        const sy_extension_row *row = at > 0 ? &state->options->extension->row[at - 1] : NULL;
        if (row != NULL && row->reason == NULL)
            compare_outcomes(state, row, now);
        else if (row != NULL) {
            sy_judging_add_row(state, SY_REASON_NOTE, now,
                sy_say(state->arena, "%s: %s",
                    row->batch == SIZE_MAX ? "not measured again" : "its extension does not count",
                    row->reason));
            place[now->line] = 0;
        }
    }
}

void sy_judging_extension(sy_judging *state) {
    const sy_extension *extension = state->options->extension;
    if (extension == NULL)
        return;
    if (extension->measured > 0)
        note(state, sy_say(state->arena,
                        "extension, fixed beforehand: %zu rows measured again once, %u blocks BASE NEW NEW "
                        "BASE of one "
                        "round, all samples pooled; %zu count",
                        extension->measured, SY_EXTENSION_BLOCKS, extension->counted));
    if (state->options->extension_failure != NULL)
        note(state,
            sy_say(state->arena, "the extension came to nothing: %s", state->options->extension_failure));
    else
        list_rows(state);
}
