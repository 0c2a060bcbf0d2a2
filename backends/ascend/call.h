/*
 * One operator with everything that it takes, as a value; and, made of it, the vendor's objects and an
 * executor. Two phases: the first checks, chooses a kernel and tells the workspace, the second enqueues. An
 * executor is good for one launch, unless it could be made repeatable: then for any number, and it must be
 * destroyed.
 */
#ifndef BACKENDS_ASCEND_CALL_H
#define BACKENDS_ASCEND_CALL_H

#include "backends/ascend/api.h"
#include "backends/ascend/library.h"

enum { ASCEND_VIEWS = 5, ASCEND_LISTS = 4, ASCEND_RANK = 4 };

/** Whose address a view has: a tensor of the task by its index, the device's constants, or nobody's: the
 * argument is NULL. */
enum { ASCEND_SLOT_NONE = -1, ASCEND_SLOT_CONSTANTS = 16, ASCEND_SLOTS = 17 };

/** A tensor argument; strides in elements, `offset` in bytes from the slot's address. */
typedef struct ascend_view {
    int slot, type, format;
    uint32_t rank;
    int64_t dim[ASCEND_RANK], stride[ASCEND_RANK];
    uint64_t offset;
} ascend_view;

/** Arguments by their kinds, in the operator's order (arguments.h has it). The last view is the output. */
typedef struct ascend_call {
    ascend_op op;
    uint32_t views, scalars, lists;
    ascend_view view[ASCEND_VIEWS];
    float scalar[2];
    int64_t list[ASCEND_LISTS][4];
    uint32_t list_length[ASCEND_LISTS];
    int8_t cube;
    bool transposed[2];
    int64_t groups;
} ascend_call;

/** Objects of a call, and an executor if there is one now. All zero is empty. */
typedef struct ascend_launch {
    void *tensor[ASCEND_VIEWS], *scalar[2], *list[ASCEND_LISTS];
    void *executor;
    uint64_t bytes; /* of workspace, that phase one told */
    bool is_repeatable;
} ascend_launch;

/** Make the objects; `address`: ASCEND_SLOTS of them. Returns a code; what was made is freed by
 * ascend_launch_free(). */
int ascend_launch_make(
    const ascend_libraries *libraries, const ascend_call *call, char *const *address, ascend_launch *out);

/** Phase one, with an attempt to make the executor repeatable. Returns a code. */
int ascend_launch_begin(const ascend_libraries *libraries, const ascend_call *call, ascend_launch *launch);

/** Phase two. An executor for one launch is gone with it. Returns a code. */
int ascend_launch_run(const ascend_libraries *libraries, const ascend_call *call, ascend_launch *launch,
    void *workspace, void *stream);

/** Objects must not be in use any more. An executor that is neither repeatable nor launched cannot be freed:
 * it is lost. */
void ascend_launch_free(const ascend_libraries *libraries, ascend_launch *launch);

/** A view of a dense array, the last dimension innermost. */
ascend_view ascend_view_dense(int slot, int type, int format, uint32_t rank, const int64_t *dim);

/** Bytes from its first to its last element. */
uint64_t ascend_view_bytes(const ascend_view *view);

/** CANN's number of an element type of ours; ACL_TYPE_NONE. */
int ascend_type_of(uint32_t dtype);

#endif
