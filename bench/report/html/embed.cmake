# Writes the bytes of file INPUT as a C text NAME to the source OUTPUT. Bytes and not a literal: nothing in the file has to be
# escaped, and its hash is that of the file.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REPEAT "0x..," 16 sixteen)
string(REGEX REPLACE "${sixteen}" "\\0\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"bench/report/html/assets.h\"\n\nconst char ${NAME}[] = {\n${bytes}0x00};\n")
