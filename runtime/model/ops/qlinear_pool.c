/* QLinearGlobalAveragePool: means of channels of bytes. */
#include <math.h>

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/image.h"
#include "runtime/model/ops/quant.h"

/* Where inputs are. */
enum { X, X_SCALE, X_ZERO, Y_SCALE, Y_ZERO };

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[X];
    sy_status status = sy_net_quant_check(call, X, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, X, 3, 2 + SY_NET_SPATIAL, err);
    for (uint32_t i = X_SCALE; i <= Y_ZERO && status == SY_OK; i++)
        status = sy_net_quant_check_each(call, i, i % 2 == 1 ? 0 : x->dtype, NULL, 0, err);
    if (status == SY_OK && sy_net_attr_int(call->node, "channels_last", 0) != 0)
        status = sy_net_call_fail(call, SY_UNSUPPORTED, err, "attribute channels_last");
    if (status != SY_OK)
        return status;
    sy_net_shape_like(&call->out[0], x);
    for (uint32_t i = 2; i < x->rank; i++)
        call->out[0].dim[i] = 1;
    return SY_OK;
}

typedef struct mean_job {
    const sy_net_call *call;
    sy_net_image in, out;
} mean_job;

static void run_channels(void *arg, int64_t begin, int64_t end) {
    const mean_job *job = arg;
    const sy_net_call *call = job->call;
    int64_t pixels = sy_net_image_pixels(&job->in), step = job->in.step[2];
    double factor =
        (double)sy_net_quant_scale(call, X_SCALE, 0) / (double)sy_net_quant_scale(call, Y_SCALE, 0);
    int64_t origin = sy_net_quant_zero(call, X_ZERO, 0), zero = sy_net_quant_zero(call, Y_ZERO, 0);
    for (int64_t plane = begin; plane < end; plane++) {
        int64_t n = plane / job->in.c, c = plane % job->in.c, sum = 0;
        int64_t from = sy_net_image_at(&job->in, n, c);
        for (int64_t i = 0; i < pixels; i++)
            sum += sy_net_get_int(&call->in[X], from + i * step) - origin;
        double mean = pixels > 0 ? (double)sum / (double)pixels * factor : 0;
        sy_net_set(&call->out[0], sy_net_image_at(&job->out, n, c), nearbyint(mean) + (double)zero);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    mean_job job = {call, sy_net_image_of(&call->in[X]), sy_net_image_of(&call->out[0])};
    sy_team_for(call->team, job.in.n * job.in.c, sy_net_image_pixels(&job.in) * 4, run_channels, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"QLinearGlobalAveragePool", "com.microsoft", 1, 0, SY_NET_OP_CHANNELS_LAST, 5, 5, 1, 1, infer, NULL,
        run},
};
const sy_net_family sy_net_family_qlinear_pool = {row, sizeof row / sizeof row[0]};
