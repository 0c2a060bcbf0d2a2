/* Net energy. */
#include "bench/energy/net.h"

#include <math.h>

static const double LOW_SHARE = 0.2, DRIFT_SIGMAS = 2, DRIFT_SHARE = 0.05;

static bool is_usable(sy_energy_idle_window window) {
    return window.result != NULL && window.length_s > 0 && isfinite(window.result->watt);
}

/* Random uncertainty of the mean power of one window. */
static double sigma_w(sy_energy_idle_window window) {
    return window.result->u_random_j / window.length_s;
}

static void take_one(sy_energy_idle_window window, sy_energy_idle *idle) {
    idle->watt = window.result->watt;
    idle->u_random_w = sigma_w(window);
    idle->reasons = window.result->reasons;
}

void sy_energy_idle_join(
    sy_energy_idle_window before, sy_energy_idle_window after, sy_energy_idle *out_idle) {
    *out_idle = (sy_energy_idle){.watt = NAN, .u_random_w = NAN, .drift_w = NAN, .u_drift_w = NAN};
    if (!is_usable(before) && !is_usable(after)) {
        out_idle->reasons = SY_ENERGY_TOO_FEW;
        return;
    }
    if (!is_usable(before) || !is_usable(after)) {
        take_one(is_usable(before) ? before : after, out_idle);
        return;
    }
    out_idle->watt = 0.5 * (before.result->watt + after.result->watt);
    out_idle->drift_w = after.result->watt - before.result->watt;
    out_idle->u_drift_w = hypot(sigma_w(before), sigma_w(after));
    /* In between it may have been anything from the one to the other. */
    out_idle->u_random_w = hypot(0.5 * out_idle->u_drift_w, out_idle->drift_w / sqrt(12));
    out_idle->reasons = before.result->reasons | after.result->reasons;
}

static bool has_drifted(const sy_energy_idle *idle, double length_s, double net_j) {
    double drift_w = fabs(idle->drift_w);
    return drift_w > DRIFT_SIGMAS * idle->u_drift_w && 0.5 * drift_w * length_s > DRIFT_SHARE * fabs(net_j);
}

void sy_energy_net_of(const sy_energy_result *gross, const sy_energy_idle *idle, double length_s, double gain,
    sy_energy_net *out_net) {
    *out_net = (sy_energy_net){.reasons = gross->reasons | idle->reasons};
    out_net->joule = gross->joule - idle->watt * length_s;
    out_net->watt = out_net->joule / length_s;
    out_net->u_random_j = hypot(gross->u_random_j, length_s * idle->u_random_w);
    out_net->u_systematic_j = gain * fabs(out_net->joule);
    out_net->is_low_confidence = out_net->joule < LOW_SHARE * gross->joule;
    if (has_drifted(idle, length_s, out_net->joule))
        out_net->reasons |= SY_ENERGY_IDLE_DRIFT;
}
