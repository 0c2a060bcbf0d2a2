/* Device, stream, events, and memory with values in it. */
#include "tests/on_gpu/by_hand/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool card_ok(card *c, cudaError_t status, const char *call) {
    if (status == cudaSuccess)
        return true;
    snprintf(c->reason, sizeof c->reason, "%s: %s", call, c->lib.cudaGetErrorString(status));
    c->is_lost = status != cudaErrorMemoryAllocation;
    c->lib.cudaGetLastError();
    return false;
}

/* 0: not told. */
static int attribute(const card *c, enum cudaDeviceAttr which) {
    int value = 0;
    return c->lib.cudaDeviceGetAttribute(&value, which, 0) == cudaSuccess ? value : 0;
}

bool card_open(card *c) {
    if (!library_open(&c->lib)) {
        snprintf(c->reason, sizeof c->reason, "%.240s", c->lib.reason);
        return false;
    }
    bool ok =
        card_ok(c, c->lib.cudaSetDevice(0), "cudaSetDevice") &&
        card_ok(c, c->lib.cudaStreamCreateWithFlags(&c->stream, cudaStreamNonBlocking), "cudaStreamCreate") &&
        card_ok(c, c->lib.cudaEventCreateWithFlags(&c->begin, 0), "cudaEventCreate") &&
        card_ok(c, c->lib.cudaEventCreateWithFlags(&c->end, 0), "cudaEventCreate") &&
        card_ok(c, c->lib.cudaMalloc(&c->workspace, WORKSPACE_BYTES), "cudaMalloc") &&
        card_ok(c, c->lib.cudaDeviceGetPCIBusId(c->pci, sizeof c->pci, 0), "cudaDeviceGetPCIBusId");
    if (ok && c->lib.cublasLtCreate(&c->lt) != CUBLAS_STATUS_SUCCESS) {
        snprintf(c->reason, sizeof c->reason, "cublasLtCreate failed");
        ok = false;
    }
    if (ok) {
        c->cache_bytes = attribute(c, cudaDevAttrL2CacheSize);
        meter_open(&c->meter, c->pci);
    }
    return ok;
}

void card_describe(const card *c) {
    struct cudaDeviceProp about;
    int runtime = 0, driver = 0;
    size_t unused = 0, total = 0;
    memset(&about, 0, sizeof about);
    c->lib.cudaGetDeviceProperties(&about, 0);
    c->lib.cudaMemGetInfo(&unused, &total);
    c->lib.cudaRuntimeGetVersion(&runtime);
    c->lib.cudaDriverGetVersion(&driver);
    printf(
        "{\"kind\":\"card\",\"source\":\"by_hand\",\"name\":\"%s\",\"pci\":\"%s\",\"sm\":%d,\"l2_byte\":%d,"
        "\"memory_byte\":%zu,\"compute_capability\":\"%d.%d\",\"cuda_runtime\":%d,\"cuda_driver\":%d,"
        "\"cublaslt\":%zu,\"cudnn\":%zu,\"path\":{\"cudart\":\"%s\",\"cublaslt\":\"%s\",\"cudnn\":\"%s\"},",
        about.name, c->pci, attribute(c, cudaDevAttrMultiProcessorCount),
        attribute(c, cudaDevAttrL2CacheSize), total, attribute(c, cudaDevAttrComputeCapabilityMajor),
        attribute(c, cudaDevAttrComputeCapabilityMinor), runtime, driver, c->lib.cublasLtGetVersion(),
#if BY_HAND_CUDNN
        c->lib.has_dnn ? c->lib.cudnnGetVersion() : (size_t)0,
#else
        (size_t)0,
#endif
        c->lib.runtime_path, c->lib.lt_path, c->lib.dnn_path);
    meter_describe(&c->meter);
    printf("}\n");
    fflush(stdout);
}

/* A value of size 1 at most in a narrow format: sign, exponent with its bias, mantissa; ties to even. */
static unsigned narrow(double value, int mantissa, int bias) {
    const double size = fabs(value);
    const unsigned sign = value < 0 ? 1 : 0, place = mantissa == 3 ? 7 : 15;
    int exponent = 1 - bias;
    if (size >= ldexp(1, 1 - bias)) {
        frexp(size, &exponent); /* size in [2^(exponent - 1), 2^exponent) */
        exponent--;
    }
    const unsigned steps =
        (unsigned)lrint(ldexp(size, mantissa - exponent)); /* a carry goes into the exponent */
    return (sign << place) | (((unsigned)(exponent + bias - 1) << mantissa) + steps);
}

static void put(void *memory, size_t index, type t, double value) {
    const float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    switch (t) {
    case TYPE_F32: ((float *)memory)[index] = single; break;
    case TYPE_F16: ((uint16_t *)memory)[index] = (uint16_t)narrow(value, 10, 15); break;
    case TYPE_BF16:
        ((uint16_t *)memory)[index] = (uint16_t)((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
        break;
    case TYPE_S8: ((int8_t *)memory)[index] = (int8_t)lrint(value * 127.49); break;
    case TYPE_F8E4M3: ((uint8_t *)memory)[index] = (uint8_t)narrow(value, 3, 7); break;
    default: break;
    }
}

/* A prime number of values, so that rows of any length begin at different places of the stream. */
enum { BLOCK = 1296007 };

static void *new_block(type t) {
    uint64_t state = 88172645463325252u;
    void *block = calloc(BLOCK, type_bytes(t));
    for (size_t i = 0; block != NULL && i < BLOCK; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        put(block, i, t, (double)(state >> 11) * 0x1p-52 - 1);
    }
    return block;
}

/* The block once, then what is there is doubled on the card. */
static bool fill(card *c, char *memory, size_t bytes, type t) {
    void *block = new_block(t);
    size_t have = BLOCK * type_bytes(t) < bytes ? BLOCK * type_bytes(t) : bytes;
    bool ok = block != NULL &&
              card_ok(c, c->lib.cudaMemcpy(memory, block, have, cudaMemcpyHostToDevice), "cudaMemcpy");
    free(block);
    while (ok && have < bytes) {
        const size_t more = bytes - have < have ? bytes - have : have;
        ok = card_ok(
            c, c->lib.cudaMemcpy(memory + have, memory, more, cudaMemcpyDeviceToDevice), "cudaMemcpy");
        have += more;
    }
    return ok;
}

void *card_filled(card *c, size_t bytes, type t) {
    void *memory = NULL;
    if (!card_ok(c, c->lib.cudaMalloc(&memory, bytes), "cudaMalloc"))
        return NULL;
    if (fill(c, memory, bytes, t))
        return memory;
    card_free(c, memory);
    return NULL;
}

void card_free(card *c, void *memory) {
    if (memory != NULL)
        c->lib.cudaFree(memory);
}

int64_t card_sets(const card *c, size_t bytes) {
    const int64_t most = (int64_t)((16ull << 30) / bytes), wanted = 3 * c->cache_bytes / (int64_t)bytes + 1;
    int64_t sets = wanted < most ? wanted : most;
    sets = sets < 4096 ? sets : 4096;
    return sets > 1 ? sets : 1;
}
