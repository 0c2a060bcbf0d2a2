# Efficiency by workload: full marks against one denominator, outlines against another.
folder = ARG1
load ARG2.'/style.gp'
unset ytics
set grid noytics
set xlabel '@X@' tc rgb soft offset 0, 0.7
plot for [i = 1:F[9]] spans(i) using 1:2:3:4 with xerrorbars pt -1 ps 0 lw 2 lc rgb tone(i) notitle, \
  for [i = 1:F[9]] points(i) using 1:2 with points pt mark(i) ps 1.1 lw 1.5 lc rgb tone(i) title name(i), \
  folder.'/labels' using (F[3]):1:2 with labels left offset -0.6, 0 tc rgb ink notitle, \
  folder.'/values' using 1:2:3 with labels left offset 0.9, 0 tc rgb soft notitle
