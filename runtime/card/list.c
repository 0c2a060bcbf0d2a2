/* Asking every way for its candidates, once a task. */
#include "runtime/card/list.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_card_list {
    bool is_made;
    uint32_t count;
    sy_task task;
    sy_card_candidate candidate[SY_CARD_CANDIDATES_MAX];
};

sy_card_list *sy_card_list_create(void) {
    return sy_mem_calloc(1, sizeof(sy_card_list));
}

void sy_card_list_destroy(sy_card_list *list) {
    sy_mem_free(list);
}

/* Ask for one; false: past this way's end. */
static bool ask(sy_device *device, const sy_task *task, sy_card_candidate *candidate) {
    const sy_card_way *way = device->model->ways[candidate->way];
    candidate->offer = (sy_card_offer){0};
    candidate->error = SY_ERROR_INIT;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        candidate->offer.layout[i] = task->tensor[i].layout;
    candidate->status = way->offer(way, device, task, candidate->index, &candidate->offer, &candidate->error);
    if (candidate->offer.name[0] == '\0')
        strncpy(candidate->offer.name, way->name, sizeof candidate->offer.name - 1);
    return candidate->status != SY_UNAVAILABLE || candidate->index == 0;
}

static void make(sy_device *device, const sy_task *task, sy_card_list *list, bool wants_variants) {
    for (uint32_t way = 0; device->model->ways[way] != NULL; way++) {
        if (!device->model->ways[way]->does(device->model->ways[way], device, task))
            continue;
        for (uint32_t i = 0; list->count < SY_CARD_CANDIDATES_MAX; i++) {
            sy_card_candidate *next = &list->candidate[list->count];
            next->way = way;
            next->index = i;
            if (!ask(device, task, next))
                break;
            if (((next->offer.flags & SY_ALGO_VARIANT) != 0) == wants_variants)
                list->count++;
        }
    }
}

const sy_card_candidate *sy_card_list_at(sy_device *device, const sy_task *task, uint32_t at) {
    sy_card_list *list = device->list;
    if (!list->is_made || memcmp(&list->task, task, sizeof *task) != 0) {
        list->count = 0;
        list->task = *task;
        make(device, task, list, false);
        make(device, task, list, true);
        list->is_made = true;
    }
    return at < list->count ? &list->candidate[at] : NULL;
}
