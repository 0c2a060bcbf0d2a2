/* What the meters said of one row: results of its window of energy, until they become entries of the record.
 */
#ifndef STEELYARD_RUN_WEIGHED_H
#define STEELYARD_RUN_WEIGHED_H

#include "bench/energy/integrate.h"
#include "bench/energy/net.h"
#include "bench/record/energy_row.h"
#include "bench/run/energy_kit.h"

#define SY_WEIGHED_NOTES_MAX 5u
#define SY_WEIGHED_NOTE_MAX 160u

/** One meter's part. idle_before: as it was when the window began, over idle_before_s; idle_after follows the
 * block's windows. readings: that began within the window; failure: why the last of those that
 * failed did, "": none did. */
typedef struct sy_weighed_meter {
    sy_energy_result result, idle_before, idle_after;
    double idle_before_s, idle_after_s;
    size_t readings;
    char disagreement[SY_WEIGHED_NOTE_MAX], failure[SY_WEIGHED_NOTE_MAX];
} sy_weighed_meter;

/**
 * A row's energy in the making. Zero: none was asked for.
 *
 * kit       whose meters; NULL: no window was measured, and `reason` says why if one was wanted.
 * meter     one each meter of the kit, in its order.
 */
typedef struct sy_weighed {
    const sy_energy_kit *kit;
    bool is_wanted, has_idle;
    char reason[256];
    sy_weighed_meter *meter;
    uint64_t runs;
    double window_ns, sampler_cpu;
    uint64_t held_back; /* bits of all throttle sensors within the window; 0: none, or no such sensor */
    bool has_sustain;
    sy_row_sustain sustain;
} sy_weighed;

/** Room for texts and entries of a row's energy. */
typedef struct sy_weighed_texts {
    sy_row_energy entry[SY_ENERGY_METERS_MAX];
    const char *reason[SY_ENERGY_METERS_MAX][SY_ENERGY_REASON_COUNT];
    const char *note[SY_ENERGY_METERS_MAX][SY_WEIGHED_NOTES_MAX];
    char note_text[SY_ENERGY_METERS_MAX][SY_WEIGHED_NOTES_MAX][SY_WEIGHED_NOTE_MAX];
    char held_back_text[48];
    const char *held_back[1];
} sy_weighed_texts;

/**
 * The entries, in the order of the meters of energy. They borrow from weighed and texts.
 *
 * flop, byte  of one run. median_ns: of the row's rounds, NaN: none. Returns how many entries there are.
 */
size_t sy_weighed_entries(
    const sy_weighed *weighed, uint64_t flop, uint64_t byte, double median_ns, sy_weighed_texts *out_texts);

/** What held the device back during the window, as texts of a row's conditions; empty if nothing did. */
sy_text_list sy_weighed_held_back(const sy_weighed *weighed, sy_weighed_texts *out_texts);

/** Free; zeroes. */
void sy_weighed_release(sy_weighed *weighed);

#endif
