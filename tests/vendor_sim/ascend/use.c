/* What work in progress uses, so that what goes too early is seen. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <stdlib.h>

static as_use *first;

as_use *as_use_begin(void) {
    as_use *use = calloc(1, sizeof *use);
    if (use == NULL)
        return NULL;
    use->next = first;
    use->link = &first;
    if (first != NULL)
        first->link = &use->next;
    first = use;
    return use;
}

void as_use_end(as_use *use) {
    *use->link = use->next;
    if (use->next != NULL)
        use->next->link = use->link;
    free(use);
}

void as_use_add(as_use *use, const void *address, uint64_t bytes, const void *object) {
    use->range[use->count].address = address;
    use->range[use->count].bytes = bytes;
    use->object[use->count++] = object;
}

bool as_use_of_memory(const void *address, uint64_t bytes) {
    const char *begin = address;
    for (const as_use *use = first; use != NULL; use = use->next)
        for (uint32_t i = 0; i < use->count; i++)
            if (use->range[i].bytes > 0 && use->range[i].address < begin + bytes &&
                begin < use->range[i].address + use->range[i].bytes)
                return true;
    return false;
}

bool as_use_of_object(const void *object) {
    for (const as_use *use = first; use != NULL; use = use->next)
        for (uint32_t i = 0; i < use->count; i++)
            if (use->object[i] == object)
                return true;
    return false;
}
