/*
 * The ceiling of the arithmetic: independent chains of multiply-adds in registers, and nothing else.
 *
 * Definitions
 *   VALUE        what is multiplied and added; WIDE: the same or a vector of it, of WIDTH elements
 *   SUM          type of the sums in memory
 *   CHAINS(DO)   DO(0) DO(1) ...: one for each chain
 *   LOCAL        work-items of a group
 *   CHAIN(x, f)  the next x of a chain: mad(x, a, b), which tends to 1 for the a and b that are given (0.75, 0.25); of
 *                integers any function of x and the chain's factor f
 *   IS_INTEGER   of those
 *
 * What the compiler must not know comes as arguments; every chain begins elsewhere and goes on from its last value: none
 * is left out or joined with another one. Work-items that have no place in `sums` write if their sum is -1, which no
 * sum is.
 */
#ifdef NEEDS_FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#ifdef NEEDS_FP16
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#endif

#if IS_INTEGER
#define BEGIN(j) WIDE x##j = (WIDE)(first * (2 * (j) + 1)), f##j = (WIDE)(bits + 2 * (j));
#else
#define BEGIN(j) WIDE x##j = (WIDE)(first + (VALUE)(0.0625f * (j)));
#endif
#define STEP(j) x##j = CHAIN(x##j, f##j);
#define ROUND CHAINS(STEP)
#define ADD(j) all += x##j;

/* Each of `iterations` is 8 rounds of all chains. */
__attribute__((reqd_work_group_size(LOCAL, 1, 1))) kernel void peak(
    global SUM *sums, ulong sums_at, long count, long iterations, float scale, float shift, int bits) {
    const long item = (long)get_global_id(0), items = (long)get_global_size(0);
#if IS_INTEGER
    const int first = (int)get_local_id(0) + 1;
#else
    const VALUE first = (VALUE)(0.00390625f * (float)(get_local_id(0) % 128));
#endif
    const WIDE a = (WIDE)((VALUE)scale), b = (WIDE)((VALUE)shift);
    CHAINS(BEGIN)
    for (long i = 0; i < iterations; i++) {
        ROUND ROUND ROUND ROUND
        ROUND ROUND ROUND ROUND
    }
    WIDE all = (WIDE)(0);
    CHAINS(ADD)
    VALUE lane[WIDTH], sum = 0;
    STORE_WIDE(all, lane);
    for (int i = 0; i < WIDTH; i++)
        sum += lane[i];
#if IS_INTEGER
    sum &= 0x7fffffff;
#endif
    if (item < count || sum == (VALUE)(-1))
        sums[sums_at + (ulong)(item % count)] = (SUM)sum;
    for (long i = item + items; i < count; i += items)
        sums[sums_at + (ulong)i] = 0;
}
