/* Which of the meters that were found are read, by what the user wishes. Pure. */
#ifndef STEELYARD_ENERGY_CHOOSE_H
#define STEELYARD_ENERGY_CHOOSE_H

#include "bench/energy/wish.h"

/**
 * The device whose work is weighed. is_simulated: it has a clock of its own, which no meter of the machine
 * follows. is_host_processor: it is the processor that the program runs on.
 */
typedef struct sy_energy_subject {
    bool is_simulated, is_host_processor;
} sy_energy_subject;

#define SY_ENERGY_WHY_MAX 256u

/**
 * Choose.
 *
 * auto   For each scope the best meter of the device and the best of the machine: a counter before an average
 *        before an instant power, then the finer step, then the shorter period, then the earlier in the list.
 *        Meters like the best one (same source, kind and scope: the other sockets) come along. Beside a
 *        counter of the device one power of it of the same scope, for comparison and for the peak. Cards that
 *        are not the device are left out where that is certain: it is the host's processor, or has meters
 *        itself. Never a part of another meter, nor one that has to be named.
 * all    Every usable meter that is neither.
 * specs  What they mean, parts only by their own name.
 * Beside any of these temperature, clock and throttle of the device; for the host's processor also those of
 * the machine's dies and packages. Of a simulated device its own alone, but for what is named.
 *
 * found        what the sources know, usable or not.
 * out_chosen   copies in the order of `found`; the caller's, sy_energy_list_release().
 * out_why      "" if everything that was wished for is there; else one line, fit for a cell of the summary:
 *              which specs failed and why, or, with no meter of energy, why there is none.
 * Errors       SY_OUT_OF_MEMORY: nothing is chosen.
 */
sy_status sy_energy_choose(const sy_energy_list *found, const sy_energy_wish *wish,
    const sy_energy_subject *subject, sy_energy_list *out_chosen, char out_why[SY_ENERGY_WHY_MAX],
    sy_error *err);

/** The line alone: `chosen` is what was chosen of `found`. */
void sy_energy_explain(const sy_energy_list *found, const sy_energy_wish *wish,
    const sy_energy_subject *subject, const sy_energy_list *chosen, char out_why[SY_ENERGY_WHY_MAX]);

#endif
