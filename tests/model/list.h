/* The list of what the cases have to show: onnx_cases.txt. */
#ifndef TESTS_MODEL_LIST_H
#define TESTS_MODEL_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define LIST_MAX 512u
#define LIST_TEXT_MAX 160u

/** Lines "named OP...", "other CASE reason", "refused CASE reason" and comments (#). */
typedef struct case_list {
    char named[LIST_MAX][LIST_TEXT_MAX];
    size_t n_named;
    char listed[LIST_MAX][LIST_TEXT_MAX]; /* names of cases */
    char reason[LIST_MAX][LIST_TEXT_MAX];
    bool is_other[LIST_MAX]; /* else refused */
    size_t n_listed;
} case_list;

/** Read the file; false with a line on stderr if it is not of that form. */
bool list_read(const char *path, case_list *out_list);

bool list_is_named(const case_list *list, const char *op);

/** Index of a case that is not expected to pass, n_listed: it is expected to. */
size_t list_find(const case_list *list, const char *name);

/** Whether all operators of the model at `path` (its main graph) are named, and its opset is 7 or later.
 * False if it cannot be read. */
bool list_names_all_of(const case_list *list, const char *path);

#endif
