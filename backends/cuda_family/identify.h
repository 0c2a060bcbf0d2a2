/*
 * Whose cards a runtime drives. Five vendors ship a libcudart.so: its name says nothing. The card's vendor is
 * asked of the bus, and where that does not tell, of the management libraries: the one that knows the card's
 * address names him.
 *
 * - The plugin `cuda` takes what it finds. If the cards are those of a namesake (Iluvatar, Hygon, Kunlunxin),
 *   that stack's row is taken from there on: its numbers, its other libraries.
 * - The plugins of namesakes (corex, dtk, xre, ppu) take only cards of their own vendor: where the same file
 *   drives another's, the stack is not there. Cards of which nothing tells are taken if the user named the
 *   folder or the file.
 */
#ifndef BACKENDS_CUDA_FAMILY_IDENTIFY_H
#define BACKENDS_CUDA_FAMILY_IDENTIFY_H

#include "backends/cuda_family/library.h"

/**
 * Look at device 0 of an opened runtime; libraries->stack may become another row. For a stack
 * with names of its own nothing happens. path: of the runtime's library. is_named: the user named it.
 * Errors: SY_UNAVAILABLE: it drives cards of another vendor, or nothing tells that they are this vendor's.
 */
sy_status cf_identify(
    sy_backend *backend, cf_libraries *libraries, const char *path, bool is_named, sy_error *err);

#endif
