// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who woke whom in one result: parties on a circle, an arrow for each edge.
import { color } from "./theme.js";
import { sleepsOf, time } from "./session.js";
import { choice, put, tooltip } from "./chart.js";

function edgesOf(result) {
	const sleeps = sleepsOf(result);

	return sleeps?.wakers?.reconciled?.ok ? sleeps.wake_edges ?? [] : [];
}

function wakesMost(results) {
	const count = (result) => edgesOf(result).reduce((sum, { count: n }) => sum + n, 0);

	return results.reduce((most, result) => count(result) > count(most) ? result : most);
}

// On a circle, the first to the left.  Two are not on one height: a picture has one.
function placeOf(at, all) {
	const angle = Math.PI * (1.08 + 2 * at / all);

	return { x: 1.6 * Math.cos(angle), y: Math.sin(angle) };
}

export function wakes(figure, session) {
	const results = session.results.filter((result) => edgesOf(result).length);

	if (!results.length) return false;
	const chosen = choice(figure, "Of", results, wakesMost(results), () => draw());
	const draw = put(figure, () => {
		const edges = edgesOf(chosen());
		const all = edges.reduce((sum, { count }) => sum + count, 0);
		const names = [...new Set(edges.flatMap(({ waker, wakee }) => [waker, wakee]))].sort();
		const id = (name) => String(names.indexOf(name));
		const isTask = (name) => /^(worker|owner)/.test(name);
		const share = (count) => `${(100 * count / all).toFixed(1)} %`;

		return {
			height: 360,
			tooltip: tooltip("item", ({ dataType, dataIndex }) => {
				if (dataType !== "edge") return [names[dataIndex], []];
				const { waker, wakee, count, latency_ns, max_ns } = edges[dataIndex];

				return [`${waker} → ${wakee}`, [
					["wake-ups", `${count.toLocaleString("en-US")} (${share(count)})`],
					["from waking to the CPU", latency_ns == null ? "-" : `${time(latency_ns)} on the average`],
					["longest", max_ns == null ? "-" : time(max_ns)],
				]];
			}),
			series: [{
				type: "graph",
				layout: "none",
				left: "22%",
				right: "22%",
				top: 44,
				bottom: 44,
				symbolSize: 34,
				edgeSymbol: ["none", "arrow"],
				edgeSymbolSize: 9,
				label: { show: true, position: "right", color: color("text"), formatter: ({ dataIndex }) => names[dataIndex] },
				data: names.map((name, at) => ({
					id: id(name),
					...placeOf(at, names.length),
					itemStyle: { color: color(isTask(name) ? "c0" : "c3") },
				})),
				edges: edges.map(({ waker, wakee, count }) => ({
					source: id(waker),
					target: id(wakee),
					lineStyle: {
						width: 1 + 6 * count / all,
						curveness: waker === wakee ? 0.6 : 0.18,
						color: color("dim"),
						opacity: 0.75,
					},
					label: { show: edges.length <= 12, color: color("dim"), formatter: () => share(count) },
				})),
			}],
		};
	});
	return true;
}
