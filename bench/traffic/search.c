/* Bracketing and bisecting a rate. */
#include "bench/traffic/search.h"

#include <math.h>

#include "runtime/base/error.h"

/* How far the bracket opens, and where nothing slower is looked for; how a rate gives way that held once and
 * not again. */
static const double UP = 1.3, DOWN = 0.6, SLOWEST = 1e-3, GIVE_WAY = 0.97;
enum { PROBES = 20 };

static sy_status try_rate(const sy_search_request *request, double qps, bool is_final,
    sy_search_result *result, bool *out_valid, sy_error *err) {
    sy_search_probe *probe = &result->probe[result->count];
    *probe = (sy_search_probe){.qps = qps, .is_final = is_final};
    sy_status status = request->probe(request->ctx, (uint32_t)result->count, probe, err);
    *out_valid = status == SY_OK && probe->is_valid;
    result->count += status == SY_OK;
    return status;
}

/* The next rate of a bracket whose lower end held (0: none did yet) and whose upper end did not (infinite).
 */
static double next_rate(double low, double high, double start) {
    if (low <= 0.0 && isinf(high))
        return start;
    if (low <= 0.0)
        return high * DOWN;
    return isinf(high) ? low * UP : sqrt(low * high);
}

static sy_status bracket(
    const sy_search_request *request, sy_search_result *result, double *out_low, sy_error *err) {
    double low = 0.0, high = INFINITY;
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < PROBES; i++) {
        double qps = next_rate(low, high, request->start_qps);
        bool is_valid = false;
        if (low > 0.0 && high / low - 1.0 <= request->precision)
            break;
        if (low <= 0.0 && qps < SLOWEST * request->start_qps)
            break;
        status = try_rate(request, qps, false, result, &is_valid, err);
        *(is_valid ? &low : &high) = qps;
    }
    *out_low = low;
    return status;
}

sy_status sy_traffic_search(const sy_search_request *request, sy_search_result *out_result, sy_error *err) {
    *out_result = (sy_search_result){.qps = NAN};
    double qps = 0.0;
    if (!(request->start_qps > 0.0) || !isfinite(request->start_qps) || !(request->precision > 0.0))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "search: a rate to start from and a precision above 0");
    sy_status status = bracket(request, out_result, &qps, err);
    while (status == SY_OK && qps > 0.0 && out_result->count < SY_SEARCH_PROBES_MAX) {
        bool is_valid = false;
        status = try_rate(request, qps, true, out_result, &is_valid, err);
        if (status == SY_OK && is_valid) {
            out_result->qps = qps;
            return SY_OK;
        }
        qps *= GIVE_WAY;
    }
    return status;
}

uint64_t sy_search_give_up(uint64_t planned, double percentile) {
    uint64_t allowed = 0;
    sy_early_allowance(planned, percentile, SY_EARLY_CONFIDENCE, &allowed);
    return allowed + 1;
}
