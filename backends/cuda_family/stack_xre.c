/*
 * Kunlunxin's XRE 5: CUDA's names for the runtime; one library has cuBLAS' and cuBLASLt's. bf16 was seen
 * through Lt alone, s8 through neither. Convolutions are C++ templates (XDNN) that C cannot call.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {"$KUNLUN_HOME/xre/so", "$KUNLUN_HOME/xhpc/xblas/so", "$XPU_HOME/so",
    "/usr/local/xpu/so", "/usr/local/xpu/lib64", "/opt/xre/so", NULL};

static const cf_blas_row blas = {.library = {.option = "xpu_blas",
                                     .names = {"libxpu_blas.so", NULL},
                                     .prefix = "cublas",
                                     .spelling = CF_CUBLAS_SPELLING},
    CF_CUBLAS_OPERATIONS,
    .algo = 99,
    .math_mode = 16,
    CF_CUBLAS_CODES,
    .dtype = {CF_NONE, CF_NONE, 0, 2, CF_NONE, CF_NONE, CF_NONE, CF_NONE, CF_NONE, CF_NONE},
    .style = CF_COMPUTE_PROBED,
    CF_CUBLAS_COMPUTE,
    .compute_tf32 = 77};

static const cf_blas_row lt_numbers = {.library = {.option = "xpu_blaslt"},
    CF_CUBLAS_OPERATIONS,
    CF_CUBLAS_CODES,
    .dtype = {CF_NONE, CF_NONE, 0, 2, 14, CF_NONE, CF_NONE, CF_NONE, CF_NONE, CF_NONE},
    CF_CUBLAS_COMPUTE,
    .compute_tf32 = 77};

static const cf_lt_row lt = {
    .library = {.option = "xpu_blaslt", .names = {"libxpu_blas.so", NULL}, .prefix = "cublasLt"},
    .numbers = &lt_numbers,
    CF_CUBLASLT_NUMBERS};

const cf_stack cf_stack_xre = {.name = "xre",
    .title = "Kunlunxin XRE",
    .vendor = "Kunlunxin",
    .folders = folders,
    .root_variables = "KUNLUN_HOME, XPU_HOME",
    .visible = "XPU_VISIBLE_DEVICES or CUDA_VISIBLE_DEVICES",
    .nodes = {"/dev/xpuctrl", "/dev/xpu0"},
    .container = "docker's --device=/dev/xpuctrl --device=/dev/xpu0, one for each card",
    .meter = &cf_meter_xpuml,
    .is_namesake = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.12", "libcudart.so", NULL},
                    .prefix = "cuda",
                    .spelling = CF_CUDA_SPELLING},
        CF_RUNTIME_CODES,
        CF_CUDA_ATTRIBUTES},
    .blas = &blas,
    .lt = &lt,
    .no_dnn = "no convolutions: its library for them (XDNN) consists of C++ templates, which C cannot call"};
