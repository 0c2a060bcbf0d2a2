#include "tests/model/case.h"

#include <stdio.h>
#include <unistd.h>

static case_verdict check(const data_set *set, const sy_net_tensor *out, uint32_t count,
    case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    for (uint32_t i = 0; i < set->n_out; i++) {
        char what[256];
        if (i >= count || !tensors_agree(&out[i], &set->out[i], tolerance, what, sizeof what)) {
            snprintf(reason, CASE_REASON_MAX, "output %u: %s", i, i < count ? what : "missing");
            return CASE_WRONG;
        }
    }
    return CASE_PASSED;
}

static case_verdict run_set(const sy_network *network, const char *folder, bool is_compiled,
    case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    sy_net_tensor out[DATA_PORTS_MAX];
    sy_net_arena arena = {0};
    sy_error err = SY_ERROR_INIT;
    data_set set;
    uint32_t count = 0;
    sy_status status = data_set_load(folder, &set, &err);
    if (status == SY_OK)
        status = (is_compiled ? case_execute : case_evaluate)(network, &set, &arena, out, &count, &err);
    case_verdict verdict = CASE_REFUSED;
    if (status == SY_OK)
        verdict = check(&set, out, count, tolerance, reason);
    else
        snprintf(reason, CASE_REASON_MAX, "%s", err.text);
    sy_net_arena_release(&arena);
    sy_net_arena_release(&set.arena);
    return verdict;
}

case_verdict case_run(
    const char *folder, bool is_compiled, case_tolerance tolerance, char reason[CASE_REASON_MAX]) {
    char path[DATA_PATH_MAX];
    sy_error err = SY_ERROR_INIT;
    sy_network *network = NULL;
    case_verdict verdict = CASE_PASSED;
    uint32_t sets = 0;
    reason[0] = '\0';
    snprintf(path, sizeof path, "%s/model.onnx", folder);
    if (sy_network_load(path, &network, &err) != SY_OK) {
        snprintf(reason, CASE_REASON_MAX, "%s", err.text);
        return CASE_REFUSED;
    }
    for (; verdict == CASE_PASSED; sets++) {
        snprintf(path, sizeof path, "%s/test_data_set_%u", folder, sets);
        if (access(path, X_OK) != 0)
            break;
        verdict = run_set(network, path, is_compiled, tolerance, reason);
    }
    sy_network_destroy(network);
    if (sets > 0)
        return verdict;
    snprintf(reason, CASE_REASON_MAX, "no test_data_set_0");
    return CASE_REFUSED;
}
