# Roofline: every point, under ceilings that carry their method.
folder = ARG1
load ARG2.'/style.gp'
set xlabel '@X@' tc rgb soft offset 0, 0.7
set label 1 '@Y@' at screen 12.0 / F[1], graph 1 left offset 0, 0.8 tc rgb soft
plot for [i = 1:F[9]] points(i) using 1:2 with points pt mark(i) ps 0.5 lw 1 lc rgb tone(i) title name(i), \
  for [i = 1:F[31]] ceilings(i) using 1:2 with lines lw 2 dt i lc rgb ceiling_tone(i) title ceiling_name(i)
