/* Addresses of the bus, and whose cards are behind them. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "backends/cuda_family/meter_pci.h"

static void addresses_in_every_spelling(void **state) {
    (void)state;
    static const char *const spellings[] = {
        "0001:3b:1f.7", "00000001:3B:1F.7", "1:3b:1f.7", "0001:3B:1f.7", "00000001:0000003b:1f.7"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        cf_pci pci;
        char text[24];
        assert_true(cf_pci_parse(spellings[i], &pci));
        cf_pci_text(&pci, text);
        assert_string_equal(text, "0001:3b:1f.7");
    }
    cf_pci pci;
    char text[24];
    assert_true(cf_pci_parse("3b:00", &pci));
    cf_pci_text(&pci, text);
    assert_string_equal(text, "0000:3b:00.0");
    assert_true(cf_pci_parse("ffffffff:ff:1f.7", &pci));
    cf_pci_text(&pci, text);
    assert_string_equal(text, "ffffffff:ff:1f.7");
}

static void other_texts_are_no_address(void **state) {
    (void)state;
    static const char *const texts[] = {"", "3b", "3b:", ":3b:00.0", "0000:3b:00.", "0000:3b:00.8",
        "0000:3b:20.0", "0000:100:00.0", "0000:3b:00.0 ", " 0000:3b:00.0", "0000:3b:00.00",
        "000000000:3b:00.0", "1:2:3:4", "0x0000:3b:00.0", "0000:3g:00.0", "-1:00:00.0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cf_pci pci;
        if (cf_pci_parse(texts[i], &pci))
            fail_msg("\"%s\" was taken for an address", texts[i]);
    }
}

static void equal_in_every_part(void **state) {
    (void)state;
    const cf_pci one = {1, 2, 3, 4};
    const cf_pci others[] = {{0, 2, 3, 4}, {1, 0, 3, 4}, {1, 2, 0, 4}, {1, 2, 3, 0}};
    assert_true(cf_pci_equal(&one, &(cf_pci){1, 2, 3, 4}));
    for (size_t i = 0; i < 4; i++)
        assert_false(cf_pci_equal(&one, &others[i]));
}

/* A tree with one device of `id` at `pci`, below a fresh folder. */
static void make_tree(char root[64], const char *pci, const char *id) {
    static const char *const folders[] = {"/sys", "/sys/bus", "/sys/bus/pci", "/sys/bus/pci/devices"};
    char path[160];
    snprintf(root, 64, "/tmp/steelyard-meter-XXXXXX");
    assert_non_null(mkdtemp(root));
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", root, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices/%s", root, pci);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices/%s/vendor", root, pci);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", id);
    fclose(file);
}

static void remove_tree(const char *root, const char *pci) {
    static const char *const folders[] = {"/sys/bus/pci/devices", "/sys/bus/pci", "/sys/bus", "/sys", ""};
    char path[160];
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices/%s/vendor", root, pci);
    assert_int_equal(remove(path), 0);
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices/%s", root, pci);
    assert_int_equal(remove(path), 0);
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s%s", root, folders[i]);
        assert_int_equal(remove(path), 0);
    }
}

static sy_status ask(const char *id, const char *pci, const cf_vendor **out_vendor, sy_error *err) {
    meter_rig rig = {0};
    char root[64];
    make_tree(root, "0000:3b:00.0", id);
    rig.option[0].key = "sysroot";
    rig.option[0].value = root;
    meter_rig_begin(&rig, "nvml", "/nowhere");
    sy_status status = cf_vendor_of_pci(&rig.host, pci, out_vendor, err);
    meter_rig_end(&rig);
    remove_tree(root, "0000:3b:00.0");
    return status;
}

static void vendors_by_number(void **state) {
    (void)state;
    static const struct {
        const char *id, *name;
        const cf_meter_kind *kind;
    } cases[] = {{"0x10de", "NVIDIA", &cf_meter_nvml}, {"0x1002", "AMD", &cf_meter_rsmi},
        {"0x1d94", "Hygon", &cf_meter_rsmi}, {"0x1ed5", "Moore Threads", &cf_meter_mtml},
        {"0x9999", "MetaX", &cf_meter_mxsml}, {"0x1e3e", "Iluvatar", &cf_meter_ixml},
        {"0x1d22", "Kunlunxin", &cf_meter_xpuml}, {"0x1ee0", "Biren", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cf_vendor *vendor = NULL;
        assert_int_equal(ask(cases[i].id, "0000:3B:00.0", &vendor, NULL), SY_OK);
        assert_string_equal(vendor->name, cases[i].name);
        assert_ptr_equal(vendor->kind, cases[i].kind);
    }
}

static void others_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *id, *pci;
        sy_status status;
        const char *words;
    } cases[] = {{"0x1234", "3b:00.0", SY_UNSUPPORTED, "0x1234"}, {"10de", "3b:00.0", SY_UNSUPPORTED, "10de"},
        {"0x10de1", "3b:00.0", SY_UNSUPPORTED, "0x10de1"}, {"0x", "3b:00.0", SY_UNSUPPORTED, "\"0x\""},
        {"", "3b:00.0", SY_UNSUPPORTED, "\"\""}, {"0x10de", "3c:00.0", SY_UNAVAILABLE, "0000:3c:00.0"},
        {"0x10de", "card 3", SY_INVALID_ARGUMENT, "card 3"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cf_vendor *vendor = (const cf_vendor *)&cases;
        meter_rig rig = {.error = SY_ERROR_INIT};
        assert_int_equal(ask(cases[i].id, cases[i].pci, &vendor, &rig.error), cases[i].status);
        meter_rig_expect_words(&rig, cases[i].words);
        assert_null(vendor);
    }
}

/* One library serves two vendors: the bus says which it is, if it knows one of them. */
static void identity_by_the_bus(void **state) {
    (void)state;
    static const char *const ids[] = {"0x1d94", "0x1002", "0x10de", "0x4321"};
    static const char *const names[] = {"Hygon", "AMD", "AMD or Hygon", "AMD or Hygon"};
    for (size_t i = 0; i < 4; i++) {
        meter_rig rig = {0};
        cf_meter_identity who;
        char root[64];
        make_tree(root, "0001:3b:03.2", ids[i]);
        rig.option[0].key = "sysroot";
        rig.option[0].value = root;
        meter_rig_begin(&rig, "rsmi", FAKE_METERS "rsmi.so");
        meter_rig_open(&rig, &cf_meter_rsmi, "1:3b:03.2", SY_OK);
        assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
        assert_string_equal(who.vendor, names[i]);
        meter_rig_end(&rig);
        remove_tree(root, "0001:3b:03.2");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_in_every_spelling),
        cmocka_unit_test(other_texts_are_no_address),
        cmocka_unit_test(equal_in_every_part),
        cmocka_unit_test(vendors_by_number),
        cmocka_unit_test(others_are_told_apart),
        cmocka_unit_test(identity_by_the_bus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
