/* Matching devices of a runtime that tells more than a number: by PCI address, logic id, physical id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/ascend/inside.h"

static int count_two(uint32_t *count) {
    *count = 2;
    return 0;
}

static int pci_of(int32_t device, char *text, int32_t capacity) {
    snprintf(text, (size_t)capacity, "%s", device == 0 ? "00000000:C1:00.0" : "0001:01:00.0");
    return 0;
}

static int no_pci(int32_t device, char *text, int32_t capacity) {
    (void)device;
    (void)text;
    (void)capacity;
    return 207000;
}

static int logic_of(const int32_t user, int32_t *const logic) {
    *logic = 1 - user;
    return 0;
}

static int physical_of(uint32_t device, int attribute, int64_t *value) {
    assert_int_equal(attribute, 402);
    *value = device == 0 ? 6 : 5;
    return 0;
}

static int physical_of_logic(unsigned int logic, unsigned int *physical) {
    *physical = 5 + logic;
    return 0;
}

/* Two devices of cards 40 and 41, logic ids 0 and 1, physical ids 5 and 6. */
static ascend_libraries two_devices(void) {
    ascend_libraries libraries;
    memset(&libraries, 0, sizeof libraries);
    libraries.runtime.rtGetDeviceCount = count_two;
    libraries.dcmi.status = SY_OK;
    libraries.dcmi.count = 2;
    libraries.dcmi.place[0] = (ascend_place){.card = 40, .logic = 0, .pci = "0001:01:00.0"};
    libraries.dcmi.place[1] = (ascend_place){.card = 41, .logic = 1, .pci = "0000:c1:00.0"};
    return libraries;
}

static int card_of(const ascend_libraries *libraries, uint32_t index) {
    ascend_place place;
    return ascend_place_find(libraries, index, &place, NULL) == SY_OK ? place.card : -1;
}

static void by_number(void **state) {
    ascend_libraries libraries = two_devices();
    (void)state;
    assert_int_equal(card_of(&libraries, 0), 40);
    assert_int_equal(card_of(&libraries, 1), 41);
    assert_int_equal(card_of(&libraries, 2), -1);
}

static void by_address(void **state) {
    ascend_libraries libraries = two_devices();
    (void)state;
    libraries.runtime.rtDeviceGetPCIBusId = pci_of;
    libraries.runtime.rtGetLogicDevIdByUserDevId = logic_of;
    assert_int_equal(card_of(&libraries, 0), 41);
    assert_int_equal(card_of(&libraries, 1), 40);
    libraries.dcmi.place[1].pci[2] = '1'; /* another domain: by logic id, then */
    libraries.runtime.rtGetLogicDevIdByUserDevId = NULL;
    assert_int_equal(card_of(&libraries, 0), 40);
}

static void by_logic_id(void **state) {
    ascend_libraries libraries = two_devices();
    (void)state;
    libraries.runtime.rtDeviceGetPCIBusId = no_pci;
    libraries.runtime.rtGetLogicDevIdByUserDevId = logic_of;
    assert_int_equal(card_of(&libraries, 0), 41);
    assert_int_equal(card_of(&libraries, 1), 40);
}

static void by_physical_id(void **state) {
    ascend_libraries libraries = two_devices();
    (void)state;
    libraries.runtime.rtGetDeviceInfo = physical_of;
    assert_int_equal(card_of(&libraries, 0), 40);
    libraries.dcmi.api.get_device_phyid_from_logicid = physical_of_logic;
    assert_int_equal(card_of(&libraries, 0), 41);
    assert_int_equal(card_of(&libraries, 1), 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_number), cmocka_unit_test(by_address),
        cmocka_unit_test(by_logic_id), cmocka_unit_test(by_physical_id)};
    unsetenv("ASCEND_RT_VISIBLE_DEVICES");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
