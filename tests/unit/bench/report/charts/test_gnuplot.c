/* Gnuplot as a program that may be missing, hang, fail or lie: stand-ins are shell scripts on PATH. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/report/charts/charts.h"
#include "figures.h"
#include "runtime/base/seam.h"

#define SHORT_NS 100000000u
#define LONG_NS 60000000000u
#define FINE "printf '<svg><g><text>@X@ @S1@</text></g></svg>' >\"$4/chart.svg\""

static char folder[] = "/tmp/steelyard-charts-XXXXXX";
static char tools[64], private[64], path[160];
static sy_figure made;
static const char *template_folders[] = {"/no/such", CHART_TEMPLATES};
static sy_chart_places places = {.program_folders = path,
    .template_folder = template_folders,
    .template_folders = 2,
    .temporary_folder = private,
    .timeout_ns = LONG_NS};

static int make_folders(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(tools, sizeof tools, "%s/tools", folder);
    snprintf(private, sizeof private, "%s/private", folder);
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", tools);
    return mkdir(tools, 0755) == 0 && mkdir(private, 0755) == 0 ? 0 : -1;
}

static int remove_folders(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void write_tool(const char *script) {
    char file[128];
    snprintf(file, sizeof file, "%s/gnuplot", tools);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fprintf(out, "#!/bin/sh\n%s\n", script);
    fclose(out);
    assert_int_equal(chmod(file, 0755), 0);
}

/* Nothing is left in the folder for temporary ones. */
static void expect_nothing_left(void) {
    size_t entries = 0;
    DIR *stream = opendir(private);
    assert_non_null(stream);
    while (readdir(stream) != NULL)
        entries++;
    closedir(stream);
    assert_int_equal(entries, 2);
}

static void expect(sy_status expected, const char *word) {
    sy_text out = {0};
    sy_error error = SY_ERROR_INIT;
    sy_text_append(&out, "before", 6);
    figure_make(SY_CHART_ENERGY, &made);
    assert_int_equal(sy_chart_draw(SY_CHART_ENERGY, &made.chart, &places, &out, &error), expected);
    if (expected == SY_OK)
        assert_non_null(strstr(out.data, word));
    else
        assert_non_null(strstr(error.text, word));
    if (expected != SY_OK)
        assert_string_equal(out.data, "before");
    assert_null(strchr(error.text, '\n'));
    sy_text_release(&out);
    expect_nothing_left();
}

static void a_drawing_becomes_a_figure(void **state) {
    (void)state;
    write_tool(FINE);
    expect(SY_OK, "<g><text>FLOP/s Card A (4 x)</text></g></svg>\n");
    expect(SY_OK, "before<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sy-chart\" id=\"fig1\" "
                  "role=\"img\" width=\"100%\"");
    expect(SY_OK, "<title id=\"fig1-title\">A figure</title><desc id=\"fig1-desc\">What it shows. Card A (4 "
                  "x) (FLOP/s): "
                  "ernie-4.5-0.3b prefill t512 bf16 2 G [1.96 G, 2.04 G]; ");
}

static void gnuplot_that_is_missing_is_named(void **state) {
    static const char *const nowhere[] = {"", "relative:.", "/no/such"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        places.program_folders = nowhere[i];
        expect(SY_UNAVAILABLE, "gnuplot");
    }
    places.program_folders = NULL;
    expect(SY_UNAVAILABLE, "gnuplot");
    places.program_folders = path;
}

static void a_template_that_is_missing_is_named(void **state) {
    (void)state;
    write_tool(FINE);
    places.template_folders = 1;
    expect(SY_UNAVAILABLE, "energy.gp");
    places.template_folders = 2;
}

static void gnuplot_that_hangs_is_killed(void **state) {
    (void)state;
    write_tool("exec sleep 1000");
    places.timeout_ns = SHORT_NS;
    expect(SY_TIMEOUT, "gnuplot");
    places.timeout_ns = LONG_NS;
}

static void gnuplot_that_fails_is_quoted(void **state) {
    (void)state;
    write_tool("echo a warning; echo 'line 3: no such command' >&2; exit 1");
    expect(SY_IO, "line 3: no such command");
    write_tool("kill -9 $$");
    expect(SY_IO, "signal 9");
    write_tool("exit 1");
    expect(SY_IO, "status 1");
    write_tool("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    expect(SY_OVERFLOW, "more than");
}

static void what_is_no_drawing_is_refused(void **state) {
    (void)state;
    write_tool("exit 0");
    expect(SY_INCOMPATIBLE, "drawn nothing");
    write_tool(": >\"$4/chart.svg\"");
    expect(SY_INCOMPATIBLE, "SVG");
    write_tool("echo '<html>' >\"$4/chart.svg\"");
    expect(SY_INCOMPATIBLE, "SVG");
    write_tool("ln -s /etc/passwd \"$4/chart.svg\"");
    expect(SY_IO, "chart.svg");
    write_tool("head -c 17000000 /dev/zero >\"$4/chart.svg\"");
    expect(SY_OVERFLOW, "16 MiB");
}

static void a_temporary_folder_is_absolute_and_there(void **state) {
    (void)state;
    write_tool(FINE);
    places.temporary_folder = "< touch x";
    expect(SY_INVALID_ARGUMENT, "absolute");
    places.temporary_folder = "/no/such";
    expect(SY_IO, "/no/such");
    places.temporary_folder = private;
}

/* Everything that gnuplot gets, kept by a stand-in, as one text. */
static void read_kept(sy_text *out) {
    char command[160], block[4096];
    snprintf(command, sizeof command, "cat '%s'/kept/* '%s'/arguments", tools, tools);
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    for (size_t got = 1; got > 0;) {
        got = fread(block, 1, sizeof block, stream);
        sy_text_append(out, block, got);
    }
    assert_int_equal(pclose(stream), 0);
}

static void no_name_ever_reaches_gnuplot(void **state) {
    static char hostile[10241];
    (void)state;
    for (size_t i = 0; i < 10240; i++)
        hostile[i] = "HOSTILE`touch x`\";system('x')\n$(x)<script>&'@T1@"[i % 49];
    for (sy_chart_kind kind = 0; kind < SY_CHART_KINDS; kind++) {
        char script[512];
        sy_text kept = {0}, out = {0};
        snprintf(script, sizeof script,
            "rm -rf '%s/kept'; cp -r \"$4\" '%s/kept'; echo \"$@\" >'%s/arguments'; ls -ld \"$4\" | cut "
            "-c1-10 "
            ">>'%s/arguments'; " FINE,
            tools, tools, tools, tools);
        write_tool(script);
        figure_make(kind, &made);
        made.chart.title = made.chart.alternative = made.chart.x_name = made.chart.y_name = hostile;
        for (size_t i = 0; i < 2; i++) {
            made.series[i].name = made.ceiling[i].label = hostile;
            for (size_t j = 0; j < made.series[i].count; j++)
                made.point[i][j].label = made.point[i][j].note = hostile;
        }
        assert_int_equal(sy_chart_draw(kind, &made.chart, &places, &out, NULL), SY_OK);
        read_kept(&kept);
        assert_null(strstr(kept.data, "HOSTILE"));
        assert_null(strstr(kept.data, "touch"));
        assert_non_null(strstr(kept.data, "-d -c " CHART_TEMPLATES));
        assert_non_null(strstr(kept.data, "drwx------"));
        assert_non_null(strstr(out.data, "HOSTILE`touch x`&quot;"));
        assert_null(strstr(out.data, "<script"));
        sy_text_release(&kept);
        sy_text_release(&out);
        expect_nothing_left();
    }
}

static void simulated_devices_are_said_in_the_title(void **state) {
    sy_text out = {0};
    (void)state;
    write_tool("printf '<svg><text>@M@</text></svg>' >\"$4/chart.svg\"");
    figure_make(SY_CHART_ENERGY, &made);
    made.series[0].is_simulated = made.series[1].is_simulated = true;
    assert_int_equal(sy_chart_draw(SY_CHART_ENERGY, &made.chart, &places, &out, NULL), SY_OK);
    assert_non_null(strstr(out.data, "A figure - SIMULATED</title>"));
    assert_non_null(strstr(out.data, "<text>SIMULATED</text>"));
    sy_text_release(&out);
}

static void every_call_may_fail(void **state) {
    bool has_ended = false;
    (void)state;
    write_tool(FINE);
    figure_make(SY_CHART_EFFICIENCY, &made);
    /* Every third: each try starts a program. */
    for (uint64_t k = 1; !has_ended; k += 3) {
        sy_text out = {0};
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        sy_status status = sy_chart_draw(SY_CHART_EFFICIENCY, &made.chart, &places, &out, NULL);
        has_ended = sy_seam_disarm() < k;
        assert_true(
            has_ended ? status == SY_OK : status == SY_OUT_OF_MEMORY || status == SY_IO || status == SY_OK);
        assert_true((status == SY_OK) == (out.length > 0));
        sy_text_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drawing_becomes_a_figure),
        cmocka_unit_test(gnuplot_that_is_missing_is_named),
        cmocka_unit_test(a_template_that_is_missing_is_named),
        cmocka_unit_test(gnuplot_that_hangs_is_killed),
        cmocka_unit_test(gnuplot_that_fails_is_quoted),
        cmocka_unit_test(what_is_no_drawing_is_refused),
        cmocka_unit_test(a_temporary_folder_is_absolute_and_there),
        cmocka_unit_test(no_name_ever_reaches_gnuplot),
        cmocka_unit_test(simulated_devices_are_said_in_the_title),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
