/* Made-up records and histories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bench/history/past.h"

static int remove_entry(const char *path, const struct stat *facts, int type, struct FTW *place) {
    (void)facts, (void)type, (void)place;
    return remove(path);
}

int past_begin(void **state) {
    past *where = calloc(1, sizeof *where);
    if (where == NULL)
        return -1;
    snprintf(where->folder, sizeof where->folder, "/tmp/steelyard-test-XXXXXX");
    if (mkdtemp(where->folder) == NULL)
        return -1;
    snprintf(where->database, sizeof where->database, "%s/new/folder/h.db", where->folder);
    snprintf(where->record, sizeof where->record, "%s/a.jsonl", where->folder);
    *state = where;
    return 0;
}

int past_end(void **state) {
    past *where = *state;
    nftw(where->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(where);
    return 0;
}

void past_run_id(int run, char out_id[32]) {
    snprintf(out_id, 32, "run-%04d-made-up", run);
}

void past_problem(int n, char out_problem[256]) {
    snprintf(out_problem, 256,
        "gemm:m=%d,n=64,k=64,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=bf16:bf16:bf16:f32,"
        "math=strict,weights=const",
        64 + n);
}

static void write_head(FILE *file, const char *kind, int run, int seconds) {
    char id[32];
    past_run_id(run, id);
    fprintf(file,
        "{\"schema\":\"steelyard.record/1\",\"kind\":\"%s\",\"run_id\":\"%s\",\"time_utc\":"
        "\"2026-%02d-%02dT03:00:%02d.000Z\",",
        kind, id, 1 + run / 28, 1 + run % 28, seconds);
}

void past_write_environment(FILE *file, int run, const char *host, const char *driver, const char *commit) {
    write_head(file, "environment", run, 0);
    fprintf(file,
        "\"environment\":{\"host\":{\"name\":\"%s\",\"kernel\":\"6.1\"},\"build\":{\"version\":\"0.1.0\","
        "\"commit\":\"%s\"},\"command\":[\"steelyard\",\"run\"],\"devices\":[{\"id\":\"cuda:1\",\"driver\":"
        "\"other\"},{\"id\":\"cuda:0\",\"driver\":\"%s\"}]}}\n",
        host, commit, driver);
}

static const char *or_else(const char *text, const char *otherwise) {
    return text != NULL ? text : otherwise;
}

void past_write_row(FILE *file, const past_row *row) {
    char problem[256], id[17];
    double median = row->median_ns > 0 ? row->median_ns : 1000;
    past_problem(row->problem, problem);
    snprintf(id, sizeof id, "%016x", 0xab0000 + row->problem);
    write_head(file, "op", row->run, row->seconds);
    fprintf(file,
        "\"row\":{\"id\":\"%s\",\"seq\":%d,\"request\":{\"device\":\"cuda:0\",\"algorithm\":\"auto\"}},"
        "\"key\":{\"problem\":\"%s\",\"data\":\"uniform\"},\"key_hash\":\"0000000000000000\","
        "\"origin\":{\"name\":\"%s\"},\"subject\":{\"backend\":\"cuda\",\"algorithm\":\"tiles\","
        "\"device\":{\"id\":\"cuda:0\",\"name\":\"Card\",\"physical_id\":\"%s\"},\"simulated\":%s,"
        "\"libraries\":[{\"name\":\"libblas\",\"version\":\"%s\"}]},\"status\":\"%s\"",
        or_else(row->id, id), row->problem, problem, or_else(row->name, "layer"), or_else(row->card, "pci:1"),
        row->is_simulated ? "true" : "false", or_else(row->library, "12.0"), or_else(row->status, "ok"));
    if (row->status == NULL)
        fprintf(file,
            ",\"time\":{\"headline\":\"%s\",\"%s\":{\"median_ns\":%.9g,\"ci95_ns\":[%.9g,%.9g]},"
            "\"device_believed\":true}",
            or_else(row->host_clock, "host"), or_else(row->host_clock, "host"), median, median * 0.99,
            median * 1.01);
    if (row->joule > 0)
        fprintf(file,
            ",\"energy\":[{\"source\":\"meter\",\"scope\":\"card\",\"joule_per_run\":%.9g,\"u_random\":0.01},"
            "{\"source\":\"bad\",\"scope\":\"card\",\"joule_per_run\":%.9g,\"valid\":false}]",
            row->joule, row->joule);
    fprintf(file, "}\n");
}

void past_fill_row(const past_row *from, char problem[256], sy_row *out_row) {
    sy_row_init(out_row);
    past_problem(from->problem, problem);
    out_row->key.problem = problem;
    out_row->key.data = "uniform";
    out_row->subject.backend = "cuda";
    out_row->subject.algorithm = "tiles";
    out_row->subject.device.name = "Card";
    out_row->subject.simulated = from->is_simulated ? SY_TRI_YES : SY_TRI_NO;
}

sy_history *past_open(const past *where) {
    sy_history *history = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_history_place place = {.path = where->database};
    sy_status status = sy_history_open(&place, &history, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    return history;
}

void past_add_row(sy_history *history, const past *where, const past_row *row) {
    sy_error err = SY_ERROR_INIT;
    sy_history_added added;
    FILE *file = fopen(where->record, "w");
    assert_non_null(file);
    past_write_row(file, row);
    fclose(file);
    sy_status status = sy_history_add(history, where->record, &added, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
}
