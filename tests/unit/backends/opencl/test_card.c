/* What is assumed of cards: by vendor, and of those that nothing is known of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "backends/opencl/card.h"
#include "tests/unit/backends/opencl/tasks.h"

static ocl_card card_by(const char *vendor, uint32_t units) {
    ocl_traits traits = traits_of_gpu;
    snprintf(traits.vendor, sizeof traits.vendor, "%s", vendor);
    traits.units = units;
    return ocl_card_of(&traits);
}

static void vendors_are_told_by_a_word_of_their_name(void **state) {
    (void)state;
    assert_true(card_by("NVIDIA Corporation", 132).registers_most == 255.0);
    assert_true(card_by("NVIDIA Corporation", 132).units == 132.0);
    assert_true(card_by("Advanced Micro Devices, Inc.", 60).lanes == 64.0);
    assert_true(card_by("Intel(R) Corporation", 96).units == 6.0); /* of 16 vector engines each */
    assert_true(card_by("Intel(R) Corporation", 8).units == 1.0);
    assert_true(card_by("QUALCOMM", 2).registers_most == 96.0);
}

static void others_are_what_their_traits_say(void **state) {
    ocl_traits traits = traits_of_gpu;
    (void)state;
    assert_true(ocl_card_of(&traits).lanes == 128.0 && ocl_card_of(&traits).units == 32.0);
    traits.simd = 8;
    assert_true(ocl_card_of(&traits).lanes == 32.0);
    traits.simd = 1;
    assert_true(ocl_card_of(&traits).lanes == 16.0);
    double registers = ocl_card_of(&traits).registers_most, rate = ocl_card_of(&traits).local_rate;
    traits.has_local = false;
    assert_true(ocl_card_of(&traits).registers_most < registers && ocl_card_of(&traits).local_rate < rate);
    snprintf(traits.vendor, sizeof traits.vendor, "NVIDIA Corporation");
    traits.kind = OCL_CPU;
    assert_true(ocl_card_of(&traits).registers_most < registers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vendors_are_told_by_a_word_of_their_name),
        cmocka_unit_test(others_are_what_their_traits_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
