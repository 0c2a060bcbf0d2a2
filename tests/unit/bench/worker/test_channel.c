/* The wire: whole messages, cut ones, garbage, limits of time, interruption. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/worker/channel.h"
#include "runtime/base/seam.h"

static int ends[2];

static int open_ends(void **state) {
    (void)state;
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

static int close_ends(void **state) {
    (void)state;
    close(ends[0]);
    if (ends[1] >= 0)
        close(ends[1]);
    return 0;
}

static void hang_up(void) {
    close(ends[1]);
    ends[1] = -1;
}

static void write_raw(const void *bytes, size_t count) {
    assert_int_equal(write(ends[1], bytes, count), (ssize_t)count);
}

static void write_frame(uint32_t length, const char *text) {
    unsigned char head[4] = {(unsigned char)length, (unsigned char)(length >> 8),
        (unsigned char)(length >> 16), (unsigned char)(length >> 24)};
    write_raw(head, sizeof head);
    write_raw(text, strlen(text));
}

static sy_status receive(json_t **out_message, sy_error *err) {
    return sy_channel_receive(ends[0], -1, 2000, out_message, err);
}

static void a_message_arrives_whole(void **state) {
    (void)state;
    json_t *sent = json_pack(
        "{s:s,s:I,s:f,s:[i,i]}", "call", "measure", "key", (json_int_t)INT64_MAX, "p", 0.25, "list", 1, 2);
    json_t *got = NULL;
    assert_int_equal(sy_channel_send(ends[1], sent, NULL), SY_OK);
    assert_int_equal(sy_channel_send(ends[1], sent, NULL), SY_OK);
    for (int i = 0; i < 2; i++) { /* two frames in the pipe do not mix */
        assert_int_equal(receive(&got, NULL), SY_OK);
        assert_true(json_equal(sent, got));
        json_decref(got);
    }
    json_decref(sent);
}

/* Sends a message that no socket buffer holds. */
static void *send_large(void *message) {
    return sy_channel_send(ends[1], message, NULL) == SY_OK ? message : NULL;
}

static void a_large_message_arrives_in_pieces(void **state) {
    (void)state;
    enum { LARGE = 5 << 20 };
    char *text = malloc(LARGE + 1);
    memset(text, 'x', LARGE);
    text[LARGE] = '\0';
    json_t *sent = json_pack("{s:s}", "text", text), *got = NULL;
    pthread_t sender;
    void *outcome = NULL;
    assert_int_equal(pthread_create(&sender, NULL, send_large, sent), 0);
    assert_int_equal(receive(&got, NULL), SY_OK);
    pthread_join(sender, &outcome);
    assert_non_null(outcome);
    assert_true(json_equal(sent, got));
    json_decref(sent);
    json_decref(got);
    free(text);
}

static void what_is_not_an_object_is_refused(void **state) {
    (void)state;
    static const char *const bodies[] = {"[1,2]", "\"text\"", "17", "null", "nonsense",
        "{\"a\":", "{\"a\":1}x", "{\"a\":\"\xff\"}", "{\"a\":1e999}", "{'a':1}", "   "};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        json_t *got = (json_t *)&error;
        write_frame((uint32_t)strlen(bodies[i]), bodies[i]);
        if (receive(&got, &error) != SY_INTERNAL || got != NULL)
            fail_msg("accepted: %s", bodies[i]);
        assert_non_null(strstr(error.text, "worker channel"));
    }
}

static void deep_nesting_does_not_overflow_the_stack(void **state) {
    (void)state;
    enum { DEEP = 100000 };
    char *text = malloc(DEEP + 1);
    json_t *got = NULL;
    memset(text, '[', DEEP);
    text[DEEP] = '\0';
    unsigned char head[4] = {DEEP & 0xff, DEEP >> 8 & 0xff, DEEP >> 16 & 0xff, 0};
    write_raw(head, sizeof head);
    write_raw(text, DEEP);
    assert_int_equal(receive(&got, NULL), SY_INTERNAL);
    free(text);
}

static void lengths_that_are_not_ours_are_refused(void **state) {
    (void)state;
    static const uint32_t lengths[] = {0, SY_CHANNEL_MESSAGE_MAX + 1, UINT32_MAX, 0x0a0d0d7b};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        json_t *got = NULL;
        write_frame(lengths[i], "");
        assert_int_equal(receive(&got, &error), SY_INTERNAL);
        assert_non_null(strstr(error.text, "is not ours"));
        assert_null(got);
    }
}

static void a_cut_message_is_a_lost_side(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
    } rows[] = {{"", 0}, {"\x05", 1}, {"\x05\0\0", 3}, {"\x05\0\0\0", 4}, {"\x05\0\0\0{\"a\"", 8}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        json_t *got = NULL;
        if (i > 0) {
            close(ends[0]);
            assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        }
        write_raw(rows[i].bytes, rows[i].count);
        hang_up();
        assert_int_equal(receive(&got, &error), SY_LOST);
        assert_null(got);
    }
}

static void silence_is_a_timeout(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    json_t *got = NULL;
    assert_int_equal(sy_channel_receive(ends[0], -1, 20, &got, &error), SY_TIMEOUT);
    assert_string_equal(error.text, "no answer within 0.0 s");
    write_raw("\x05\0\0\0{", 5); /* half a message is silence too: the limit is of the whole */
    assert_int_equal(sy_channel_receive(ends[0], -1, 20, &got, &error), SY_TIMEOUT);
    assert_int_equal(sy_channel_receive(ends[0], -1, 0, &got, &error), SY_TIMEOUT);
    assert_null(got);
}

static void an_interruption_ends_the_waiting(void **state) {
    (void)state;
    int wake[2];
    json_t *got = NULL;
    assert_int_equal(pipe(wake), 0);
    assert_int_equal(sy_channel_receive(ends[0], wake[0], 20, &got, NULL), SY_TIMEOUT);
    assert_int_equal(write(wake[1], "x", 1), 1);
    assert_int_equal(sy_channel_receive(ends[0], wake[0], SY_CHANNEL_FOREVER, &got, NULL), SY_REFUSED);
    write_frame(2, "{}"); /* the user comes before an answer */
    assert_int_equal(sy_channel_receive(ends[0], wake[0], SY_CHANNEL_FOREVER, &got, NULL), SY_REFUSED);
    assert_int_equal(sy_channel_receive(ends[0], -1, SY_CHANNEL_FOREVER, &got, NULL), SY_OK);
    json_decref(got);
    close(wake[0]);
    close(wake[1]);
}

static void sending_to_a_lost_side_is_no_signal(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    json_t *message = json_object();
    hang_up();
    assert_int_equal(sy_channel_send(ends[0], message, &error), SY_IO);
    assert_non_null(strstr(error.text, "Broken pipe"));
    json_decref(message);
}

static void without_memory_the_message_is_refused(void **state) {
    (void)state;
    json_t *got = NULL;
    write_frame(2, "{}");
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    sy_status status = receive(&got, NULL);
    sy_seam_disarm();
    assert_int_equal(status, SY_OUT_OF_MEMORY);
    assert_null(got);
}

int main(void) {
#define WITH_ENDS(test) cmocka_unit_test_setup_teardown(test, open_ends, close_ends)
    const struct CMUnitTest tests[] = {WITH_ENDS(a_message_arrives_whole),
        WITH_ENDS(a_large_message_arrives_in_pieces), WITH_ENDS(what_is_not_an_object_is_refused),
        WITH_ENDS(deep_nesting_does_not_overflow_the_stack), WITH_ENDS(lengths_that_are_not_ours_are_refused),
        WITH_ENDS(a_cut_message_is_a_lost_side), WITH_ENDS(silence_is_a_timeout),
        WITH_ENDS(an_interruption_ends_the_waiting), WITH_ENDS(sending_to_a_lost_side_is_no_signal),
        WITH_ENDS(without_memory_the_message_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
