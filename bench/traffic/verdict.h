/* VALID or INVALID, and what to change. */
#ifndef STEELYARD_TRAFFIC_VERDICT_H
#define STEELYARD_TRAFFIC_VERDICT_H

#include "bench/traffic/result.h"

/** Set is_valid and the reasons of a result that has everything else. */
void sy_traffic_judge(const sy_traffic_settings *settings, sy_traffic_result *result);

#endif
