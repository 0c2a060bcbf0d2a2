/* What the name of a problem says: "qwen3-8b.decode.t8.qkv", "bert-large.b8.s384.ffn1", "resnet50.conv1". */
#ifndef STEELYARD_BENCH_TOTALS_ITEM_H
#define STEELYARD_BENCH_TOTALS_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The parts of a name, as places in it.
 *
 * model_bytes   how much of the name is the model: up to ".decode.t", ".prefill.t", else up to and with
 *               ".b<n>.s<n>", else up to the first dot.
 * layer         what follows.
 * phase         "decode", "prefill", "encode"; from the name, else as given.
 * tokens        T, or b x s; SY_NO_COUNT if the name has none.
 */
typedef struct sy_item {
    const char *name, *layer, *phase;
    size_t model_bytes;
    uint64_t tokens;
} sy_item;

/** Take a name apart; phase may be NULL ("encode" then). False if the name has no layer or no model. */
bool sy_item_parse(const char *name, const char *phase, sy_item *out_item);

#endif
