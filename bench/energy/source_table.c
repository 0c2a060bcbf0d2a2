/* Every source, in the order in which they are listed. To add one: its file, and a row here. */
#include "bench/energy/net_sources.h"
#include "bench/energy/source.h"

const sy_energy_source *const sy_energy_sources[] = {&sy_energy_ipmi, &sy_energy_redfish, &sy_energy_ptdaemon,
    &sy_energy_scpi, &sy_energy_shelly, &sy_energy_tasmota, NULL};
