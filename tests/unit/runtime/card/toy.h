/* A card whose memory is the host's and whose work is to count: what runtime/card makes of a model. */
#ifndef TESTS_UNIT_RUNTIME_CARD_TOY_H
#define TESTS_UNIT_RUNTIME_CARD_TOY_H

#include "runtime/card/card.h"

/** Codes of the toy's calls. */
enum { TOY_FAILED = 7, TOY_NO_MEMORY = 8, TOY_LOST = 9 };

/** What the toy counts, and what it is to do. One world: tests run one after another. */
typedef struct toy_world {
    bool is_missing;        /* open() says so */
    int fail_at, fail_with; /* the n-th runtime call from now, from 1, answers this; 0: none */
    int query_not_ready;    /* so many queries of streams and events say "not ready" */
    int run_with;           /* what the way's run answers */
    int calls, memory, streams, events, plans, bindings, runs; /* alive, but for calls and runs */
    uint32_t candidates, variants; /* of the way: ordinary ones, and such behind each of them in its list */
} toy_world;

extern toy_world toy;

/** A model named "toy" with one device, the way "toy" for products, and the host's conversions. */
extern const sy_card_model toy_model;

/** A backend and its device 0; every test ends with toy_end(), which checks that nothing is alive. */
sy_device *toy_begin(sy_backend **out_backend);
void toy_end(sy_backend *backend, sy_device *device);

#endif
