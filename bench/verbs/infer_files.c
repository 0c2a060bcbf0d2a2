/* Files beside the record: outputs, logs in MLPerf's form, the trace of a profile. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/fields/json_text.h"
#include "bench/tensor/npy.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

void sy_infer_file_name(const char *name, char out_name[128]) {
    size_t used = 0;
    for (; *name != '\0' && used < 120; name++) {
        char c = *name;
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '-' || c == '_' || (c == '.' && used > 0);
        out_name[used++] = is_plain ? c : '_';
    }
    if (used == 0)
        out_name[used++] = '_';
    out_name[used] = '\0';
}

static sy_status make_folder(const char *path, sy_error *err) {
    return sy_folder_make(path, 0777) == 0 || errno == EEXIST ? SY_OK : sy_error_io(err, "%s", path);
}

/* The folder itself, or with several devices one of each. */
static sy_status folder_of(const sy_infer_job *job, const sy_infer_side *side, const char *base,
    char *out_path, size_t capacity, sy_error *err) {
    char name[128];
    sy_status status = make_folder(base, err);
    snprintf(out_path, capacity, "%s", base);
    if (status != SY_OK || job->count == 1)
        return status;
    sy_infer_file_name(side->target->id, name);
    snprintf(out_path, capacity, "%s/%s", base, name);
    return make_folder(out_path, err);
}

static sy_status write_text(const char *path, const sy_text *text, sy_error *err) {
    if (text->failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %s", path);
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status =
        sy_file_write_all(fd, text->data, text->length) == 0 ? SY_OK : sy_error_io(err, "%s", path);
    sy_file_close(fd);
    return status;
}

/* Two outputs whose names make one file name are told apart by their number. */
static bool is_taken(const sy_infer_side *side, uint32_t index, const char *name) {
    char other[128];
    for (uint32_t i = side->n_in; i < index; i++) {
        sy_infer_file_name(side->port[i].name, other);
        if (strcmp(other, name) == 0)
            return true;
    }
    return false;
}

static sy_status save_outputs(
    const sy_infer_job *job, const sy_infer_side *side, const char *base, sy_error *err) {
    char folder[1024], name[128], path[1200];
    if (side->checked.count == 0)
        return SY_OK;
    sy_status status = folder_of(job, side, base, folder, sizeof folder, err);
    char *at = side->checked.data + side->checked.run[0].offset;
    for (uint32_t i = side->n_in; status == SY_OK && i < side->n_in + side->n_out; i++) {
        const sy_infer_port *port = &side->port[i];
        sy_host_tensor tensor = {.dtype = port->dtype, .rank = port->rank, .bytes = port->bytes, .data = at};
        memcpy(tensor.dim, port->dim, sizeof tensor.dim);
        sy_infer_file_name(port->name, name);
        if (is_taken(side, i, name))
            snprintf(path, sizeof path, "%s/%s_%u.npy", folder, name, i - side->n_in);
        else
            snprintf(path, sizeof path, "%s/%s.npy", folder, name);
        status = sy_npy_write(path, &tensor, err);
        at += (port->bytes + 63) / 64 * 64;
    }
    return status;
}

static sy_status write_logs(
    const sy_infer_job *job, const sy_infer_side *side, const char *base, sy_error *err) {
    char folder[1024], path[1200], subject[400];
    if (side->result.queries == 0)
        return SY_OK;
    const sy_traffic_names names = {.subject = subject,
        .model = job->settings.name,
        .version = job->run.program->version,
        .pid = (uint64_t)getpid()};
    sy_text summary = {0}, detail = {0};
    sy_traffic_settings all = side->traffic;
    all.min_duration_ns *= job->settings.rounds;
    all.min_queries *= job->settings.rounds;
    snprintf(subject, sizeof subject, "%.200s (%.150s)", side->target->id, side->target->info.name);
    sy_status status = folder_of(job, side, base, folder, sizeof folder, err);
    sy_traffic_write_summary(&all, &side->result, &names, &summary);
    sy_traffic_write_detail(&all, &side->result, side->log, side->logs, &names, &detail);
    snprintf(path, sizeof path, "%s/mlperf_log_summary.txt", folder);
    if (status == SY_OK)
        status = write_text(path, &summary, err);
    snprintf(path, sizeof path, "%s/mlperf_log_detail.txt", folder);
    if (status == SY_OK)
        status = write_text(path, &detail, err);
    sy_text_release(&summary);
    sy_text_release(&detail);
    return status;
}

/* One complete event of the trace; us, as its format has it. */
static void add_event(const json_t *step, uint64_t origin_ns, size_t process, bool is_first, sy_text *out) {
    const char *const threads[] = {"device", "host", "copies"};
    size_t thread = sy_protocol_bool(step, "is_copy", false) ? 2 : sy_protocol_bool(step, "is_host", false);
    uint64_t begin_ns = sy_protocol_u64(step, "begin_ns", origin_ns);
    sy_text_printf(out, "%s{\"name\":", is_first ? "" : ",\n");
    sy_json_quote(out, sy_protocol_text(step, "node", "?"));
    sy_text_printf(out,
        ",\"cat\":\"%s\",\"ph\":\"X\",\"pid\":%zu,\"tid\":%zu,\"ts\":%.3f,\"dur\":%.3f,\"args\":{\"op\":",
        threads[thread], process, thread, (double)(begin_ns > origin_ns ? begin_ns - origin_ns : 0) * 1e-3,
        (double)sy_protocol_u64(step, "last_ns", 0) * 1e-3);
    sy_json_quote(out, sy_protocol_text(step, "op", "?"));
    sy_text_printf(out, ",\"algorithm\":");
    sy_json_quote(out, sy_protocol_text(step, "algorithm", ""));
    sy_text_printf(out, ",\"flop\":%.0f,\"bytes\":%llu}}", sy_protocol_f64(step, "flop", 0.0),
        (unsigned long long)sy_protocol_u64(step, "bytes", 0));
}

static void add_process(const sy_infer_side *side, size_t process, bool is_first, sy_text *out) {
    sy_text_printf(out,
        "%s{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%zu,\"args\":{\"name\":", is_first ? "" : ",\n",
        process);
    sy_json_quote(out, side->target->id);
    sy_text_printf(out, "}}");
}

static sy_status write_trace(const sy_infer_job *job, const char *path, sy_error *err) {
    sy_text text = {0};
    sy_text_printf(&text, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
    bool is_first = true;
    for (size_t i = 0; i < job->count; i++) {
        const json_t *steps = json_object_get(job->side[i].profile, "steps");
        size_t count = json_array_size(steps);
        uint64_t origin_ns = sy_protocol_u64(json_array_get(steps, 0), "begin_ns", 0);
        if (count > 0)
            add_process(&job->side[i], i, is_first, &text);
        is_first = is_first && count == 0;
        for (size_t j = 0; j < count; j++)
            add_event(json_array_get(steps, j), origin_ns, i, false, &text);
    }
    sy_text_printf(&text, "\n]}\n");
    sy_status status = write_text(path, &text, err);
    sy_text_release(&text);
    return status;
}

sy_status sy_infer_write_files(const sy_infer_job *job, sy_error *err) {
    const sy_config *config = job->run.program->config;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < job->count; i++) {
        if (config->save_outputs != NULL)
            status = save_outputs(job, &job->side[i], config->save_outputs, err);
        if (status == SY_OK && config->logs != NULL)
            status = write_logs(job, &job->side[i], config->logs, err);
    }
    return status == SY_OK && config->profile != NULL ? write_trace(job, config->profile, err) : status;
}
