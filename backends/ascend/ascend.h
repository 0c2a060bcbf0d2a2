/* Ascend as a model of runtime/card: what the plugin needs of it. */
#ifndef BACKENDS_ASCEND_ASCEND_H
#define BACKENDS_ASCEND_ASCEND_H

#include "runtime/card/card.h"

extern const sy_card_model ascend_model;

#endif
