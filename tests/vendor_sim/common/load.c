#include "tests/vendor_sim/common/load.h"

void sim_load_begin(sim_load *load) {
    load->turn[0] = (sim_turn){.at_ns = 0};
    load->turns = 1;
    load->is_busy = false;
}

/* Of the older half of the turns each second one goes: what lies long ago need not be told to the nanosecond.
 */
static void merge(sim_load *load) {
    int kept = 0;
    for (int i = 0; i < load->turns; i++)
        if (i % 2 == 0 || i >= load->turns / 2)
            load->turn[kept++] = load->turn[i];
    load->turns = kept;
}

void sim_load_turn(sim_load *load, double at_ns, bool is_busy) {
    double busy_ns = sim_load_busy_ns(load, at_ns);
    if (load->turns == SIM_TURNS_MAX)
        merge(load);
    load->turn[load->turns++] = (sim_turn){.at_ns = at_ns, .busy_ns = busy_ns};
    load->is_busy = is_busy;
}

/* The last turn that is not after at_ns. */
static int find(const sim_load *load, double at_ns) {
    int low = 0, high = load->turns;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (load->turn[middle].at_ns <= at_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double sim_load_share(const sim_load *load, double at_ns) {
    int index = find(load, at_ns);
    const sim_turn *from = &load->turn[index];
    if (at_ns < from->at_ns)
        return 0;
    if (index + 1 == load->turns)
        return load->is_busy ? 1 : 0;
    const sim_turn *to = from + 1;
    return (to->busy_ns - from->busy_ns) / (to->at_ns - from->at_ns);
}

double sim_load_busy_ns(const sim_load *load, double at_ns) {
    const sim_turn *from = &load->turn[find(load, at_ns)];
    return from->busy_ns + sim_load_share(load, at_ns) * (at_ns - from->at_ns);
}
