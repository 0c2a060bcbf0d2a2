# Writes FILES (kernels/opencl/*.cl, separated by commas) as C to OUTPUT: bytes in numbers, because string literals have a length
# that compilers need not exceed. Run by the build: cmake -DFILES=... -DOUTPUT=... -P sources.cmake
cmake_minimum_required(VERSION 3.25)
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const char ${name}_text[] = {\n    ${bytes}0x00};\n\n")
  string(APPEND rows "    {\"${name}\", ${name}_text, sizeof ${name}_text - 1},\n")
endforeach()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "/* Written by sources.cmake. */
#include \"backends/opencl/sources.h\"

@arrays@const ocl_source_text ocl_source_texts[] = {
@rows@    {NULL, NULL, 0},
};
" @ONLY)
