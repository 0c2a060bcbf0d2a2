#include "backends/horizon/facts.h"

#include <stdio.h>
#include <string.h>

#include "steelyard/model.h"

enum { MARK = 0xa5, LARGEST_EXTENT = 1 << 28 };
#define LARGEST_STRIDE (INT64_C(1) << 34)

/* In the order of the first generation's numbers, which begin with images. */
static const horizon_type types[] = {
    {"Y", 0, -1, HORIZON_SORT_GRAY, SY_U8, 1},
    {"NV12", 1, -1, HORIZON_SORT_NV12, SY_U8, 1},
    {"NV12_SEPARATE", 2, -1, HORIZON_SORT_NV12, SY_U8, 0},
    {"YUV444", 3, -1, HORIZON_SORT_PLAIN, SY_U8, 1},
    {"RGB", 4, -1, HORIZON_SORT_PLAIN, SY_U8, 1},
    {"BGR", 5, -1, HORIZON_SORT_PLAIN, SY_U8, 1},
    {"S4", 6, 0, HORIZON_SORT_PLAIN, SY_S8, 0},
    {"U4", 7, 1, HORIZON_SORT_PLAIN, SY_U8, 0},
    {"S8", 8, 2, HORIZON_SORT_PLAIN, SY_S8, 1},
    {"U8", 9, 3, HORIZON_SORT_PLAIN, SY_U8, 1},
    {"F16", 10, 4, HORIZON_SORT_PLAIN, SY_F16, 2},
    {"S16", 11, 5, HORIZON_SORT_PLAIN, SY_S16, 2},
    {"U16", 12, 6, HORIZON_SORT_PLAIN, SY_U16, 2},
    {"F32", 13, 7, HORIZON_SORT_PLAIN, SY_F32, 4},
    {"S32", 14, 8, HORIZON_SORT_PLAIN, SY_S32, 4},
    {"U32", 15, 9, HORIZON_SORT_PLAIN, SY_U32, 4},
    {"F64", 16, 10, HORIZON_SORT_PLAIN, SY_F64, 8},
    {"S64", 17, 11, HORIZON_SORT_PLAIN, SY_S64, 8},
    {"U64", 18, 12, HORIZON_SORT_PLAIN, SY_U64, 8},
    {"BOOL8", 19, 13, HORIZON_SORT_PLAIN, SY_BOOL, 1},
};

/* What every form has may be left out where it does not apply, as users do who begin with zeros. */
void horizon_raw_clear(horizon_raw *raw) {
    memset(raw->byte, 0, HORIZON_EARLY_PROPERTIES);
    memset(raw->byte + HORIZON_EARLY_PROPERTIES, MARK, sizeof raw->byte - HORIZON_EARLY_PROPERTIES);
}

/* Whether anything was written between two places. */
static bool is_written(const horizon_raw *raw, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (raw->byte[i] != MARK)
            return true;
    return false;
}

const horizon_type *horizon_facts_type(const horizon_facts *facts) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        int32_t number = facts->form == HORIZON_FORM_UCP ? types[i].ucp : types[i].dnn;
        if (number >= 0 && number == facts->type)
            return &types[i];
    }
    return NULL;
}

static void take_dnn(const horizon_raw *raw, horizon_facts *f) {
    horizon_dnn_properties p;
    memcpy(&p, raw->byte, sizeof p);
    /* Whoever copies the older struct as a whole writes its last four bytes, too. */
    bool has_strides = is_written(raw, HORIZON_EARLY_PROPERTIES, sizeof p);
    *f = (horizon_facts){.form = has_strides ? HORIZON_FORM_DNN : HORIZON_FORM_EARLY,
        .has_aligned = true,
        .has_strides = has_strides,
        .rank = p.valid.rank,
        .aligned_rank = p.aligned.rank,
        .layout = p.layout,
        .type = p.type,
        .quantisation = p.quantisation,
        .aligned_bytes = p.aligned_bytes};
    for (int i = 0; i < HORIZON_DNN_RANK; i++) {
        f->dim[i] = p.valid.dim[i];
        f->aligned[i] = p.aligned.dim[i];
        f->stride[i] = has_strides ? p.stride[i] : 0;
    }
}

static void take_ucp(const horizon_raw *raw, horizon_facts *f) {
    horizon_ucp_properties p;
    memcpy(&p, raw->byte, sizeof p);
    *f = (horizon_facts){.form = HORIZON_FORM_UCP,
        .has_strides = true,
        .rank = p.rank,
        .layout = HORIZON_NO_LAYOUT,
        .type = p.type,
        .quantisation = p.quantisation,
        .aligned_bytes = p.aligned_bytes};
    for (int i = 0; i < HORIZON_UCP_RANK; i++) {
        f->dim[i] = p.dim[i];
        f->stride[i] = p.stride[i];
    }
}

static bool are_extents_sane(const horizon_facts *f) {
    for (int32_t i = 0; i < f->rank; i++) {
        if (f->dim[i] != -1 && (f->dim[i] < 1 || f->dim[i] > LARGEST_EXTENT))
            return false;
        if (f->has_aligned && (f->aligned[i] < f->dim[i] || f->aligned[i] > LARGEST_EXTENT))
            return false;
        /* With UCP there are strides for every type; before, images have none (0). */
        bool has_stride = f->stride[i] != 0 || f->form != HORIZON_FORM_UCP;
        if (f->has_strides && (!has_stride || f->stride[i] < -1 || f->stride[i] > LARGEST_STRIDE))
            return false;
    }
    return true;
}

/* NULL, or which field cannot be what it says. */
static const char *find_nonsense(const horizon_facts *f) {
    const int32_t most = f->form == HORIZON_FORM_UCP ? HORIZON_UCP_RANK : HORIZON_DNN_RANK;
    const int32_t most_quantisation = f->form == HORIZON_FORM_UCP ? 1 : 2;
    if (f->rank < 1 || f->rank > most || (f->has_aligned && f->aligned_rank != f->rank))
        return "the number of extents";
    if (f->layout != HORIZON_NHWC && f->layout != HORIZON_NCHW && f->layout != HORIZON_NO_LAYOUT)
        return "the order of extents";
    if (horizon_facts_type(f) == NULL)
        return "the type";
    if (!are_extents_sane(f))
        return "extents";
    if (f->quantisation < 0 || f->quantisation > most_quantisation)
        return "the sort of quantisation";
    /* 0 or -1: the model leaves it open. */
    if (f->aligned_bytes < (f->has_aligned ? 1 : -1))
        return "its bytes";
    return NULL;
}

static const char *take(const horizon_raw *raw, bool is_ucp, horizon_facts *out_facts) {
    if (is_ucp)
        take_ucp(raw, out_facts);
    else
        take_dnn(raw, out_facts);
    return find_nonsense(out_facts);
}

bool horizon_facts_read(
    const horizon_raw *raw, bool is_ucp, horizon_facts *out_facts, char *why, size_t capacity) {
    horizon_facts older;
    const bool is_longer = is_written(raw, HORIZON_DNN_PROPERTIES, sizeof raw->byte);
    const char *nonsense = is_longer ? "its size" : take(raw, is_ucp, out_facts);
    if (nonsense == NULL)
        return true;
    /* The first versions with UCP have the older struct still, with strides. */
    if (is_ucp && !is_longer && take(raw, false, &older) == NULL && older.has_strides) {
        *out_facts = older;
        return true;
    }
    snprintf(why, capacity,
        "is told in a struct that makes no sense here (%s): this version of the library lays it out in a way "
        "that is not known",
        nonsense);
    return false;
}
