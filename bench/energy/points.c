/* From readings to updates of the sensor. */
#include "bench/energy/points.h"

#include <math.h>

/* A value that stays has been updated once a period has passed, and a little, since the period is not exact.
 */
static const double REPEAT_SHARE = 1.05;

double sy_energy_seconds(uint64_t at_ns, uint64_t origin_ns) {
    return at_ns >= origin_ns ? 1e-9 * (double)(at_ns - origin_ns) : -1e-9 * (double)(origin_ns - at_ns);
}

bool sy_energy_walk_reading(sy_energy_walk *walk, sy_energy_point *out_reading) {
    while (walk->next < walk->trace->count) {
        const sy_energy_reading *reading = &walk->trace->reading[walk->next++];
        if (!isfinite(reading->value) || reading->end_ns < reading->begin_ns)
            continue;
        uint64_t took_ns = reading->end_ns - reading->begin_ns;
        double at_s = sy_energy_seconds(reading->begin_ns + took_ns / 2, walk->origin_ns);
        if (walk->seen > 0 && at_s <= walk->reading_s)
            continue;
        walk->gap_s = walk->seen > 0 ? at_s - walk->reading_s : 0;
        walk->reading_s = at_s;
        walk->seen++;
        *out_reading =
            (sy_energy_point){.at_s = at_s, .width_s = 1e-9 * (double)took_ns, .value = reading->value};
        return true;
    }
    return false;
}

/* A new value was published since the last reading, and at most a period ago. */
static sy_energy_point changed(const sy_energy_walk *walk, const sy_energy_point *reading) {
    double width_s = walk->seen == 1 ? walk->period_s : fmin(walk->period_s, walk->gap_s);
    return (sy_energy_point){.at_s = reading->at_s - 0.5 * width_s,
        .width_s = hypot(width_s, reading->width_s),
        .value = reading->value};
}

/* The same value once more: a period after the last update, or as for a new one where readings skip periods.
 */
static bool repeated(const sy_energy_walk *walk, const sy_energy_point *reading, sy_energy_point *out_point) {
    double since_s = reading->at_s - walk->point_s;
    if (walk->is_counter || since_s < REPEAT_SHARE * walk->period_s)
        return false;
    if (walk->gap_s >= walk->period_s)
        *out_point = changed(walk, reading);
    else
        out_point->at_s += walk->period_s;
    return true;
}

bool sy_energy_walk_next(sy_energy_walk *walk, sy_energy_point *out_point) {
    sy_energy_point reading;
    while (sy_energy_walk_reading(walk, &reading)) {
        bool is_new = walk->seen == 1 || reading.value != walk->last.value;
        walk->held_s = reading.at_s;
        if (is_new)
            walk->last = changed(walk, &reading);
        else if (!repeated(walk, &reading, &walk->last))
            continue;
        walk->point_s =
            is_new || walk->gap_s >= walk->period_s ? reading.at_s : walk->point_s + walk->period_s;
        *out_point = walk->last;
        return true;
    }
    return false;
}
