/* Strided copies of tensors, element by element, with the common cases made long runs. */
#include "bench/worker/scatter.h"

#include <string.h>

/* Where the two sides of a copy are; exactly one of them moves by strides. */
typedef struct cursor {
    const sy_tensor *tensor;
    char *strided, *packed;
    size_t element_bytes;
    int gathers;
} cursor;

/* Inlined with a constant size, so that each element is one move. */
static inline __attribute__((always_inline)) void move_elements(
    size_t bytes, int gathers, char *strided, char *packed, int64_t count, int64_t stride) {
    for (int64_t i = 0; i < count; i++) {
        char *far = strided + i * stride * (int64_t)bytes;
        char *near = packed + i * (int64_t)bytes;
        memcpy(gathers ? near : far, gathers ? far : near, bytes);
    }
}

static void move_run(const cursor *at, char *strided, char *packed, int64_t count, int64_t stride) {
    size_t bytes = at->element_bytes;
    if (stride == 1) {
        memcpy(at->gathers ? packed : strided, at->gathers ? strided : packed, (size_t)count * bytes);
        return;
    }
    switch (bytes) {
    case 1: move_elements(1, at->gathers, strided, packed, count, stride); break;
    case 2: move_elements(2, at->gathers, strided, packed, count, stride); break;
    case 4: move_elements(4, at->gathers, strided, packed, count, stride); break;
    default: move_elements(8, at->gathers, strided, packed, count, stride); break;
    }
}

/* One level of dimensions; depth is at most SY_MAX_RANK. Returns the packed position after it. */
static char *move_level(const cursor *at, uint32_t level, char *strided, char *packed) {
    const sy_tensor *tensor = at->tensor;
    int64_t step = tensor->stride[level] * (int64_t)at->element_bytes;
    if (level + 1 == tensor->rank) {
        move_run(at, strided, packed, tensor->dim[level], tensor->stride[level]);
        return packed + tensor->dim[level] * (int64_t)at->element_bytes;
    }
    for (int64_t i = 0; i < tensor->dim[level]; i++)
        packed = move_level(at, level + 1, strided + i * step, packed);
    return packed;
}

static void move(const sy_tensor *tensor, void *strided, void *packed, int gathers) {
    cursor at = {.tensor = tensor, .element_bytes = sy_dtype_size(tensor->dtype), .gathers = gathers};
    if (tensor->rank == 0)
        memcpy(gathers ? packed : strided, gathers ? strided : packed, at.element_bytes);
    else
        move_level(&at, 0, strided, packed);
}

void sy_scatter(const sy_tensor *tensor, const void *packed, void *strided) {
    move(tensor, strided, (void *)(uintptr_t)packed, 0);
}

void sy_gather(const sy_tensor *tensor, const void *strided, void *packed) {
    move(tensor, (void *)(uintptr_t)strided, packed, 1);
}
