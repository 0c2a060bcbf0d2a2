#!/usr/bin/env python3
"""Every link of a README to a file of the project leads somewhere, and every folder of the program is named by the README
above it. Usage: links.py FOLDER"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)\)")
TOP = ("kernels", "runtime", "backends", "bench", "tests", "results")
# Parents whose README has a table of what lives below.
TABLES = ("bench", "backends", "kernels", "runtime", "tests", "results")
SKIPPED = {"include", "__pycache__", "local", "reference"}


def dead_links(root):
    pages = [root / "README.md"] + [page for top in TOP for page in sorted((root / top).rglob("README.md"))]
    for page in pages:
        for target in LINK.findall(page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: link to {target}, which does not exist"


def unnamed_folders(root):
    for table in TABLES:
        text = (root / table / "README.md").read_text()
        for folder in sorted((root / table).iterdir()):
            is_told = re.search(rf"\b{re.escape(folder.name)}\b", text)
            if folder.is_dir() and folder.name not in SKIPPED and not is_told:
                yield f"{table}/README.md: says nothing of {table}/{folder.name}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(dead_links(root)) + list(unnamed_folders(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
