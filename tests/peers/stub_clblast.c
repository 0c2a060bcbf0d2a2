/* Stub of CLBlast: products note how they were called, and do nothing. */
#include "tests/peers/stub_clblast.h"

#include <stdint.h>

/* Exported, and declared nowhere. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

stub_clblast_state stub_clblast;

static int note(stub_clblast_call call) {
    stub_clblast.last = call;
    stub_clblast.calls++;
    return stub_clblast.fail_from > 0 && stub_clblast.calls >= stub_clblast.fail_from ? stub_clblast.code : 0;
}

#define SINGLE(name, scalar)                                                                                 \
    int CLBlast##name(unsigned layout, unsigned ta, unsigned tb, size_t m, size_t n, size_t k, scalar alpha, \
        void *a, size_t a_offset, size_t a_lead, void *b, size_t b_offset, size_t b_lead, scalar beta,       \
        void *c, size_t c_offset, size_t c_lead, void **queue, void **event) {                               \
        (void)event;                                                                                         \
        return note((stub_clblast_call){#name, layout, ta, tb, m, n, k, 1, (double)alpha, (double)beta, a,   \
            b, c, *queue, a_offset, a_lead, 0, b_offset, b_lead, 0, c_offset, c_lead, 0});                   \
    }
#define BATCHED(name, scalar)                                                                                \
    int CLBlast##name(unsigned layout, unsigned ta, unsigned tb, size_t m, size_t n, size_t k, scalar alpha, \
        void *a, size_t a_offset, size_t a_lead, size_t a_stride, void *b, size_t b_offset, size_t b_lead,   \
        size_t b_stride, scalar beta, void *c, size_t c_offset, size_t c_lead, size_t c_stride,              \
        size_t batch, void **queue, void **event) {                                                          \
        (void)event;                                                                                         \
        return note((stub_clblast_call){#name, layout, ta, tb, m, n, k, batch, (double)alpha, (double)beta,  \
            a, b, c, *queue, a_offset, a_lead, a_stride, b_offset, b_lead, b_stride, c_offset, c_lead,       \
            c_stride});                                                                                      \
    }

SINGLE(Sgemm, float)
SINGLE(Dgemm, double)
SINGLE(Hgemm, uint16_t)
#if !defined(STUB_LACKS_BATCHED)
BATCHED(SgemmStridedBatched, float)
BATCHED(DgemmStridedBatched, double)
BATCHED(HgemmStridedBatched, uint16_t)
#endif

int CLBlastClearCache(void) {
    stub_clblast.cleared++;
    return 0;
}
