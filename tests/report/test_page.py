#!/usr/bin/env python3
"""The page of a report in a headless browser: test_page.py PROGRAM [unittest arguments]. Skips what it has no browser for."""
import base64
import hashlib
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import browser
import records

PROGRAM = ""
ROOT = pathlib.Path(__file__).resolve().parents[2]
SECTIONS = ["coverage", "speed", "energy", "totals", "latency", "efficiency", "precision", "sustained", "portability", "cost", "rows",
            "environment", "reproduce"]
ATTACKS = ["</script><script>document.title='broken'</script>", "<img src=x onerror=\"document.title='broken'\">",
           "\"><svg onload=document.title='broken'>", "'; document.title='broken'; '", "\u2028document.title='broken'\u2029",
           "<!--<script>", "{{1}} {1} %s %n", "&lt;b&gt;", "javascript:document.title='broken'", "\u202egnp.exe", "]]>", "`x`$(x)"]


class Pages(unittest.TestCase):
    """Records and pages in a folder of their own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="steelyard-page-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return str(self.folder / name)

    def report(self, *arguments, status=0, environment=None):
        result = subprocess.run([PROGRAM, "report", *arguments], capture_output=True, text=True, timeout=300, check=False,
                                env={**os.environ, "LC_ALL": "C", "HOME": str(self.folder), **(environment or {})})
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stderr

    def page(self, *arguments, **more):
        """The text of a page that was written of records."""
        self.report(*arguments, "-o", self.path("page.html"), **more)
        return (self.folder / "page.html").read_text(encoding="utf-8")

    def compared(self, rows=20, **more):
        statuses = {("ascend:0", 3): "unsupported", ("ascend:0", 7): "suspect", ("cpu", 5): "timeout"}
        return records.write(self.path("a.jsonl"), ["cuda:0", "ascend:0", "cpu"], rows, statuses=statuses, **more)

    def simulated(self):
        return records.write(self.path("s.jsonl"), ["sim:0"], 10, seed=3)


class Texts(Pages):
    """What needs no browser."""

    def test_policy_has_the_hashes_of_what_is_there(self):
        text = self.page(self.compared())
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text).group(1)
        self.assertIn("default-src 'none'", policy)
        for kind, pattern in (("style", r"<style>(.*?)</style>"), ("script", r"<script>(.*?)</script>")):
            found = re.findall(pattern, text, re.S)
            self.assertEqual(len(found), 1)
            digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
            self.assertIn(f"{kind}-src 'sha256-{digest}'", policy)
        self.assertIsNone(re.search(r"\b(?:src|href)=\"(?!#|data:)", text))
        self.assertIsNone(re.search(r"<[^>]+\sstyle=", text))

    def test_the_data_is_json_with_every_row(self):
        text = self.page(self.compared(rows=11))
        data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S).group(1))
        self.assertEqual(len(data["rows"]), 33)
        more = re.search(r'id="more">\n(.*?)</script>', text, re.S).group(1).split("\n")
        self.assertEqual(len(more), 34)
        problem, samples = more[0].split("\t")
        self.assertTrue(json.loads(problem).startswith("gemm:m="))
        self.assertEqual(len(samples.split(",")[2]), 2 * 50)

    def test_languages(self):
        path = self.compared()
        self.assertIn('<html lang="en">', self.page(path))
        chinese = self.page(path, environment={"LC_ALL": "zh_CN.UTF-8"})
        if '<html lang="zh-CN">' not in chinese:
            self.skipTest("no catalogue: built without gettext")
        for word in ("实测值", "标称值", "比值", "能效", "覆盖率"):
            self.assertIn(word, chinese)
        self.assertIn('<html lang="en">', self.page(path, "--lang", "en", environment={"LC_ALL": "zh_CN.UTF-8"}))

    def test_numbers_of_the_reader(self):
        text = self.page(self.compared(), "--price", "cuda:0=200000,cpu=20000", "--electricity", "0.5", "--carbon", "500",
                         "--currency", "CNY")
        self.assertIn("Electricity 0.5000 CNY a kWh", text)
        self.assertIn("Carbon 500.0 g CO2 a kWh", text)
        text = self.page(self.path("a.jsonl"), "--region", "germany")
        for place in text.split('id="cost"'):
            self.assertRegex(place, r"Electricity [\d.]+ EUR a kWh. \(Germany, 20\d\d, Bundesnetzagentur[^(]*\([^)]*\) \(official; .*\)")
            self.assertRegex(place, r"Carbon [\d.]+ g CO2 a kWh. \(Germany, 20\d\d, Ember [^(]* \(official; CO2e, life cycle; .*\)")

    def test_figures_of_a_region(self):
        """Every region of the catalogue gives what it has, with year and source, and says what it has not."""
        catalogue = json.loads((ROOT / "results/reference/regions.json").read_text(encoding="utf-8"))
        titles = {source["id"]: source["title"] for source in catalogue["sources"]}
        path = self.compared(rows=2)
        for region in catalogue["regions"][:12]:
            told = self.report(path, "--region", region["id"], "-o", self.path("page.html"))
            text = html.unescape((self.folder / "page.html").read_text(encoding="utf-8"))
            for key, what in (("carbon_g_per_kwh", "carbon"), ("electricity_per_kwh", "price of electricity")):
                figure = region.get(key)
                if figure is None:
                    self.assertIn(f"--region {region['id']}: {what} is not in the catalogue", told)
                    continue
                source = titles[figure["source"][0]][:120]
                self.assertIn(f"({region['name']}, {figure['year']}, {source}", text)
                self.assertIn(f"({figure['confidence']}", text)
        # By its Chinese name, in Chinese; one's own figures stay; another currency is not one's own.
        text = html.unescape(self.page(path, "--region", "\u8d35\u5dde", "--lang", "zh"))
        self.assertIn("\u8d35\u5dde, 2022, ", text)
        text = self.page(path, "--region", "guizhou", "--carbon", "123", "--carbon-source", "mine, 2026")
        self.assertIn("Carbon 123.0 g CO2 a kWh. (mine, 2026)", text)
        self.assertIn("Electricity 0.3500 CNY a kWh. (Guizhou, 2021", text)
        told = self.report(path, "--region", "guizhou", "--currency", "EUR", "-o", self.path("page.html"))
        self.assertIn("price of electricity is in another currency than --currency", told)
        self.assertNotIn("Electricity 0.35", (self.folder / "page.html").read_text(encoding="utf-8"))
        self.assertEqual(self.report(path, "--region", "gansu", "-q", "-o", self.path("page.html")), "")

    def test_mistakes(self):
        path = self.compared()
        for words, says in ((["--price", "cuda:0=cheap"], "--price"), (["--electricity", "-1"], "--electricity"),
                            (["--region", "nowhere"], "no such region"), (["--reference", "tpu:0"], "no such device")):
            self.assertRegex(self.report(path, *words, "-o", self.path("x.html"), status=2), says)
            self.assertFalse((self.folder / "x.html").exists())
        self.assertRegex(self.report(self.path("none.jsonl"), "-o", self.path("x.html"), status=2), "none.jsonl")
        self.assertRegex(self.report(path, "--format", "html", "-o", path, status=2), "one of the files")

    def test_simulated_apart_from_real(self):
        text = self.page(self.compared(), self.simulated())
        first = text[:text.index("<nav")]
        self.assertNotIn("sim:0", first)
        for table in re.findall(r"<table.*?</table>", text[text.index("<nav"):text.index('<section id="rows"')], re.S):
            self.assertFalse("sim:0" in table and "cuda:0" in table, table[:300])
        alone = self.page(self.path("s.jsonl"))
        self.assertGreater(alone[:alone.index("<nav")].count("SIMULATED"), 5)

    def test_one_device_over_time(self):
        first = records.write(self.path("old.jsonl"), ["cuda:0"], 20, seed=4)
        second = records.write(self.path("new.jsonl"), ["cuda:0"], 20, seed=5)
        text = self.page(first, second)
        self.assertIn("Accelerator A 80GB (new.jsonl)", text)
        self.assertIn("over the 20 of 20 rows that both have", text)
        self.assertIn("there is nothing to set it against", self.page(first, first))

    def test_a_curve_over_time_needs_the_file_beside_the_record(self):
        title, missing = "<figcaption>Rate over time under load", "Samples over time are missing beside a record"
        self.assertNotIn(missing, self.page(self.compared()))
        path = self.compared(texts={"series": "a.series.jsonl"})
        text = self.page(path)
        self.assertNotIn(title, text)
        self.assertIn(missing, text)
        beside = records.series(path)
        text = self.page(path)
        self.assertIn(title, text)
        self.assertNotIn(missing, text)
        figure = text[text.index(title):]
        figure = figure[:figure.index("</figure>")]
        for name in ("cuda:0 Accelerator A 80GB: square.mm.l2", "ascend:0 Accelerator B: square.mm.l2",
                     "cpu Processor C: square.mm.l2", "of the burst", "80 %", "burst"):
            self.assertIn(name, figure)
        # Neither damage nor a name that leads elsewhere does more than leave the curve out.
        with open(beside, "ab") as file:
            file.write(b"{broken")
        self.assertIn(title, self.page(path))
        pathlib.Path(beside).write_text("no series\n", encoding="utf-8")
        self.assertIn(missing, self.page(path))
        records.series(path)
        os.rename(beside, self.path("other.series.jsonl"))
        for name in ("other.series.jsonl", "../" + self.folder.name + "/other.series.jsonl", self.path("other.series.jsonl")):
            text = self.page(self.compared(texts={"series": name}))
            self.assertNotIn(title, text)
            self.assertIn(missing, text)

    def test_efficiency_is_drawn_against_three_ceilings(self):
        text = self.page(self.compared())
        figure = text[text.index("<figcaption>Efficiency by workload"):]
        figure = figure[:figure.index("</figure>")]
        for ceiling in ("rated value", "measured ceiling", "ceiling at observed clock"):
            self.assertIn(f"square bf16: {ceiling}", figure)

    def test_ten_points_in_order(self):
        text = self.page(self.compared())
        numbers = re.findall(r'<span class="no">(\d+)</span>', text)
        self.assertEqual(numbers, [str(i) for i in range(1, 11)])
        self.assertEqual(re.findall(r'<section id="([a-z]+)"', text), SECTIONS)


@unittest.skipUnless(browser.find(), "needs Chromium")
class Shown(Pages):
    """What a browser makes of it."""

    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def quiet(self):
        """Nothing was logged, nothing asked of a network."""
        self.assertEqual(self.browser.console, [])
        self.assertEqual(self.browser.requests, [])

    def tearDown(self):
        self.browser.console.clear()
        self.browser.requests.clear()

    def test_languages_schemes_and_widths(self):
        path = self.compared()
        for language in ("en", "zh"):
            self.page(path, self.simulated(), "--lang", language)
            for dark in (False, True):
                for width in (1280, 375):
                    self.browser.show(self.path("page.html"), width=width, dark=dark)
                    wide = self.browser.value("document.documentElement.scrollWidth")
                    self.assertLessEqual(wide, width, (language, dark))
                    colour = self.browser.value("getComputedStyle(document.body).backgroundColor")
                    self.assertEqual(colour, "rgb(20, 23, 26)" if dark else "rgb(255, 255, 255)")
        self.quiet()

    def test_contrast(self):
        """Every text on its background: 4.5 to 1 (WCAG 2.1, 1.4.3)."""
        self.page(self.compared(), self.simulated())
        script = """(() => {
          const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
            .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]; };
          const paper = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$|transparent/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
          const bad = [];
          for (const e of document.querySelectorAll('main *:not(svg):not(svg *)')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const a = light(getComputedStyle(e).color), b = light(paper(e));
            if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) bad.push(e.outerHTML.slice(0, 80)); }
          return bad.slice(0, 5); })()"""
        for dark in (False, True):
            self.browser.show(self.path("page.html"), dark=dark)
            self.assertEqual(self.browser.value(script), [])

    def test_rows_are_filtered_sorted_and_opened(self):
        self.page(self.compared(rows=40))
        self.browser.show(self.path("page.html"))
        shown = "document.querySelectorAll('.window tbody tr:not(.pad)').length"
        self.assertGreater(self.browser.value(shown), 10)
        self.browser.value("(() => { const i = document.querySelector('.tools input'); i.value = 'prefill';"
                           "i.dispatchEvent(new Event('input')); return new Promise(r => setTimeout(r, 600)); })()")
        self.assertTrue(self.browser.value("document.querySelector('.tools .note').textContent").startswith("24 / 120 "))
        self.browser.value("document.querySelectorAll('.window thead button')[6].click()")
        times = self.browser.value("[...document.querySelectorAll('.window tbody tr:not(.pad)')].map(r => r.cells[6].textContent)")
        scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
        values = [float(t.split()[0]) * scale[t.split()[1]] for t in times if " " in t]
        self.assertEqual(values, sorted(values))
        self.browser.value("document.querySelector('.window tbody tr:not(.pad)').click()")
        self.assertEqual(self.browser.value("document.querySelectorAll('.one circle').length"), 50)
        self.browser.value("document.querySelector('table.sortable thead button').click()")
        self.quiet()

    def test_simulated_rows_stand_behind_all_others(self):
        self.page(self.simulated(), records.write(self.path("r.jsonl"), ["cpu"], 10))
        self.browser.show(self.path("page.html"), height=2000)
        for clicks in range(3):
            marks = self.browser.value("[...document.querySelectorAll('.window tbody tr:not(.pad)')]"
                                       ".map(r => r.querySelector('.sim') !== null)")
            self.assertEqual(marks, [False] * 10 + [True] * 10, clicks)
            self.browser.value("document.querySelectorAll('.window thead button')[6].click()")
        self.quiet()

    def test_without_script(self):
        self.page(self.compared(rows=200))
        self.browser.show(self.path("page.html"), script=False)
        self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
        self.assertEqual(self.browser.value("document.querySelectorAll('#first-rows tbody tr').length"), 500)
        visible = "[...document.querySelectorAll('.ref')].filter(r => getComputedStyle(r).display !== 'none').map(r => r.className)"
        self.assertEqual(self.browser.value(visible), ["ref r0"] * 3)
        self.browser.value("document.querySelector('.choice input[value=\"2\"]').checked = true")
        self.assertEqual(self.browser.value(visible), ["ref r2"] * 3)
        self.quiet()

    def test_the_choice_of_a_reference_is_for_every_table(self):
        visible = ("Object.fromEntries(['speed', 'energy', 'efficiency'].map(s => [s, [...document.querySelectorAll('#' + s + ' .ref')]"
                   ".filter(r => getComputedStyle(r).display !== 'none').map(r => r.querySelector('h3').textContent)]))")
        for script in (True, False):
            self.page(self.compared(), self.simulated(), "--reference", "ascend:0")
            self.browser.show(self.path("page.html"), script=script)
            self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
            for chosen, click in (("ascend:0 Accelerator B", "0"), ("cpu Processor C", "document.getElementById('reference-real-2').click()"),
                                  ("cuda:0 Accelerator A 80GB", "document.querySelector('#efficiency label.p0').click()"),
                                  ("ascend:0 Accelerator B", "document.querySelector('#energy label.p1').click()")):
                self.browser.value(click)
                self.assertEqual(self.browser.value(visible), {s: [f"Relative to {chosen}"] for s in ("speed", "energy", "efficiency")})
        self.quiet()

    def test_hostile_names(self):
        devices = {}
        for number, (name, attack) in enumerate(zip(["cuda:0", "cpu"], ATTACKS)):
            devices[name] = dict(records.DEVICES[name], name=attack, vendor=ATTACKS[number + 2])
        for number, attack in enumerate(ATTACKS):
            texts = dict(suite=attack, name=ATTACKS[number - 1], algorithm=ATTACKS[number - 2], reason=ATTACKS[number - 3])
            more = {"host": {"name": attack, "os": ATTACKS[number - 4]}, "command": ["steelyard", attack]}
            path = records.write(self.path("a.jsonl"), [], 4, devices=devices, texts=texts, more=more, statuses={("cpu", 1): "error"})
            self.page(path, "--currency", attack, "--electricity", "1", "--price", "1", "--carbon", "1", "--carbon-source", attack)
            self.browser.show(self.path("page.html"))
            self.browser.value("document.querySelector('.window tbody tr:not(.pad)').click()")
            self.assertTrue(self.browser.value("document.title").startswith("Steelyard: "), attack)
            self.assertEqual(self.browser.value("document.querySelectorAll('script, img, iframe').length"), 3, attack)
            self.assertIsNone(self.browser.value("document.querySelector('main [onerror], main [onload]')"), attack)
        self.quiet()

    @unittest.skipUnless(shutil.which("pdftotext"), "needs pdftotext")
    def test_page_one_is_one_sheet(self):
        devices = {f"cuda:{i}": dict(records.DEVICES["cuda:0"], name=f"Accelerator with a long name {i}") for i in range(5)}
        many = records.write(self.path("m.jsonl"), [], 20, devices=devices, statuses={("cuda:1", i): "wrong" for i in range(5)})
        figures = ["--price", "10000", "--region", "germany"]
        for language, last in (("en", "Check it yourself:"), ("zh", "自行核对")):
            for files in ([self.compared()], [many, self.compared(), self.simulated()], [self.simulated()]):
                self.page(*files, "--lang", language, *figures)
                self.browser.show(self.path("page.html"))
                self.browser.pdf(self.path("page.pdf"))
                sheets = subprocess.run(["pdftotext", "-layout", self.path("page.pdf"), "-"], capture_output=True, text=True,
                                        check=True).stdout.split("\f")
                self.assertIn("steelyard show " + pathlib.Path(files[-1]).name, sheets[0], (language, files))
                self.assertTrue(sheets[1].strip().startswith("覆盖率" if language == "zh" and last in sheets[0] else "Coverage"), sheets[1][:200])


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    if not browser.find():
        print("no Chromium: what needs a browser is skipped")
    unittest.main()


if __name__ == "__main__":
    main()
