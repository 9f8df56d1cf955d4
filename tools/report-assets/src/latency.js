// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long passes took: the share that took at most so long, or, of the tail, more than that.
import { color } from "./theme.js";
import { time } from "./session.js";
import { choice, legend, lines, put, tooltip, valueAxis } from "./chart.js";
import { selection, strokeOf } from "./curves.js";

const scales = ["all passes", "the slowest (logarithmic)"];

// [ns, share that took less] at the edges of the bins.
function curve({ histogram, max }) {
	const all = histogram.reduce((sum, [, , n]) => sum + n, 0);
	let below = 0;

	return histogram.flatMap(([lo, hi, n]) => {
		const from = below;

		below += n;
		return [[Math.max(1, lo), from / all], [Math.max(1, Math.min(hi ?? max, max)), below / all]];
	});
}

function percent(share) {
	return `${Number((100 * share).toPrecision(8))} %`;
}

export function latency(figure, session, filters) {
	const timed = (results) => results.filter(({ latency_ns }) => latency_ns?.histogram?.length);

	if (!timed(session.results).length) return false;
	const scale = choice(figure, "Scale for", scales, scales[0], () => draw());
	const draw = put(figure, () => {
		const curves = timed(filters.results()).map((result) => ({
			name: result.label,
			ns: result.time.ns_per_op.median ?? Infinity,
			points: curve(result.latency_ns),
			result,
		}));
		const ofTail = scale() === scales[1];
		const least = Math.min(0.1, ...curves.map(({ result }) => 1 / result.latency_ns.count));
		const all = curves.flatMap(({ points }) => points.map(([ns]) => ns));

		return {
			height: 420,
			grid: { top: 44, bottom: 44, left: 12, right: 24, containLabel: true },
			legend: legend(curves.map(({ name }) => name), selection(curves)),
			tooltip: tooltip("item", ({ seriesIndex }) => {
				const { result: { latency_ns: of }, name } = curves[seriesIndex];

				return [name, [["P50", time(of.p50)], ["P99", time(of.p99)], ["P99.9", time(of.p99_9)],
					["longest", time(of.max)], ["passes timed", of.count.toLocaleString("en-US")]]];
			}),
			xAxis: valueAxis(all, "a pass took", time, { type: "log" }),
			yAxis: ofTail ? {
				type: "log",
				inverse: true,
				min: 10 ** Math.floor(Math.log10(least)),
				max: 1,
				...lines(),
				axisLabel: { color: color("dim"), formatter: (share) => percent(1 - share) },
			} : {
				type: "value",
				min: 0,
				max: 1,
				...lines(),
				axisLabel: { color: color("dim"), formatter: percent },
			},
			series: curves.map(({ name, points }, at) => ({
				name,
				type: "line",
				showSymbol: false,
				symbolSize: 6,
				triggerLineEvent: true,
				emphasis: { focus: "series" },
				...strokeOf(at),
				data: ofTail ? points.filter(([, share]) => share < 1).map(([ns, share]) => [ns, 1 - share]) :
					points,
			})),
		};
	}, filters);
	return true;
}
