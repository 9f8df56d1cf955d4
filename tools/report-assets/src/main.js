// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the charts of the page from the JSON in it.  Whatever is in there is text: it goes to the
// page as text nodes or onto a chart, never as HTML.
import { readSession } from "./session.js";
import { makeFilters } from "./filters.js";
import { makeTheme } from "./theme.js";
import { makeSortable } from "./tables.js";
import { speed } from "./speed.js";
import { budget } from "./budget.js";
import { latency } from "./latency.js";
import { scaling } from "./scaling.js";
import { waits } from "./waits.js";
import { wakes } from "./wakes.js";
import { stacks } from "./stacks.js";

const charts = { speed, budget, latency, scaling, waits, wakes, stacks };

// A chart with nothing to show takes its figure with it, and its section where that has no table.
function draw(session, filters) {
	for (const figure of document.querySelectorAll("figure[data-chart]")) {
		const section = figure.closest("section");
		const drawn = charts[figure.dataset.chart](figure, session, filters);

		if (!drawn) {
			figure.remove();
			continue;
		}
		section.hidden = false;
		document.querySelector(`nav a[href="#${section.id}"]`)?.removeAttribute("data-drawn");
	}
}

const session = readSession(document.getElementById("data").textContent);

makeTheme(document.getElementById("theme"));
draw(session, makeFilters(document.querySelector("nav"), session));
document.querySelectorAll("main table").forEach(makeSortable);
// For who wants to know how long it took: milliseconds since the page was asked for.
document.documentElement.dataset.drawnMs = performance.now().toFixed(0);
