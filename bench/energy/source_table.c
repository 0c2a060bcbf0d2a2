/* Every source, in the order in which they are listed. To add one: its file, and a row here. */
#include "bench/energy/net_sources.h"
#include "bench/energy/sources.h"

const sy_energy_source *const sy_energy_sources[] = {&sy_energy_device, &sy_energy_powercap,
    &sy_energy_perf_power, &sy_energy_hwmon, &sy_energy_battery, &sy_energy_ipmi, &sy_energy_redfish,
    &sy_energy_ptdaemon, &sy_energy_scpi, &sy_energy_shelly, &sy_energy_tasmota, &sy_energy_csv, NULL};
