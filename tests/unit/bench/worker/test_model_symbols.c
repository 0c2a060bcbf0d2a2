/* Symbols of a file's extents for backends that do not tell of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/worker/model_symbols.h"
#include "tests/support/onnx_writer.h"

enum { INPUT = 11, OUTPUT = 12, FLOAT = 1 };

static char path[] = "/tmp/steelyard-symbols-XXXXXX";

static int write_file(void **state) {
    onnx_writer w = {0};
    (void)state;
    onnx_begin_model(&w, 17);
    onnx_node(&w, "Relu", "x", "y");
    onnx_port(&w, INPUT, "x", FLOAT, "batch,3,-1");
    onnx_port(&w, OUTPUT, "y", FLOAT, "rows,3,-1");
    while (w.depth > 0)
        onnx_end(&w);
    const int fd = mkstemp(path);
    const int status = fd >= 0 && write(fd, w.bytes, w.count) == (ssize_t)w.count && close(fd) == 0 ? 0 : 1;
    onnx_writer_free(&w);
    return status;
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

static sy_network_port port_of(const char *name, uint32_t is_output, uint32_t rank) {
    sy_network_port port = {.size = sizeof port, .is_output = is_output, .rank = rank, .name = name};
    for (uint32_t i = 0; i < SY_MAX_RANK; i++)
        port.dim_name[i] = "";
    return port;
}

static const char *symbol_of(const sy_model_symbols *symbols, const char *name, uint32_t is_output) {
    sy_network_port port = port_of(name, is_output, 3);
    sy_model_symbols_name(symbols, &port);
    assert_string_equal(port.dim_name[1], "");
    assert_string_equal(port.dim_name[2], "");
    return port.dim_name[0];
}

static void ports_have_their_symbols(void **state) {
    const sy_network_bind bind[2] = {
        {.name = "x", .rank = 3, .dim = {1, 3, 4}}, {.name = "batch", .dim = {2}}};
    const sy_model_request request = {.path = path, .bind = bind, .n_bind = 2};
    sy_model_symbols symbols;
    (void)state;
    sy_model_symbols_open(&request, &symbols);
    assert_non_null(symbols.network);
    assert_string_equal(symbol_of(&symbols, "x", 0), "batch");
    assert_string_equal(symbol_of(&symbols, "y", 1), "rows");
    assert_string_equal(symbol_of(&symbols, "x", 1), ""); /* no output of that name */
    assert_string_equal(symbol_of(&symbols, "z", 0), "");
    sy_network_port flat = port_of("x", 0, 2);
    sy_model_symbols_name(&symbols, &flat); /* another rank than the file's */
    assert_string_equal(flat.dim_name[0], "");
    sy_model_symbols_close(&symbols);
    assert_null(symbols.network);
}

static void nothing_is_read_without_need(void **state) {
    const sy_network_bind shape = {.name = "x", .rank = 3, .dim = {1, 3, 4}},
                          symbol = {.name = "batch", .dim = {2}};
    const sy_model_request none = {.path = path}, whole = {.path = path, .bind = &shape, .n_bind = 1};
    const sy_model_request lost = {.path = "/nonexistent", .bind = &symbol, .n_bind = 1};
    const sy_model_request *const all[] = {&none, &whole, &lost};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        sy_model_symbols symbols;
        sy_model_symbols_open(all[i], &symbols);
        assert_null(symbols.network);
        assert_string_equal(symbol_of(&symbols, "x", 0), "");
        sy_model_symbols_close(&symbols);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_have_their_symbols), cmocka_unit_test(nothing_is_read_without_need)};
    return cmocka_run_group_tests(tests, write_file, remove_file);
}
