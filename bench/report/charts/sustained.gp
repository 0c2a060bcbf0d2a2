# Rate over time under load, with the spread within each piece of time; levels of the burst dashed.
folder = ARG1
load ARG2.'/style.gp'
set xlabel '@X@' tc rgb soft offset 0, 0.7
set label 1 '@Y@' at screen 12.0 / F[1], graph 1 left offset 0, 0.8 tc rgb soft
plot for [i = 1:F[9]] spans(i) using 1:3:4 with filledcurves fs transparent solid 0.2 noborder lc rgb tone(i) notitle, \
  for [i = 1:F[9]] points(i) using 1:2 with lines lw 2 lc rgb tone(i) title name(i), \
  for [i = 1:F[31]] ceilings(i) using 1:2 with lines dt (8, 5) lw 1.5 lc rgb ceiling_tone(i) title ceiling_name(i)
