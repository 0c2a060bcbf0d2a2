#!/usr/bin/env python3
"""Refuses files over 500 lines, functions over 70, lines of C over 120 columns, and notes to do something later.
Usage: sizes.py FOLDER"""
import pathlib
import re
import sys

FILE_LINES = 500
FUNCTION_LINES = 70
COLUMNS = 120
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME"]) + r")\b")
FOLDERS = ("kernels", "runtime", "backends", "bench", "tests")


def functions(lines):
    """(first line, length) of each function: from a line at the margin with a parenthesis, whose text up to the next brace
    is neither a declaration, a table nor a type, to a brace at the margin."""
    start, head = None, ""
    for number, line in enumerate(lines, 1):
        if line.startswith("}"):
            if start is not None and head == "in body":
                yield start, number - start + 1
            start = None
        elif start is None and line[:1].isalpha() and "(" in line:
            start, head = number, ""
        if start is not None and head != "in body":
            head += line
            if head.endswith(";") or head.rstrip("{ ").endswith("="):
                start = None
            elif head.endswith("{"):
                head = "in body"


def complaints(path, text):
    lines = text.splitlines()
    if len(lines) > FILE_LINES:
        yield f"{path}: {len(lines)} lines, at most {FILE_LINES}"
    if path.suffix in (".c", ".h"):
        for start, length in functions(lines):
            if length > FUNCTION_LINES:
                yield f"{path}:{start}: a function of {length} lines, at most {FUNCTION_LINES}"
    for number, line in enumerate(lines, 1):
        if path.suffix in (".c", ".h") and len(line) > COLUMNS:
            yield f"{path}:{number}: {len(line)} columns, at most {COLUMNS}"
        if LATER.search(line):
            yield f"{path}:{number}: a note to do something later"


def check(root):
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".c", ".h", ".py", ".sh") or path.name == "CMakeLists.txt":
                found += complaints(path.relative_to(root), path.read_text())
    return found


def main():
    found = check(pathlib.Path(sys.argv[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
