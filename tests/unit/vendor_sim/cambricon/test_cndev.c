/* CNDEV of 2025: handles, versions, power, and what it says of a card. */
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <stdlib.h>
#include <string.h>

static void begin(const char *settings) {
    CNDEV(sim_configure)(settings);
    assert_int_equal(CNDEV(cndevInit)(0), 0);
}

static void end(int64_t misuses) {
    assert_int_equal(CNDEV(cndevRelease)(), 0);
    assert_int_equal(CNDEV(sim_alive_total)(), 0);
    assert_int_equal(CNDEV(sim_misuses_total)(), misuses);
}

static void test_beginning(void **state) {
    (void)state;
    cndevCardInfo_t info = {.version = 5};
    CNDEV(sim_configure)("devices=0");
    assert_int_equal(CNDEV(cndevGetDeviceCount)(&info), CNDEV_ERROR_UNINITIALIZED);
    assert_int_equal(CNDEV(cndevRelease)(), CNDEV_ERROR_UNINITIALIZED);
    assert_int_equal(CNDEV(cndevInit)(0), CNDEV_ERROR_NO_DEVICES);
    assert_int_equal(CNDEV(cndevInit)(1), CNDEV_ERROR_INVALID_ARGUMENT);
    assert_int_equal(CNDEV(sim_misuses)("cndev_uninitialized"), 2);
    begin("devices=3");
    assert_int_equal(CNDEV(cndevGetDeviceCount)(&info), 0);
    assert_int_equal(info.number, 3);
    assert_int_equal(CNDEV(cndevGetDeviceCount)(NULL), CNDEV_ERROR_INVALID_ARGUMENT);
    assert_int_equal(CNDEV(sim_alive)("cndev"), 1);
    assert_string_equal(CNDEV(cndevGetErrorString)(12), "no devices");
    assert_string_equal(CNDEV(cndevGetErrorString)(99), "error not found");
    end(0);
    CNDEV(sim_configure)("fail=cndevInit:1:1");
    assert_int_equal(CNDEV(cndevInit)(0), CNDEV_ERROR_NO_DRIVER);
}

static void test_handles_are_no_indices(void **state) {
    (void)state;
    cndevDevice_t device = 0;
    cndevDevicePowerInfo_t power;
    begin("devices=2;pci@1=0000:3b:00.0;model@1=mlu370");
    assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, 1), CNDEV_ERROR_INVALID_DEVICE_ID);
    assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(2, &device), CNDEV_ERROR_INVALID_DEVICE_ID);
    assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(1, &device), 0);
    assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, device), 0);
    assert_int_equal(power.cap, 250);
    cndevDevice_t same = 0;
    assert_int_equal(CNDEV(cndevGetDeviceHandleByPciBusId)("0000:3b:00.0", &same), 0);
    assert_int_equal(same, device);
    assert_int_equal(CNDEV(cndevGetDeviceHandleByPciBusId)("0000:3c:00.0", &same), CNDEV_ERROR_NOT_FOUND);
    assert_string_equal(CNDEV(cndevGetCardNameStringByDevId)(1), "MLU370");
    assert_string_equal(CNDEV(cndevGetCardNameStringByDevId)(7), "Unknown");
    cndevPCIeInfoV2_t pci;
    assert_int_equal(CNDEV(cndevGetPCIeInfoV2)(&pci, device), 0);
    assert_int_equal(pci.bus, 0x3b);
    end(0);
    begin("devices=2;cndev_handle_base=0");
    assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, 1), 0);
    end(0);
}

static void test_versions(void **state) {
    (void)state;
    cndevDevice_t device;
    cndevTemperatureInfo_t info = {.version = 4};
    begin("");
    assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(0, &device), 0);
    assert_int_equal(CNDEV(cndevGetTemperatureInfo)(&info, device), CNDEV_ERROR_UNSUPPORTED_API_VERSION);
    info.version = 5;
    assert_int_equal(CNDEV(cndevGetTemperatureInfo)(&info, device), 0);
    assert_int_equal(info.chip, 50);
    assert_int_equal(info.cpu, -1);
    assert_int_equal(info.version, 5);
    end(0);
    begin("cndev_min=6;cndev_max=6;absent_sensor=-300");
    assert_int_equal(CNDEV(cndevGetTemperatureInfo)(&info, device), CNDEV_ERROR_UNSUPPORTED_API_VERSION);
    info.version = 6;
    assert_int_equal(CNDEV(cndevGetTemperatureInfo)(&info, device), 0);
    assert_int_equal(info.cpu, -300);
    end(0);
}

static void test_visible_devices_may_renumber_or_not(void **state) {
    (void)state;
    static const char *const settings[] = {"devices=2", "devices=2;cndev_visible=1"};
    static const uint32_t counts[] = {2, 1}, buses[] = {0x10, 0x11};
    setenv("MLU_VISIBLE_DEVICES", "1", 1);
    for (int i = 0; i < 2; i++) {
        cndevDevice_t device;
        cndevPCIeInfo_t pci = {.version = 5};
        cndevCardInfo_t info = {.version = 5};
        begin(settings[i]);
        assert_int_equal(CNDEV(cndevGetDeviceCount)(&info), 0);
        assert_int_equal(info.number, counts[i]);
        assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(0, &device), 0);
        assert_int_equal(CNDEV(cndevGetPCIeInfo)(&pci, device), 0);
        assert_int_equal(pci.bus, buses[i]);
        end(0);
    }
    unsetenv("MLU_VISIBLE_DEVICES");
}

static void test_state_of_the_card(void **state) {
    (void)state;
    cndevDevice_t device;
    cndevUtilizationInfo_t load = {.version = 5};
    cndevFrequencyInfo_t clock = {.version = 5};
    cndevMemoryInfoV2_t memory;
    cndevPowerCap_t cap = {.version = 5};
    cndevCardName_t name = {.version = 5};
    cndevDevicePowerInfo_t power;
    begin("memory=64M;board_mhz=900;overtemp=1;cap=300;idle_watts=71");
    assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(0, &device), 0);
    assert_int_equal(CNDEV(cndevGetDeviceUtilizationInfo)(&load, device), 0);
    assert_int_equal(load.average, 0);
    assert_int_equal(CNDEV(cndevGetFrequencyInfo)(&clock, device), 0);
    assert_int_equal(clock.board, 900);
    assert_int_equal(clock.board_default, 1500);
    assert_int_equal(clock.overtemp_dfs, 1);
    assert_int_equal(CNDEV(cndevGetMemoryUsageV2)(&memory, device), 0);
    assert_int_equal(memory.physical_total, 64);
    assert_int_equal(memory.physical_used, 0);
    assert_int_equal(CNDEV(cndevGetPowerManagementLimitation)(&cap, device), 0);
    assert_int_equal(cap.watts, 300);
    assert_int_equal(CNDEV(cndevGetCardName)(&name, device), 0);
    assert_int_equal(name.id, 26);
    assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, device), 0);
    assert_int_equal(power.usage, 71);
    end(0);
}

/* Busy from the beginning to the end of a copy that lasts; then refused for good. */
static void test_power_in_the_hosts_time(void **state) {
    (void)state;
    cndevDevice_t device;
    cndevDevicePowerInfo_t power = {0};
    void *memory;
    begin("meter=host;pace=1;gbps=1;watts=300;idle_watts=20;step_ms=1;power=now;"
          "fail=cndevGetPowerManagementLimitation:1+:13");
    assert_int_equal(CNDEV(cndevGetDeviceHandleByIndex)(0, &device), 0);
    assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, device), 0);
    assert_int_equal(power.usage, 20);
    assert_int_equal(CNRT(cnrtSetDevice)(0), 0);
    assert_int_equal(CNRT(cnrtMalloc)(&memory, 20000000), 0);
    for (int i = 0; i < 100 && power.usage != 300; i++) { /* again, if the host was away for all of 20 ms */
        assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 0, 20000000, NULL), 0);
        for (int j = 0; j < 100000 && power.usage != 300; j++)
            assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, device), 0);
        assert_int_equal(CNRT(cnrtQueueSync)(NULL), 0);
    }
    assert_int_equal(power.usage, 300);
    while (power.usage != 20)
        assert_int_equal(CNDEV(cndevGetDevicePowerInfo)(&power, device), 0);
    cndevPowerCap_t cap = {.version = 5};
    for (int i = 0; i < 3; i++)
        assert_int_equal(CNDEV(cndevGetPowerManagementLimitation)(&cap, device), CNDEV_ERROR_NO_PERMISSION);
    assert_int_equal(CNRT(cnrtFree)(memory), 0);
    end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_beginning),
        cmocka_unit_test(test_handles_are_no_indices), cmocka_unit_test(test_versions),
        cmocka_unit_test(test_visible_devices_may_renumber_or_not), cmocka_unit_test(test_state_of_the_card),
        cmocka_unit_test(test_power_in_the_hosts_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
