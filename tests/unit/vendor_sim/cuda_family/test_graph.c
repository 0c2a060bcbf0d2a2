/* The graph interface of cuDNN 9, from tensors to the execution. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef struct graph {
    rig rig;
    int (*create)(int, void **), (*destroy)(void *), (*set)(void *, int, int, int64_t, const void *);
    int (*get)(void *, int, int, int64_t, int64_t *, void *), (*finalize)(void *),
        (*execute)(void *, void *, void *);
    int (*dnn_create)(void **), (*dnn_destroy)(void *);
    void *handle, *made[40];
    int used;
} graph;

static graph open_graph(const char *settings) {
    graph one = {.rig = rig_open("nvidia_graph", "libcudart.so.13", "cuda", settings)};
    void *library = rig_library("nvidia_graph", "libcudnn.so.9");
    rig_find(library, "cudnnBackend", "CreateDescriptor", &one.create);
    rig_find(library, "cudnnBackend", "DestroyDescriptor", &one.destroy);
    rig_find(library, "cudnnBackend", "SetAttribute", &one.set);
    rig_find(library, "cudnnBackend", "GetAttribute", &one.get);
    rig_find(library, "cudnnBackend", "Finalize", &one.finalize);
    rig_find(library, "cudnnBackend", "Execute", &one.execute);
    rig_find(library, "cudnn", "Create", &one.dnn_create);
    rig_find(library, "cudnn", "Destroy", &one.dnn_destroy);
    assert_int_equal(one.dnn_create(&one.handle), 0);
    return one;
}

static void close_graph(graph *one, int64_t misuses) {
    while (one->used > 0)
        assert_int_equal(one->destroy(one->made[--one->used]), 0);
    assert_int_equal(one->dnn_destroy(one->handle), 0);
    rig_close(&one->rig, misuses);
}

static void *make(graph *one, int type) {
    assert_int_equal(one->create(type, &one->made[one->used]), 0);
    return one->made[one->used++];
}

/* A negative id: a virtual one. */
static void *tensor(graph *one, int type, int64_t id, const int64_t dim[4]) {
    void *made = make(one, 17);
    char is_virtual = id < 0;
    assert_int_equal(one->set(made, 907, 2, 1, &is_virtual), 0);
    int64_t alignment = 16;
    const int64_t stride[4] = {dim[1] * dim[2] * dim[3], 1, dim[3] * dim[1], dim[1]};
    assert_int_equal(one->set(made, 900, 3, 1, &alignment), 0);
    assert_int_equal(one->set(made, 901, 1, 1, &type), 0);
    assert_int_equal(one->set(made, 902, 3, 4, dim), 0);
    assert_int_equal(one->set(made, 903, 3, 4, stride), 0);
    assert_int_equal(one->set(made, 906, 3, 1, &id), 0);
    assert_int_equal(one->finalize(made), 0);
    return made;
}

static void *convolution(graph *one, int compute) {
    void *made = make(one, 1);
    int mode = 1;
    const int64_t rank = 2, zero[2] = {0, 0}, unit[2] = {1, 1};
    assert_int_equal(one->set(made, 100, 1, 1, &compute), 0);
    assert_int_equal(one->set(made, 101, 7, 1, &mode), 0);
    assert_int_equal(one->set(made, 106, 3, 1, &rank), 0);
    assert_int_equal(one->set(made, 105, 3, 2, zero), 0);
    assert_int_equal(one->set(made, 104, 3, 2, zero), 0);
    assert_int_equal(one->set(made, 103, 3, 2, unit), 0);
    assert_int_equal(one->set(made, 102, 3, 2, unit), 0);
    assert_int_equal(one->finalize(made), 0);
    return made;
}

/* 1 x 2 x 2 x 2 with one 2 x 1 x 1 filter: down to the heuristic, whose finalize gives `want`. */
static void *heuristic(graph *one, int type, int compute, int want) {
    const int64_t x[4] = {1, 2, 2, 2}, w[4] = {1, 2, 1, 1}, y[4] = {1, 1, 2, 2};
    void *part[4] = {
        convolution(one, compute), tensor(one, type, 2, w), tensor(one, type, 1, x), tensor(one, type, 3, y)};
    void *operation = make(one, 10), *all = make(one, 15), *made = make(one, 4);
    const double alpha = 1;
    const float beta = 0;
    int mode = 3;
    for (int i = 0; i < 4; i++)
        assert_int_equal(one->set(operation, 702 + i, 15, 1, &part[i]), 0);
    assert_int_equal(one->set(operation, 700, 5, 1, &alpha), 0);
    assert_int_equal(one->set(operation, 701, 4, 1, &beta), 0);
    assert_int_equal(one->finalize(operation), 0);
    assert_int_equal(one->set(all, 800, 0, 1, &one->handle), 0);
    assert_int_equal(one->set(all, 801, 15, 1, &operation), 0);
    assert_int_equal(one->finalize(all), 0);
    assert_int_equal(one->set(made, 201, 15, 1, &all), 0);
    assert_int_equal(one->set(made, 200, 8, 1, &mode), 0);
    assert_int_equal(one->finalize(made), want);
    return made;
}

static int run(graph *one, void *plan, const float *in, float *out) {
    char *device = rig_upload(&one->rig, in, 14 * sizeof *in);
    void *pack = make(one, 16), *pointers[3] = {device, device + 32, device + 40}, *workspace;
    const int64_t ids[3] = {1, 2, 3};
    assert_int_equal(one->rig.malloc(&workspace, 65536), 0);
    assert_int_equal(one->set(pack, 1000, 3, 3, ids), 0);
    assert_int_equal(one->set(pack, 1001, 6, 3, pointers), 0);
    assert_int_equal(one->execute(one->handle, plan, pack), 2004);
    assert_int_equal(one->set(pack, 1003, 6, 1, &workspace), 0);
    assert_int_equal(one->finalize(pack), 0);
    int code = one->execute(one->handle, plan, pack);
    assert_int_equal(one->rig.memcpy(out, pointers[2], 16, TO_HOST), 0);
    assert_int_equal(one->rig.free(device), 0);
    assert_int_equal(one->rig.free(workspace), 0);
    return code;
}

static void test_plans(void **state) {
    (void)state;
    graph one = open_graph("graph_refuse=2");
    void *found = heuristic(&one, 0, 0, 0), *config[3], *plan[3];
    int64_t got = 0, workspace = -1;
    for (int i = 0; i < 3; i++)
        config[i] = make(&one, 3);
    assert_int_equal(one.get(found, 202, 3, 3, &got, config), 2010);
    assert_int_equal(one.get(found, 202, 15, 3, &got, config), 0);
    assert_int_equal(got, 3);
    const float in[14] = {1 + 0x1p-12f, 0, 2, 1, 3, 1, 4, 1, 1, 5};
    float out[4];
    for (int i = 0; i < 3; i++) {
        plan[i] = make(&one, 5);
        assert_int_equal(one.set(plan[i], 401, 15, 1, &config[i]), 0);
        assert_int_equal(one.finalize(plan[i]), i == 2 ? 3000 : 0);
    }
    assert_int_equal(one.get(plan[0], 402, 3, 1, &got, &workspace), 0);
    assert_int_equal(workspace, 0);
    assert_int_equal(one.get(plan[2], 402, 3, 1, &got, &workspace), 2004);
    assert_int_equal(run(&one, plan[0], in, out), 0);
    assert_true(out[0] == 1 && out[1] == 7 && out[2] == 8 && out[3] == 9); /* tf32 */
    one.used--;
    assert_int_equal(one.destroy(one.made[one.used]), 0);
    assert_int_equal(run(&one, plan[1], in, out), 0);
    assert_true(out[0] == 1 + 0x1p-12f);
    close_graph(&one, 0);
}

static void *pointwise(graph *one, int mode, void *x, void *b, void *y) {
    void *kind = make(one, 0), *made = make(one, 13);
    int precision = 0;
    assert_int_equal(one->set(kind, 0, 14, 1, &mode), 0);
    assert_int_equal(one->set(kind, 1, 1, 1, &precision), 0);
    assert_int_equal(one->finalize(kind), 0);
    assert_int_equal(one->set(made, 750, 15, 1, &kind), 0);
    assert_int_equal(one->set(made, 751, 15, 1, &x), 0);
    if (b != NULL)
        assert_int_equal(one->set(made, 752, 15, 1, &b), 0);
    assert_int_equal(one->set(made, 753, 15, 1, &y), 0);
    assert_int_equal(one->finalize(made), 0);
    return made;
}

static void run_fused(const graph *one, void *plan, void *pack) {
    const float in[19] = {1, 1, 2, 2, 3, 3, 4, 4, 10, 1, -20, -100, 0, 0, 5};
    float out[4];
    char *device = rig_upload(&one->rig, in, sizeof in);
    const int64_t ids[5] = {1, 2, 7, 8, 6};
    void *pointers[5] = {device, device + 32, device + 40, device + 44, device + 60};
    assert_int_equal(one->set(pack, 1000, 3, 5, ids), 0);
    assert_int_equal(one->set(pack, 1001, 6, 5, pointers), 0);
    assert_int_equal(one->finalize(pack), 0);
    assert_int_equal(one->execute(one->handle, plan, pack), 0);
    assert_int_equal(one->rig.memcpy(out, pointers[4], sizeof out, TO_HOST), 0);
    assert_memory_equal(out, ((float[4]){0, 2, 13, 29}), sizeof out);
    assert_int_equal(one->rig.free(device), 0);
}

/* The convolution, a bias, another tensor, and what is below 0 away. */
static void test_fused(void **state) {
    (void)state;
    graph one = open_graph("graph_engines=1");
    const int64_t x[4] = {1, 2, 2, 2}, w[4] = {1, 2, 1, 1}, y[4] = {1, 1, 2, 2}, unit[4] = {1, 1, 1, 1};
    void *part[4] = {
        convolution(&one, 0), tensor(&one, 0, 2, w), tensor(&one, 0, 1, x), tensor(&one, 0, -3, y)};
    void *with_bias = tensor(&one, 0, -4, y), *with_z = tensor(&one, 0, -5, y), *last = tensor(&one, 0, 6, y);
    void *operation = make(&one, 10), *all = make(&one, 15), *short_one = make(&one, 15);
    for (int i = 0; i < 4; i++)
        assert_int_equal(one.set(operation, 702 + i, 15, 1, &part[i]), 0);
    assert_int_equal(one.finalize(operation), 0);
    void *steps[4] = {operation, pointwise(&one, 0, part[3], tensor(&one, 0, 7, unit), with_bias),
        pointwise(&one, 0, with_bias, tensor(&one, 0, 8, y), with_z),
        pointwise(&one, 100, with_z, NULL, last)};
    assert_int_equal(one.set(short_one, 801, 15, 3, steps), 0);
    assert_int_equal(one.finalize(short_one), 3001); /* its result would be nowhere */
    assert_int_equal(one.set(all, 801, 15, 4, steps), 0);
    assert_int_equal(one.finalize(all), 0);
    void *found = make(&one, 4), *config = make(&one, 3), *plan = make(&one, 5), *pack = make(&one, 16);
    int mode = 0;
    int64_t got;
    assert_int_equal(one.set(found, 201, 15, 1, &all), 0);
    assert_int_equal(one.set(found, 200, 8, 1, &mode), 0);
    assert_int_equal(one.finalize(found), 0);
    assert_int_equal(one.get(found, 202, 15, 1, &got, &config), 0);
    assert_int_equal(one.set(plan, 401, 15, 1, &config), 0);
    assert_int_equal(one.finalize(plan), 0);
    run_fused(&one, plan, pack);
    close_graph(&one, 0);
}

static void test_notes(void **state) {
    (void)state;
    graph one = open_graph("");
    void *found = heuristic(&one, 0, 0, 0), *config[2] = {make(&one, 3), make(&one, 3)},
         *engine = make(&one, 2);
    int64_t got = 0;
    int note = -1;
    assert_int_equal(one.get(found, 202, 15, 2, &got, config), 0);
    assert_int_equal(one.get(config[0], 300, 15, 1, &got, &engine), 0);
    assert_int_equal(one.get(engine, 1303, 11, 1, &got, &note), 0);
    assert_int_equal(got, 1);
    assert_int_equal(note, 0);
    assert_int_equal(one.get(config[1], 300, 15, 1, &got, &engine), 0);
    assert_int_equal(one.get(engine, 1303, 11, 1, &got, &note), 0);
    assert_int_equal(got, 0);
    close_graph(&one, 0);
}

static void test_what_is_refused(void **state) {
    (void)state;
    graph one = open_graph("graph_refuse_type=bf16");
    void *made;
    heuristic(&one, 9, 0, 3000);
    close_graph(&one, 0);
    one = open_graph("");
    heuristic(&one, 3, 4, 3000); /* integers whose channels are no four */
    assert_int_equal(one.create(99, &made), 3000);
    made = make(&one, 17);
    int64_t value = 16;
    assert_int_equal(one.set(made, 900, 4, 1, &value), 2010);
    assert_int_equal(one.set(made, 700, 4, 1, &value), 2000);
    assert_int_equal(one.set(made, 900, 3, 1, NULL), 2002);
    assert_int_equal(one.finalize(made), 2000);
    assert_int_equal(one.destroy(one.handle), 2000);
    close_graph(&one, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plans), cmocka_unit_test(test_notes),
        cmocka_unit_test(test_fused), cmocka_unit_test(test_what_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
