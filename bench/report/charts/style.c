/* Colours of the figures on a page: eight that differ also to those who see red and green alike. */
#include "bench/report/charts/charts.h"

const char *sy_chart_style(void) {
    return ".sy-chart { display: block; width: 100%; max-width: 42rem; height: auto; overflow: visible; }\n"
           ".sy-k0 { color: #0b5cad; } .sy-k1 { color: #b8470c; } .sy-k2 { color: #00785a; }\n"
           ".sy-k3 { color: #9d3f86; } .sy-k4 { color: #7d6200; } .sy-k5 { color: #2a7fa8; }\n"
           ".sy-k6 { color: #5b5f66; } .sy-k7 { color: #1b1f24; }\n"
           "@media screen and (prefers-color-scheme: dark) {\n"
           "  .sy-k0 { color: #7db4f0; } .sy-k1 { color: #ff9a5c; } .sy-k2 { color: #4fd1a5; }\n"
           "  .sy-k3 { color: #e59bd0; } .sy-k4 { color: #e3c04a; } .sy-k5 { color: #9fd8ff; }\n"
           "  .sy-k6 { color: #b5bac0; } .sy-k7 { color: #ffffff; }\n"
           "}\n";
}
