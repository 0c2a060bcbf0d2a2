/* Rows as CSV, JSON and JSON Lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/fields/fields.h"
#include "bench/history/view/grid.h"

static const sy_grid_column columns[] = {{"name", SY_COLUMN_TEXT}, {"time_ns", SY_COLUMN_NUMBER},
    {"rows", SY_COLUMN_COUNT}, {"simulated", SY_COLUMN_YES}};

static void expect(uint32_t form, size_t rows, const char *text) {
    static const sy_grid_value full[] = {
        {.text = "=a,\"b\"\x1b\n"}, {.number = 0.5}, {.count = 7}, {.count = 1}};
    const sy_grid_value empty[] = {{.text = NULL}, {.number = NAN}, {.count = SY_NO_COUNT}, {.count = 0}};
    sy_text out = {0};
    sy_grid grid = {.column = columns, .columns = 4, .form = form, .out = &out};
    sy_text_append(&out, "", 0);
    sy_grid_begin(&grid);
    for (size_t i = 0; i < rows; i++)
        sy_grid_row(&grid, i == 0 ? full : empty);
    sy_grid_end(&grid);
    assert_string_equal(out.data, text);
    sy_text_release(&out);
}

static void each_form(void **state) {
    (void)state;
    expect(SY_GRID_CSV, 0, "name,time_ns,rows,simulated\n");
    expect(SY_GRID_CSV, 2, "name,time_ns,rows,simulated\n\"'=a,\"\"b\"\"  \",0.5,7,true\n,,,false\n");
    expect(SY_GRID_JSON, 0, "[]\n");
    expect(SY_GRID_JSON, 2,
        "[\n{\"name\":\"=a,\\\"b\\\"\\u001b\\u000a\",\"time_ns\":0.5,\"rows\":7,\"simulated\":true},\n"
        "{\"name\":null,\"time_ns\":null,\"rows\":null,\"simulated\":false}\n]\n");
    expect(SY_GRID_JSONL, 0, "");
    expect(SY_GRID_JSONL, 2,
        "{\"name\":\"=a,\\\"b\\\"\\u001b\\u000a\",\"time_ns\":0.5,\"rows\":7,\"simulated\":true}\n"
        "{\"name\":null,\"time_ns\":null,\"rows\":null,\"simulated\":false}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
