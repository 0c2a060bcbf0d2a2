# Writes FILES (separated by commas) as C to OUTPUT, a table called TABLE: bytes in numbers, because string literals have a length
# that compilers need not exceed. Run by the build: cmake -DFILES=... -DTABLE=... -DOUTPUT=... -P sources.cmake
cmake_minimum_required(VERSION 3.25)
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(MAKE_C_IDENTIFIER ${name} variable)
  string(APPEND arrays "static const char ${variable}_text[] = {\n    ${bytes}0x00};\n\n")
  string(APPEND rows "    {\"${name}\", ${variable}_text, sizeof ${variable}_text - 1},\n")
endforeach()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "/* Written by sources.cmake. */
#include \"backends/opencl/sources.h\"

@arrays@const ocl_source_text @TABLE@[] = {
@rows@    {NULL, NULL, 0},
};
" @ONLY)
