#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report, opened as a person opens it.

usage: tests/browser/page.py CHROMIUM TRACEBENCH SESSION DIRECTORY

SESSION is a whole one, made up. Pages and what they are made of go into DIRECTORY. Prints lines "pass|fail",
what was promised and detail, with tabs between them.
"""

import copy
import json
import os
import subprocess
import sys

from browser import Browser

MOST_BYTES = 3 << 20
MOST_CPU_S = 2
CHARTS = ["speed", "budget", "latency", "waits", "wakes"]
# Each would run, or end what it stands in, if it were anything but text.
# What a terminal is not told is not told here: \u2028 is shown as a question mark.
HOSTILE = ['<img src=x onerror="document.title=\'owned\'">', "</script><script>document.title='owned'</script>",
           "<!--<script>", "\u2028</style><svg onload=document.title='owned'>", "\"'><b>{a|b}&lt;"]


def tell(passed, promise, detail=""):
    print("pass" if passed else "fail", promise, str(detail)[:2000].replace("\n", " "), sep="\t", flush=True)


def render(program, session, path):
    with open(path + ".json", "w", encoding="utf-8") as file:
        json.dump(session, file)
    subprocess.run([program, "report", path + ".json", "--force", "--export=html=" + path],
                   stdout=subprocess.DEVNULL, check=True)
    return path


def frame(symbol, kernel=False):
    return {"symbol": symbol, "offset": 16, "object": "[kernel]" if kernel else "tracebench",
            "file": None, "line": None, "inlined": False}


def hostile(session):
    """A session whose every name wants to be more than a name."""
    session = copy.deepcopy(session)
    names = iter(HOSTILE * 100)
    for key in ("hostname", "kernel", "cpu_model", "topology"):
        session["host"][key] = next(names)
    for result in session["results"]:
        result["strategy"] = next(names)
        result["family"] = next(names)
        if result["status"] == "ok":
            result["verdict"] = next(names)
        for edge in ((result["kernel"] or {}).get("sleeps") or {}).get("wake_edges") or []:
            edge["waker"], edge["wakee"] = next(names), next(names)
    return session


def scanned(session):
    """Every strategy with several worker counts, as many results as --preset=full has, and full histograms."""
    session = copy.deepcopy(session)
    kinds = [r for r in session["results"] if r["status"] == "ok"]
    session["results"] = []
    session["plan"]["workers"], session["plan"]["order"] = [1, 2, 4], []
    session["warnings"] = []
    for number in range(47):
        for mode in ("threads", "processes"):
            for workers in (1, 2, 4):
                result = copy.deepcopy(kinds[number % len(kinds)])
                result.update(strategy="strategy-%d" % number, mode=mode, workers=workers)
                spread(result, 1 + number * workers / 7)
                session["results"].append(result)
    return session


def spread(result, factor):
    """Times of its own, and as many bins as real ones have."""
    time = result["time"]["ns_per_op"]
    time["median"] *= factor
    time["ci95"] = [factor * value for value in time["ci95"]]
    time["samples"] = [factor * value for value in time["samples"]]
    bins = [[lo, lo + 10, 1 + lo % 7] for lo in range(100, 2500, 10)]
    if result["latency_ns"]:
        result["latency_ns"]["histogram"] = bins
    sleeps = (result["kernel"] or {}).get("sleeps")
    if sleeps:
        for key in ("run_queue_ns", "off_cpu_ns"):
            sleeps[key]["histogram"] = [[lo, lo + 1000, 3] for lo in range(1000, 60000, 1000)]


def add_stacks(path):
    """Into what the page is drawn from, as a session with stacks has them."""
    frames = [frame("__schedule", True), frame("futex_wait", True), frame(HOSTILE[0]), frame("worker")]
    stacks = [{"kind": kind, "frames": frames[at:], "truncated": False, "count": 10, "ns": 1000 * (at + 1)}
              for kind in ("sleep", "waker") for at in range(3)]
    with open(path, encoding="utf-8") as file:
        before, begin, rest = file.read().partition('id=data>')
    data, end, after = rest.partition("</script>")
    data = json.loads(data)
    for result in data["results"]:
        if result.get("kernel"):
            result["kernel"]["stacks"] = stacks
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + json.dumps(data).replace("<", "\\u003c") + end + after)
    return path


def is_clean(browser, what):
    tell(not browser.complaints, what + ": no error on the console", browser.complaints)
    asked = [url for url in browser.requests if not url.startswith("file:")]
    tell(not asked and len(browser.requests) == 1, what + ": nothing but the file is asked for",
         browser.requests)


def draws(browser, charts, what):
    """That every chart has shapes in it, and that none reaches beyond its page."""
    for name in charts:
        shapes = browser.ask("document.querySelectorAll('figure[data-chart=%s] :is(svg) :is(path, rect, circle, "
                             "line, polyline)').length" % name)
        tell((shapes or 0) > 4, "%s: %s draws" % (what, name), "%s shapes" % shapes)
    gone = browser.ask("[...document.querySelectorAll('figure[data-chart]')].map(f => f.dataset.chart)")
    tell(set(gone) == set(charts), what + ": and there is no other figure", gone)
    wide = browser.ask("document.documentElement.scrollWidth - innerWidth")
    tell(wide <= 0, what + ": nothing reaches beyond the page", "%s pixels" % wide)


def whole(browser, page):
    for width in (1280, 400):
        for dark in (False, True):
            what = "%d pixels, %s" % (width, "dark" if dark else "light")
            browser.look(width, dark=dark)
            browser.open(page)
            is_clean(browser, what)
            draws(browser, CHARTS, what)
            page_color = browser.ask("getComputedStyle(document.body).backgroundColor")
            tell((int(page_color[4:].split(",")[0]) < 100) == dark, what + ": the page is as the system is", page_color)
    browser.look()
    browser.open(page)
    before = browser.ask("getComputedStyle(document.body).backgroundColor")
    browser.ask("document.getElementById('theme').click()")
    tell(browser.ask("getComputedStyle(document.body).backgroundColor") != before,
         "the button changes to dark")


def sorts(browser, page):
    column = ("[...document.querySelectorAll('#summary tbody tr:not(.family)')]"
              ".map(r => parseFloat(r.cells[2].textContent.replace(/,/g, ''))).filter(n => !isNaN(n))")
    browser.open(page)
    before = browser.ask(column)
    press = "document.querySelectorAll('#summary thead th button')[2].click()"
    browser.ask(press)
    tell(len(before) > 2 and browser.ask(column) == sorted(before), "a click on a title sorts by it", before)
    browser.ask(press)
    tell(browser.ask(column) == sorted(before, reverse=True), "a second one the other way")
    browser.ask(press)
    tell(browser.ask(column) == before, "a third as it was")


def without_script(browser, page):
    browser.open(page, scripts=False)
    rows = browser.ask("document.querySelectorAll('#summary tbody tr:not(.family)').length")
    tell(rows == 8, "without JavaScript the table has its rows", rows)
    text = browser.ask("document.querySelector('.verdict').textContent")
    tell("atomic" in text, "and the verdict is there", text)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def is_inert(browser, page):
    browser.open(page)
    browser.settle()
    is_clean(browser, "hostile names")
    draws(browser, CHARTS + ["stacks"], "hostile names")
    for at, name in enumerate(HOSTILE):
        seen = browser.ask("document.querySelector('main').textContent.includes(%s)"
                           % json.dumps(name.replace("\u2028", "?")))
        tell(seen, "a hostile name is there as text (%d)" % at)
    made = browser.ask("document.querySelectorAll('img, main script, main b b, svg[onload]').length")
    tell(made == 0, "and makes no element", made)
    hover_all(browser)
    made = browser.ask("document.querySelectorAll('img, main script, svg[onload]').length")
    tell(made == 0, "nor when it is pointed at", made)
    title = browser.ask("document.title")
    tell(title.startswith("tracebench: " + HOSTILE[0]), "and runs nothing", title)
    tell(not browser.complaints, "nothing was even tried", browser.complaints)


def hover_all(browser):
    """The tooltips are made when something is pointed at."""
    shown = 0
    for name in CHARTS:
        browser.ask("document.querySelector('figure[data-chart=%s] .drawing').scrollIntoView({block: 'center'})" % name)
        box = browser.ask("(r => [r.x, r.y, r.width, r.height])(document.querySelector("
                          "'figure[data-chart=%s] .drawing').getBoundingClientRect())" % name)
        for part in range(1, 10):
            browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] * part / 10,
                         y=box[1] + box[3] / 2)
        browser.settle()
        shown += browser.ask("document.querySelectorAll('figure[data-chart=%s] .tip').length" % name) > 0
    tell(shown >= 2, "what is pointed at explains itself", "%d of %d" % (shown, len(CHARTS)))


def is_light(browser, page):
    size = os.path.getsize(page)
    browser.call("Performance.enable", timeDomain="threadTicks")
    browser.open(page)
    browser.settle()
    metrics = {m["name"]: m["value"] for m in browser.call("Performance.getMetrics")["metrics"]}
    browser.call("Performance.disable")
    # CPU time of the page's thread, which other load of the machine leaves alone.
    tell(size < MOST_BYTES, "a page of 282 results has less than 3 MiB", "%.2f MiB" % (size / (1 << 20)))
    tell(metrics["TaskDuration"] < MOST_CPU_S, "and is drawn in less than 2 s of CPU time",
         "%.2f s of CPU time, %s ms by the clock" % (metrics["TaskDuration"],
                                                    browser.ask("document.documentElement.dataset.drawnMs")))
    print("# %.2f MiB, %.2f s of CPU time" % (size / (1 << 20), metrics["TaskDuration"]), file=sys.stderr)
    is_clean(browser, "282 results")
    draws(browser, CHARTS + ["scaling"], "282 results")
    rows = "document.querySelectorAll('figure[data-chart=speed] svg text').length"
    before = browser.ask(rows)
    browser.ask("(s => { s.value = ''; s.dispatchEvent(new Event('change')); })"
                "(document.querySelector('.filters select'))")
    tell(browser.ask(rows) > before, "a filter that is taken away shows more")


def main():
    chromium, program, path, place = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        session = json.load(file)
    browser = Browser(chromium)
    try:
        page = render(program, session, place + "/page.html")
        whole(browser, page)
        sorts(browser, page)
        without_script(browser, page)
        is_inert(browser, add_stacks(render(program, hostile(session), place + "/hostile.html")))
        is_light(browser, render(program, scanned(session), place + "/full.html"))
    finally:
        browser.close()


main()
