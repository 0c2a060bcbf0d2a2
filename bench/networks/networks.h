/* The networks that can be made. */
#ifndef BENCH_NETWORKS_NETWORKS_H
#define BENCH_NETWORKS_NETWORKS_H

#include "bench/networks/drawing.h"

/** A row: name as on the command line, what it is, and who draws it. */
typedef struct sy_made_network {
    const char *name, *about;
    void (*draw)(sy_drawing *drawing);
} sy_made_network;

/** Row `index`; NULL past the end. */
const sy_made_network *sy_made_network_at(size_t index);

/** The row of that name; NULL if there is none. */
const sy_made_network *sy_made_network_find(const char *name);

void sy_network_draw_resnet50(sy_drawing *drawing);
void sy_network_draw_mobilenetv2(sy_drawing *drawing);
void sy_network_draw_vgg16(sy_drawing *drawing);
void sy_network_draw_squeezenet(sy_drawing *drawing);
void sy_network_draw_bert_base(sy_drawing *drawing);
void sy_network_draw_whisper_encoder(sy_drawing *drawing);
void sy_network_draw_tiny_llm(sy_drawing *drawing);

#endif
