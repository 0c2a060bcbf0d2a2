#include "tests/unit/runtime/model/exec/type_trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/builtin/builtin.h"
#include "backends/sim/sim.h"
#include "runtime/base/random.h"

int type_trial_set_up(void **state) {
    static const sy_builtin sim = {.name = "sim", .query = sy_sim_query};
    static sy_builtin all[2];
    sy_runtime *runtime = NULL;
    all[0] = sy_builtins[0];
    all[1] = sim;
    const sy_runtime_options options = {.size = sizeof options, .builtins = all, .builtin_count = 2};
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    *state = runtime;
    return 0;
}

int type_trial_tear_down(void **state) {
    sy_runtime_destroy(*state);
    return 0;
}

void type_trial_attribute(onnx_writer *w, const char *name, int64_t value, int count) {
    onnx_begin(w, 5);
    onnx_text(w, 1, name);
    for (int i = 0; i < count; i++)
        onnx_number(w, 8, value);
    onnx_number(w, 20, 7);
    onnx_end(w);
}

static void run(sy_compiled *compiled, type_trial *t) {
    static uint8_t data[MOST * 4];
    const void *in[1] = {data};
    void *out[1] = {t->out};
    sy_network_port x = {.size = sizeof x}, y = {.size = sizeof y};
    sy_instance *instance = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_random random;
    assert_int_equal(sy_compiled_port_get(compiled, 0, &x, NULL), SY_OK);
    assert_int_equal(sy_compiled_port_get(compiled, 1, &y, NULL), SY_OK);
    t->out_bytes = sy_net_dtype_size(y.dtype);
    for (uint32_t i = 0; i < y.rank; i++)
        t->out_bytes *= (uint64_t)y.dim[i];
    assert_true(t->out_bytes > 0 && t->out_bytes <= sizeof t->out);
    sy_random_seed(&random, 4, 0);
    for (size_t i = 0; i < MOST; i++)
        if (x.dtype == SY_F32)
            ((float *)(void *)data)[i] = (float)(2 * sy_random_unit(&random) - 1);
        else
            data[i] = (uint8_t)(sy_random_unit(&random) * 256);
    if (sy_instance_create(compiled, &instance, &err) != SY_OK ||
        sy_instance_run(instance, in, 1, out, 1, &err) != SY_OK)
        fail_msg("%s", err.text);
    sy_instance_destroy(instance);
}

void type_trial_run(sy_runtime *runtime, const onnx_writer *w, type_trial *t) {
    const sy_compile_options options = {
        .size = sizeof options, .dtype = t->dtype, .no_passes = t->is_reference};
    sy_network *network = NULL;
    sy_context *context = NULL;
    sy_compiled *compiled = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_network_read(w->bytes, w->count, &network, &err);
    if (status == SY_OK)
        status = sy_context_open(runtime, t->device, &context, &err);
    if (status == SY_OK)
        status = sy_compiled_create(network, context, &options, &compiled, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    t->info = (sy_compiled_info){.size = sizeof t->info};
    assert_int_equal(sy_compiled_info_get(compiled, &t->info, NULL), SY_OK);
    run(compiled, t);
    sy_compiled_destroy(compiled);
    sy_context_close(context);
    sy_network_destroy(network);
}
