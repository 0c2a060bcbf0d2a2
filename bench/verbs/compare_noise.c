/* The noise that a comparison stands above. */
#include "bench/verbs/compare_job.h"
#include "bench/verbs/noise_file.h"

sy_status sy_compare_job_noise(sy_compare_job *job, sy_error *err) {
    const char *path = job->program->config->noise;
    if (path == NULL)
        return SY_OK;
    sy_status status = sy_noise_file_read(path, &job->arena, &job->noise, err);
    job->has_noise = status == SY_OK;
    job->noise_from = path;
    return status;
}
