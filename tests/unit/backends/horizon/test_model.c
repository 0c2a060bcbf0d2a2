/* Compiled models: ports, runs, padding, images, several in a file, what is refused. */
#include "tests/unit/backends/horizon/rig.h"

#include <unistd.h>

#include "steelyard/model.h"

#define HEAD "bin-sim 1\nmodel net\n"
#define MODEL HEAD "input x f32 2,8\noutput y f32 2,8 factor=3\noutput half s8 1,2,2,4\n"

static void ports_are_what_the_library_says(void **state) {
    static const struct {
        const char *name;
        uint32_t dtype, rank, is_output;
        int64_t last;
    } rows[] = {{"x", SY_F32, 2, 0, 8}, {"picture", SY_U8, 3, 0, 6}, {"y", SY_F16, 1, 1, 9},
        {"n", SY_S16, 3, 1, 4}, {"b", SY_BOOL, 1, 1, 2}, {"l", SY_S64, 2, 1, 1}};
    rig r;
    sy_model *model = NULL;
    (void)state;
    rig_open(&r, "horizon", "");
    assert_int_equal(
        rig_load(&r,
            HEAD "input x f32 2,8\ninput picture nv12 1,3,4,6\noutput y f16 9\noutput n s16 1,3,4 "
                 "aligned=1,3,8 quant=shift:3\noutput b bool 2\noutput l s64 2,1",
            &model),
        SY_OK);
    for (uint32_t i = 0; i < 6; i++) {
        sy_model_port port = {.size = sizeof port};
        assert_int_equal(r.api->model->port(model, i, &port, &r.error), SY_OK);
        assert_string_equal(port.name, rows[i].name);
        assert_int_equal(port.dtype, rows[i].dtype);
        assert_int_equal(port.rank, rows[i].rank);
        assert_int_equal(port.is_output, rows[i].is_output);
        assert_int_equal(port.dim[port.rank - 1], rows[i].last);
    }
    sy_model_port port = {.size = sizeof port};
    assert_int_equal(r.api->model->port(model, 6, &port, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "the model has 6 ports");
    r.api->model->unload(model);
    r.api->model->unload(NULL);
    rig_end(&r);
}

static void runs_are_enqueued_and_right(void **state) {
    rig r;
    float in[16], out[16];
    int8_t bytes[16];
    (void)state;
    rig_open(&r, "horizon", "lazy=1"); /* nothing runs before it is waited for */
    rig_bound b = rig_bind(&r, MODEL);
    for (int i = 0; i < 16; i++)
        in[i] = (float)i - 4.0f;
    rig_move(&r, b.buffer[0], in, sizeof in, true);
    for (int i = 0; i < 5; i++)
        assert_int_equal(r.api->work->run(b.binding), SY_OK);
    assert_int_equal(sim.alive("task"), 1); /* one at a time: in order */
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    assert_int_equal(sim.calls("hbDNNInfer"), 5);
    assert_int_equal(sim.alive("memory"), 3); /* nothing padded: buffers are handed over as they are */
    rig_move(&r, b.buffer[1], out, sizeof out, false);
    rig_move(&r, b.buffer[2], bytes, sizeof bytes, false);
    for (int i = 0; i < 16; i++) {
        assert_true(out[i] == 3.0f * in[i]);
        assert_int_equal(bytes[i], i - 4); /* as the model gives them: no scale is applied */
    }
    rig_release(&r, &b);
    rig_end(&r);
}

/* What the host writes over an output before a run must not come back after it. */
static void outputs_that_were_written_over(void **state) {
    rig r;
    float in[16] = {1, 2, 3}, out[16];
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    rig_move(&r, b.buffer[0], in, sizeof in, true);
    for (int round = 0; round < 3; round++) {
        in[0] = (float)round;
        rig_move(&r, b.buffer[0], in, sizeof in, true);
        assert_int_equal(r.api->memory->fill(r.queue, b.span[1], (uint8_t)(0x40 + round), &r.error), SY_OK);
        assert_int_equal(rig_run(&r, &b), SY_OK);
        rig_move(&r, b.buffer[1], out, sizeof out, false);
        assert_true(out[0] == 3.0f * (float)round);
        assert_true(out[2] == 9.0f);
    }
    rig_release(&r, &b);
    rig_end(&r);
}

/* Odd extents, gaps behind rows and planes, in memory of other strides than the interface's. */
static void padding_is_taken_out_and_put_in(void **state) {
    static const char *const texts[] = {HEAD
        "input x f32 1,3,5,7 aligned=1,4,6,8\noutput y f32 1,5,3,7 aligned=1,5,3,16 factor=2",
        HEAD "input x f32 1,3,5,7\noutput y f32 3,5,7 aligned=3,5,8 factor=2",
        HEAD "input x f32 105 aligned=128\noutput y f32 105 bytes=4096 factor=2",
        HEAD "input x f32 1,1,105 stride=1024,1024,4 bytes=1024\noutput y f32 105,1,1 stride=64,64,64 "
             "bytes=6720 factor=2"};
    rig r;
    float in[105], out[105];
    (void)state;
    rig_open(&r, "horizon", "");
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        rig_bound b = rig_bind(&r, texts[t]);
        assert_int_equal(b.bytes[0], sizeof in);
        assert_int_equal(b.bytes[1], sizeof out);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 105; i++)
                in[i] = (float)(i + round);
            rig_move(&r, b.buffer[0], in, sizeof in, true);
            assert_int_equal(r.api->memory->fill(r.queue, b.span[1], 0xaa, &r.error), SY_OK);
            assert_int_equal(rig_run(&r, &b), SY_OK);
            rig_move(&r, b.buffer[1], out, sizeof out, false);
            for (int i = 0; i < 105; i++)
                assert_true(out[i] == 2.0f * in[i]);
        }
        rig_release(&r, &b);
    }
    rig_end(&r);
}

/* Rows of images begin at multiples of 16 bytes, whatever the model's aligned extents are. */
static void images(void **state) {
    static const struct {
        const char *text;
        uint64_t bytes;
        int64_t rows, width;
    } cases[] = {{HEAD "input x nv12 1,3,4,6\noutput y u8 36", 36, 6, 6},
        {HEAD "input x nv12 1,4,32,3 layout=nhwc aligned=1,4,64,3\noutput y u8 192", 192, 6, 32},
        {HEAD "input x y 1,1,5,20\noutput y u8 100", 100, 5, 20}};
    rig r;
    uint8_t in[256], out[256];
    (void)state;
    rig_open(&r, "horizon", "");
    for (size_t t = 0; t < sizeof cases / sizeof cases[0]; t++) {
        rig_bound b = rig_bind(&r, cases[t].text);
        sy_model_port port = {.size = sizeof port};
        assert_int_equal(r.api->model->port(b.model, 0, &port, NULL), SY_OK);
        assert_int_equal(port.dim[1], cases[t].rows);
        assert_int_equal(port.dim[2], cases[t].width);
        assert_int_equal(b.bytes[0], cases[t].bytes);
        for (uint64_t i = 0; i < cases[t].bytes; i++)
            in[i] = (uint8_t)(i * 7 + 1);
        rig_move(&r, b.buffer[0], in, cases[t].bytes, true);
        assert_int_equal(rig_run(&r, &b), SY_OK);
        rig_move(&r, b.buffer[1], out, b.bytes[1], false);
        assert_memory_equal(in, out, cases[t].bytes);
        rig_release(&r, &b);
    }
    rig_end(&r);
}

static void what_the_interface_has_no_words_for_is_refused(void **state) {
    static const struct {
        const char *text, *says;
    } rows[] = {{HEAD "input x f32 -1,8 aligned=1,8\noutput y f32 8",
                    "input 'x' of the model has extents that are open"},
        {HEAD "input x f32 8\noutput y s4 8", "output 'y' of the model is of Horizon's type S4"},
        {HEAD "input x nv12s 1,3,4,4\noutput y f32 8", "type NV12_SEPARATE"},
        {HEAD "input x nv12 2,3,4,4\noutput y f32 8", "not a single one"},
        {HEAD "input x nv12 1,3,5,4\noutput y f32 8", "of an odd size"},
        {HEAD "input x nv12 1,3,4,4 layout=none\noutput y f32 8", "an image that is not done"},
        {HEAD "input x f32 8", "1 inputs and 0 outputs"}};
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_model *model = (sy_model *)&r;
        assert_int_equal(rig_load(&r, rows[i].text, &model), SY_UNSUPPORTED);
        assert_null(model);
        rig_expect_words(r.error.text, rows[i].says);
        assert_int_equal(sim.alive_total(), 0);
    }
    rig_end(&r);
}

static void files_that_are_none(void **state) {
    rig r;
    char path[64];
    sy_model *model = (sy_model *)&r;
    (void)state;
    rig_open(&r, "horizon", "");
    const sy_model_api *api = r.api->model;
    assert_int_equal(rig_load(&r, "this is no model", &model), SY_INVALID_ARGUMENT);
    assert_null(model);
    rig_expect_words(r.error.text, "horizon:0: a model in memory: invalid model (-6000002)");
    assert_int_equal(rig_load(&r, "bin-sim 1\n", &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "no model in the file");
    assert_int_equal(rig_load(&r, MODEL "march bernoulli2\n", &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "for another chip: model march does not match (-6000014)");
    assert_int_equal(api->load(r.device, "/nowhere/m.bin", NULL, 0, &model, &r.error), SY_IO);
    rig_expect_words(r.error.text, "/nowhere/m.bin");
    assert_int_equal(api->load(r.device, "/nowhere/m.onnx", NULL, 0, &model, &r.error), SY_UNSUPPORTED);
    rig_expect_words(r.error.text, "compiled models");
    assert_int_equal(api->load(r.device, NULL, "", UINT64_C(1) << 31, &model, &r.error), SY_OVERFLOW);
    snprintf(path, sizeof path, "/tmp/steelyard-bin-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(MODEL, file);
    fclose(file);
    assert_int_equal(api->load(r.device, path, NULL, 0, &model, &r.error), SY_OK);
    unlink(path);
    api->unload(model);
    rig_end(&r);
}

static void several_models_in_a_file(void **state) {
    static const char text[] =
        HEAD "input x f32 8\noutput y f32 8\nmodel other\ninput z s8 4\noutput w s8 4\n";
    rig r;
    sy_model *model = NULL;
    sy_model_port port = {.size = sizeof port};
    (void)state;
    rig_open(&r, "horizon", "");
    assert_int_equal(rig_load(&r, text, &model), SY_INVALID_ARGUMENT);
    rig_expect_words(
        r.error.text, "2 models, of which one is to be named by --device horizon:0?model=NAME: net, other");
    rig_end(&r);
    rig_open_as(&r, "horizon", "", "model=other");
    assert_int_equal(rig_load(&r, text, &model), SY_OK);
    assert_int_equal(r.api->model->port(model, 0, &port, &r.error), SY_OK);
    assert_string_equal(port.name, "z");
    r.api->model->unload(model);
    assert_int_equal(rig_load(&r, MODEL, &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "no model 'other'; there are net");
    rig_end(&r);
}

static void wrong_operands_are_refused(void **state) {
    rig r;
    sy_model *model = NULL;
    sy_buffer *pinned = NULL;
    (void)state;
    rig_open(&r, "horizon", "");
    assert_int_equal(rig_load(&r, MODEL, &model), SY_OK);
    sy_buffer *memory = rig_memory(&r, 1024);
    assert_int_equal(r.api->memory->alloc(r.device, SY_MEMORY_PINNED, 1024, &pinned, &r.error), SY_OK);
    const struct {
        uint32_t count;
        sy_span x;
        const char *says;
    } rows[] = {{2, {memory, 0, 64}, "2 operands, the model has 3"},
        {3, {memory, 0, 63}, "'x' must have 64 bytes"}, {3, {memory, 1000, 64}, "'x' must have"},
        {3, {memory, UINT64_MAX - 3, 64}, "'x' must have"}, {3, {NULL, 0, 64}, "'x' must have"},
        {3, {pinned, 0, 64}, "'x' is not in memory of the device"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_binding *binding = (sy_binding *)&r;
        const sy_span span[3] = {rows[i].x, {memory, 128, 64}, {memory, 256, 32}};
        r.error = SY_ERROR_INIT;
        assert_int_equal(
            r.api->model->bind(model, r.queue, span, rows[i].count, &binding, &r.error), SY_INVALID_ARGUMENT);
        assert_null(binding);
        rig_expect_words(r.error.text, rows[i].says);
    }
    r.api->model->unload(model);
    r.api->memory->free(memory);
    r.api->memory->free(pinned);
    rig_end(&r);
}

/* Parts of one buffer are copied through memory of the binding's own: what lies beside them stays. */
static void parts_of_a_buffer(void **state) {
    rig r;
    sy_model *model = NULL;
    sy_binding *binding = NULL;
    unsigned char all[1024];
    (void)state;
    rig_open(&r, "horizon", "");
    assert_int_equal(rig_load(&r, HEAD "input x u8 5\noutput y u8 5 bytes=64 factor=2", &model), SY_OK);
    sy_buffer *memory = rig_memory(&r, sizeof all);
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (unsigned char)(i % 100);
    rig_move(&r, memory, all, sizeof all, true);
    const sy_span span[2] = {{memory, 3, 5}, {memory, 11, 5}};
    assert_int_equal(r.api->model->bind(model, r.queue, span, 2, &binding, &r.error), SY_OK);
    assert_int_equal(r.api->work->run(binding), SY_OK);
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    rig_move(&r, memory, all, sizeof all, false);
    for (size_t i = 0; i < sizeof all; i++)
        assert_int_equal(all[i], i >= 11 && i < 16 ? 2 * (i - 8) : i % 100);
    r.api->work->binding_destroy(binding);
    r.api->model->unload(model);
    r.api->memory->free(memory);
    rig_end(&r);
}

/* What one model gives another takes, without a copy between them. */
static void one_behind_the_other(void **state) {
    static const char *const second[] = {HEAD "input x f32 2,8\noutput y f32 16 factor=5",
        HEAD "input x f32 2,8 aligned=2,16\noutput y f32 16 factor=5"};
    rig r;
    float in[16] = {1, 2, 3}, out[16];
    (void)state;
    rig_open(&r, "horizon", "");
    for (int i = 0; i < 2; i++) {
        rig_bound a = rig_bind(&r, MODEL), b = rig_bind(&r, second[i]);
        sy_binding *chained = NULL;
        const sy_span span[2] = {a.span[1], b.span[1]};
        assert_int_equal(r.api->model->bind(b.model, r.queue, span, 2, &chained, &r.error), SY_OK);
        rig_move(&r, a.buffer[0], in, sizeof in, true);
        assert_int_equal(r.api->work->run(a.binding), SY_OK);
        assert_int_equal(r.api->work->run(chained), SY_OK);
        rig_move(&r, b.buffer[1], out, sizeof out, false); /* waits, too */
        assert_true(out[2] == 45.0f);
        r.api->work->binding_destroy(chained);
        rig_release(&r, &a);
        rig_release(&r, &b);
    }
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ports_are_what_the_library_says),
        cmocka_unit_test(runs_are_enqueued_and_right), cmocka_unit_test(outputs_that_were_written_over),
        cmocka_unit_test(padding_is_taken_out_and_put_in), cmocka_unit_test(images),
        cmocka_unit_test(what_the_interface_has_no_words_for_is_refused),
        cmocka_unit_test(files_that_are_none), cmocka_unit_test(several_models_in_a_file),
        cmocka_unit_test(wrong_operands_are_refused), cmocka_unit_test(parts_of_a_buffer),
        cmocka_unit_test(one_behind_the_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
