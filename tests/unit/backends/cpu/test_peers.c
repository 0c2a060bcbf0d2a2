/* Peers of every version, played by stubs: what is asked of them, what they refuse, what they leave behind.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "tests/unit/backends/cpu/rig.h"

#define PEER(name) PEER_FOLDER "/" name ".so"

static rig r;

static void open_with(rig_host host, const char *params) {
    r = (rig){.host = host};
    rig_open(&r, params);
}

/* A number that a stub exports. */
static int *number_of(const char *path, const char *name) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(handle);
    int *number = dlsym(handle, name);
    assert_non_null(number);
    return number;
}

static double read_output(const rig_case *c, int64_t element) {
    uint32_t output = c->plain.problem.n_in;
    return sy_cpu_element_load(c->plain.tensor[output].dtype, c->data[output], element);
}

/* The peer's result is the reference's. */
static void compare(const char *text, const char *peer, bool is_packed) {
    rig_case mine, theirs;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(rig_run(&r, text, "reference", 7, &mine, &err), SY_OK);
    sy_status status = rig_run(&r, text, peer, 7, &theirs, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(status, SY_OK);
    assert_int_equal(theirs.was_packed, is_packed);
    const sy_tensor *output = &mine.plain.tensor[mine.plain.problem.n_in];
    int64_t elements = 1;
    for (uint32_t i = 0; i < output->rank; i++)
        elements *= output->dim[i];
    for (int64_t i = 0; i < elements; i++)
        assert_true(read_output(&mine, i) == read_output(&theirs, i));
    rig_release(&r, &mine);
    rig_release(&r, &theirs);
}

static void refuse(const char *text, const char *peer, const char *words) {
    rig_case c;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(rig_run(&r, text, peer, 7, &c, &err), SY_UNSUPPORTED);
    if (strstr(err.text, words) == NULL)
        print_error("%s: %s\n", text, err.text);
    assert_non_null(strstr(err.text, words));
    rig_release(&r, &c);
}

static void onednn_of(const char *path, const char *version) {
    int *live = number_of(path, "stub_live"), *threads = number_of(path, "stub_threads");
    int before = *live;
    open_with((rig_host){.onednn = path}, "threads=2");
    compare("gemm:m=5,n=7,k=3,epilogue=bias_relu", "onednn", true);
    compare("gemm:m=5,n=7,k=3,ta=1,weights=dynamic,epilogue=residual_relu", "onednn", false);
    compare("gemm:m=5,n=7,k=3,alpha=2,beta=0.5,epilogue=bias", "onednn", true);
    compare("gemm:m=1,n=7,k=3,batch=4,tb=1,epilogue=bias", "onednn", true);
    compare("conv2d:n=2,c=3,h=5,w=6,k=4,r=3,s=2,pad=1,layout=nhwc,epilogue=bias_relu", "onednn", true);
    compare("conv2d:n=1,c=3,h=9,w=6,k=4,r=3,s=2,stride=2,dilation=2,layout=nchw,weights=dynamic", "onednn",
        false);
    assert_int_equal(*threads, 2);
    assert_non_null(strstr(r.host.library, path));
    assert_non_null(strstr(r.host.version, version));
    refuse("gemm:m=5,n=7,k=3,epilogue=bias_gelu_erf", "onednn", "is not implemented");
    refuse("gemm:m=5,n=7,k=3,dtype=s8", "onednn", "is not implemented");
    refuse("conv2d:n=1,c=4,h=5,w=5,k=4,r=3,s=3,groups=2,layout=nhwc", "onednn", "is not implemented");
    refuse("gemm:m=5,n=7,k=0", "onednn", "an extent of 0");
    rig_close(&r);
    assert_int_equal(*live, before);
}

static void onednn_2(void **state) {
    (void)state;
    onednn_of(PEER("onednn2"), "onednn 2.6.1 avx2 OpenMP (5eed)");
}

static void onednn_3(void **state) {
    (void)state;
    onednn_of(PEER("onednn3"), "onednn 3.6.1 avx2 OpenMP (5eed)");
}

/* A call that fails in a run is told by the sync that follows, once. */
static void a_failing_run(void **state) {
    (void)state;
    int *fails = number_of(PEER("onednn3"), "stub_fails_execute");
    rig_case c;
    sy_error err = SY_ERROR_INIT;
    open_with((rig_host){.onednn = PEER("onednn3")}, "");
    *fails = 1;
    assert_int_equal(rig_run(&r, "gemm:m=5,n=7,k=3,weights=dynamic", "onednn", 7, &c, &err), SY_INTERNAL);
    *fails = 0;
    assert_non_null(strstr(err.text, "onednn: a run failed with status 5"));
    rig_release(&r, &c);
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &err), SY_OK);
    compare("gemm:m=5,n=7,k=3,weights=dynamic", "onednn", false);
    rig_close(&r);
}

static void onednn_that_cannot_be_used(void **state) {
    (void)state;
    static const struct {
        const char *path, *params, *words;
    } cases[] = {{PEER("onednn4"), "", "is version 4, 2 and 3 are known here"},
        {PEER("onednn_lacking"), "", "lacks dnnl_memory_desc_clone"},
        {PEER("onednn_sycl"), "threads=1", "runs on SYCL, which cannot be told to use 1 thread"},
        {PEER("onednn_sequential"), "threads=2", "runs on sequential, which cannot be told to use 2 threads"},
        {PEER("blis"), "", "lacks dnnl_version"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        open_with((rig_host){.onednn = cases[i].path}, cases[i].params);
        refuse("gemm:m=5,n=7,k=3", "onednn", cases[i].words);
        rig_close(&r);
    }
    open_with((rig_host){.onednn = PEER("onednn_sequential")}, "threads=1");
    compare("gemm:m=5,n=7,k=3", "onednn", true);
    rig_close(&r);
}

static void openblas_with_a_prefix(void **state) {
    (void)state;
    const char *path = PEER("openblas_scipy");
    open_with((rig_host){.openblas = path}, "threads=2");
    compare("gemm:m=5,n=7,k=3,epilogue=bias_relu", "openblas", false);
    compare("gemm:m=1,n=7,k=3,dtype=f64,beta=1", "openblas", false);
    compare("gemm:m=5,n=7,k=3,dtype=bf16:bf16:f32", "openblas", false);
    compare("gemm:m=1,n=7,k=3,tb=1,dtype=bf16:bf16:f32,beta=0.5", "openblas", false);
    refuse("gemm:m=5,n=7,k=3,dtype=bf16", "openblas", "has f32 and f64, and bf16 into f32");
    assert_int_equal(*number_of(path, "stub_threads"), 2);
    assert_non_null(strstr(r.host.version, "openblas OpenBLAS 9.8.7 Stub DYNAMIC_ARCH"));
    rig_close(&r);
}

static void blis_counts_wide(void **state) {
    (void)state;
    const char *path = PEER("blis");
    open_with((rig_host){.blis = path}, "threads=2");
    compare("gemm:m=5,n=7,k=3,ta=1,epilogue=residual_relu", "blis", false);
    compare("gemm:m=2,n=3,k=4,batch=3,dtype=f64", "blis", false);
    refuse("gemm:m=5,n=7,k=3,dtype=bf16:bf16:f32", "blis", "has f32 and f64 alone");
    assert_int_equal(*number_of(path, "stub_threads"), 2);
    assert_non_null(strstr(r.host.version, "blis 9.8 stub5"));
    rig_close(&r);
}

static void blas_that_cannot_be_used(void **state) {
    (void)state;
    open_with((rig_host){.openblas = PEER("openblas_64"), .blis = PEER("blis_64")}, "");
    refuse("gemm:m=5,n=7,k=3", "openblas", "is built with 64-bit integers");
    refuse("gemm:m=5,n=7,k=3", "blis", "is built with 64-bit integers");
    rig_close(&r);
    open_with((rig_host){.openblas = PEER("onednn3"), .blis = PEER("onednn3")}, "");
    refuse("gemm:m=5,n=7,k=3", "openblas", "lacks cblas_sgemm");
    refuse("gemm:m=5,n=7,k=3", "blis", "lacks cblas_sgemm");
    rig_close(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onednn_2),
        cmocka_unit_test(onednn_3),
        cmocka_unit_test(a_failing_run),
        cmocka_unit_test(onednn_that_cannot_be_used),
        cmocka_unit_test(openblas_with_a_prefix),
        cmocka_unit_test(blis_counts_wide),
        cmocka_unit_test(blas_that_cannot_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
