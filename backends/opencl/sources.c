/* Finding a kernel's text. */
#include "backends/opencl/sources.h"

#include <string.h>

const ocl_source_text *ocl_source_find(const char *name) {
    for (const ocl_source_text *file = ocl_source_texts; file->name != NULL; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}
