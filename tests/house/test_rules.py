#!/usr/bin/env python3
"""The rules of sizes.py and links.py find what they are for."""
import pathlib
import tempfile
import unittest

import links
import sizes


def complaints(text, name="x.c"):
    return list(sizes.complaints(pathlib.Path(name), text))


class Sizes(unittest.TestCase):
    def test_a_function_of_seventy_lines_is_fine_and_one_more_is_not(self):
        body = "    work();\n"
        self.assertEqual(complaints("static int f(int a) {\n" + body * 68 + "}\n"), [])
        self.assertEqual(len(complaints("static int f(int a) {\n" + body * 69 + "}\n")), 1)

    def test_a_function_whose_arguments_wrap_counts_from_its_brace(self):
        self.assertEqual(len(complaints("int f(int a,\n    int b) {\n" + "    b();\n" * 70 + "}\n")), 0 + 1)

    def test_tables_and_types_may_be_long(self):
        for first in ("static const row rows[] = {", "typedef struct x {", "enum {"):
            self.assertEqual(complaints(first + "\n" + "    1,\n" * 100 + "};\n"), [], first)

    def test_a_long_file_is_found(self):
        self.assertEqual(complaints("int a;\n" * 500), [])
        self.assertEqual(len(complaints("int a;\n" * 501)), 1)

    def test_notes_for_later_are_found(self):
        self.assertEqual(len(complaints("/* TO" + "DO: more */\n")), 1)
        self.assertEqual(complaints("int METHODOLOGY;\n"), [])


class Links(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for top in links.TOP:
            (self.root / top).mkdir()
            (self.root / top / "README.md").write_text("about\n")
        (self.root / "README.md").write_text("[one](bench/README.md) [web](https://example.org/x)\n")

    def tearDown(self):
        self.folder.cleanup()

    def test_a_dead_link_is_found(self):
        self.assertEqual(list(links.dead_links(self.root)), [])
        (self.root / "bench/README.md").write_text("[gone](gone.md)\n")
        self.assertEqual(len(list(links.dead_links(self.root))), 1)

    def test_a_folder_that_nobody_names_is_found(self):
        self.assertEqual(list(links.unnamed_folders(self.root)), [])
        (self.root / "bench/new").mkdir()
        self.assertEqual(len(list(links.unnamed_folders(self.root))), 1)


if __name__ == "__main__":
    unittest.main()
