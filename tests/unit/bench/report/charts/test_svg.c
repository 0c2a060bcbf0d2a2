/* A drawing is made anew from what a figure consists of; nothing else gets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "bench/report/charts/svg.h"
#include "figures.h"
#include "runtime/base/seam.h"

static sy_figure made;
static sy_layout layout;

static int make_layout(void **state) {
    (void)state;
    figure_make(SY_CHART_ENERGY, &made);
    made.chart.y_name = "F & B";
    made.chart.mark = "M<";
    made.series[1].name = "B \"b\"";
    made.point[0][0].label = "@T0@<";
    return sy_layout_make(SY_CHART_ENERGY, &made.chart, &layout, NULL) == SY_OK ? 0 : -1;
}

static int release_layout(void **state) {
    (void)state;
    sy_layout_release(&layout);
    return 0;
}

/* What is inside "<svg>...</svg>" comes out as. */
static void expect(const char *inside, const char *expected) {
    sy_text drawing = {0}, out = {0};
    sy_text_printf(&drawing, "<?xml version=\"1.0\"?><svg width=\"560\" onload=\"x()\">%s</svg>\n", inside);
    assert_int_equal(sy_svg_clean(drawing.data, &layout, &out, NULL), SY_OK);
    assert_string_equal(out.length > 0 ? out.data : "", expected);
    sy_text_release(&drawing);
    sy_text_release(&out);
}

static void refuse(const char *drawing) {
    sy_text out = {0};
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(sy_svg_clean(drawing, &layout, &out, &error), SY_INCOMPATIBLE);
    assert_non_null(strstr(error.text, "SVG"));
    sy_text_release(&out);
}

static void shapes_stay(void **state) {
    (void)state;
    expect("<g><path d='M0,1 L2,3'/></g>", "<g><path d=\"M0,1 L2,3\"/></g>");
    expect("<g transform=\"translate(1.5,2)\"><text font-family='Arial' font-size='15.00'> 2 G</text></g>",
        "<g transform=\"translate(1.5,2)\"><text font-size=\"15.00\">2 G</text></g>");
    expect("<g></g><g>\n\t<g> </g></g>", "");
    expect("<circle\n cx = '1' r=\"2\" />", "<circle cx=\"1\" r=\"2\"/>");
}

static void what_can_act_or_reach_out_does_not(void **state) {
    (void)state;
    expect("<script>alert(1)</script><g><path d='M0'/></g>", "<g><path d=\"M0\"/></g>");
    expect("<style>* { background: url(http://x) }</style>", "");
    expect("<foreignObject><g><path d='M0'/></g></foreignObject>", "");
    expect("<image xlink:href='http://x/y.png'/><a href='http://x'><path d='M0'/></a>", "");
    expect("<animate attributeName='x'/><set/><iframe src='x'></iframe>", "");
    expect("<path d='M0' onclick='x()' style='color:red' class='y' filter='url(#f)'/>", "<path d=\"M0\"/>");
    expect("<path d=\"M0' onclick='x()\" x='1\" y=\"2' transform='url(http://x)'/>", "<path/>");
    expect("<use xlink:href='http://x#gpPt1'/><use xlink:href='#a b'/><use href='#gpPt1'/>",
        "<use/><use/><use/>");
    expect("<!-- <script> --><![CDATA[<script>]]><?php x ?><!DOCTYPE x>", "");
    expect("<SCRIPT>x</SCRIPT><svg><path d='M0'/></svg>", "");
    expect("stray text<g>stray</g><path d='M0'>stray</path>", "<path d=\"M0\"></path>");
    expect("<text>a &lt; b &#60;script&#62; \"</text>",
        "<text>a &amp;lt; b &amp;#60;script&amp;#62; &quot;</text>");
}

static void ids_and_references_begin_with_the_figures(void **state) {
    (void)state;
    expect("<defs><circle id='gpDot' r='1'/></defs><use xlink:href='#gpDot'/>",
        "<defs><circle id=\"fig1-gpDot\" r=\"1\"/></defs><use href=\"#fig1-gpDot\"/>");
    expect("<g id='x\" onload=\"y'><path d='M0'/></g>", "<g><path d=\"M0\"/></g>");
}

static void codes_become_colours_of_the_page(void **state) {
    (void)state;
    expect(
        "<path stroke='rgb(  1,   1,   1)' fill=\"none\"/>", "<path stroke=\"currentColor\" fill=\"none\"/>");
    expect("<path stroke='rgb(2,2,2)'/>", "<path stroke=\"currentColor\" stroke-opacity=\"0.14\"/>");
    expect("<path stroke='rgb(  4,   1,   0)'/>",
        "<path stroke=\"currentColor\" class=\"sy-k1\" color=\"#b8470c\"/>");
    expect("<use color='rgb(  4,   0,   0)'/>", "<use class=\"sy-k0\" color=\"#0b5cad\"/>");
    expect("<g color='black'><path fill='red'/></g>", "<g><path fill=\"currentColor\"/></g>");
    expect("<path fill='rgb(4,8,0)'/><path fill='rgb(4,-1,0)'/>",
        "<path fill=\"currentColor\"/><path fill=\"currentColor\"/>");
    expect("<path fill='rgb(99,-2,2147483648)'/>", "<path fill=\"currentColor\"/>");
}

static void placeholders_become_escaped_names(void **state) {
    (void)state;
    expect("<text>@X@</text><text>@M@</text>", "<text>F &amp; B</text><text>M&lt;</text>");
    expect("<text>@S1@, @S2@</text>", "<text>Card A (4 x), B &quot;b&quot;</text>");
    /* A name is not looked through again. */
    expect("<text>12 @T5@</text>", "<text>12 @T0@&lt;</text>");
    expect("<text>@T99@ @T@ @Q@ @ @S0x@ @T1 @S99999999999999999999@</text>",
        "<text>@T99@ @T@ @Q@ @ @S0x@ @T1 @S99999999999999999999@</text>");
    expect("<text>@</text>", "<text>@</text>");
}

static void what_is_no_drawing_is_refused(void **state) {
    char deep[400] = "<svg>";
    (void)state;
    refuse("");
    refuse("not an svg");
    refuse("<html></html>");
    refuse("<svg>");
    refuse("<svg><g></svg></g>");
    refuse("<svg></svg></svg>");
    refuse("<svg></svg><svg></svg>");
    refuse("<svg><g");
    refuse("<svg><path d='M0");
    refuse("<svg><path d=M0/></svg>");
    refuse("<svg><path d/></svg>");
    refuse("<svg><!-- ");
    refuse("<svg></svg ");
    refuse("</svg>");
    refuse("<svg>< g/></svg>");
    refuse("<svg><averyveryverylongelementname/></svg>");
    for (size_t i = 0; i < 40; i++)
        strcat(deep, "<g>");
    refuse(deep);
}

static void every_allocation_may_fail(void **state) {
    static const char drawing[] = "<svg><g><text>@S1@</text><path d='M0'/></g></svg>";
    bool has_ended = false;
    (void)state;
    for (uint64_t k = 1; !has_ended; k++) {
        sy_text out = {0};
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_svg_clean(drawing, &layout, &out, NULL);
        has_ended = sy_seam_disarm() < k;
        assert_int_equal(status, has_ended ? SY_OK : SY_OUT_OF_MEMORY);
        sy_text_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_stay),
        cmocka_unit_test(what_can_act_or_reach_out_does_not),
        cmocka_unit_test(ids_and_references_begin_with_the_figures),
        cmocka_unit_test(codes_become_colours_of_the_page),
        cmocka_unit_test(placeholders_become_escaped_names),
        cmocka_unit_test(what_is_no_drawing_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_layout, release_layout);
}
