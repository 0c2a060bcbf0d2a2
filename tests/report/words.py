#!/usr/bin/env python3
"""The words of the page: those its sources have, those the catalogues translate. Usage: words.py ROOT [--list]"""
import pathlib
import re
import sys

TEXT = r'"(?:[^"\\]|\\.)*"'
TEXTS = rf"((?:{TEXT}\s*)+)"
CALL = re.compile(r"\b(?:sy_html_(?:put_word|say|head|head_number|cell_word|note|paragraph|table|first_more|point|word)|put_item)\(")
NAMES = {"bench/record/row.h": r"X\(SY_ROW_[A-Z]+, \d+, (\"[^\"]+\")\)",
         "bench/compare/ratio.h": r"X\(SY_VERDICT_[A-Z_]+, \d+, (\"[^\"]+\")\)",
         "bench/compare/conditions.h": r"X\(SY_CONDITION_[A-Z]+, \d+, (\"[^\"]+\")\)"}


def joined(literals):
    """Neighbouring literals of C as one text."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"').replace("\\n", "\n")


def arguments(source):
    """What stands between the parentheses of each call that translates."""
    for call in CALL.finditer(source):
        at, depth = call.end(), 1
        while depth > 0:
            literal = re.compile(TEXT).match(source, at)
            if literal:
                at = literal.end()
                continue
            depth += {"(": 1, ")": -1}.get(source[at], 0)
            at += 1
        yield source[call.end():at]


def words_of(root):
    """Every text that the page may translate, in the order of the sources."""
    found = []
    for path in sorted((root / "bench/report/html").glob("*.c")):
        source = path.read_text(encoding="utf-8")
        texts = [joined(t) for call in arguments(source) for t in re.findall(TEXTS, call)]
        for body in re.findall(r"\bwords\[\] = \{(.*?)\};", source, re.S) + re.findall(r"\bcaption = (.*?);", source, re.S):
            texts += [joined(t) for t in re.findall(TEXT, body)]
        texts += [joined(t) for t in re.findall(rf"\.(?:title|alternative|x_name|y_name) =\s*{TEXTS}", source)]
        texts += [joined(t) for t in re.findall(rf'\{{"[a-z]+", ({TEXT}), sy_html_section_', source)]
        texts += [joined(t) for t in re.findall(rf"about = has_figures \? ({TEXT})", source)]
        texts += [joined(t) for t in re.findall(rf'write_table\(page, set, \w+, ({TEXT})', source)]
        found += [t for t in texts if re.search(r"[A-Za-z]{2}", t) and not t.startswith(("<", "%", "&", " class", "--"))]
    for name, pattern in NAMES.items():
        found += [joined(t) for t in re.findall(pattern, (root / name).read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def catalogue(path):
    """{English: translation} of a .po file."""
    entries = re.findall(rf"^msgid {TEXTS}msgstr {TEXTS}", path.read_text(encoding="utf-8"), re.M)
    return {joined(a): joined(b) for a, b in entries if joined(a)}


def main():
    root = pathlib.Path(sys.argv[1])
    words = words_of(root)
    if "--list" in sys.argv:
        print("\n".join(words))
        return 0
    bad = 0
    for path in sorted((root / "bench/report/html").glob("*.po")):
        known = catalogue(path)
        for word in words:
            if not known.get(word):
                print(f"{path.name}: not translated: {word}")
                bad += 1
            elif sorted(re.findall(r"\{\d\}", word)) != sorted(re.findall(r"\{\d\}", known[word])):
                print(f"{path.name}: other placeholders: {word}")
                bad += 1
        for word in known:
            if word not in words:
                print(f"{path.name}: no longer in the page: {word}")
                bad += 1
    return 1 if bad or len(words) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
