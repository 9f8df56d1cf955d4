// SPDX-License-Identifier: GPL-3.0-or-later
//
// A flame graph of the stacks that tasks slept with, or that they were woken from.
import flamegraph from "d3-flame-graph";
import { select } from "d3-selection";
import { choice } from "./chart.js";
import { color, onTheme } from "./theme.js";
import { time } from "./session.js";

const kinds = ["sleeps", "wakers"];
const kindOf = { sleeps: "sleep", wakers: "waker" };
const CELL = 19;

function nameOf({ symbol, object, offset, inlined }) {
	const name = symbol ?? `${object ?? "?"}${offset == null ? "" : `+0x${offset.toString(16)}`}`;

	return inlined ? `${name} (inlined)` : name;
}

function layerOf({ object, symbol }) {
	return object === "[kernel]" ? "kernel" : symbol ? "user" : "unknown";
}

// Outermost at the root.
function treeOf(stacks) {
	const root = { name: "all", value: 0, layer: "root", children: [] };

	for (const { frames, ns } of stacks) {
		let node = root;

		root.value += ns ?? 0;
		for (const frame of [...frames].reverse()) {
			const name = nameOf(frame);
			let child = node.children.find((other) => other.name === name);

			if (!child) {
				child = { name, value: 0, layer: layerOf(frame), children: [] };
				node.children.push(child);
			}
			child.value += ns ?? 0;
			node = child;
		}
	}
	return root;
}

function depthOf(node) {
	return 1 + Math.max(0, ...node.children.map(depthOf));
}

export function stacks(figure, session) {
	const results = session.results.filter(({ kernel }) =>
		kernel?.stacks?.length && kernel.stack_pass?.reconciled?.ok);

	if (!results.length) return false;
	const result = choice(figure, "Of", results, results[0], () => draw());
	const kind = choice(figure, "stacks of", kinds, kinds[0], () => draw());
	const place = document.createElement("div");
	const draw = () => {
		const tree = treeOf(result().kernel.stacks.filter((stack) => stack.kind === kindOf[kind()]));
		const paint = { kernel: color("system"), user: color("user"), unknown: color("faint"), root: color("faint") };
		const share = (ns) => tree.value ? `${(100 * ns / tree.value).toFixed(1)} %` : "-";
		const chart = flamegraph()
			.width(place.clientWidth || 960)
			.height((depthOf(tree) + 1) * CELL)
			.cellHeight(CELL)
			.transitionDuration(0)
			.minFrameSize(2)
			.sort(true)
			.inverted(false)
			.tooltip(false)
			.setColorMapper(({ data }) => paint[data.layer])
			.label(({ data }) => `${data.name}: ${time(data.value)}, ${share(data.value)}`);

		place.replaceChildren();
		if (tree.value) select(place).datum(tree).call(chart);
		else place.textContent = "None was recorded.";
	};

	place.className = "drawing flame";
	figure.append(place);
	// Its section was hidden, and what is hidden has no width.
	figure.closest("section").hidden = false;
	draw();
	onTheme(draw);
	let width = place.clientWidth;
	new ResizeObserver(() => {
		if (place.clientWidth && place.clientWidth !== width) {
			width = place.clientWidth;
			draw();
		}
	}).observe(place);
	return true;
}
