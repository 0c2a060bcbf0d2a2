# What all figures share. Data files are in the folder that is the script's first argument; nothing else comes in.
# frame: one number a line: 1 width 2 height, 3..6 ranges of x and y, 7 8 logarithmic, 9 series, 10..13 margins left
# right top bottom, 14..21 series' colours, 22..29 their marks, 30 simulated,
# 31 ceilings, 32..47 their colours.
# Colours are codes that the page's own replace: 010101 ink, 020202 rules, 030303 soft text, 04kk00 series kk.
array F[47]
stats folder.'/frame' using (F[int($0) + 1] = $1) nooutput
set terminal svg size F[1], F[2] noenhanced font ',15'
set output folder.'/chart.svg'
set datafile missing 'NaN'
ink = 0x010101
rule = 0x020202
soft = 0x030303
tone(i) = 0x040000 + 256 * int(F[13 + i])
mark(i) = int(F[21 + i])
set lmargin at screen F[10] / F[1]
set rmargin at screen 1 - F[11] / F[1]
set tmargin at screen 1 - F[12] / F[2]
set bmargin at screen F[13] / F[2]
set xrange [F[3]:F[4]]
set yrange [F[5]:F[6]]
if (F[7]) set logscale x
if (F[8]) set logscale y
unset border
set tics scale 0 tc rgb soft
set xtics () offset 0, 0.25
set ytics () offset 0.4, 0
array At[32]
array Text[32]
do for [axis in 'x y'] {
  n = 0
  stats folder.'/'.axis.'ticks' using (n = n + 1, At[n] = $1, Text[n] = strcol(2), $1) nooutput
  do for [i = 1:n] {
    if (axis eq 'x') { set xtics add (Text[i] At[i]) } else { set ytics add (Text[i] At[i]) }
  }
}
set grid xtics ytics lt 1 lw 1 lc rgb rule
set key at screen 12.0 / F[1], screen 1 - 8.0 / F[2] left top Left reverse samplen 1.2 spacing 0.9 maxcols 1 tc rgb ink
name(i) = sprintf('@S%d@', int(i))
points(i) = sprintf('%s/points%d', folder, i)
spans(i) = sprintf('%s/spans%d', folder, i)
boxes(i) = sprintf('%s/boxes%d', folder, i)
ceilings(i) = sprintf('%s/ceiling%d', folder, i)
ceiling_tone(i) = 0x040000 + 256 * int(F[31 + i])
ceiling_name(i) = name(F[9] + i)
set bars 0.5
if (F[30]) {
  set label 8 '@M@' at screen 1 - 14.0 / F[1], screen 1 - 18.0 / F[2] right tc rgb ink
  set label 9 '@M@' at graph 0.5, 0.5 center font ',40' tc rgb 0x050505
}
