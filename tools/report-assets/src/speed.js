// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time per increment: a bar for the median, its confidence interval, and every repeat.
import { color } from "./theme.js";
import { digits } from "./session.js";
import { namesAxis, palette, put, tooltip, valueAxis, whisker } from "./chart.js";

const ROW = 24;

function describe(result) {
	const { median, ci95, samples } = result.time.ns_per_op;
	const { lost } = result.counter ?? {};

	return [result.label, [
		["median", `${digits(median)} ns`],
		["95 % CI", ci95 ? `${digits(ci95[0])} to ${digits(ci95[1])} ns` : "-"],
		["repeats", String(samples.length)],
		...(lost ? [["lost", `${lost.toLocaleString("en-US")} increments`]] : []),
	]];
}

export function speed(figure, session, filters) {
	const measured = (results) => results.filter(({ time }) => time?.ns_per_op?.median != null);

	if (!measured(session.results).length) return false;
	put(figure, () => {
		const results = measured(filters.results());
		const all = results.flatMap(({ time: { ns_per_op } }) =>
			[ns_per_op.median, ...(ns_per_op.ci95 ?? []), ...ns_per_op.samples]);
		const axis = valueAxis(all, "ns per increment", digits);
		const base = axis.min ?? 0;
		const paint = ({ family }) => color(palette[session.families.indexOf(family) % palette.length]);

		return {
			height: results.length * ROW + 64,
			grid: { top: 4, bottom: 44, left: 4, right: 72, containLabel: true },
			tooltip: tooltip("axis", ([{ dataIndex }]) => describe(results[dataIndex])),
			xAxis: axis,
			yAxis: namesAxis(results.map(({ label }) => label)),
			series: [
				{
					type: "bar",
					barWidth: "62%",
					data: results.map((result) => ({
						value: Math.max(base, result.time.ns_per_op.median),
						itemStyle: { color: paint(result), opacity: result.counter?.lost ? 0.35 : 0.85 },
					})),
				},
				{
					// What is written stands beyond all that is drawn.
					type: "scatter",
					symbolSize: 0.01,
					silent: true,
					data: results.map(({ time: { ns_per_op } }, at) =>
						[Math.max(ns_per_op.median, ns_per_op.ci95?.[1] ?? 0, ...ns_per_op.samples), at]),
					label: {
						show: true,
						position: "right",
						distance: 8,
						color: color("text"),
						formatter: ({ dataIndex }) => digits(results[dataIndex].time.ns_per_op.median) +
							(results[dataIndex].counter?.lost ? " !" : ""),
					},
				},
				{
					type: "scatter",
					symbolSize: 4,
					silent: true,
					itemStyle: { color: color("text"), opacity: 0.35 },
					data: results.flatMap(({ time: { ns_per_op } }, at) =>
						ns_per_op.samples.map((sample) => [sample, at])),
				},
				{
					type: "custom",
					silent: true,
					encode: { x: [1, 2], y: 0 },
					renderItem: (_, api) =>
						whisker(api, api.value(0), api.value(1), api.value(2), "x"),
					data: results.map(({ time: { ns_per_op } }, at) =>
						ns_per_op.ci95 && [at, ...ns_per_op.ci95]).filter(Boolean),
				},
			],
		};
	}, filters);
	return true;
}
