/*
 * What a run was made on and made with: machine, operating system, build, command and settings. Facts only;
 * what is not known is absent (NULL, NaN, SY_NO_COUNT, SY_TRI_UNKNOWN, an empty list), never 0.
 */
#ifndef STEELYARD_BENCH_ENVIRONMENT_ENVIRONMENT_H
#define STEELYARD_BENCH_ENVIRONMENT_ENVIRONMENT_H

#include "bench/fields/fields.h"
#include "steelyard/status.h"

/** One cache as the kernel lists it: kind "data", "instruction" or "unified"; shared_by: logical CPUs. */
typedef struct sy_cache_fact {
    uint64_t level, byte, shared_by;
    const char *kind;
} sy_cache_fact;

/** A name and its value: a setting (`from`: "default", "file", "environment", "option") or a mask. */
typedef struct sy_setting {
    const char *name, *value, *from;
} sy_setting;

/** A library that was opened; build_id in hex as in its ELF note. */
typedef struct sy_library_fact {
    const char *name, *version, *path, *build_id;
} sy_library_fact;

/**
 * A device of the run, or one that could not be used.
 *
 * id            as asked for ("cpu", "cuda:0"). name: the vendor's. label: NULL, or a short form for column
 *               heads ("EPYC 2 cores").
 * status        "used" or "not run"; reason with its fix if not run ("libascendcl.so not found in 4 folders;
 *               export ASCEND_HOME_PATH, or see `doctor`").
 * scope         "die", "card", "node", "package", or NULL.
 */
typedef struct sy_device_fact {
    const char *id, *backend, *name, *label, *vendor, *driver, *isa, *platform, *features, *physical_id,
        *scope, *status, *reason;
    uint64_t memory_byte, cache_byte, units;
    sy_tri simulated;
} sy_device_fact;

/**
 * The facts. Every text and list is borrowed from whoever filled it; sy_environment_collect() keeps them in
 * an arena of its own, and the caller may set further fields (devices, libraries, settings) to its own
 * memory.
 *
 * host         name, os ("Debian GNU/Linux 12 (bookworm)"), kernel, arch, virtualization ("kvm", "none", or
 *              "yes" if only the CPU's hypervisor flag tells), container ("docker", "none" ...).
 * cpu          model, vendor; sockets, cores (physical), threads (logical, online); governor and driver of
 *              frequency scaling ("mixed" if CPUs differ); boost; min/max MHz; affinity ("0-3,8") with its
 *              count; quota_cpus of the cgroup (1.5 = one and a half CPUs); numa_nodes; load averages 1, 5,
 *              15 minutes, taken before the run.
 * memory       total, available, swap; limit_byte of the cgroup; huge pages ("always", "madvise", "never").
 * clock        source ("tsc"), overhead_ns of one reading and resolution_ns (set by whoever measured them).
 * build        version, compiler, flags, type, commit ("unknown" without git).
 * command      the whole command line, word by word.
 * settings     the effective ones. masks: the variables that hide devices, if set.
 */
typedef struct sy_environment {
    struct {
        const char *name, *os, *kernel, *arch, *virtualization, *container;
    } host;
    struct {
        const char *model, *vendor, *microcode, *governor, *driver, *affinity;
        uint64_t sockets, cores, threads, affinity_count, numa_nodes;
        sy_tri smt, boost;
        double min_mhz, max_mhz, quota_cpus, load_1, load_5, load_15;
        struct {
            const sy_cache_fact *item;
            size_t count;
        } caches;
    } cpu;
    struct {
        uint64_t total_byte, available_byte, swap_byte, limit_byte;
        const char *huge_pages;
    } memory;
    struct {
        const char *source;
        double overhead_ns, resolution_ns;
    } clock;
    struct {
        const char *version, *compiler, *flags, *type, *commit;
    } build;
    sy_text_list command;
    struct {
        const sy_setting *item;
        size_t count;
    } settings, masks;
    struct {
        const sy_library_fact *item;
        size_t count;
    } libraries;
    struct {
        const sy_device_fact *item;
        size_t count;
    } devices;
    sy_tri anonymized;
} sy_environment;

/**
 * What to collect from.
 *
 * sysroot     a folder taken as the root of /sys, /proc and /etc; NULL or "" is the real one. With one,
 *             nothing is asked of the running system (uname, affinity come from the tree or stay absent).
 * argv        the command line, argc words.
 * anonymize   leave out host names, user names and home folders: of every text, command line and settings
 *             too.
 * settings    effective settings to be kept (copied; anonymized if asked), n_settings of them.
 */
typedef struct sy_environment_request {
    const char *sysroot;
    int argc;
    const char *const *argv;
    bool anonymize;
    const sy_setting *settings;
    size_t n_settings;
} sy_environment_request;

/** The facts together with the memory they live in. */
typedef struct sy_environment_box sy_environment_box;

/**
 * Read the facts.
 *
 * Owns     *out_box belongs to the caller: sy_environment_destroy(); NULL on error.
 * Threads  any; reads files only, changes nothing.
 * Errors   SY_OUT_OF_MEMORY. A fact that cannot be read is absent, not an error.
 */
sy_status sy_environment_collect(
    const sy_environment_request *request, sy_environment_box **out_box, sy_error *err);

/** The facts in the box; may be changed by the caller, who then owns what he points them to. */
sy_environment *sy_environment_of(sy_environment_box *box);

/** A text as the box would have it: without host, user and home folder if it is anonymized, else a copy. It
 * lives as long as the box. NULL if `text` is NULL or memory is short. */
const char *sy_environment_text(sy_environment_box *box, const char *text);

/** Free it; NULL is fine. */
void sy_environment_destroy(sy_environment_box *box);

/** Set every field of `out_environment` to absent. */
void sy_environment_init(sy_environment *out_environment);

/** The environment's fields as they are written to a record. */
extern const sy_field_table sy_environment_fields;

/** The fields of a library; used by rows too. */
extern const sy_field_table sy_library_fields;

#endif
