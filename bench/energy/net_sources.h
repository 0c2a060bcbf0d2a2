/* Sources that ask something outside the program: the network, and a management controller by its tool. */
#ifndef STEELYARD_ENERGY_NET_SOURCES_H
#define STEELYARD_ENERGY_NET_SOURCES_H

#include "bench/energy/source.h"

extern const sy_energy_source sy_energy_ipmi;
extern const sy_energy_source sy_energy_redfish;
extern const sy_energy_source sy_energy_ptdaemon;
extern const sy_energy_source sy_energy_scpi;
extern const sy_energy_source sy_energy_shelly;
extern const sy_energy_source sy_energy_tasmota;

#endif
