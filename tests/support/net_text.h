/*
 * Networks as texts, for tests of what reads whole graphs. One line a thing, ended by a newline:
 *
 *     in x f32[n,3]              input; extents are numbers, symbols, or ? (type and extents may be left out)
 *     const w f32[3] 1 2 3       constant, as in op_text.h
 *     node Add:13 x w -> y | axis=1 | body=$0
 *     out y                      output
 *
 * A node has the name of its operator and its number ("Add 0"); "-" is left out. After the first "|"
 * attributes, after a second one attributes that are graphs: $k is the k-th of those given. A name that a
 * graph does not have is captured from around. Failures end the test.
 */
#ifndef STEELYARD_TESTS_NET_TEXT_H
#define STEELYARD_TESTS_NET_TEXT_H

#include "runtime/model/ops/op.h"

/** The graph of a text; its memory is the arena's. inner: graphs that it may speak of, NULL: none. */
sy_net_graph *net_text_graph(sy_net_arena *arena, const char *text, const sy_net_graph *const *inner);

/** Fail unless output `index` is a constant equal to `tensor`. */
void net_text_assert_output(const sy_net_graph *graph, uint32_t index, const char *tensor);

#endif
