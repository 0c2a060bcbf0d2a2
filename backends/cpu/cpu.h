/* The host processor as a device: own thread pool and kernels, OpenBLAS by path, and the f64 reference. */
#ifndef BACKENDS_CPU_CPU_H
#define BACKENDS_CPU_CPU_H

#include "steelyard/backend.h"

/**
 * The backend's table, as sy_backend_query_fn asks: NULL with a reason if the host speaks another major
 * version.
 *
 * Device   one, "cpu". Parameters of open(): threads=N, bind=0|1 (default 1: each thread to one processor,
 *          the calling thread too, from its first run until thread_leave() or close()).
 * Queue    synchronous: run(), copy() and fill() are done when they return, on the calling thread and the
 *          pool's. Runs of two queues of one device take turns. No device timers: there is no second clock.
 * Options  of the host: sysroot, isa (generic, avx2, avx512), threads, lib.openblas.
 * Identity uuid is a hash of what kind of processor this is (vendor, family, model, stepping, name, packages,
 *          cores): the same for every program on this node, and of no use to recognise one machine among
 *          others of its kind.
 */
const sy_backend_api *sy_cpu_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

#endif
