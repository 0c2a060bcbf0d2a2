/*
 * What `tune` has found, as a table: for a problem on a device, the algorithm that was fastest. Its text is
 * the content of the cache file (tuning_file.h); what a device and a version are is in tuning_key.h. No I/O
 * here.
 *
 * Threads. A table that nobody changes may be read by any number of threads.
 */
#ifndef STEELYARD_DISPATCH_TUNING_H
#define STEELYARD_DISPATCH_TUNING_H

#include "runtime/base/text.h"
#include "steelyard/spec.h"
#include "steelyard/status.h"

#define SY_TUNING_VERSION_MAX 96u
#define SY_TUNING_ALGORITHM_MAX 64u
#define SY_TUNING_LABEL_MAX 96u

/** Most entries of a table, and most bytes of its text. */
#define SY_TUNING_ENTRIES_MAX 16384u
#define SY_TUNING_BYTES_MAX (UINT64_C(8) << 20)

/** On which device, by which program: what an entry holds for besides its problem. See sy_tuning_key_make().
 */
typedef struct sy_tuning_key {
    char device[SY_KEY_HEX_MAX];
    char version[SY_TUNING_VERSION_MAX];
} sy_tuning_key;

/**
 * Which device that was, for people and for others' programs: what makes the kind of a device, and nothing of
 * the single card. params: what it was opened with. Unknown: "" or 0.
 */
typedef struct sy_tuning_device {
    char backend[32], params[256], name[128], vendor[64], driver[64], isa[64];
    uint64_t units, cache_bytes;
} sy_tuning_device;

/**
 * One finding.
 *
 * problem    canonical string (sy_spec_print()).
 * algorithm  name of the fastest one; the cost model's own choice where nothing was better.
 * gain       its speed over that of the cost model's choice, 1 or more.
 * tried      candidates that it was the best of; 0: not known.
 *
 * Texts hold no control characters; those of the key, problem, algorithm and backend are not empty.
 */
typedef struct sy_tuning_entry {
    sy_tuning_key key;
    char problem[SY_SPEC_TEXT_MAX];
    char algorithm[SY_TUNING_ALGORITHM_MAX];
    sy_tuning_device device;
    double gain;
    uint64_t tried;
} sy_tuning_entry;

/** Findings in the order of device, version and problem, one for each. Zero-initialise it. */
typedef struct sy_tuning {
    sy_tuning_entry *entry;
    size_t count, capacity;
} sy_tuning;

/** The finding for a problem, NULL if there is none. Borrowed from the table until it changes. */
const sy_tuning_entry *sy_tuning_find(const sy_tuning *tuning, const sy_tuning_key *key, const char *problem);

/**
 * Take a finding; one that is there for the same problem, device and version is replaced.
 * Errors  SY_INVALID_ARGUMENT: an entry that cannot be written; SY_OVERFLOW: the table is full;
 *         SY_OUT_OF_MEMORY. The table is as it was then.
 */
sy_status sy_tuning_put(sy_tuning *tuning, const sy_tuning_entry *entry, sy_error *err);

/**
 * The text of a table: a line that names the form, a line an entry (fields parted by tabs), and a last line
 * with their number and the SHA-256 of everything before it. SY_OUT_OF_MEMORY; SY_OVERFLOW beyond
 * SY_TUNING_BYTES_MAX.
 */
sy_status sy_tuning_print(const sy_tuning *tuning, sy_text *out_text, sy_error *err);

/**
 * Read a text of sy_tuning_print(). All of it is right, or nothing is taken.
 * Errors  SY_INVALID_ARGUMENT says what is wrong where; SY_OUT_OF_MEMORY. *out_tuning is empty then.
 */
sy_status sy_tuning_parse(const char *text, size_t bytes, sy_tuning *out_tuning, sy_error *err);

/** Free and zero. */
void sy_tuning_release(sy_tuning *tuning);

#endif
