#include "backends/cuda_family/absence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backends/cuda_family/environment.h"
#include "backends/cuda_family/words.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

/* "A or B" names two variables. */
static void put_masks(const char *variables, sy_text *out_text) {
    while (variables[0] != '\0') {
        char name[64];
        size_t length = strcspn(variables, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, variables);
        const char *value = cf_environment(name);
        if (value != NULL)
            sy_text_printf(out_text, "; %s is set to '%.40s', which may hide them", name, value);
        variables += length;
        variables += strncmp(variables, " or ", 4) == 0 ? 4 : strlen(variables);
    }
}

/* The first node that is missing, or that this user may not open. */
static void put_nodes(const sy_backend *backend, const cf_stack *stack, sy_text *out_text) {
    const char *root = sy_card_option(backend, "sysroot");
    for (size_t i = 0; i < CF_NODES_MAX && stack->nodes[i] != NULL; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s%s", root != NULL ? root : "", stack->nodes[i]);
        if (access(path, R_OK | W_OK) == 0)
            continue;
        if (errno == EACCES || errno == EPERM)
            sy_text_printf(
                out_text, "; this user may not open %s: its group (video, render?) may", stack->nodes[i]);
        else
            sy_text_printf(out_text,
                "; there is no %s: the driver is not loaded, or the devices are not let into this container "
                "(%s)",
                stack->nodes[i], stack->container);
        return;
    }
}

sy_status cf_no_devices(const sy_backend *backend, int code, sy_error *err) {
    const cf_libraries *libraries = backend->stack;
    const cf_stack *stack = libraries->stack;
    char words[160] = "it counts none";
    sy_text hints = {0};
    sy_status status = code != 0 ? cf_judge(backend->stack, code) : SY_UNAVAILABLE;
    if (code != 0)
        cf_code_text(backend->stack, code, words, sizeof words);
    if (code != 0 && code == stack->runtime.old_driver && libraries->driver_version > 0)
        sy_text_printf(&hints, "; its driver is %d, its runtime %d", libraries->driver_version,
            libraries->runtime_version);
    put_masks(stack->visible, &hints);
    put_nodes(backend, stack, &hints);
    sy_error_set(err, SY_UNAVAILABLE, "no device of %s: the runtime is there: %s%s", stack->title, words,
        hints.data != NULL ? hints.data : "");
    sy_text_release(&hints);
    return status == SY_OUT_OF_MEMORY ? status : SY_UNAVAILABLE;
}
