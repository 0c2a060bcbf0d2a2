/* The scene of the integrator's tests. */
#include "tests/unit/bench/energy/scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

scene scene_make(uint32_t kind, double update_s) {
    scene one = {.load = {.idle_w = 50, .low_w = 200, .load_from_s = -2, .load_to_s = 6},
        .sensor = {.real_update_s = update_s,
            .first_update_s = 0.3 * update_s,
            .gain = 1,
            .facts = {.kind = kind, .gain = NAN, .update_period_ns = (uint64_t)llround(1e9 * update_s)}},
        .length_s = 5,
        .poll_s = 0.45 * update_s,
        .from_s = -2.5,
        .to_s = 6.5,
        .zero_ns = ZERO_NS};
    return one;
}

void scene_read(scene *one) {
    random_state random = {.state = 11};
    sy_energy_trace_release(&one->trace);
    sample(&one->sensor, &one->load, one->from_s, one->to_s, one->poll_s, 0.2, one->zero_ns, &random,
        &one->trace);
    one->window = window_of(&one->load, one->length_s, one->zero_ns);
}

sy_energy_result scene_integrate(const scene *one) {
    sy_energy_result result;
    sy_energy_integrate(&one->sensor.facts, &one->trace, &one->window, one->precision, &result);
    return result;
}

sy_energy_result scene_measure(scene *one) {
    scene_read(one);
    sy_energy_result result = scene_integrate(one);
    sy_energy_trace_release(&one->trace);
    return result;
}

void scene_cut(scene *one, double from_s, double to_s) {
    size_t kept = 0;
    for (size_t i = 0; i < one->trace.count; i++) {
        double at_s = 1e-9 * ((double)one->trace.reading[i].begin_ns - (double)one->zero_ns);
        if (at_s < from_s || at_s > to_s)
            one->trace.reading[kept++] = one->trace.reading[i];
    }
    one->trace.count = kept;
}

void check_nothing(const sy_energy_result *result, uint32_t reasons) {
    assert_true(isnan(result->joule) && isnan(result->watt) && isnan(result->watt_peak));
    assert_true(isnan(result->u_edge_j) && isnan(result->u_quantum_j) && isnan(result->u_sampling_j));
    assert_true(isnan(result->u_random_j) && isnan(result->u_systematic_j));
    assert_int_equal(0, result->needed_window_ns);
    assert_int_equal(reasons, result->reasons & reasons);
}
