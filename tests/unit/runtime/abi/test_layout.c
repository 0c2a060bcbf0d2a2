/*
 * Size and offsets of every struct that crosses the plugin ABI, on an LP64 machine. A row that fails to
 * compile means that plugins built before would misread us: append instead, and add rows. (Appending changes
 * a size: that one row may be edited, together with the minor number.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "steelyard/backend.h"

_Static_assert(sizeof(void *) == 8 && sizeof(long) == 8, "the ABI is LP64");
_Static_assert(sizeof(void (*)(void)) == 8, "a slot is a pointer");
_Static_assert(sizeof(sy_status) == 4, "a status is an int32_t");

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, field, byte) _Static_assert(offsetof(type, field) == (byte), #type "." #field)

SIZE(sy_error, 512);
AT(sy_error, size, 0);
AT(sy_error, vendor_code, 4);
AT(sy_error, text, 8);

SIZE(sy_tensor, 160);
AT(sy_tensor, size, 0);
AT(sy_tensor, dtype, 4);
AT(sy_tensor, layout, 8);
AT(sy_tensor, rank, 12);
AT(sy_tensor, flags, 16);
AT(sy_tensor, reserved, 20);
AT(sy_tensor, dim, 24);
AT(sy_tensor, stride, 88);
AT(sy_tensor, host_value, 152);

SIZE(sy_post, 16);
AT(sy_post, kind, 0);
AT(sy_post, operand, 4);
AT(sy_post, a, 8);
AT(sy_post, b, 12);

SIZE(sy_gemm_attr, 32);
AT(sy_gemm_attr, size, 0);
AT(sy_gemm_attr, trans_a, 4);
AT(sy_gemm_attr, trans_b, 8);
AT(sy_gemm_attr, reserved, 12);
AT(sy_gemm_attr, alpha, 16);
AT(sy_gemm_attr, beta, 24);

SIZE(sy_conv_attr, 112);
AT(sy_conv_attr, size, 0);
AT(sy_conv_attr, groups, 4);
AT(sy_conv_attr, spatial, 8);
AT(sy_conv_attr, transposed, 12);
AT(sy_conv_attr, stride, 16);
AT(sy_conv_attr, dilation, 40);
AT(sy_conv_attr, pad_lo, 64);
AT(sy_conv_attr, pad_hi, 88);

SIZE(sy_stream_attr, 24);
AT(sy_stream_attr, size, 0);
AT(sy_stream_attr, kind, 4);
AT(sy_stream_attr, operand_count, 8);
AT(sy_stream_attr, reserved, 12);
AT(sy_stream_attr, bytes, 16);

SIZE(sy_peak_attr, 24);
AT(sy_peak_attr, size, 0);
AT(sy_peak_attr, dtype_in, 4);
AT(sy_peak_attr, dtype_acc, 8);
AT(sy_peak_attr, reserved, 12);
AT(sy_peak_attr, flop, 16);

SIZE(sy_pool_attr, 136);
AT(sy_pool_attr, size, 0);
AT(sy_pool_attr, kind, 4);
AT(sy_pool_attr, spatial, 8);
AT(sy_pool_attr, count_include_pad, 12);
AT(sy_pool_attr, window, 16);
AT(sy_pool_attr, stride, 40);
AT(sy_pool_attr, dilation, 64);
AT(sy_pool_attr, pad_lo, 88);
AT(sy_pool_attr, pad_hi, 112);

SIZE(sy_axis_attr, 16);
AT(sy_axis_attr, size, 0);
AT(sy_axis_attr, axis, 4);
AT(sy_axis_attr, log, 8);
AT(sy_axis_attr, reserved, 12);

SIZE(sy_rnn_attr, 16);
AT(sy_rnn_attr, size, 0);
AT(sy_rnn_attr, direction, 4);
AT(sy_rnn_attr, hidden, 8);
AT(sy_rnn_attr, reserved, 12);

SIZE(sy_problem, 64);
AT(sy_problem, size, 0);
AT(sy_problem, op, 4);
AT(sy_problem, must_understand, 8);
AT(sy_problem, tensor, 16);
AT(sy_problem, n_in, 24);
AT(sy_problem, n_out, 28);
AT(sy_problem, attr, 32);
AT(sy_problem, post, 40);
AT(sy_problem, n_post, 48);
AT(sy_problem, acc_dtype, 52);
AT(sy_problem, math, 56);
AT(sy_problem, flags, 60);

SIZE(sy_span, 24);
AT(sy_span, buffer, 0);
AT(sy_span, offset, 8);
AT(sy_span, bytes, 16);

SIZE(sy_host, 48);
AT(sy_host, size, 0);
AT(sy_host, reserved, 4);
AT(sy_host, ctx, 8);
AT(sy_host, log, 16);
AT(sy_host, option, 24);
AT(sy_host, library, 32);
AT(sy_host, library_version, 40);

SIZE(sy_device_info, 776);
AT(sy_device_info, size, 0);
AT(sy_device_info, index, 4);
AT(sy_device_info, scope, 8);
AT(sy_device_info, flags, 12);
AT(sy_device_info, name, 16);
AT(sy_device_info, vendor, 144);
AT(sy_device_info, driver, 208);
AT(sy_device_info, uuid, 272);
AT(sy_device_info, pci, 320);
AT(sy_device_info, isa, 336);
AT(sy_device_info, memory_bytes, 400);
AT(sy_device_info, free_bytes, 408);
AT(sy_device_info, max_alloc_bytes, 416);
AT(sy_device_info, cache_bytes, 424);
AT(sy_device_info, base_align, 432);
AT(sy_device_info, units, 436);
AT(sy_device_info, queues_max, 440);
AT(sy_device_info, numa_node, 444);
AT(sy_device_info, dtypes, 448);
AT(sy_device_info, platform, 456);
AT(sy_device_info, features, 520);

SIZE(sy_device_api, 80);
AT(sy_device_api, size, 0);
AT(sy_device_api, reserved, 4);
AT(sy_device_api, count, 8);
AT(sy_device_api, describe, 16);
AT(sy_device_api, open, 24);
AT(sy_device_api, close, 32);
AT(sy_device_api, info, 40);
AT(sy_device_api, thread_enter, 48);
AT(sy_device_api, thread_leave, 56);
AT(sy_device_api, clock_now, 64);
AT(sy_device_api, clock_advance, 72);

SIZE(sy_memory_api, 56);
AT(sy_memory_api, size, 0);
AT(sy_memory_api, reserved, 4);
AT(sy_memory_api, alloc, 8);
AT(sy_memory_api, import, 16);
AT(sy_memory_api, free, 24);
AT(sy_memory_api, host_ptr, 32);
AT(sy_memory_api, copy, 40);
AT(sy_memory_api, fill, 48);

SIZE(sy_queue_api, 120);
AT(sy_queue_api, size, 0);
AT(sy_queue_api, reserved, 4);
AT(sy_queue_api, create, 8);
AT(sy_queue_api, destroy, 16);
AT(sy_queue_api, sync, 24);
AT(sy_queue_api, event_create, 32);
AT(sy_queue_api, event_record, 40);
AT(sy_queue_api, event_wait, 48);
AT(sy_queue_api, event_query, 56);
AT(sy_queue_api, event_destroy, 64);
AT(sy_queue_api, timer_create, 72);
AT(sy_queue_api, timer_start, 80);
AT(sy_queue_api, timer_stop, 88);
AT(sy_queue_api, timer_read, 96);
AT(sy_queue_api, timer_destroy, 104);
AT(sy_queue_api, host_for, 112);

SIZE(sy_algorithm, 240);
AT(sy_algorithm, size, 0);
AT(sy_algorithm, flags, 4);
AT(sy_algorithm, math, 8);
AT(sy_algorithm, n_layout, 12);
AT(sy_algorithm, id, 16);
AT(sy_algorithm, workspace_bytes, 24);
AT(sy_algorithm, layout, 32);
AT(sy_algorithm, flop_ratio, 96);
AT(sy_algorithm, name, 104);
AT(sy_algorithm, bound_factor, 168);
AT(sy_algorithm, implementation, 176);

SIZE(sy_work_api, 112);
AT(sy_work_api, size, 0);
AT(sy_work_api, reserved, 4);
AT(sy_work_api, algorithm, 8);
AT(sy_work_api, layout_bytes, 16);
AT(sy_work_api, plan_create, 24);
AT(sy_work_api, plan_destroy, 32);
AT(sy_work_api, plan_workspace, 40);
AT(sy_work_api, binding_create, 48);
AT(sy_work_api, binding_destroy, 56);
AT(sy_work_api, run, 64);
AT(sy_work_api, capture_begin, 72);
AT(sy_work_api, capture_end, 80);
AT(sy_work_api, graph_run, 88);
AT(sy_work_api, graph_destroy, 96);
AT(sy_work_api, plan_compile, 104);

SIZE(sy_model_port, 208);
AT(sy_model_port, size, 0);
AT(sy_model_port, is_output, 4);
AT(sy_model_port, dtype, 8);
AT(sy_model_port, rank, 12);
AT(sy_model_port, dim, 16);
AT(sy_model_port, name, 80);

SIZE(sy_model_api, 48);
AT(sy_model_api, size, 0);
AT(sy_model_api, reserved, 4);
AT(sy_model_api, load, 8);
AT(sy_model_api, port, 16);
AT(sy_model_api, bind, 24);
AT(sy_model_api, unload, 32);
AT(sy_model_api, set_shape, 40);

SIZE(sy_sensor, 120);
AT(sy_sensor, size, 0);
AT(sy_sensor, kind, 4);
AT(sy_sensor, unit, 8);
AT(sy_sensor, scope, 12);
AT(sy_sensor, resolution, 16);
AT(sy_sensor, gain_uncertainty, 24);
AT(sy_sensor, wrap, 32);
AT(sy_sensor, update_period_ns, 40);
AT(sy_sensor, window_ns, 48);
AT(sy_sensor, name, 56);

SIZE(sy_sensor_api, 24);
AT(sy_sensor_api, size, 0);
AT(sy_sensor_api, reserved, 4);
AT(sy_sensor_api, describe, 8);
AT(sy_sensor_api, read, 16);

SIZE(sy_backend_api, 88);
AT(sy_backend_api, size, 0);
AT(sy_backend_api, abi_major, 4);
AT(sy_backend_api, abi_minor, 6);
AT(sy_backend_api, name, 8);
AT(sy_backend_api, version, 16);
AT(sy_backend_api, create, 24);
AT(sy_backend_api, destroy, 32);
AT(sy_backend_api, device, 40);
AT(sy_backend_api, memory, 48);
AT(sy_backend_api, queue, 56);
AT(sy_backend_api, work, 64);
AT(sy_backend_api, model, 72);
AT(sy_backend_api, sensor, 80);

SIZE(sy_builtin, 16);
AT(sy_builtin, name, 0);
AT(sy_builtin, query, 8);

SIZE(sy_plugin_note, 28);
AT(sy_plugin_note, name_bytes, 0);
AT(sy_plugin_note, desc_bytes, 4);
AT(sy_plugin_note, type, 8);
AT(sy_plugin_note, name, 12);
AT(sy_plugin_note, major, 24);
AT(sy_plugin_note, minor, 26);

/* Numbers that travel: renumbering would change their meaning silently. */
static void numbers_are_pinned(void **state) {
    (void)state;
    assert_int_equal(SY_ABI_MAJOR, 1);
    assert_int_equal(SY_OP_LSTM, 8);
    assert_int_equal(SY_POST_TANH, 12);
    assert_int_equal(SY_S32, 9);
    assert_int_equal(SY_MATH_UNKNOWN, 5);
    assert_int_equal(SY_OVERFLOW, 12);
    assert_int_equal(SY_LAYOUT_CHANNELS_LAST, 3);
    assert_int_equal(SY_MEMORY_IMPORTED, 4);
    assert_int_equal(SY_ALGO_REFERENCE, 128);
    assert_int_equal(SY_ALGO_VARIANT, 256);
    assert_int_equal(SY_DEVICE_HOST_PROCESSOR, 8);
    assert_int_equal(SY_DEVICE_GENERAL, 16);
    assert_int_equal(SY_SENSOR_POWER_CAP_DEFAULT, 8);
    assert_int_equal(SY_UNIT_BITS, 5);
    assert_int_equal(SY_SCOPE_PACKAGE, 4);
    assert_true(SY_LAYOUT_PRIVATE == UINT32_C(1) << 31);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_pinned)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
