/* The simulated libdnn.so: what is not flushed is not seen, tasks, arguments, misuse. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vendor_sim/common/world.h"
#include "tests/vendor_sim/horizon/hb.h"

#define TEXT "bin-sim 1\nmodel net\ninput x u8 4 aligned=16\noutput y u8 4 aligned=16 factor=2\n"

/* Found by name. */
#define FUNCTIONS(X)                                                                                         \
    X(sim_configure)                                                                                         \
    X(sim_alive_total)                                                                                       \
    X(sim_misuses)                                                                                           \
    X(hbDNNInitializeFromDDR)                                                                                \
    X(hbDNNRelease)                                                                                          \
    X(hbDNNGetModelHandle)                                                                                   \
    X(hbDNNGetInputTensorProperties)                                                                         \
    X(hbDNNGetOutputTensorProperties)                                                                        \
    X(hbDNNInfer)                                                                                            \
    X(hbDNNWaitTaskDone)                                                                                     \
    X(hbDNNReleaseTask)                                                                                      \
    X(hbSysAllocMem)                                                                                         \
    X(hbSysAllocCachedMem)                                                                                   \
    X(hbSysFlushMem)                                                                                         \
    X(hbSysFreeMem)

typedef struct functions {
#define FIELD(name) __typeof__(name) *name;
    FUNCTIONS(FIELD)
#undef FIELD
} functions;

/* A loaded model with its tensors. */
typedef struct rig {
    functions f;
    void *pack, *model;
    hbDNNTensor in, out;
    hbDNNInferCtrlParam control;
} rig;

static void open_rig(rig *r, const char *settings, bool is_cached) {
    const void *text = TEXT;
    int32_t length = (int32_t)strlen(TEXT);
    void *library = dlopen(SIM_FOLDER "/horizon/libdnn.so", RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    memset(r, 0, sizeof *r);
#define FIND(name)                                                                                           \
    *(void **)&r->f.name = dlsym(library, #name);                                                            \
    assert_non_null(*(void **)&r->f.name);
    FUNCTIONS(FIND)
#undef FIND
    assert_non_null(dlsym(library, "steelyard_vendor_sim"));
    r->f.sim_configure(settings);
    assert_int_equal(r->f.hbDNNInitializeFromDDR(&r->pack, &text, &length, 1), 0);
    assert_int_equal(r->f.hbDNNGetModelHandle(&r->model, r->pack, "net"), 0);
    assert_int_equal(r->f.hbDNNGetInputTensorProperties(&r->in.properties, r->model, 0), 0);
    assert_int_equal(r->f.hbDNNGetOutputTensorProperties(&r->out.properties, r->model, 0), 0);
    __typeof__(r->f.hbSysAllocCachedMem) alloc = is_cached ? r->f.hbSysAllocCachedMem : r->f.hbSysAllocMem;
    assert_int_equal(alloc(&r->in.sysMem[0], 16), 0);
    assert_int_equal(alloc(&r->out.sysMem[0], 16), 0);
    memset(r->in.sysMem[0].virAddr, 0, 16);
    memset(r->out.sysMem[0].virAddr, 0, 16);
}

static void close_rig(rig *r) {
    assert_int_equal(r->f.hbSysFreeMem(&r->in.sysMem[0]), 0);
    assert_int_equal(r->f.hbSysFreeMem(&r->out.sysMem[0]), 0);
    assert_int_equal(r->f.hbDNNRelease(r->pack), 0);
    assert_int_equal(r->f.sim_alive_total(), 0);
}

static int32_t infer(rig *r, void **out_task) {
    hbDNNTensor *out = &r->out;
    *out_task = NULL;
    return r->f.hbDNNInfer(out_task, &out, &r->in, r->model, &r->control);
}

static void run(rig *r) {
    void *task = NULL;
    assert_int_equal(infer(r, &task), 0);
    assert_int_equal(r->f.hbDNNWaitTaskDone(task, 0), 0);
    assert_int_equal(r->f.hbDNNReleaseTask(task), 0);
}

static void flush(rig *r, hbDNNTensor *tensor, int32_t flag) {
    assert_int_equal(r->f.hbSysFlushMem(&tensor->sysMem[0], flag), 0);
}

static void what_is_not_flushed_is_not_seen(void **state) {
    rig r;
    (void)state;
    open_rig(&r, "", true);
    unsigned char *in = r.in.sysMem[0].virAddr, *out = r.out.sysMem[0].virAddr;
    in[0] = 7;
    flush(&r, &r.in, HB_SYS_MEM_CACHE_CLEAN);
    flush(&r, &r.out, HB_SYS_MEM_CACHE_CLEAN);
    run(&r);
    assert_int_equal(out[0], 0); /* not invalidated */
    flush(&r, &r.out, HB_SYS_MEM_CACHE_INVALIDATE);
    assert_int_equal(out[0], 14);
    in[0] = 9; /* not cleaned */
    run(&r);
    flush(&r, &r.out, HB_SYS_MEM_CACHE_INVALIDATE);
    assert_int_equal(out[0], 14);
    close_rig(&r);
}

/* A line that the processor has written goes back over what the BPU wrote. */
static void what_was_not_cleaned_comes_back(void **state) {
    rig r;
    (void)state;
    open_rig(&r, "", true);
    unsigned char *in = r.in.sysMem[0].virAddr, *out = r.out.sysMem[0].virAddr;
    in[0] = 7;
    flush(&r, &r.in, HB_SYS_MEM_CACHE_CLEAN);
    out[0] = 99;
    run(&r);
    flush(&r, &r.out, HB_SYS_MEM_CACHE_INVALIDATE);
    assert_int_equal(out[0], 99);
    close_rig(&r);
}

static void memory_without_a_cache(void **state) {
    rig r;
    (void)state;
    open_rig(&r, "", false);
    ((unsigned char *)r.in.sysMem[0].virAddr)[3] = 5;
    run(&r);
    assert_int_equal(((unsigned char *)r.out.sysMem[0].virAddr)[3], 10);
    assert_int_equal(((unsigned char *)r.out.sysMem[0].virAddr)[4], 0xEE); /* padding */
    close_rig(&r);
}

static void tasks(void **state) {
    rig r;
    void *task = NULL, *again = NULL;
    (void)state;
    open_rig(&r, "delay_us=50000", false);
    assert_int_equal(infer(&r, &task), 0);
    assert_int_equal(r.f.hbDNNWaitTaskDone(task, 1), HZ_TIMEOUT);
    assert_int_equal(r.f.hbDNNWaitTaskDone(task, 0), 0);
    assert_int_equal(r.f.hbDNNWaitTaskDone(task, 0), 0); /* told again */
    assert_int_equal(r.f.hbDNNReleaseTask(task), 0);
    assert_int_equal(r.f.hbDNNReleaseTask(task), HZ_NO_TASK);
    assert_int_equal(r.f.sim_misuses("use_after_destroy"), 1);
    assert_int_equal(infer(&r, &again), 0);
    assert_int_equal(r.f.hbDNNReleaseTask(again), 0);
    assert_int_equal(r.f.sim_misuses("released_before_done"), 1);
    close_rig(&r);
}

static void wrong_arguments(void **state) {
    rig r;
    void *task = NULL;
    (void)state;
    open_rig(&r, "", false);
    r.control.bpuCoreId = 4;
    assert_int_equal(infer(&r, &task), HZ_INVALID_ARGUMENT);
    r.control.bpuCoreId = 2;
    r.in.sysMem[0].memSize = 15;
    assert_int_equal(infer(&r, &task), HZ_INVALID_ARGUMENT);
    r.in.sysMem[0].memSize = 16;
    r.in.properties.validShape.dimensionSize[0]++;
    assert_int_equal(infer(&r, &task), HZ_INVALID_ARGUMENT);
    assert_int_equal(r.f.sim_misuses("other_properties"), 1);
    r.in.properties.validShape.dimensionSize[0]--;
    r.in.sysMem[0].phyAddr++;
    assert_int_equal(infer(&r, &task), HZ_INVALID_ARGUMENT);
    assert_int_equal(r.f.sim_misuses("memory_not_there"), 1);
    assert_int_equal(r.f.hbSysFlushMem(&r.in.sysMem[0], HB_SYS_MEM_CACHE_CLEAN), HZ_WRONG_MEMORY);
    assert_int_equal(r.f.hbSysFreeMem(&r.in.sysMem[0]), HZ_WRONG_MEMORY);
    r.in.sysMem[0].phyAddr--;
    assert_int_equal(r.f.hbDNNGetModelHandle(&task, r.pack, "other"), HZ_INVALID_ARGUMENT);
    close_rig(&r);
}

static void misuse_of_memory(void **state) {
    rig r;
    hbSysMem memory;
    (void)state;
    open_rig(&r, "memory=64", true);
    assert_int_equal(r.f.hbSysAllocCachedMem(&memory, 64), HZ_NO_MEMORY);
    assert_int_equal(r.f.hbSysAllocCachedMem(&memory, 0), HZ_WRONG_MEMORY);
    assert_int_equal(r.f.hbSysAllocCachedMem(&memory, 8), 0);
    ((unsigned char *)memory.virAddr)[8] = 1;
    assert_int_equal(r.f.hbSysFreeMem(&memory), 0);
    assert_int_equal(r.f.sim_misuses("write_beyond_allocation"), 1);
    /* Gaps of inputs are to be zero. */
    void *task = NULL;
    memset(r.in.sysMem[0].virAddr, 1, 16);
    flush(&r, &r.in, HB_SYS_MEM_CACHE_CLEAN);
    assert_int_equal(infer(&r, &task), 0);
    assert_int_equal(
        r.f.hbDNNWaitTaskDone(task, 0), 0); /* those of one row are its tail, which nobody reads */
    assert_int_equal(r.f.hbDNNReleaseTask(task), 0);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_flushed_is_not_seen),
        cmocka_unit_test(what_was_not_cleaned_comes_back), cmocka_unit_test(memory_without_a_cache),
        cmocka_unit_test(tasks), cmocka_unit_test(wrong_arguments), cmocka_unit_test(misuse_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
