/* Rows that are kept up, in a whole run: what is written of them, and a worker that fails in it alone, which
 * this program is itself. */
#include "tests/unit/bench/run/whole_run.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bench/record/series.h"
#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session.h"

#define LONG ",launch=1ms"
#define QUICK                                                                                                \
    "--rounds", "1", "--max-time", "200ms", "--cache", "hot", "--isolation", "process", "--sustain", "5s"

static const char BEHAVIOUR[] = "STEELYARD_TEST_WORKER";

static char path[64];

/* A run of two products, the second of which is kept up, whose worker is `how` then. */
static sy_status keep_up(whole_run *it, const char *how, bool has_file, sy_error *err) {
    assert_int_equal(setenv(BEHAVIOUR, how, 1), 0);
    start(it, LONG ",throttle=2,throttle_factor=0.5", 2,
        (const char *const[]){QUICK, "--energy", "device:energy", NULL});
    snprintf(path, sizeof path, "sustain-%d.series.jsonl", (int)getpid());
    remove(path);
    if (has_file) {
        assert_int_equal(sy_series_open(path, "run", false, &it->schedule.series.file, NULL), SY_OK);
        it->schedule.series.name = sy_series_name(path);
    }
    sy_status status = sy_schedule_run(&it->schedule, err);
    sy_series_close(it->schedule.series.file);
    return status;
}

static void finish(whole_run *it) {
    end(it);
    remove(path);
    unsetenv(BEHAVIOUR);
}

/* Lines of the file, each of the row that was kept up and in order, as the reader demands. */
static size_t count_lines(const whole_run *it) {
    sy_series_reader *reader = NULL;
    sy_series line;
    size_t count = 0;
    assert_int_equal(sy_series_reader_open(path, &reader, NULL), SY_OK);
    while (sy_series_reader_next(reader, &line, NULL) == SY_OK) {
        assert_string_equal(line.row, row_of(it, 1)->id);
        assert_string_equal(line.part, "sustain");
        assert_true(line.t_s.count > 1);
        count++;
    }
    sy_series_reader_close(reader);
    return count;
}

/* Operands that are prepared are load too. */
static bool is_seen(const sy_row_sustain *sustain) {
    return sustain->throttle_s > 1.7 && sustain->throttle_s < 2.01;
}

static void a_summary_and_its_samples_are_kept(void **state) {
    (void)state;
    whole_run it;
    assert_int_equal(keep_up(&it, "good", true, NULL), SY_OK);
    const sy_row_sustain *s = &row_of(&it, 1)->sustain;
    assert_true(fabs(s->seconds - 5.0) < 0.1 && is_seen(s));
    assert_true(fabs(s->sustained_of_burst - 0.5) < 0.01);
    assert_string_equal(s->throttle_how, "rate");
    assert_string_equal(s->source, "device:energy");
    assert_string_equal(s->series, path);
    assert_true(isnan(row_of(&it, 0)->sustain.seconds));
    assert_true(count_lines(&it) >= 2);
    finish(&it);
}

static void without_a_file_the_summary_stays(void **state) {
    (void)state;
    whole_run it;
    assert_int_equal(keep_up(&it, "good", false, NULL), SY_OK);
    assert_true(is_seen(&row_of(&it, 1)->sustain));
    assert_null(row_of(&it, 1)->sustain.series);
    finish(&it);
}

/* The row has its time and its energy all the same; nothing is left of a file without a line. */
static void a_worker_that_fails_costs_the_summary(void **state) {
    (void)state;
    static const char *const hows[] = {"dies", "tells nothing"};
    for (size_t i = 0; i < 2; i++) {
        whole_run it;
        struct stat facts;
        assert_int_equal(keep_up(&it, hows[i], true, NULL), SY_OK);
        const sy_row *row = row_of(&it, 1);
        assert_true(row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE);
        assert_true(row->time.host.median_ns > 0 && row->energy.count == 1);
        assert_true(isnan(row->sustain.seconds) && row->sustain.series == NULL);
        assert_int_not_equal(stat(path, &facts), 0);
        assert_true(sy_worker_alive(it.r.targets.target[0].worker));
        finish(&it);
    }
}

/* Over minutes a device may begin to err. */
static void a_wrong_result_is_the_end_of_the_row(void **state) {
    (void)state;
    whole_run it;
    assert_int_equal(keep_up(&it, "lies", true, NULL), SY_OK);
    assert_int_equal(row_of(&it, 1)->status, SY_ROW_WRONG);
    assert_true(isnan(row_of(&it, 1)->sustain.seconds));
    finish(&it);
}

/* What goes back in time has no place in the file, and is no reason to end a run. */
static void samples_out_of_order_are_left_out(void **state) {
    (void)state;
    whole_run it;
    sy_error err = SY_ERROR_INIT;
    if (keep_up(&it, "shuffles", true, &err) != SY_OK)
        fail_msg("%s", err.text);
    assert_true(is_seen(&row_of(&it, 1)->sustain));
    assert_true(count_lines(&it) >= 2);
    finish(&it);
}

/* The sixth time is made that of the second. */
static void set_back(json_t *times) {
    if (json_array_size(times) > 6)
        json_array_set(times, 6, json_array_get(times, 2));
}

static void distort(json_t *reply, const char *how, int memory) {
    const float nonsense[16] = {77.0f, -78.0f, 79.0f};
    size_t i;
    json_t *trace;
    if (strcmp(how, "tells nothing") == 0)
        json_object_del(reply, "traces");
    if (strcmp(how, "lies") == 0 && pwrite(memory, nonsense, sizeof nonsense, 0) != (ssize_t)sizeof nonsense)
        _exit(1);
    if (strcmp(how, "shuffles") != 0)
        return;
    set_back(json_object_get(json_object_get(reply, "marks"), "at_ns"));
    json_array_foreach(json_object_get(reply, "traces"), i, trace) {
        set_back(json_object_get(trace, "begin_ns"));
        set_back(json_object_get(trace, "end_ns"));
    }
}

/* A worker that is good until a window without a load before it is asked for: that is how rows are kept up.
 */
static int serve(const char *how, int channel, int memory) {
    sy_session *session = NULL;
    json_t *request = NULL;
    bool is_end = false;
    if (sy_session_create(rig_builtins, 1, memory, &session, NULL) != SY_OK)
        return 1;
    while (!is_end && sy_channel_receive(channel, -1, SY_CHANNEL_FOREVER, &request, NULL) == SY_OK) {
        const char *call = sy_protocol_text(request, "call", "");
        bool is_kept_up = strcmp(call, "energy") == 0 && sy_protocol_u64(request, "load_ns", 1) == 0;
        is_end = strcmp(call, "bye") == 0;
        if (is_kept_up && strcmp(how, "dies") == 0)
            _exit(9);
        json_t *reply = sy_session_handle(session, request);
        if (is_kept_up)
            distort(reply, how, memory);
        is_end = sy_channel_send(channel, reply, NULL) != SY_OK || is_end;
        json_decref(reply);
        json_decref(request);
    }
    sy_session_destroy(session);
    return 0;
}

int main(int argc, char **argv) {
    const char *how = getenv(BEHAVIOUR);
    if (argc == 4 && strcmp(argv[1], SY_WORKER_VERB) == 0)
        return serve(how != NULL ? how : "good", atoi(argv[2]), atoi(argv[3]));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_summary_and_its_samples_are_kept),
        cmocka_unit_test(without_a_file_the_summary_stays),
        cmocka_unit_test(a_worker_that_fails_costs_the_summary),
        cmocka_unit_test(a_wrong_result_is_the_end_of_the_row),
        cmocka_unit_test(samples_out_of_order_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
