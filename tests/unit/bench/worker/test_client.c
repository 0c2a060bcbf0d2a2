/* Workers as processes: this program is its own worker, a good one or one of several bad ones. */
#include "tests/unit/bench/worker/sitting.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "bench/worker/channel.h"
#include "bench/worker/client.h"
#include "runtime/base/seam.h"

static const char BEHAVIOUR[] = "STEELYARD_TEST_WORKER";

static void wait_for_ever(void) {
    for (;;)
        pause();
}

/* What the worker does after it was called. */
static int misbehave(const char *how, int channel) {
    json_t *request = NULL;
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (strcmp(how, "deaf") == 0) {
        signal(SIGTERM, SIG_IGN);
        wait_for_ever();
    }
    if (sy_channel_receive(channel, -1, SY_CHANNEL_FOREVER, &request, NULL) != SY_OK)
        return 9;
    json_decref(request);
    if (strcmp(how, "garbage") == 0)
        return write(channel, "\x10\0\0\0this is no JSON!", 20) == 20 ? pause() : 1;
    if (strcmp(how, "too long") == 0)
        return write(channel, "\xff\xff\xff\xff", 4) == 4 ? pause() : 1;
    if (strcmp(how, "cut") == 0)
        return write(channel, "\x10\0\0\0{\"st", 8) == 8 ? 5 : 1;
    if (strcmp(how, "no status") == 0)
        return write(channel, "\x02\0\0\0{}", 6) == 6 ? pause() : 1;
    if (strcmp(how, "exit") == 0) {
        printf("on stdout\n");
        fflush(stdout);
        fprintf(stderr, "driver: out of luck\n\n");
        return 7;
    }
    if (strcmp(how, "binary words") == 0) {
        fprintf(stderr, "first\nlast \xff\xfe\x01 line");
        return 7;
    }
    if (strcmp(how, "crash") == 0) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
    }
    if (strcmp(how, "close") == 0) {
        close(channel);
        signal(SIGTERM, SIG_IGN);
    }
    wait_for_ever();
    return 0;
}

static sy_worker *start(const char *how, int wake_fd) {
    sy_worker *worker = NULL;
    sy_worker_options options = {.wake_fd = wake_fd};
    assert_int_equal(setenv(BEHAVIOUR, how, 1), 0);
    assert_int_equal(sy_worker_start(&options, &worker, NULL), SY_OK);
    assert_true(sy_worker_alive(worker));
    return worker;
}

static sy_status call(
    sy_worker *worker, const char *request, int64_t limit_ms, json_t **out_reply, sy_error *err) {
    return sy_worker_call(worker, json_loads(request, 0, NULL), limit_ms, out_reply, err);
}

static void a_good_worker_serves(void **state) {
    (void)state;
    sy_worker *worker = start("good", -1);
    json_t *reply = NULL;
    sy_error error = SY_ERROR_INIT;
    char words[64];
    assert_int_equal(call(worker, SITTING_HELLO, 20000, &reply, &error), SY_OK);
    assert_true(sy_protocol_u64(reply, "pid", 0) != (uint64_t)getpid());
    json_decref(reply);
    assert_int_equal(call(worker, "{\"call\":\"dance\"}", 20000, &reply, &error), SY_INVALID_ARGUMENT);
    assert_non_null(reply); /* its answer is a refusal; the worker lives on */
    assert_true(sy_worker_alive(worker));
    json_decref(reply);
    assert_int_equal(call(worker, SITTING_OPEN, 20000, &reply, &error), SY_OK);
    json_decref(reply);
    assert_int_equal(call(worker, SITTING_MEASURE("gemm:m=3,n=3,k=4"), 20000, &reply, &error), SY_OK);
    const void *data = NULL;
    uint64_t bytes = sy_protocol_u64(reply, "outputs_bytes", 0);
    assert_true(bytes > 0);
    assert_int_equal(sy_worker_outputs(worker, bytes, &data, &error), SY_OK);
    assert_non_null(data);
    assert_int_equal(sy_worker_outputs(worker, bytes + 1, &data, &error), SY_INTERNAL);
    assert_null(data);
    assert_int_equal(sy_worker_outputs(worker, 0, &data, &error), SY_INTERNAL);
    json_decref(reply);
    sy_worker_last_words(worker, words, sizeof words);
    assert_string_equal(words, "");
    assert_int_equal(sy_worker_end(worker), SY_OK);
}

/* One call to a bad worker: status and words; the worker is over afterwards and can be ended. */
static void expect_end(const char *how, int64_t limit_ms, sy_status expected, const char *says) {
    sy_worker *worker = start(how, -1);
    sy_error error = SY_ERROR_INIT;
    json_t *reply = NULL;
    sy_status status = call(worker, SITTING_HELLO, limit_ms, &reply, &error);
    if (status != expected || strstr(error.text, says) == NULL)
        fail_msg("%s: status %d '%s'", how, (int)status, error.text);
    json_decref(reply);
    if (reply == NULL) {
        assert_false(sy_worker_alive(worker));
        assert_int_equal(call(worker, SITTING_HELLO, limit_ms, &reply, &error), SY_LOST);
        assert_string_equal(error.text, "the worker has ended");
    }
    assert_int_equal(sy_worker_end(worker), SY_OK);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left behind */
}

static void a_worker_that_dies_says_how(void **state) {
    (void)state;
    expect_end("exit", 20000, SY_LOST, "worker ended with exit status 7; last words: driver: out of luck");
    expect_end("crash", 20000, SY_LOST, "worker died of signal 11 (");
    expect_end("cut", 20000, SY_LOST, "worker ended with exit status 5");
    expect_end("binary words", 20000, SY_LOST, "last words: last ");
}

static void a_worker_that_talks_nonsense_is_over(void **state) {
    (void)state;
    expect_end("garbage", 20000, SY_INTERNAL, "not a JSON object");
    expect_end("too long", 20000, SY_INTERNAL, "is not ours");
    expect_end("no status", 20000, SY_INTERNAL, "has no status");
}

static void a_worker_that_hangs_is_ended(void **state) {
    (void)state;
    expect_end("silent", 100, SY_TIMEOUT, "no answer within 0.1 s");
    expect_end("deaf", 100, SY_TIMEOUT, "no answer"); /* SIGTERM does not do; SIGKILL does */
    expect_end("close", 20000, SY_LOST, "closed its channel without ending");
}

static void an_idle_deaf_worker_is_ended_too(void **state) {
    (void)state;
    assert_int_equal(sy_worker_end(start("deaf", -1)), SY_OK);
    assert_int_equal(sy_worker_end(start("good", -1)), SY_OK);
    assert_int_equal(sy_worker_end(NULL), SY_OK);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void an_interruption_ends_a_call(void **state) {
    (void)state;
    int wake[2];
    assert_int_equal(pipe(wake), 0);
    assert_int_equal(write(wake[1], "x", 1), 1);
    sy_worker *worker = start("silent", wake[0]);
    json_t *reply = NULL;
    assert_int_equal(call(worker, SITTING_HELLO, 20000, &reply, NULL), SY_REFUSED);
    assert_null(reply);
    assert_int_equal(sy_worker_end(worker), SY_OK);
    close(wake[0]);
    close(wake[1]);
}

/* State letter in /proc of a process; 0 when it is gone. */
static char state_of(pid_t pid) {
    char path[64], text[512], *after = NULL;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    if (fgets(text, sizeof text, file) != NULL)
        after = strrchr(text, ')');
    fclose(file);
    return after != NULL ? after[2] : 0;
}

/* A parent that starts a worker, tells its number and is then killed. */
static void be_parent(const char *how, int told) {
    sy_worker *worker = start(how, -1);
    pid_t pid = 0;
    FILE *file = fopen("/proc/thread-self/children", "r");
    if (file == NULL || fscanf(file, "%d", &pid) != 1 || write(told, &pid, sizeof pid) != sizeof pid)
        _exit(1);
    json_t *reply = NULL;
    call(worker, SITTING_HELLO, SY_CHANNEL_FOREVER, &reply, NULL);
    wait_for_ever();
}

static void expect_death_with_parent(const char *how) {
    int told[2];
    pid_t worker = 0;
    assert_int_equal(pipe(told), 0);
    pid_t parent = fork();
    if (parent == 0)
        be_parent(how, told[1]);
    assert_int_equal(read(told[0], &worker, sizeof worker), sizeof worker);
    assert_true(worker > 0 && state_of(worker) != 0);
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    for (int i = 0; i < 2000 && state_of(worker) != 0 && state_of(worker) != 'Z'; i++) {
        struct timespec pause = {.tv_nsec = 5000000};
        nanosleep(&pause, NULL);
    }
    char left = state_of(worker);
    assert_true(left == 0 || left == 'Z');
    waitpid(worker, NULL, 0);
    close(told[0]);
    close(told[1]);
}

static void a_worker_ends_with_its_parent(void **state) {
    (void)state;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    expect_death_with_parent("good");
    expect_death_with_parent("silent");
    expect_death_with_parent("deaf");
}

static void in_process_nothing_is_started(void **state) {
    (void)state;
    sy_worker *worker = NULL;
    json_t *reply = NULL;
    sy_worker_options options = {
        .builtins = sitting_builtins, .builtin_count = 1, .in_process = true, .wake_fd = -1};
    assert_int_equal(sy_worker_start(&options, &worker, NULL), SY_OK);
    assert_int_equal(call(worker, SITTING_HELLO, 20000, &reply, NULL), SY_OK);
    assert_int_equal(sy_protocol_u64(reply, "pid", 0), (uint64_t)getpid());
    json_decref(reply);
    assert_int_equal(call(worker, SITTING_OPEN, 20000, &reply, NULL), SY_OK);
    json_decref(reply);
    assert_int_equal(call(worker, SITTING_MEASURE("gemm:m=2,n=2,k=2"), 20000, &reply, NULL), SY_OK);
    json_decref(reply);
    assert_int_equal(call(worker, "{}", 20000, &reply, NULL), SY_INVALID_ARGUMENT);
    json_decref(reply);
    assert_true(sy_worker_alive(worker));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(sy_worker_end(worker), SY_OK);
}

static void without_memory_no_worker_starts(void **state) {
    (void)state;
    sy_worker *worker = (sy_worker *)state;
    sy_worker_options options = {.wake_fd = -1};
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_worker_start(&options, &worker, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_null(worker);
    json_t *reply = NULL;
    worker = start("good", -1);
    assert_int_equal(sy_worker_call(worker, NULL, 10, &reply, NULL), SY_OUT_OF_MEMORY);
    assert_int_equal(sy_worker_end(worker), SY_OK);
}

int main(int argc, char **argv) {
    const char *how = getenv(BEHAVIOUR);
    if (argc == 4 && strcmp(argv[1], SY_WORKER_VERB) == 0) {
        if (how != NULL && strcmp(how, "good") != 0)
            return misbehave(how, atoi(argv[2]));
        return sy_session_serve(sitting_builtins, 1, atoi(argv[2]), atoi(argv[3]));
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_good_worker_serves),
        cmocka_unit_test(a_worker_that_dies_says_how), cmocka_unit_test(a_worker_that_talks_nonsense_is_over),
        cmocka_unit_test(a_worker_that_hangs_is_ended), cmocka_unit_test(an_idle_deaf_worker_is_ended_too),
        cmocka_unit_test(an_interruption_ends_a_call), cmocka_unit_test(a_worker_ends_with_its_parent),
        cmocka_unit_test(in_process_nothing_is_started), cmocka_unit_test(without_memory_no_worker_starts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
