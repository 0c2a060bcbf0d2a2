/* Bandwidth of the card's own copies. */
#ifndef STEELYARD_BY_HAND_COPY_H
#define STEELYARD_BY_HAND_COPY_H

#include "tests/on_gpu/by_hand/card.h"

/** Device to device (64 MiB, 256 MiB, 1 GiB; bytes of one direction), to and from pinned host memory; JSON
 * lines. */
void copy_all(card *c);

#endif
