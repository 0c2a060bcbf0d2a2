/* Opens by soname: the search path (LD_LIBRARY_PATH) decides which of several installations is meant. */
#include "tests/on_gpu/by_hand/library.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

/* The first of some names that opens; its real path is what the link map says. */
static void *open_first(const char *const *names, char path[512], char reason[512]) {
    for (; *names != NULL; names++) {
        void *handle = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
        struct link_map *map = NULL;
        if (handle == NULL) {
            snprintf(reason, 512, "%s", dlerror());
            continue;
        }
        if (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map != NULL)
            snprintf(path, 512, "%s", map->l_name);
        return handle;
    }
    return NULL;
}

/* A name as the preprocessor leaves it: headers rename functions to the versions they declare. */
#define BY_HAND_NAME(name) #name
#define BY_HAND_LOAD(name)                                                                                   \
    if (!load(handle, BY_HAND_NAME(name), &lib->name, lib->reason))                                          \
        return false;

/* Function pointers are written as objects: dlsym() knows nothing else. */
static bool load(void *handle, const char *name, void *out_function, char reason[512]) {
    void *symbol = dlsym(handle, name);
    if (symbol == NULL)
        snprintf(reason, 512, "no function %s", name);
    memcpy(out_function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool open_runtime(library *lib) {
    static const char *const names[] = {"libcudart.so.13", "libcudart.so.12", "libcudart.so", NULL};
    void *handle = open_first(names, lib->runtime_path, lib->reason);
    if (handle == NULL)
        return false;
    BY_HAND_RUNTIME(BY_HAND_LOAD)
    return true;
}

static bool open_lt(library *lib) {
    static const char *const names[] = {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so", NULL};
    void *handle = open_first(names, lib->lt_path, lib->reason);
    if (handle == NULL)
        return false;
    BY_HAND_LT(BY_HAND_LOAD)
    char ignored[512];
    load(handle, "cublasLtMatmulAlgoConfigGetAttribute", &lib->cublasLtMatmulAlgoConfigGetAttribute, ignored);
    return true;
}

static bool open_dnn(library *lib) {
#if BY_HAND_CUDNN
    static const char *const names[] = {"libcudnn.so.9", "libcudnn.so", NULL};
    void *handle = open_first(names, lib->dnn_path, lib->reason);
    if (handle == NULL)
        return false;
    BY_HAND_DNN(BY_HAND_LOAD)
    return true;
#else
    snprintf(lib->reason, sizeof lib->reason, "compiled without cudnn.h");
    return false;
#endif
}

bool library_open(library *lib) {
    memset(lib, 0, sizeof *lib);
    if (!open_runtime(lib) || !open_lt(lib))
        return false;
    lib->has_dnn = open_dnn(lib);
    return true;
}
