#include "bench/networks/networks.h"

#include <string.h>

static const sy_made_network rows[] = {
    {"resnet50", "ResNet-50 v1.5, images of 224 x 224 (He et al., arXiv 1512.03385)",
        sy_network_draw_resnet50},
    {"mobilenetv2", "MobileNetV2, width 1.0, 224 x 224 (Sandler et al., arXiv 1801.04381)",
        sy_network_draw_mobilenetv2},
    {"vgg16", "VGG-16, 224 x 224 (Simonyan & Zisserman, arXiv 1409.1556)", sy_network_draw_vgg16},
    {"squeezenet", "SqueezeNet 1.1, 224 x 224 (Iandola et al., arXiv 1602.07360)",
        sy_network_draw_squeezenet},
    {"bert-base", "BERT base, 12 layers (Devlin et al., arXiv 1810.04805)", sy_network_draw_bert_base},
    {"whisper-base-encoder", "encoder of Whisper base, 30 s of sound (Radford et al., arXiv 2212.04356)",
        sy_network_draw_whisper_encoder},
    {"tiny-llm", "one decoder block with grouped heads, rotary positions and a cache of 128 tokens",
        sy_network_draw_tiny_llm},
};

const sy_made_network *sy_made_network_at(size_t index) {
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : NULL;
}

const sy_made_network *sy_made_network_find(const char *name) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}
