/* The k-th allocation, file call or clock reading fails, for every k of a session that measures a tiny
 * problem: never a crash, never a leak (under the sanitizer), always an answer with a status. */
#include "tests/unit/bench/worker/sitting.h"

#include "runtime/base/seam.h"

/* One batch: what is allocated does not depend on how many there are. */
#define SHORT_LAUNCHED(problem, launch)                                                                      \
    "{\"call\":\"measure\",\"problem\":\"" problem                                                           \
    "\",\"cache_bytes\":256,\"output_slots\":1,\"limit_ns\":1,"                                              \
    "\"batch_ns\":1,\"warm_up_limit_ns\":1,\"launch\":" launch "}"
#define SHORT(problem) SHORT_LAUNCHED(problem, "0")

static const char *const requests[] = {SITTING_HELLO, SITTING_OPEN,
    "{\"call\":\"candidates\",\"problem\":\"conv2d:n=1,c=2,h=4,w=4,k=2,r=3,s=3\"}",
    SHORT("gemm:m=2,n=3,k=4,beta=1,epilogue=bias"), SHORT("conv2d:n=1,c=2,h=4,w=4,k=2,r=3,s=3,layout=any"),
    SHORT("copy:bytes=64,kind=h2d,pinned=0"), SHORT_LAUNCHED("gemm:m=2,n=2,k=2", "1")};

/* All calls; how many failed. A call that fails does not keep the others from being answered. */
static int run_session(void) {
    sitting s = {.memory_fd = memfd_create("outputs", MFD_CLOEXEC)};
    int failed = 0;
    if (sy_session_create(sitting_builtins, 1, s.memory_fd, &s.session, NULL) != SY_OK) {
        close(s.memory_fd);
        return 1;
    }
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        json_t *reply = ask(&s, requests[i]);
        sy_status status = sy_protocol_status(reply, &error);
        assert_true(status == SY_OK || error.text[0] != '\0');
        failed += status != SY_OK ? 1 : 0;
        json_decref(reply);
    }
    stand_up(&s);
    return failed;
}

static void sweep(uint32_t kinds, uint64_t most) {
    uint64_t k = 1, told = 0;
    for (; k < most; k++) {
        sy_seam_arm(kinds, k);
        told += run_session() > 0 ? 1 : 0;
        uint64_t seen = sy_seam_disarm();
        if (seen < k) /* the end: nothing failed any more */
            break;
    }
    assert_true(k > 1 && k < most);
    assert_true(told > 0);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    assert_int_equal(run_session(), 0);
    sweep(SY_SEAM_ALLOC, 20000);
}

static void every_library_call_may_fail(void **state) {
    (void)state;
    sy_seam_arm(SY_SEAM_DYNLIB | SY_SEAM_FILE, 1);
    int failed = run_session();
    sy_seam_disarm();
    assert_int_equal(failed, 0); /* built-in backends need neither */
}

static void a_clock_that_fails_is_told(void **state) {
    (void)state;
    for (uint64_t k = 1; k < 40; k++) { /* the device has a clock of its own: few readings are the host's */
        sy_seam_arm(SY_SEAM_CLOCK, k);
        run_session();
        if (sy_seam_disarm() < k)
            return;
    }
    fail_msg("more readings of the host's clock than expected");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_library_call_may_fail), cmocka_unit_test(a_clock_that_fails_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
