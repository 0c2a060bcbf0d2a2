/* Two loops inside, over the dimensions in which one of the arrays is dense, in squares; all others outside.
 */
#include "runtime/card/permute.h"

#include <string.h>

enum { SQUARE = 32 };

/* A loop over `count` with the bytes that each array steps. */
typedef struct axis {
    int64_t count, from, to;
} axis;

#define DEFINE_PLANE(name, type)                                                                             \
    static void name(const axis *outer, const axis *inner, const char *source, char *target) {               \
        for (int64_t i = 0; i < outer->count; i++)                                                           \
            for (int64_t j = 0; j < inner->count; j++)                                                       \
                *(type *)(void *)(target + i * outer->to + j * inner->to) =                                  \
                    *(const type *)(const void *)(source + i * outer->from + j * inner->from);               \
    }
DEFINE_PLANE(plane_8, uint8_t)
DEFINE_PLANE(plane_16, uint16_t)
DEFINE_PLANE(plane_32, uint32_t)
DEFINE_PLANE(plane_64, uint64_t)

static void square(size_t bytes, const axis *outer, const axis *inner, const char *source, char *target) {
    switch (bytes) {
    case 1: plane_8(outer, inner, source, target); return;
    case 2: plane_16(outer, inner, source, target); return;
    case 4: plane_32(outer, inner, source, target); return;
    default: plane_64(outer, inner, source, target); return;
    }
}

static axis part(const axis *whole, int64_t begin) {
    axis cut = *whole;
    cut.count = whole->count - begin < SQUARE ? whole->count - begin : SQUARE;
    return cut;
}

static void plane(size_t bytes, const axis *outer, const axis *inner, const char *source, char *target) {
    for (int64_t i = 0; i < outer->count; i += SQUARE)
        for (int64_t j = 0; j < inner->count; j += SQUARE) {
            axis rows = part(outer, i), columns = part(inner, j);
            square(bytes, &rows, &columns, source + i * outer->from + j * inner->from,
                target + i * outer->to + j * inner->to);
        }
}

/* Put the dimension with the smallest step of one array at `place`. */
static void put_densest(axis *axes, uint32_t rank, uint32_t place, bool by_target) {
    uint32_t best = place;
    for (uint32_t i = 0; i < rank; i++) {
        if (i > place || axes[i].count <= 1)
            continue;
        int64_t step = by_target ? axes[i].to : axes[i].from;
        int64_t least = by_target ? axes[best].to : axes[best].from;
        if (axes[best].count <= 1 || step < least)
            best = i;
    }
    axis swapped = axes[place];
    axes[place] = axes[best];
    axes[best] = swapped;
}

void sy_card_permute(const sy_tensor *from, const void *source, const sy_tensor *to, void *target) {
    axis axes[SY_MAX_RANK + 2] = {{1, 0, 0}, {1, 0, 0}};
    int64_t at[SY_MAX_RANK] = {0};
    size_t bytes = sy_dtype_size(from->dtype);
    uint32_t rank = from->rank + 2;
    for (uint32_t i = 0; i < from->rank; i++) {
        axes[i + 2] = (axis){from->dim[i], from->stride[i] * (int64_t)bytes, to->stride[i] * (int64_t)bytes};
        if (from->dim[i] == 0)
            return;
    }
    put_densest(axes, rank, rank - 1, true);
    put_densest(axes, rank, rank - 2, false);
    const char *read = source;
    char *write = target;
    for (;;) {
        plane(bytes, &axes[rank - 2], &axes[rank - 1], read, write);
        uint32_t i = rank - 2;
        while (i-- > 0) {
            read += axes[i].from;
            write += axes[i].to;
            if (++at[i] < axes[i].count)
                break;
            read -= axes[i].from * axes[i].count;
            write -= axes[i].to * axes[i].count;
            at[i] = 0;
        }
        if (i == UINT32_MAX)
            return;
    }
}
