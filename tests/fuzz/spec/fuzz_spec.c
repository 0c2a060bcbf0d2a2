/*
 * Any bytes as a problem string: it is refused with one line of text, or it is canonical after one print, has
 * FLOP and bytes within the limits and a problem whose tensors have extents.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "steelyard/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run with a report when something that must hold does not. */
static void require(int holds) {
    if (!holds)
        abort();
}

static void check_refusal(sy_status status, const sy_error *err) {
    require(status == SY_INVALID_ARGUMENT || status == SY_OVERFLOW || status == SY_UNSUPPORTED);
    require(err->text[0] != '\0' && strchr(err->text, '\n') == NULL);
}

static void check_problem(const sy_spec *spec) {
    sy_problem_storage storage;
    sy_status status = sy_spec_problem(spec, &storage, NULL);
    require(status == (spec->op == SY_SPEC_COPY ? SY_UNSUPPORTED : SY_OK));
    for (uint32_t i = 0; i < storage.problem.n_in + storage.problem.n_out; i++) {
        uint64_t elements = 0, bytes = 0;
        require(sy_tensor_extent(&storage.tensor[i], &elements, &bytes, NULL) == SY_OK);
        require(bytes <= UINT64_C(1) << 62);
    }
}

static void check_accepted(const sy_spec *spec) {
    char text[SY_SPEC_TEXT_MAX], again[SY_SPEC_TEXT_MAX];
    uint64_t flop = 0, bytes = 0;
    sy_spec parsed;
    require(sy_spec_validate(spec, NULL) == SY_OK);
    require(sy_spec_print(spec, text, sizeof text, NULL) == SY_OK);
    require(sy_spec_parse(text, NULL, &parsed, NULL) == SY_OK);
    require(memcmp(spec, &parsed, sizeof parsed) == 0);
    require(sy_spec_print(&parsed, again, sizeof again, NULL) == SY_OK && strcmp(text, again) == 0);
    require(sy_spec_flop(spec, &flop, NULL) == SY_OK && flop <= UINT64_C(1) << 62);
    require(sy_spec_bytes(spec, &bytes, NULL) == SY_OK && bytes <= UINT64_C(1) << 62);
    check_problem(spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_spec_parse(text, NULL, &spec, &err);
    if (status == SY_OK)
        check_accepted(&spec);
    else
        check_refusal(status, &err);
    free(text);
    return 0;
}
