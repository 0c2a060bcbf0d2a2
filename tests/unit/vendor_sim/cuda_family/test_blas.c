/* BLAS: the numbers of the row and no others, types, scalars, what is refused. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef int gemm_fn(void *, int, int, int, int, int, const void *, const void *, int, int, const void *, int,
    int, const void *, void *, int, int, int, int);

typedef struct blas {
    rig rig;
    int (*create)(void **), (*destroy)(void *), (*set_stream)(void *, void *);
    gemm_fn *gemm;
    void *handle;
} blas;

static blas open_blas(const char *stack, const char *settings) {
    int is_musa = strcmp(stack, "musa") == 0;
    const char *prefix = is_musa ? "mublas" : "cublas";
    blas one = {.rig = is_musa ? rig_open("musa", "libmusart.so.5", "musa", settings)
                               : rig_open("nvidia", "libcudart.so.13", "cuda", settings)};
    void *library = rig_library(stack, is_musa ? "libmublas.so.1" : "libcublas.so.13");
    one.rig.blas = library;
    rig_find(library, prefix, is_musa ? "Create" : "Create_v2", &one.create);
    rig_find(library, prefix, is_musa ? "Destroy" : "Destroy_v2", &one.destroy);
    rig_find(library, prefix, is_musa ? "SetStream" : "SetStream_v2", &one.set_stream);
    rig_find(library, prefix, "GemmEx", &one.gemm);
    assert_int_equal(one.create(&one.handle), 0);
    return one;
}

static void close_blas(const blas *one, int64_t misuses) {
    assert_int_equal(one->destroy(one->handle), 0);
    rig_close(&one->rig, misuses);
}

/* [1 2; 3 4] [5 6; 7 8] column by column. */
static const float a[4] = {1, 3, 2, 4}, b[4] = {5, 7, 6, 8};

static int square(const blas *one, void *device, int op, int type, int compute, int algo) {
    const float alpha = 1, beta = 0;
    float *at = device;
    return one->gemm(one->handle, op, op, 2, 2, 2, &alpha, at, type, 2, at + 4, type, 2, &beta, at + 8, type,
        2, compute, algo);
}

static void *upload_square(const blas *one) {
    float all[12] = {0};
    memcpy(all, a, sizeof a);
    memcpy(all + 4, b, sizeof b);
    return rig_upload(&one->rig, all, sizeof all);
}

static void test_f32(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "");
    float *device = upload_square(&one), d[4];
    assert_int_equal(square(&one, device, 0, 0, 68, -1), 0);
    assert_int_equal(one.rig.memcpy(d, device + 8, sizeof d, TO_HOST), 0);
    assert_memory_equal(d, ((float[4]){19, 43, 22, 50}), sizeof d);
    assert_int_equal(square(&one, device, 1, 0, 68, 99), 0);
    assert_int_equal(one.rig.memcpy(d, device + 8, sizeof d, TO_HOST), 0);
    assert_memory_equal(d, ((float[4]){23, 34, 31, 46}), sizeof d); /* A' B' */
    assert_int_equal(square(&one, device, 111, 0, 68, -1), 7);
    assert_int_equal(square(&one, device, 0, 151, 68, -1), 7);
    assert_int_equal(square(&one, device, 0, 0, 0, -1), 7);
    assert_int_equal(square(&one, device, 0, 0, 68, 160), 7);
    assert_int_equal(square(&one, device, 0, 0, 64, -1), 15);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(square(&one, device, 0, 0, 68, -1), 7);
    close_blas(&one, 1);
}

static void test_conventions(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "ct=10");
    void *device = upload_square(&one);
    assert_int_equal(square(&one, device, 0, 0, 68, -1), 7);
    assert_int_equal(square(&one, device, 0, 0, 0, -1), 0);
    assert_int_equal(one.rig.free(device), 0);
    close_blas(&one, 0);
    one = open_blas("nvidia", "ct=both;row.op.n=111");
    device = upload_square(&one);
    assert_int_equal(square(&one, device, 111, 0, 68, -1), 0);
    assert_int_equal(square(&one, device, 111, 0, 0, -1), 0);
    assert_int_equal(square(&one, device, 0, 0, 0, -1), 7);
    assert_int_equal(one.rig.free(device), 0);
    close_blas(&one, 0);
}

static void test_musa(void **state) {
    (void)state;
    blas one = open_blas("musa", "refuse=f16");
    void *device = upload_square(&one);
    assert_int_equal(square(&one, device, 0, 0, 68, 0), 11);
    /* the refusal stays behind until somebody asks, or the next call */
    assert_int_equal(one.rig.stream_sync(NULL), 1);
    assert_int_equal(one.rig.stream_sync(NULL), 0);
    assert_int_equal(square(&one, device, 111, 0, 68, -1), 11);
    assert_int_equal(one.rig.last_error(), 1);
    assert_int_equal(square(&one, device, 111, 0, 68, 1), 0);
    assert_int_equal(one.rig.stream_sync(NULL), 0);
    assert_int_equal(square(&one, device, 111, 2, 64, 1), 2);
    one.rig.last_error();
    assert_int_equal(one.rig.free(device), 0);
    close_blas(&one, 0);
}

static void test_s8(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "");
    const int8_t in[8] = {1, 2, 3, 4, 5, 6, 7, -8};
    void *device = rig_upload(&one.rig, in, sizeof in), *d;
    const int32_t alpha = 1, beta = 0;
    int32_t out = 0;
    assert_int_equal(one.rig.malloc(&d, 4), 0);
    assert_int_equal(one.gemm(one.handle, 1, 0, 1, 1, 4, &alpha, device, 3, 4, (char *)device + 4, 3, 4,
                         &beta, d, 10, 1, 72, -1),
        0);
    assert_int_equal(one.rig.memcpy(&out, d, 4, TO_HOST), 0);
    assert_int_equal(out, 5 + 12 + 21 - 32);
    assert_int_equal(one.gemm(one.handle, 1, 0, 1, 1, 3, &alpha, device, 3, 4, (char *)device + 4, 3, 4,
                         &beta, d, 10, 1, 72, -1),
        15);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(one.rig.free(d), 0);
    close_blas(&one, 0);
}

static void test_geam(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "");
    int (*geam)(void *, int, int, int, int, const float *, const float *, int, const float *, const float *,
        int, float *, int);
    rig_find(one.rig.blas, "cublas", "Sgeam", &geam);
    const float in[6] = {1, 2, 3, 4, 5, 6}, unit = 1, zero = 0;
    float *device = rig_upload(&one.rig, in, sizeof in), out[6];
    void *to;
    assert_int_equal(one.rig.malloc(&to, sizeof out), 0);
    assert_int_equal(geam(one.handle, 1, 0, 3, 2, &unit, device, 2, &zero, NULL, 3, to, 3), 0);
    assert_int_equal(one.rig.memcpy(out, to, sizeof out, TO_HOST), 0);
    assert_memory_equal(out, ((float[6]){1, 3, 5, 2, 4, 6}), sizeof out);
    assert_int_equal(geam(one.handle, 1, 0, 3, 2, &unit, device, 1, &zero, NULL, 3, to, 3), 7);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(one.rig.free(to), 0);
    close_blas(&one, 0);
}

static void test_wrong_device(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "devices=2");
    void *device = upload_square(&one);
    assert_int_equal(one.rig.set_device(1), 0);
    assert_int_equal(square(&one, device, 0, 0, 68, -1), 13);
    assert_int_equal(one.rig.set_device(0), 0);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(one.rig.misuses("wrong_device_on_thread"), 1);
    close_blas(&one, 1);
}

static void test_old_interface_aborts(void **state) {
    (void)state;
    blas one = open_blas("nvidia", "");
    void (*trap)(void);
    rig_find(one.rig.blas, "cublas", "Sgemm", &trap);
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        signal(SIGABRT, SIG_DFL);
        trap();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    close_blas(&one, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_f32), cmocka_unit_test(test_conventions),
        cmocka_unit_test(test_musa), cmocka_unit_test(test_s8), cmocka_unit_test(test_geam),
        cmocka_unit_test(test_wrong_device), cmocka_unit_test(test_old_interface_aborts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
