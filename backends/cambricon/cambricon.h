/* Cambricon's Neuware as a backend: what the plugin needs of it. */
#ifndef BACKENDS_CAMBRICON_CAMBRICON_H
#define BACKENDS_CAMBRICON_CAMBRICON_H

#include "runtime/card/card.h"

extern const sy_card_model cambricon_model;

#endif
