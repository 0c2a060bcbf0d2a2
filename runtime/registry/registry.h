/*
 * Which backends there are: the built-in ones that main passes in, then plugins found on the path. Each
 * plugin file is judged before any code of it runs (owner, modes, ABI note), then loaded, asked, and its
 * table checked; a refusal costs that one file and is kept with its reason. Knows backend.h and no concrete
 * backend.
 *
 * Versions. The major number of note and table must be ours. A table of an older minor number is accepted and
 * seen through a copy of our size whose missing tail is empty; one of a newer minor number is accepted too:
 * its tables begin with ours, and the plugin was told our version when asked, so it could refuse by itself.
 *
 * Unloading. A plugin that was asked but never created is closed with the registry. One whose backend was
 * created stays mapped until the process ends: vendor libraries leave threads, exit handlers and thread-local
 * destructors behind, which outlive destroy(). Re-reading a changed file needs a new process.
 */
#ifndef STEELYARD_REGISTRY_REGISTRY_H
#define STEELYARD_REGISTRY_REGISTRY_H

#include "steelyard/backend.h"

typedef struct sy_registry sy_registry;

/** A vendor library that a backend reported, for the record. Any text may be "". */
typedef struct sy_library {
    char name[64], path[512], build_id[64], version[64];
    uint32_t simulated; /* it exports SY_VENDOR_SIM_SYMBOL: the backend's devices are simulated */
} sy_library;

/** Most libraries kept for one backend; further ones are logged and dropped. */
#define SY_LIBRARIES_MAX 32u

/** How to fill a registry. Everything is borrowed for the life of the registry. */
typedef struct sy_registry_options {
    /** Array of builtin_count rows, asked first. */
    const sy_builtin *builtins;
    size_t builtin_count;
    /** Absolute folders, colon-separated (STEELYARD_PLUGIN_PATH), searched in order for "*.so"; NULL or "":
     * none. A relative, empty or unreadable element becomes an entry with its reason. */
    const char *plugin_path;
    /** The folder that belongs to the program (<exe>/../lib/steelyard), NULL for none; searched last, and
     * no entry if it does not exist. */
    const char *plugin_folder;
    /** SHA-256 (64 hex digits, either case) of files admitted whatever their owner and mode; NULL-terminated;
     * NULL for none. Such a file is safe only while nobody else can write to it or to its folder. */
    const char *const *trusted;
    /** Settings handed to backends (see sy_host.option); NULL: none are set. Called from any thread. */
    const char *(*option)(void *ctx, const char *key);
    /** Receives backends' log lines; NULL: dropped. Called from any thread. */
    void (*log)(void *ctx, uint32_t level, const char *text);
    /** Passed to option and log. */
    void *ctx;
} sy_registry_options;

/** What became of one candidate. Strings are the registry's. */
typedef struct sy_registry_entry {
    const char *name;   /* backend name; the file's base name when it could not be asked */
    const char *path;   /* real path of the plugin; "" for a built-in one */
    const char *sha256; /* of the plugin file, 64 hex; "" for a built-in one or if it could not be read */
    const char *version;
    sy_status status;   /* SY_OK: usable; SY_REFUSED, SY_INCOMPATIBLE ... with `reason` */
    const char *reason; /* one line; "" when usable */
} sy_registry_entry;

/**
 * Judge what is there. Plugins that pass the file checks are opened and asked (sy_backend_query) but not
 * created. Of two usable backends with one name the first wins; the second is an entry with SY_REFUSED. A
 * file met twice counts once.
 * Errors: SY_OUT_OF_MEMORY only; a bad plugin is an entry, not an error.
 */
sy_status sy_registry_create(const sy_registry_options *options, sy_registry **out_registry, sy_error *err);

/** As sy_registry_create() with exactly one plugin file and no built-in backend ("cuda@/abs/plugin.so:0"). */
sy_status sy_registry_create_from_file(
    const sy_registry_options *options, const char *plugin_path, sy_registry **out_registry, sy_error *err);

/** Destroy the backends created, close what may be closed (see above). Every device must be closed. NULL is
 * fine. */
void sy_registry_destroy(sy_registry *registry);

/** Number of candidates, usable or not, in order. */
size_t sy_registry_count(const sy_registry *registry);

/** Candidate `index` < count. */
sy_registry_entry sy_registry_get(const sy_registry *registry, size_t index);

/** A created backend: its table and instance. */
typedef struct sy_backend_ref {
    /** A copy of the plugin's tables in our own sizes: every required slot is there, and an absent optional
     * one is NULL, whatever version the plugin was written for. The registry's. */
    const sy_backend_api *api;
    sy_backend *backend;
} sy_backend_ref;

/**
 * Create backend `name` (once; later calls give the same instance). One thread at a time.
 * Errors: SY_UNAVAILABLE: no such backend; the text lists those there are, or why that file was refused. Else
 * what the backend's create() answered.
 */
sy_status sy_registry_backend(
    sy_registry *registry, const char *name, sy_backend_ref *out_backend, sy_error *err);

/**
 * Libraries that backend `name` has reported so far, in order. `*out_libraries` is the registry's, valid as
 * long as it: a later report only adds behind it. Call it while no call into the backend is running: a
 * version may be told after its library.
 */
size_t sy_registry_libraries(const sy_registry *registry, const char *name, const sy_library **out_libraries);

/** Whether backend `name` has reported a simulated vendor library: its devices count as simulated whatever
 * their own flags say. */
bool sy_registry_is_simulated(const sy_registry *registry, const char *name);

/**
 * A device id as written: `cpu`, `cuda:0`, `sim:0?peak=100T,bw=1T`, `cuda@/abs/plugin.so:0`.
 * Sizes include the NUL; a missing index is 0.
 */
typedef struct sy_device_id {
    char backend[32];
    char plugin[512]; /* "" unless given with @ */
    uint32_t index;
    char params[256]; /* what follows '?', "" if nothing */
} sy_device_id;

/** Parse a device id. SY_INVALID_ARGUMENT says where it goes wrong; *out_id is zeroed then. */
sy_status sy_device_id_parse(const char *text, sy_device_id *out_id, sy_error *err);

#endif
