/* The telemetry, in both generations. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <string.h>

#include "tests/vendor_sim/ascend/dcmi.h"

/* Functions of a library by name; of this type unless a test says otherwise. */
static void *library;
#define CALL(name) ((__typeof__(name) *)rig_symbol(library, #name))

static void open_world(const char *file, const char *settings) {
    library = rig_library(file);
    CALL(sim_configure)(settings);
}

static int power_of(int card, int device) {
    int power = -99, code = CALL(dcmi_get_device_power_info)(card, device, &power);
    return code != DCMI_OK ? code : power;
}

/* Just after work: tried again, if the host was slower than the card cools down. */
static int busy_power(const char *settings) {
    rig_open(settings);
    library = rig_library("ascend/libdcmi.so");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    char *memory = rig_memory(NULL, 64);
    int idle = power_of(0, 0), power = idle;
    for (int i = 0; i < 100 && power == idle; i++) {
        assert_int_equal(api.aclrtMemset(memory, 64, 0, 64), ACL_SUCCESS);
        power = power_of(0, 0);
    }
    rig_close();
    return power;
}

static void it_is_initialised(void **state) {
    (void)state;
    int count = 0, list[64];
    open_world("ascend/libdcmi.so", "devices=2;cards=4,7");
    assert_int_equal(CALL(dcmi_get_card_list)(&count, list, 64), DCMI_ERR_CODE_NOT_READY);
    assert_int_equal(CALL(sim_misuses)("dcmi_without_init"), 1);
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_card_list)(&count, list, 64), DCMI_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0], 4);
    assert_int_equal(list[1], 7);
    assert_int_equal(CALL(dcmi_get_card_list)(&count, list, 1), DCMI_ERR_CODE_INVALID_PARAMETER);
    assert_int_equal(CALL(dcmi_get_card_list)(NULL, list, 64), DCMI_ERR_CODE_INVALID_PARAMETER);
    open_world("ascend/libdcmi.so", "dcmi_code=-8002");
    assert_int_equal(CALL(dcmi_init)(), DCMI_ERR_CODE_OPER_NOT_PERMITTED);
    open_world("ascend/libdcmi.so", "devices=0");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_card_list)(&count, list, 64), DCMI_ERR_CODE_DEVICE_NOT_EXIST);
}

static void numbers_lead_from_one_to_another(void **state) {
    (void)state;
    int card = 0, device = 0, logic = -1, most = 0, mcu = 0, cpu = 0;
    unsigned int physical = 0;
    struct dcmi_pcie_info_all pcie;
    open_world("ascend/libdcmi.so",
        "devices=4;soc=Ascend910_9392;cards=4,7;logic=3,2,1,0;physical=8,9,10,11;pci@3=0001:3b:1f.7");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_device_id_in_card)(7, &most, &mcu, &cpu), DCMI_OK);
    assert_int_equal(most, 2);
    assert_int_equal(CALL(dcmi_get_device_num_in_card)(7, &most), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_device_logic_id)(&logic, 7, 1), DCMI_OK);
    assert_int_equal(logic, 0);
    assert_int_equal(CALL(dcmi_get_card_id_device_id_from_logicid)(&card, &device, 0), DCMI_OK);
    assert_int_equal(card, 7);
    assert_int_equal(device, 1);
    assert_int_equal(CALL(dcmi_get_device_phyid_from_logicid)(0, &physical), DCMI_OK);
    assert_int_equal(physical, 11);
    assert_int_equal(CALL(dcmi_get_device_pcie_info_v2)(7, 1, &pcie), DCMI_OK);
    assert_int_equal(pcie.domain, 1);
    assert_int_equal(pcie.bdf_busid, 0x3b);
    assert_int_equal(pcie.bdf_deviceid, 0x1f);
    assert_int_equal(pcie.bdf_funcid, 7);
    assert_int_equal(CALL(dcmi_get_device_logic_id)(&logic, 5, 0), DCMI_ERR_CODE_INVALID_PARAMETER);
    assert_int_equal(CALL(dcmi_get_device_logic_id)(&logic, 4, 2), DCMI_ERR_CODE_INVALID_DEVICE_ID);
    assert_int_equal(
        CALL(dcmi_get_card_id_device_id_from_logicid)(&card, &device, 9), DCMI_ERR_CODE_INVALID_DEVICE_ID);
}

static void power_is_in_tenths(void **state) {
    (void)state;
    int power = 0;
    open_world("ascend/libdcmi.so", "idle_watts=61.5");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 0), 615);
    assert_int_equal(CALL(dcmi_mcu_get_power_info)(0, &power), DCMI_ERR_CODE_NOT_SUPPORT);
    assert_int_equal(CALL(dcmi_get_device_power_info)(0, 0, NULL), DCMI_ERR_CODE_INVALID_PARAMETER);
    open_world("ascend/libdcmi.so", "power=-1;power_of=average");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 0), -1);
    assert_int_equal(busy_power("watts=300;clock=host"), 3000);
}

static void power_in_the_hosts_time_has_no_afterglow(void **state) {
    (void)state;
    rig_open("meter=host;pace=1;gbps=1;watts=300;idle_watts=20;step_ms=1;memory=64M");
    library = rig_library("ascend/libdcmi.so");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    char *memory = rig_memory(NULL, 20000000);
    int power = power_of(0, 0);
    for (int i = 0; i < 100 && power != 3000; i++) { /* again, if the host was away for all of 20 ms */
        assert_int_equal(api.aclrtMemsetAsync(memory, 20000000, 0, 20000000, NULL), ACL_SUCCESS);
        for (int j = 0; j < 100000 && power != 3000; j++)
            power = power_of(0, 0);
        assert_int_equal(api.aclrtSynchronizeDevice(), ACL_SUCCESS);
    }
    assert_int_equal(power, 3000);
    while (power != 200)
        power = power_of(0, 0);
    rig_close();
}

static void power_may_be_refused_or_lost_for_good(void **state) {
    (void)state;
    open_world("ascend/libdcmi.so", "meter=host;fail=dcmi_get_device_power_info:3+:-8012;idle_watts=50");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(power_of(0, 0), i < 2 ? 500 : -8012);
    open_world("ascend/libdcmi.so", "fail=dcmi_get_device_power_info:1+:-8002");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(power_of(0, 0), DCMI_ERR_CODE_OPER_NOT_PERMITTED);
}

static void power_of_inference_cards_is_the_whole_cards(void **state) {
    (void)state;
    int power = 0, most = 0, mcu = 0, cpu = 0;
    open_world("ascend/libdcmi.so", "soc=Ascend310P3;devices=2;dies=2;idle_watts=20");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 0), DCMI_ERR_CODE_NOT_SUPPORT);
    assert_int_equal(CALL(dcmi_mcu_get_power_info)(0, &power), DCMI_OK);
    assert_int_equal(power, 400);
    assert_int_equal(CALL(dcmi_get_device_id_in_card)(0, &most, &mcu, &cpu), DCMI_OK);
    assert_int_equal(mcu, 2);
    assert_int_equal(power_of(0, mcu), DCMI_ERR_CODE_INVALID_DEVICE_ID);
    open_world("ascend/libdcmi.so", "soc=Ascend310P3;device_power=1;mcu_power=0x7ffd");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 0), 600);
    assert_int_equal(CALL(dcmi_mcu_get_power_info)(0, &power), DCMI_OK);
    assert_int_equal(power, 0x7ffd);
}

static void dies_tell_their_own_or_the_packages_power(void **state) {
    (void)state;
    open_world("ascend/libdcmi.so", "soc=Ascend910_9392;devices=2;idle_watts=100;idle_watts@1=50");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 1), 500);
    open_world(
        "ascend/libdcmi.so", "soc=Ascend910_9392;devices=2;idle_watts=100;idle_watts@1=50;die_power=package");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(power_of(0, 0), 1500);
    assert_int_equal(power_of(0, 1), 1500);
}

static void the_rest_of_what_is_told(void **state) {
    (void)state;
    int celsius = 0;
    unsigned int value = 7;
    struct dcmi_hbm_info hbm;
    struct dcmi_get_memory_info_stru ddr;
    struct dcmi_chip_info chip;
    struct dcmi_chip_info_v2 newer;
    assert_int_equal(sizeof chip, 100);
    assert_int_equal(sizeof newer, 132);
    assert_int_equal(sizeof hbm, 32);
    assert_int_equal(sizeof ddr, 112);
    assert_int_equal(sizeof(struct dcmi_pcie_info_all), 64);
    open_world("ascend/libdcmi.so", "temperature=51;mhz=1650;mhz_now=900;memory=64G;utilization=37;health=1");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_device_temperature)(0, 0, &celsius), DCMI_OK);
    assert_int_equal(celsius, 51);
    assert_int_equal(CALL(dcmi_get_device_frequency)(0, 0, DCMI_FREQ_AICORE_CURRENT, &value), DCMI_OK);
    assert_int_equal(value, 900);
    assert_int_equal(CALL(dcmi_get_device_frequency)(0, 0, DCMI_FREQ_AICORE_MAX, &value), DCMI_OK);
    assert_int_equal(value, 1650);
    assert_int_equal(CALL(dcmi_get_device_frequency)(0, 0, DCMI_FREQ_DDR, &value), DCMI_ERR_CODE_NOT_SUPPORT);
    assert_int_equal(CALL(dcmi_get_device_frequency)(0, 0, 99, &value), DCMI_ERR_CODE_INVALID_PARAMETER);
    assert_int_equal(CALL(dcmi_get_device_utilization_rate)(0, 0, DCMI_UTILIZATION_AICORE, &value), DCMI_OK);
    assert_int_equal(value, 37);
    assert_int_equal(CALL(dcmi_get_device_utilization_rate)(0, 0, DCMI_UTILIZATION_HBM, &value), DCMI_OK);
    assert_int_equal(value, 0);
    assert_int_equal(
        CALL(dcmi_get_device_utilization_rate)(0, 0, 99, &value), DCMI_ERR_CODE_INVALID_PARAMETER);
    assert_int_equal(CALL(dcmi_get_device_voltage)(0, 0, &value), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_device_health)(0, 0, &value), DCMI_OK);
    assert_int_equal(value, 1);
    assert_int_equal(CALL(dcmi_get_device_hbm_info)(0, 0, &hbm), DCMI_OK);
    assert_int_equal(hbm.memory_size, 65536);
    assert_int_equal(CALL(dcmi_get_device_memory_info_v3)(0, 0, &ddr), DCMI_ERR_CODE_NOT_SUPPORT);
    assert_int_equal(CALL(dcmi_get_device_chip_info)(0, 0, &chip), DCMI_OK);
    assert_string_equal((char *)chip.chip_name, "910B3");
    assert_int_equal(CALL(dcmi_get_device_chip_info_v2)(0, 0, &newer), DCMI_OK);
    assert_string_equal((char *)newer.npu_name, "910B3");
}

static void memory_of_inference_cards_is_ddr(void **state) {
    (void)state;
    char version[16];
    struct dcmi_hbm_info hbm;
    struct dcmi_get_memory_info_stru ddr;
    open_world("ascend/libdcmi.so", "soc=Ascend310P3;memory=24G");
    assert_int_equal(CALL(dcmi_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_device_hbm_info)(0, 0, &hbm), DCMI_ERR_CODE_NOT_SUPPORT);
    assert_int_equal(CALL(dcmi_get_device_memory_info_v3)(0, 0, &ddr), DCMI_OK);
    assert_int_equal(ddr.memory_size, 24576);
    assert_int_equal(CALL(dcmi_get_dcmi_version)(version, sizeof version), DCMI_OK);
    assert_int_equal(CALL(dcmi_get_dcmi_version)(version, 0), DCMI_ERR_CODE_INVALID_PARAMETER);
}

static void the_second_generation_knows_no_cards(void **state) {
    (void)state;
    int list[8], count = 0, power = 0, celsius = 0;
    unsigned int value = 0;
    struct dcmi_chip_info_v2 chip;
    struct dcmi_hbm_info hbm;
    open_world("ascend_9/libdcmi.so", "devices=2;logic=1,0;idle_watts@0=70;soc@0=Ascend950PR");
    assert_int_equal(CALL(dcmiv2_get_device_list)(list, &count, 8), DCMI_ERR_CODE_NOT_READY);
    assert_int_equal(CALL(dcmiv2_init)(), DCMI_OK);
    assert_int_equal(CALL(dcmiv2_get_device_list)(list, &count, 8), DCMI_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0], 1);
    assert_int_equal(CALL(dcmiv2_get_device_power_info)(1, &power), DCMI_OK);
    assert_int_equal(power, 700);
    assert_int_equal(CALL(dcmiv2_get_device_power_info)(2, &power), DCMI_ERR_CODE_INVALID_DEVICE_ID);
    assert_int_equal(CALL(dcmiv2_get_device_temperature)(1, &celsius), DCMI_OK);
    assert_int_equal(CALL(dcmiv2_get_device_utilization_rate)(1, DCMI_UTILIZATION_NPU, &value), DCMI_OK);
    assert_int_equal(CALL(dcmiv2_get_device_frequency)(1, DCMI_FREQ_HBM, &value), DCMI_OK);
    assert_int_equal(CALL(dcmiv2_get_device_hbm_info)(1, &hbm), DCMI_OK);
    assert_int_equal(CALL(dcmiv2_get_device_chip_info)(1, &chip), DCMI_OK);
    assert_string_equal((char *)chip.chip_name, "950PR");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_initialised),
        cmocka_unit_test(numbers_lead_from_one_to_another), cmocka_unit_test(power_is_in_tenths),
        cmocka_unit_test(power_in_the_hosts_time_has_no_afterglow),
        cmocka_unit_test(power_may_be_refused_or_lost_for_good),
        cmocka_unit_test(power_of_inference_cards_is_the_whole_cards),
        cmocka_unit_test(dies_tell_their_own_or_the_packages_power),
        cmocka_unit_test(the_rest_of_what_is_told), cmocka_unit_test(memory_of_inference_cards_is_ddr),
        cmocka_unit_test(the_second_generation_knows_no_cards)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
