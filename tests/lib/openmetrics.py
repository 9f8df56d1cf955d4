#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `FILE` holds is OpenMetrics text 1.0, and nothing else.

usage: openmetrics.py FILE

A strict reader of what we write of the format: metadata in the order TYPE, UNIT,
HELP before a family's samples, each family in one piece, names that end in their
unit, label values escaped, no sample twice, and "# EOF" as the last line.  Prints
the number of samples; exits 1 with one line that says what is wrong and where.
"""

import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)$")
TYPES = {"gauge", "counter", "summary", "histogram", "info", "stateset", "unknown"}


class Wrong(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Wrong(why)


def labels_of(text):
    found, at = [], 0
    while text is not None and at < len(text):
        match = LABEL.match(text, at)
        need(match, f"no label at '{text[at:at + 30]}'")
        found.append(match.groups())
        at = match.end()
        if at < len(text):
            need(text[at] == "," and at + 1 < len(text), f"no comma at '{text[at:at + 30]}'")
            at += 1
    names = [name for name, _ in found]
    need(len(set(names)) == len(names), "a label twice")
    need(not any(name.startswith("__") for name in names), "a reserved label")
    need(not {"quantile", "le"} & set(names), "a label that gauges do not have")
    return tuple(sorted(found))


class Reader:
    def __init__(self):
        self.families = set()
        self.seen = set()
        self.family = self.unit = self.help = None
        self.sampled = False

    def metadata(self, line):
        word, name, rest = line[2:].split(" ", 2)
        if word == "TYPE":
            need(name not in self.families, f"family {name} is there already")
            need(re.fullmatch(NAME, name), f"{name} is no name")
            need(rest in TYPES, f"{rest} is no type")
            need(rest == "gauge", f"{name}: a session that is over has gauges alone")
            self.families.add(name)
            self.family, self.unit, self.help, self.sampled = name, None, None, False
            return
        need(name == self.family and not self.sampled, f"{word} of {name} is out of place")
        if word == "UNIT":
            need(self.unit is None and self.help is None, f"UNIT of {name} is out of place")
            need(name.endswith("_" + rest), f"{name} does not end in its unit {rest}")
            self.unit = rest
        else:
            need(word == "HELP" and self.help is None, f"{word} of {name}")
            need(rest and not re.search(r"\\(?![\\n\"])", rest), f"HELP of {name}: escapes")
            self.help = rest

    def sample(self, line):
        match = SAMPLE.match(line)
        need(match, "this is no sample")
        name, labels, value = match.groups()
        need(name == self.family and self.help, f"{name} is not of the family above it")
        key = (name, labels_of(labels))
        need(key not in self.seen, f"{key} twice")
        self.seen.add(key)
        self.sampled = True
        need(re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", value), f"number {value}")

    def read(self, text):
        need(text.endswith("# EOF\n"), "the last line is not '# EOF'")
        for number, line in enumerate(text[:-len("# EOF\n")].split("\n")[:-1], 1):
            try:
                need(line, "an empty line")
                (self.metadata if line.startswith("# ") else self.sample)(line)
            except (Wrong, ValueError) as wrong:
                raise Wrong(f"line {number}: {wrong}: {line[:80]}") from wrong


def main():
    reader = Reader()
    with open(sys.argv[1], "rb") as file:
        text = file.read().decode("utf-8")
    try:
        reader.read(text)
    except Wrong as wrong:
        print(f"{sys.argv[1]}: {wrong}")
        return 1
    print(len(reader.seen))
    return 0


if __name__ == "__main__":
    sys.exit(main())
