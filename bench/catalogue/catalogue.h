/*
 * Published figures of devices: what a rate is set against, never what it is. Every figure comes with its
 * confidence and sources, and is shown with them. Which entry a device is, is known or it is not: names are
 * compared whole, and two that fit are two.
 */
#ifndef STEELYARD_BENCH_CATALOGUE_CATALOGUE_H
#define STEELYARD_BENCH_CATALOGUE_CATALOGUE_H

#include "bench/catalogue/document.h"

/* What a dense peak is of. tf32 is a mode of f32; f8: either form. */
enum {
    SY_PEAK_F64 = 0,
    SY_PEAK_F32 = 1,
    SY_PEAK_TF32 = 2,
    SY_PEAK_BF16 = 3,
    SY_PEAK_F16 = 4,
    SY_PEAK_F8 = 5,
    SY_PEAK_F4 = 6,
    SY_PEAK_S8 = 7,
    SY_PEAK_S4 = 8
};
#define SY_PEAK_COUNT 9u

/** A name by which a driver reports exactly this variant. units: compute units it reports then; SY_NO_COUNT:
 * they are not asked for. seen: where it was seen; NULL: it is only said to be so, and identifies nothing. */
typedef struct sy_driver_name {
    const char *name, *seen;
    uint64_t units;
} sy_driver_name;

/** Those of a variant. */
typedef struct sy_driver_names {
    const sy_driver_name *item;
    size_t count;
} sy_driver_names;

/**
 * One variant of a device. Texts may be NULL, but those of the head; figures may be absent.
 *
 * kind      "accelerator", "edge", "cpu"; status: "shipping", "announced".
 * peak      dense, in 1e12 operations a second, a multiply-add as two; the highest rate for the type, by
 *           matrix units where there are any. memory_gb: the vendor's number (for HBM usually GiB).
 * interconnect_gb_per_s  between devices, both directions unless its note says otherwise.
 * power_w   the vendor's limit of the whole card or module.
 * cores, clock_ghz, flop_per_cycle  of processors: what an estimate of theirs is made from.
 */
typedef struct sy_catalogue_device {
    sy_reference_head head;
    const char *vendor, *vendor_zh, *country, *kind, *status, *form_factor, *software, *note;
    sy_driver_names driver;
    sy_figure year;
    sy_figure_words process, memory_type;
    sy_figure peak[SY_PEAK_COUNT];
    sy_figure memory_gb, memory_gb_per_s, interconnect_gb_per_s, power_w;
    uint64_t cores;
    double clock_ghz, flop_per_cycle[SY_PEAK_COUNT];
} sy_catalogue_device;

/** All of them. Zero-initialise. Read-only once it is loaded, so that threads may share it. */
typedef struct sy_catalogue {
    sy_document document;
    const sy_catalogue_device *device;
    size_t count;
} sy_catalogue;

/** How a device is written, as in the file. */
extern const sy_field_table sy_catalogue_device_fields;

/** Load devices.json. Errors as sy_document_read(). sy_catalogue_release() is legal afterwards in any case.
 */
sy_status sy_catalogue_load(const sy_reference_places *places, sy_catalogue *out_catalogue, sy_error *err);
void sy_catalogue_release(sy_catalogue *catalogue);

/** Most answers that are kept; more than one: none of them is certain. */
#define SY_CATALOGUE_MATCHES_MAX 8u

/** Which entries fit: none, one, or several. `count` may be larger than what is kept. */
typedef struct sy_catalogue_match {
    const sy_catalogue_device *device[SY_CATALOGUE_MATCHES_MAX];
    size_t count;
} sy_catalogue_match;

/**
 * The entries of a name that a person gives: the id; else the name, with or without the vendor's, or the
 * Chinese one; else a driver's. Whole names only; case and the width of blanks do not count.
 */
void sy_catalogue_find(const sy_catalogue *catalogue, const char *name, sy_catalogue_match *out_match);

/**
 * The entries that a device is, by what its driver reports. One that is certain has a name of the driver
 * that is listed, the units listed with it, and the entry's memory (-10 % to +10 %, for GB or GiB and what
 * the driver keeps). A processor is never identified: its sockets, and cores in use, are not known by name.
 *
 * units, memory_bytes  0: not reported, and then not compared.
 */
void sy_catalogue_identify(const sy_catalogue *catalogue, const char *driver_name, uint64_t units,
    uint64_t memory_bytes, sy_catalogue_match *out_match);

/** Entry `*at` or a later one whose id or name has `part` in it; *at moves behind it; NULL: no more. "" is in
 * all. */
const sy_catalogue_device *sy_catalogue_next_near(
    const sy_catalogue *catalogue, const char *part, size_t *at);

/** The id that was probably meant; NULL if there is none. Borrowed. */
const char *sy_catalogue_suggest(const sy_catalogue *catalogue, const char *name);

/** "two variants fit: c500-pcie, c500-oam" of a match with several; "" of others. */
void sy_catalogue_ambiguity(const sy_catalogue_match *match, char *out_text, size_t capacity);

/**
 * The dense peak for products of `dtype_a` by `dtype_b` (SY_DTYPE), summed in `dtype_acc`, whose arithmetic
 * delivered `math` (SY_MATH); NULL: the entry has none, or figures of this sort are not published: inputs of
 * two types, sums narrower than a data sheet's, hf32, bf16x3, unknown arithmetic.
 */
const sy_figure *sy_catalogue_peak(
    const sy_catalogue_device *device, uint32_t dtype_a, uint32_t dtype_b, uint32_t dtype_acc, uint32_t math);

#endif
