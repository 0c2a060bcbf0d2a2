/* How the launches of a batch reach the device. */
#ifndef STEELYARD_MEASURE_LAUNCH_H
#define STEELYARD_MEASURE_LAUNCH_H

/*
 * DIRECT: each by a call of its own.
 * GRAPH: recorded once, and all of a batch replayed by one call.
 */
enum { SY_LAUNCH_DIRECT = 0, SY_LAUNCH_GRAPH = 1 };

/** Name as in a key: "direct", "graph". Static; "?" for another number. */
const char *sy_launch_name(int launch);

#endif
