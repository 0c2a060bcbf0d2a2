/* Whose cards they are: a file's name says nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/backends/cuda_family/stack_rig.h"

/* A tree with one card of that vendor, where the simulated one is; and "lib", a link to a folder of
 * libraries. */
typedef struct tree {
    char root[64];
} tree;

/* Each stack's card has an address of its own: management libraries of others that are loaded do not know it.
 */
static const char *address_of(const char *folder) {
    static const char *const known[][2] = {{"corex", "0000:11:00.0"}, {"dtk_cuda", "0000:12:00.0"},
        {"kunlun", "0000:13:00.0"}, {"ppu", "0000:14:00.0"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], folder) == 0)
            return known[i][1];
    return "0000:3b:00.0";
}

static void run(const char *format, const char *a, const char *b, const char *c) {
    char line[1024];
    int length = snprintf(line, sizeof line, format, a, b, c);
    assert_true(length > 0 && (size_t)length < sizeof line);
    assert_int_equal(system(line), 0);
}

static void tree_make(tree *out, const char *vendor, const char *folder) {
    strcpy(out->root, "/tmp/steelyard-identify-XXXXXX");
    assert_non_null(mkdtemp(out->root));
    run("mkdir -p %s/sys/bus/pci/devices/%s%s", out->root, address_of(folder), "");
    if (vendor != NULL)
        run("echo %s > %s/sys/bus/pci/devices/%s/vendor", vendor, out->root, address_of(folder));
    run("ln -s %s/%s %s/lib", SIM_FOLDER, folder, out->root);
}

static void tree_remove(tree *one) {
    run("rm -r %s%s%s", one->root, "", "");
}

static void create(stack_rig *rig, const tree *one, const cf_stack *stack, const char *folder,
    const char *file, sy_status wanted) {
    char settings[64];
    snprintf(settings, sizeof settings, "pci=%s", address_of(folder));
    stack_rig_begin(rig, stack, folder, file, settings);
    rig->sysroot = one->root;
    assert_int_equal(stack_rig_create(rig), wanted);
}

static void test_cuda_takes_the_row_of_a_namesake(void **state) {
    (void)state;
    static const struct {
        const char *vendor, *folder, *file, *name;
        const cf_stack *row;
    } cases[] = {{"0x1e3e", "corex", "libcudart.so.10.2", "Iluvatar", &cf_stack_corex},
        {"0x1d94", "dtk_cuda", "libcudart.so", "Hygon", &cf_stack_dtk},
        {"0x1d22", "kunlun", "libcudart.so.12", "Kunlunxin", &cf_stack_xre},
        {"0x10de", "nvidia", "libcudart.so.13", "NVIDIA", &cf_stack_cuda},
        {"0x1ded", "nvidia", "libcudart.so.13", "", &cf_stack_cuda}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tree one;
        stack_rig rig;
        sy_device_info info = {.size = sizeof info};
        tree_make(&one, cases[i].vendor, cases[i].folder);
        create(&rig, &one, &cf_stack_cuda, cases[i].folder, cases[i].file, SY_OK);
        assert_ptr_equal(stack_rig_libraries(&rig)->stack, cases[i].row);
        assert_int_equal(sy_card_device_api.describe(rig.backend, 0, &info, &rig.error), SY_OK);
        assert_string_equal(info.vendor, cases[i].name);
        assert_int_equal(strstr(info.platform, "untested") == NULL, cases[i].row == &cf_stack_cuda);
        assert_int_equal(rig.log[0] != '\0', cases[i].row != &cf_stack_cuda);
        stack_rig_end(&rig);
        tree_remove(&one);
    }
}

/* Where the bus does not tell, the management library that knows the card does. */
static void test_by_the_management_library(void **state) {
    (void)state;
    tree one;
    stack_rig rig;
    tree_make(&one, NULL, "corex");
    create(&rig, &one, &cf_stack_cuda, "corex", "libcudart.so.10.2", SY_OK);
    assert_ptr_equal(stack_rig_libraries(&rig)->stack, &cf_stack_corex);
    stack_rig_end(&rig);
    create(&rig, &one, &cf_stack_ppu, "nvidia", "libcudart.so.13", SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "are NVIDIA's, not T-Head's"));
    stack_rig_end(&rig);
    tree_remove(&one);
}

static void test_namesakes_take_their_own(void **state) {
    (void)state;
    static const struct {
        const char *vendor;
        const cf_stack *stack;
        bool is_named;
        sy_status status;
        const char *says;
    } cases[] = {{"0x10de", &cf_stack_ppu, true, SY_UNAVAILABLE, "are NVIDIA's, not T-Head's"},
        {"0x10de", &cf_stack_ppu, false, SY_UNAVAILABLE, "are NVIDIA's, not T-Head's"},
        {"0x1ded", &cf_stack_ppu, false, SY_OK, ""}, {NULL, &cf_stack_ppu, true, SY_OK, ""},
        {NULL, &cf_stack_ppu, false, SY_UNAVAILABLE, "nothing tells that the cards behind"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tree one;
        stack_rig rig;
        tree_make(&one, cases[i].vendor, "ppu");
        setenv("PPU_SDK", one.root, 1);
        stack_rig_begin(&rig, cases[i].stack, "ppu", "libcudart.so", "pci=0000:14:00.0");
        rig.sysroot = one.root;
        if (!cases[i].is_named)
            rig.folder[0] = '\0';
        assert_int_equal(stack_rig_create(&rig), cases[i].status);
        assert_non_null(strstr(rig.error.text, cases[i].says));
        stack_rig_end(&rig);
        tree_remove(&one);
    }
    unsetenv("PPU_SDK");
}

static void test_without_a_card_nobody_knows(void **state) {
    (void)state;
    tree one;
    stack_rig rig;
    tree_make(&one, NULL, "ppu");
    setenv("PPU_SDK", one.root, 1);
    stack_rig_begin(&rig, &cf_stack_ppu, "ppu", "libcudart.so", "devices=0");
    rig.folder[0] = '\0';
    assert_int_equal(stack_rig_create(&rig), SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "has no card by which to tell whose it is"));
    stack_rig_end(&rig);
    unsetenv("PPU_SDK");
    tree_remove(&one);
}

/* The management library counts the cards otherwise, as under a mask of visible devices: they are matched by
 * address. */
static void test_two_cards_in_two_orders(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_cuda, "nvidia", "libcudart.so.13",
        "devices=2;pci@0=0000:af:00.0;pci@1=0000:3b:00.0;order=1,0;uuid@0=GPU-first;uuid@1=GPU-second");
    assert_int_equal(stack_rig_create(&rig), SY_OK);
    for (uint32_t i = 0; i < 2; i++) {
        sy_device_info info = {.size = sizeof info};
        assert_int_equal(sy_card_device_api.describe(rig.backend, i, &info, &rig.error), SY_OK);
        assert_string_equal(info.pci, i == 0 ? "0000:af:00.0" : "0000:3b:00.0");
        assert_string_equal(info.uuid, i == 0 ? "GPU-first" : "GPU-second");
    }
    stack_rig_end(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuda_takes_the_row_of_a_namesake),
        cmocka_unit_test(test_by_the_management_library), cmocka_unit_test(test_namesakes_take_their_own),
        cmocka_unit_test(test_without_a_card_nobody_knows), cmocka_unit_test(test_two_cards_in_two_orders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
