/* Whether the library is initialised, how its functions begin, and what it says of failures. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/vendor_sim/common/world.h"

#define MESSAGE_MAX 256

static char message_of_process[MESSAGE_MAX];
static _Thread_local char message[MESSAGE_MAX], fetched[MESSAGE_MAX];

static char *message_of_thread(void) {
    return as_is_word("messages", "thread", "process") ? message_of_process : message;
}

int as_fail(int code, const char *format, ...) {
    char why[MESSAGE_MAX / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    snprintf(message_of_thread(), MESSAGE_MAX, "EZ9999: %s: %s (simulated)", sim_function(), why);
    return code;
}

/* The process that initialised the library, 0: none; how often; and how often it was finalised. */
static int64_t *process(void) {
    return sim_slot("acl_process");
}

static int64_t *references(void) {
    return sim_slot("acl_references");
}

static int64_t *ends(void) {
    return sim_slot("acl_ends");
}

static int check_state(void) {
    if (*process() == 0 && as_is_on("needs_init", true)) {
        sim_misuse(*ends() > 0 ? "use_after_finalize" : "use_before_init");
        return as_fail(ACL_ERROR_UNINITIALIZE, "aclInit was not called");
    }
    if (*process() != 0 && *process() != getpid()) {
        sim_misuse("use_in_forked_child");
        return as_fail(ACL_ERROR_RT_DRV_INTERNAL, "initialised in another process");
    }
    return ACL_SUCCESS;
}

int as_enter(const char *function) {
    int code = sim_enter(function);
    return code != ACL_SUCCESS ? as_fail(code, "scripted fault") : check_state();
}

int as_enter_here(const char *function, as_context **out_context) {
    int code = as_enter(function);
    if (code == ACL_SUCCESS)
        code = as_context_here(out_context);
    if (code == ACL_SUCCESS && (*out_context)->code != 0)
        code = as_fail((*out_context)->code, "the context failed before");
    return code;
}

int as_enter_apart(const char *function, as_context **out_context) {
    int code = sim_enter_apart(function);
    if (code != ACL_SUCCESS)
        return as_fail(code, "scripted fault");
    code = check_state();
    return code == ACL_SUCCESS ? as_context_here(out_context) : code;
}

aclError aclInit(const char *config) {
    int code = sim_enter(__func__);
    if (code != ACL_SUCCESS)
        return sim_leave(as_fail(code, "scripted fault"));
    if (config != NULL && config[0] != '\0' && access(config, R_OK) != 0)
        return sim_leave(as_fail(ACL_ERROR_INVALID_PARAM, "no file %s", config));
    if (*ends() > 0 && !as_is_on("reinit", true))
        return sim_leave(as_fail(ACL_ERROR_REPEAT_INITIALIZE, "once in a process"));
    ++*references();
    if (*process() == getpid())
        return sim_leave(as_fail(ACL_ERROR_REPEAT_INITIALIZE, "initialised before"));
    *process() = getpid();
    return sim_leave(ACL_SUCCESS);
}

static int finalize(void) {
    if (*process() == 0)
        return as_fail(ACL_ERROR_REPEAT_FINALIZE, "finalised before, or never initialised");
    as_context_forget();
    *process() = *references() = 0;
    ++*ends();
    return ACL_SUCCESS;
}

aclError aclFinalize(void) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code != ACL_SUCCESS ? as_fail(code, "scripted fault") : finalize());
}

aclError aclFinalizeReference(uint64_t *count) {
    int code = sim_enter_apart(__func__);
    if (code != ACL_SUCCESS)
        return sim_leave(as_fail(code, "scripted fault"));
    if (count == NULL)
        return sim_leave(as_fail(ACL_ERROR_INVALID_PARAM, "count is NULL"));
    if (*references() > 1) {
        *count = (uint64_t)-- * references();
        return sim_leave(ACL_SUCCESS);
    }
    *count = 0;
    return sim_leave(finalize());
}

const char *aclGetRecentErrMsg(void) {
    sim_enter_apart(__func__);
    char *recent = message_of_thread();
    snprintf(fetched, sizeof fetched, "%s", recent);
    recent[0] = '\0';
    bool is_mute = as_is_word("messages", "thread", "none");
    sim_leave(0);
    return fetched[0] == '\0' || is_mute ? NULL : fetched;
}

aclError aclrtGetVersion(int32_t *major, int32_t *minor, int32_t *patch) {
    int code = as_enter(__func__);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    if (major == NULL || minor == NULL || patch == NULL)
        return sim_leave(as_fail(ACL_ERROR_INVALID_PARAM, "a number's address is NULL"));
    *major = 1;
    *minor = 3 + 7 * (as_cann() - 7);
    *patch = 0;
    return sim_leave(ACL_SUCCESS);
}
