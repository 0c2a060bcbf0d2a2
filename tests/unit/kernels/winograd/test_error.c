/* Measured errors against the documented bound factor: never above, and not so far below that it says
 * nothing. */
#include "tests/support/slow.h"
#include "tests/unit/kernels/winograd/fixture.h"

static const double U = 0x1p-24;

enum { PIXELS = 11 }; /* most rows and columns of Y */

/* Errors of all outputs, in units of u |window| |weights|. */
typedef struct spread {
    double widest_rms, largest;
} spread;

static double relative_error(
    const fixture *f, const reference *from, int64_t n, int64_t k, int64_t p, int64_t q) {
    const expectation e = fixture_expect(f, from, n, k, p, q);
    const double y = get_element(SY_ELEMENT_F32, f->y.data, fixture_place(f, n, k, p, q));
    return fabs(y - e.value) / (U * e.x_norm * e.w_norm);
}

/* The root mean square at each pixel over seeds, images and channels; the widest pixel counts. */
static spread measure(uint32_t isa, int tile, int64_t c, int64_t pad, int seeds) {
    double squares[PIXELS][PIXELS] = {{0}};
    int64_t count = 0;
    spread got = {0};
    for (int seed = 1; seed <= seeds; seed++) {
        uint64_t state = (uint64_t)seed * 7919;
        fixture f = {.desc = plain_desc(isa, 2, c, 9, 8, 24, pad)};
        fixture_draw(&f, &state, seed % 2, 0, seed % 2);
        fixture_run(&f, tile, 1);
        reference from = fixture_reference(&f);
        count += f.desc.n * f.desc.k;
        for (int64_t n = 0; n < f.desc.n; n++)
            for (int64_t k = 0; k < f.desc.k; k++)
                for (int64_t p = 0; p < f.plan.conv.p; p++)
                    for (int64_t q = 0; q < f.plan.conv.q; q++) {
                        const double error = relative_error(&f, &from, n, k, p, q);
                        squares[p][q] += error * error;
                        got.largest = fmax(got.largest, error);
                    }
        reference_free(&from);
        fixture_free(&f);
    }
    for (int p = 0; p < PIXELS; p++)
        for (int q = 0; q < PIXELS; q++)
            got.widest_rms = fmax(got.widest_rms, sqrt(squares[p][q] / (double)count));
    return got;
}

/* The factor times u |x| |w| is the deviation the check assumes, 8 of them its bound. */
static void errors_are_what_the_factor_says(void **unused) {
    (void)unused;
    static const int64_t channels[] = {8, 13, 40, 200};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
            for (int tile = 2; tile <= 4; tile += 2)
                for (int64_t pad = 0; pad <= 2; pad++) {
                    const int64_t pads[4] = {pad, pad, pad, pad};
                    const double factor = sy_winograd_bound_factor(tile, channels[i], pads);
                    const int seeds = channels[i] > 40 ? 3 : 8;
                    const spread got = measure(
                        isas[s], tile, channels[i], pad, seeds / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3));
                    assert_true(got.widest_rms <= factor);
                    assert_true(got.largest <= 8 * factor);
                    assert_true(got.widest_rms >= factor / 10);
                }
}

static void factor_grows_with_tile_and_padding(void **unused) {
    (void)unused;
    const int64_t none[4] = {0}, one[4] = {1, 1, 1, 1}, side[4] = {0, 0, 0, 2};
    assert_true(sy_winograd_bound_factor(2, 512, none) == 1.25);
    assert_true(sy_winograd_bound_factor(4, 1 << 20, none) > 2.40);
    assert_true(sy_winograd_bound_factor(4, 1 << 20, none) < 2.42);
    assert_true(sy_winograd_bound_factor(4, 8, none) > sy_winograd_bound_factor(4, 64, none));
    assert_true(
        fabs(sy_winograd_bound_factor(4, 64, one) / sy_winograd_bound_factor(4, 64, none) - 1.5) < 1e-9);
    assert_true(fabs(sy_winograd_bound_factor(4, 64, side) / sy_winograd_bound_factor(4, 64, none) -
                     sqrt(3.0)) < 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_what_the_factor_says),
        cmocka_unit_test(factor_grows_with_tile_and_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
