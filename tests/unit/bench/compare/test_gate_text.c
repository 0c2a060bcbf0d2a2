/* What is asked of a gate, as texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/compare/gate.h"
#include "tests/support/near.h"

static sy_gate_options ask(const char *text) {
    sy_gate_options options;
    sy_error err = SY_ERROR_INIT;
    sy_gate_options_init(&options);
    assert_int_equal(sy_gate_parse(text, &options, &err), SY_OK);
    return options;
}

static void texts_are_read(void **state) {
    (void)state;
    sy_gate_options options = ask("time:5%,energy:0.1,precision:100%");
    assert_near(options.threshold[SY_QUANTITY_TIME], 0.05, 1e-15);
    assert_near(options.threshold[SY_QUANTITY_ENERGY], 0.1, 1e-15);
    assert_near(options.threshold[SY_QUANTITY_PRECISION], 1.0, 1e-15);
    assert_true(isnan(options.threshold[SY_QUANTITY_THROUGHPUT]));
    assert_int_equal(options.fail_on, SY_FAIL_REGRESSION | SY_FAIL_MISSING);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_gate_parse_fail_on("missing,inconclusive", &options, &err), SY_OK);
    assert_int_equal(options.fail_on, SY_FAIL_MISSING | SY_FAIL_INCONCLUSIVE);
    assert_int_equal(sy_gate_parse_share("5 %", &options, &err), SY_OK);
    assert_near(options.allow_inconclusive, 0.05, 1e-15);
    assert_int_equal(sy_gate_parse_share(NULL, &options, &err), SY_OK);
    assert_near(options.allow_inconclusive, 1.0, 0.0);
}

static void wrong_texts_are_refused_in_one_line(void **state) {
    (void)state;
    static const char *const gates[] = {"", "time", "time:", "speed:5%", "time:5%,time:6%", "time:0%",
        "time:-5%", "time:101%", "throughput:100%", "time:five", "time:5%,", "time:nan", "time:5%%",
        "time:1111111111111111111111111111111111111111111111111111111111111111111111%"};
    sy_gate_options options;
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(sy_gate_parse(gates[i], &options, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "--gate"));
    }
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_gate_parse_fail_on("regression,", &options, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_gate_parse_fail_on("all", &options, &err), SY_INVALID_ARGUMENT);
    static const char *const shares[] = {"101%", "-1%", "x", "nan", "%"};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
        assert_int_equal(sy_gate_parse_share(shares[i], &options, &err), SY_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read),
        cmocka_unit_test(wrong_texts_are_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
