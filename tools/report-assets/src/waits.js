// SPDX-License-Identifier: GPL-3.0-or-later
//
// Histograms of waits in the run queue and of absences from the CPU, of one result.
import { color } from "./theme.js";
import { sleepsOf, time } from "./session.js";
import { choice, decades, isNarrow, lines, put, tooltip } from "./chart.js";

const kinds = [
	["run_queue_ns", "wait in the run queue", "run-queue"],
	["off_cpu_ns", "absence from the CPU", "b1"],
];

function hasAny(result) {
	return kinds.some(([key]) => sleepsOf(result)?.[key]?.histogram?.length);
}

// The one whose tasks waited longest for a CPU has most to tell.
function waitedMost(results) {
	const share = ({ kernel: { sleeps: { budget_ns } } }) => budget_ns.run_queue / budget_ns.wall || 0;

	return results.reduce((most, result) => share(result) > share(most) ? result : most);
}

function axes(gridIndex, bins, name) {
	const edges = bins.flatMap(([lo, hi]) => [Math.max(1, lo), hi ?? Math.max(1, lo)]);

	return {
		xAxis: {
			type: "log",
			gridIndex,
			name,
			nameLocation: "middle",
			nameGap: 28,
			...decades(Math.min(...edges), Math.max(...edges)),
			...lines(),
			axisLabel: { color: color("dim"), formatter: time, hideOverlap: true },
		},
		yAxis: {
			type: "value",
			gridIndex,
			...lines(),
			axisLabel: { color: color("dim"), formatter: (share) => `${Number((100 * share).toPrecision(3))} %` },
		},
	};
}

function bars(at, bins, paint, all) {
	return {
		type: "custom",
		xAxisIndex: at,
		yAxisIndex: at,
		encode: { x: [0, 1], y: 2 },
		data: bins.map(([lo, hi, n]) => [Math.max(1, lo), hi ?? 2 * Math.max(1, lo), n / all, n]),
		renderItem: (_, api) => {
			const [x, y] = api.coord([api.value(0), api.value(2)]);
			const [end, ground] = api.coord([api.value(1), 0]);

			return {
				type: "rect",
				shape: { x, y, width: Math.max(1, end - x - 0.5), height: ground - y },
				style: { fill: color(paint) },
			};
		},
	};
}

export function waits(figure, session, filters) {
	const results = session.results.filter(hasAny);

	if (!results.length) return false;
	const chosen = choice(figure, "Of", results, waitedMost(results), () => draw());
	const draw = put(figure, () => {
		const sleeps = sleepsOf(chosen());
		const shown = kinds.map(([key, name, paint]) => ({
			bins: sleeps[key]?.histogram ?? [],
			name,
			paint,
		})).filter(({ bins }) => bins.length);
		const sums = shown.map(({ bins }) => bins.reduce((sum, [, , n]) => sum + n, 0));
		const made = shown.map(({ bins, name }, at) => axes(at, bins, name));
		const stacked = isNarrow();
		const grids = shown.map((_, at) => stacked ?
			{ left: 4, right: 16, top: 8 + 280 * at, height: 200, containLabel: true } :
			{ left: at ? "52%" : 4, right: at || shown.length === 1 ? 16 : "52%", top: 8, bottom: 44,
				containLabel: true });

		return {
			height: stacked ? 280 * shown.length : 300,
			grid: grids,
			tooltip: tooltip("item", ({ seriesIndex, value: [lo, hi, share, n] }) => [shown[seriesIndex].name, [
				["took", `${time(lo)} to ${time(hi)}`],
				["how often", `${n.toLocaleString("en-US")} (${(100 * share).toFixed(1)} %)`],
			]]),
			xAxis: made.map(({ xAxis }) => xAxis),
			yAxis: made.map(({ yAxis }) => yAxis),
			series: shown.map(({ bins, paint }, at) => bars(at, bins, paint, sums[at])),
		};
	}, filters);
	return true;
}
