/* The suites we ship: they can be read, and hold what their README says. Runs in the project's root. */
#include "bench/suites/suite.h"
#include "steelyard/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const folders[] = {"bench/suites"};
static const sy_suite_places places = {.folder = folders, .count = 1};

static sy_suite *load(const char *name) {
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    if (sy_suite_load(name, &places, &suite, &err) != SY_OK) {
        fail_msg("%s", err.text);
    }
    return suite;
}

static void every_suite_is_read(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t count;
    } wanted[] = {{"bert-large", 28}, {"conformer", 12}, {"cpu-race", 294}, {"deepbench-inference", 206},
        {"deepseek-v3", 94}, {"ernie-4.5", 174}, {"glm-4.5", 144}, {"hunyuan", 126}, {"kimi-k2", 94},
        {"llama-3", 84}, {"minimax-m2", 48}, {"mobilenet", 120}, {"pp-ocr", 78}, {"quick", 45},
        {"qwen3", 180}, {"resnet50", 24}, {"sd15-unet", 70}, {"smoke", 9}, {"unet", 19}, {"vgg16", 12},
        {"whisper-base", 44}, {"yolov8", 124}};
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(sy_suite_names(&places, &names, &count, NULL), SY_OK);
    assert_int_equal(count, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(names[i], wanted[i].name);
        sy_suite *suite = load(names[i]);
        assert_string_equal(suite->name, names[i]);
        assert_non_null(suite->title);
        assert_int_equal(suite->count, wanted[i].count);
        sy_suite_destroy(suite);
    }
    sy_suite_names_free(names, count);
}

static void every_problem_has_a_meaning(void **state) {
    (void)state;
    char **names = NULL;
    size_t count = 0, problems = 0;
    assert_int_equal(sy_suite_names(&places, &names, &count, NULL), SY_OK);
    for (size_t i = 0; i < count; i++) {
        sy_suite *suite = load(names[i]);
        for (size_t j = 0; j < suite->count; j++) {
            sy_spec spec;
            sy_error err = SY_ERROR_INIT;
            uint64_t flop, bytes;
            if (sy_spec_parse(suite->item[j].problem, NULL, &spec, &err) != SY_OK ||
                sy_spec_flop(&spec, &flop, &err) != SY_OK || sy_spec_bytes(&spec, &bytes, &err) != SY_OK) {
                fail_msg("%s: %s: %s", names[i], suite->item[j].problem, err.text);
            }
            problems++;
        }
        sy_suite_destroy(suite);
    }
    assert_true(problems > 1700);
    sy_suite_names_free(names, count);
}

static bool ends_with(const char *text, const char *ending) {
    size_t bytes = strlen(text), wanted = strlen(ending);
    return bytes >= wanted && strcmp(text + bytes - wanted, ending) == 0;
}

static void attention_has_no_constant_weights(void **state) {
    (void)state;
    static const char *const suites[] = {"qwen3", "deepseek-v3", "sd15-unet", "conformer", "whisper-base"};
    size_t dynamic = 0;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        sy_suite *suite = load(suites[i]);
        for (size_t j = 0; j < suite->count; j++) {
            const char *name = suite->item[j].name;
            bool is_product =
                ends_with(name, "_qk") || ends_with(name, "_pv") || ends_with(name, "_qk_and_pos");
            assert_int_equal(is_product, strstr(suite->item[j].problem, "weights=dynamic") != NULL);
            dynamic += is_product;
        }
        sy_suite_destroy(suite);
    }
    assert_true(dynamic > 50);
}

/* Sum over count x 2 k p q (c/groups) r s of what begins with `prefix`, for one image and square shapes. */
static double weigh(const sy_suite *suite, const char *prefix) {
    double flop = 0;
    for (size_t i = 0; i < suite->count; i++) {
        const sy_suite_item *item = &suite->item[i];
        long long n, c, h, w, k, r, s, stride[2], pad[2], batch;
        double count = (double)item->count;
        if (item->name == NULL || strncmp(item->name, prefix, strlen(prefix)) != 0) {
            continue;
        }
        if (sscanf(item->problem,
                "conv2d:n=%lld,c=%lld,h=%lld,w=%lld,k=%lld,r=%lld,s=%lld,stride=%lldx%lld,pad=%lldx%lld", &n,
                &c, &h, &w, &k, &r, &s, &stride[0], &stride[1], &pad[0], &pad[1]) == 11) {
            long long p = (h + 2 * pad[0] - r) / stride[0] + 1, q = (w + 2 * pad[1] - s) / stride[1] + 1;
            flop += count * 2.0 * (double)(n * k * p * q * c * r * s);
        } else if (sscanf(item->problem, "gemm:m=%lld,n=%lld,k=%lld,batch=%lld", &n, &c, &k, &batch) == 4) {
            flop += count * 2.0 * (double)(n * c * k * batch);
        }
    }
    return flop;
}

static void quick_has_whole_models(void **state) {
    (void)state;
    sy_suite *quick = load("quick"), *ernie = load("ernie-4.5"), *resnet = load("resnet50");
    assert_int_equal(quick->version, 1);
    assert_true(weigh(quick, "ernie-4.5-0.3b.decode.t8.") == weigh(ernie, "ernie-4.5-0.3b.decode.t8."));
    assert_true(weigh(quick, "ernie-4.5-0.3b.prefill.t512.") == weigh(ernie, "ernie-4.5-0.3b.prefill.t512."));
    assert_true(weigh(quick, "resnet50.") == weigh(resnet, "resnet50.") - weigh(resnet, "resnet50.fc"));
    assert_true(weigh(resnet, "resnet50.") == 2.0 * 4089184256.0);
    assert_true(weigh(quick, "ernie-4.5-0.3b.decode.t8.") > 1e9);
    for (size_t i = 0; i < quick->count; i++) {
        bool is_rate = strncmp(quick->item[i].problem, "stream:", 7) == 0 ||
                       strncmp(quick->item[i].problem, "copy:", 5) == 0;
        assert_int_equal(quick->item[i].dtype_hint_count, is_rate ? 0 : 3);
    }
    sy_suite_destroy(quick);
    sy_suite_destroy(ernie);
    sy_suite_destroy(resnet);
}

static void a_batch_multiplies_a_network(void **state) {
    (void)state;
    static const char *const networks[] = {"resnet50", "mobilenet", "vgg16", "unet", "pp-ocr", "sd15-unet"};
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        sy_suite *suite = load(networks[i]);
        double one = weigh(suite, "");
        assert_int_equal(sy_suite_set_batch(suite, 8, NULL, NULL), SY_OK);
        assert_true(weigh(suite, "") == 8 * one);
        sy_suite_destroy(suite);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_is_read),
        cmocka_unit_test(every_problem_has_a_meaning),
        cmocka_unit_test(attention_has_no_constant_weights),
        cmocka_unit_test(quick_has_whole_models),
        cmocka_unit_test(a_batch_multiplies_a_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
