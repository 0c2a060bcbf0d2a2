/* The page's style and script, as they lie beside this file; made into C by embed.cmake. */
#ifndef STEELYARD_BENCH_REPORT_HTML_ASSETS_H
#define STEELYARD_BENCH_REPORT_HTML_ASSETS_H

/** page.css and page.js, NUL-terminated. */
extern const char sy_html_css[];
extern const char sy_html_js[];

#endif
