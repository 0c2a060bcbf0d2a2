/* Structs of tensors: those that are known, and that none other is believed. */
#include "tests/unit/backends/horizon/rig.h"

#include "backends/horizon/tensor.h"

static horizon_dnn_properties dnn_good(void) {
    return (horizon_dnn_properties){.valid = {{1, 3, 4, 5}, 4},
        .aligned = {{1, 3, 4, 8}, 4},
        .layout = 2,
        .type = 13,
        .aligned_bytes = 384,
        .stride = {384, 128, 32, 4}};
}

static horizon_ucp_properties ucp_good(void) {
    return (horizon_ucp_properties){
        .dim = {1, 3, 4, 5}, .rank = 4, .type = 7, .aligned_bytes = 384, .stride = {384, 128, 32, 4}};
}

static sy_status read_bytes(
    const void *bytes, size_t count, bool is_ucp, horizon_tensor *out, char why[200], horizon_raw *raw) {
    horizon_raw_clear(raw);
    memcpy(raw->byte, bytes, count);
    why[0] = '\0';
    return horizon_tensor_read(raw, is_ucp, out, why, 200);
}

static sy_status read_dnn(const horizon_dnn_properties *p, size_t count, horizon_tensor *out, char why[200]) {
    horizon_raw raw;
    return read_bytes(p, count, false, out, why, &raw);
}

static void the_three_forms(void **state) {
    horizon_tensor t;
    horizon_raw raw;
    char why[200];
    const horizon_dnn_properties dnn = dnn_good();
    const horizon_ucp_properties ucp = ucp_good();
    (void)state;
    assert_int_equal(read_dnn(&dnn, sizeof dnn, &t, why), SY_OK);
    assert_int_equal(t.form, HORIZON_FORM_DNN);
    assert_int_equal(t.stride[2], 32);
    assert_int_equal(t.bytes, 384);
    assert_int_equal(t.dense_bytes, 240);
    assert_false(t.is_dense);
    assert_int_equal(read_dnn(&dnn, HORIZON_EARLY_PROPERTIES, &t, why), SY_OK);
    assert_int_equal(t.form, HORIZON_FORM_EARLY);
    assert_int_equal(t.stride[1], 128); /* by the aligned extents */
    assert_int_equal(read_bytes(&ucp, sizeof ucp, true, &t, why, &raw), SY_OK);
    assert_int_equal(t.form, HORIZON_FORM_UCP);
    assert_int_equal(t.stride[0], 384);
    /* The first libraries with UCP's calls have the older struct. */
    assert_int_equal(read_bytes(&dnn, sizeof dnn, true, &t, why, &raw), SY_OK);
    assert_int_equal(t.form, HORIZON_FORM_DNN);
    assert_int_equal(horizon_form_tensor(HORIZON_FORM_EARLY), 240);
    assert_int_equal(horizon_form_tensor(HORIZON_FORM_DNN), 272);
    assert_int_equal(horizon_form_tensor(HORIZON_FORM_UCP), 200);
}

static void expect_nonsense(const horizon_dnn_properties *p, const char *says) {
    horizon_tensor t;
    char why[200];
    assert_int_equal(read_dnn(p, sizeof *p, &t, why), SY_INCOMPATIBLE);
    rig_expect_words(why, says);
}

/* One field after the other is what it cannot be. */
static void nonsense_is_not_believed(void **state) {
    horizon_dnn_properties p;
    (void)state;
#define TRY(change, says)                                                                                    \
    p = dnn_good();                                                                                          \
    change;                                                                                                  \
    expect_nonsense(&p, says)
    TRY(p.valid.rank = 0, "the number of extents");
    TRY(p.valid.rank = 9, "the number of extents");
    TRY(p.aligned.rank = 3, "the number of extents");
    TRY(p.layout = 1, "the order of extents");
    TRY(p.type = 20, "the type");
    TRY(p.type = -1, "the type");
    TRY(p.valid.dim[3] = 0, "extents");
    TRY(p.valid.dim[3] = -2, "extents");
    TRY(p.valid.dim[2] = INT32_MAX, "extents");
    TRY(p.aligned.dim[3] = 4, "extents");
    TRY(p.stride[0] = -7, "extents");
    TRY(p.quantisation = 3, "quantisation");
    TRY(p.aligned_bytes = 0, "its bytes");
    TRY(p.aligned_bytes = 300, "contradict");
    TRY(p.stride[2] = 16, "contradict"); /* rows that overlap */
    TRY(p.stride[3] = 1, "contradict");
#undef TRY
}

static void what_is_written_behind_it_gives_it_away(void **state) {
    unsigned char bytes[200] = {0};
    const horizon_dnn_properties p = dnn_good();
    horizon_tensor t;
    horizon_raw raw;
    char why[200];
    (void)state;
    memcpy(bytes, &p, sizeof p);
    assert_int_equal(read_bytes(bytes, sizeof bytes, false, &t, why, &raw), SY_INCOMPATIBLE);
    rig_expect_words(why, "its size");
}

/* A library may leave out what does not apply: quantisation of a tensor that has none. */
static void what_is_not_written_is_none(void **state) {
    const horizon_dnn_properties good = dnn_good();
    const size_t after = offsetof(horizon_dnn_properties, aligned_bytes);
    horizon_tensor t;
    horizon_raw raw;
    char why[200] = "";
    (void)state;
    horizon_raw_clear(&raw);
    assert_int_equal(horizon_tensor_read(&raw, false, &t, why, sizeof why), SY_INCOMPATIBLE);
    rig_expect_words(why, "the number of extents");
    memcpy(raw.byte, &good, offsetof(horizon_dnn_properties, shift));
    memcpy(raw.byte + after, (const unsigned char *)&good + after, sizeof good - after);
    assert_int_equal(horizon_tensor_read(&raw, false, &t, why, sizeof why), SY_OK);
    assert_int_equal(t.form, HORIZON_FORM_DNN);
}

/* Products of extents and strides beyond 64 bits. */
static void large_ones(void **state) {
    horizon_ucp_properties p = {.dim = {1 << 28, 1 << 28, 1 << 28, 1 << 28},
        .rank = 4,
        .type = 7,
        .aligned_bytes = -1,
        .stride = {-1, -1, -1, -1}};
    horizon_tensor t;
    horizon_raw raw;
    char why[200];
    (void)state;
    assert_int_equal(read_bytes(&p, sizeof p, true, &t, why, &raw), SY_INCOMPATIBLE);
    horizon_dnn_properties q = dnn_good();
    for (int i = 0; i < 4; i++) {
        q.valid.dim[i] = q.aligned.dim[i] = 1 << 28;
        q.stride[i] = 0;
    }
    expect_nonsense(&q, "contradict");
}

/* Strides that the model leaves open are chosen, and told back. */
static void open_strides(void **state) {
    horizon_ucp_properties p = {
        .dim = {1, 6, 10, 1}, .rank = 4, .type = 3, .aligned_bytes = -1, .stride = {-1, -1, 1, 1}};
    horizon_tensor t;
    horizon_raw raw;
    char why[200];
    (void)state;
    assert_int_equal(read_bytes(&p, sizeof p, true, &t, why, &raw), SY_OK);
    assert_int_equal(t.stride[1], 64);
    assert_int_equal(t.stride[0], 384);
    assert_int_equal(t.bytes, 384);
    memcpy(&p, raw.byte, sizeof p);
    assert_int_equal(p.stride[1], 64);
    assert_int_equal(p.stride[0], 384);
    assert_int_equal(p.aligned_bytes, 384);
}

/* As a library that lays its struct out in another way is met. */
static void a_library_of_another_age(void **state) {
    static const struct {
        const char *settings, *says;
    } rows[] = {{"struct=longer", "its size"}, {"struct=shifted", "makes no sense here"}};
    rig r;
    (void)state;
    for (int i = 0; i < 2; i++) {
        sy_model *model = (sy_model *)&r;
        rig_open(&r, "horizon", rows[i].settings);
        assert_int_equal(rig_load(&r, "bin-sim 1\nmodel net\ninput x f32 1,3,8,8\noutput y f32 9", &model),
            SY_UNSUPPORTED);
        assert_null(model);
        rig_expect_words(r.error.text, "input 'x' of the model is told in a struct");
        rig_expect_words(r.error.text, rows[i].says);
        rig_end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_three_forms),
        cmocka_unit_test(nonsense_is_not_believed), cmocka_unit_test(what_is_written_behind_it_gives_it_away),
        cmocka_unit_test(what_is_not_written_is_none), cmocka_unit_test(large_ones),
        cmocka_unit_test(open_strides), cmocka_unit_test(a_library_of_another_age)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
