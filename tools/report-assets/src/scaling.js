// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time per increment over each option that was varied.
import { color } from "./theme.js";
import { digits, time } from "./session.js";
import { legend, lines, put, tooltip, valueAxis, whisker } from "./chart.js";
import { selection, strokeOf } from "./curves.js";

// "all" comes after every number.
function order(value) {
	return typeof value === "number" ? value : Infinity;
}

function curvesAlong(key, results, session) {
	const curves = new Map();

	for (const result of results) {
		if (result[key] == null || result.time?.ns_per_op?.median == null) continue;
		const name = session.label(result, key);

		if (!curves.has(name)) curves.set(name, { name, points: [], ns: Infinity });
		const curve = curves.get(name);

		curve.points.push(result);
		curve.ns = Math.min(curve.ns, result.time.ns_per_op.median);
	}
	return [...curves.values()].filter(({ points }) => points.length > 1);
}

function make(key, values, session, filters) {
	const curves = curvesAlong(key, filters.results(key), session);
	const all = curves.flatMap(({ points }) => points.map(({ time: of }) => of.ns_per_op.median));
	const say = (value) => key.endsWith("_ns") && typeof value === "number" ? time(value) : String(value);
	const shown = selection(curves);
	const at = (result) => values.indexOf(result[key]);

	return {
		height: 380,
		grid: { top: 44, bottom: 44, left: 12, right: 24, containLabel: true },
		legend: legend(curves.map(({ name }) => name), shown),
		tooltip: tooltip("item", ({ seriesName, dataIndex }) => {
			const curve = curves.find(({ name }) => name === seriesName);
			const { median, ci95 } = curve.points[dataIndex].time.ns_per_op;

			return [seriesName, [[key, say(curve.points[dataIndex][key])], ["median", `${digits(median)} ns`],
				["95 % CI", ci95 ? `${digits(ci95[0])} to ${digits(ci95[1])} ns` : "-"]]];
		}),
		xAxis: {
			type: "category",
			data: values.map(say),
			name: key.replace(/_ns$/, "").replace("_", " "),
			nameLocation: "middle",
			nameGap: 28,
			...lines(),
			axisLabel: { color: color("dim") },
		},
		yAxis: valueAxis(all, "", (ns) => `${digits(ns)} ns`),
		series: curves.flatMap(({ name, points }, index) => [
			{
				name,
				type: "line",
				symbol: "circle",
				symbolSize: 7,
				emphasis: { focus: "series" },
				...strokeOf(index),
				data: points.map((result) => [at(result), result.time.ns_per_op.median]),
			},
			{
				name,
				type: "custom",
				silent: true,
				encode: { x: 0, y: [1, 2] },
				renderItem: (_, api) => whisker(api, api.value(0), api.value(1), api.value(2), "y"),
				data: points.filter(({ time: of }) => of.ns_per_op.ci95)
					.map((result) => [at(result), ...result.time.ns_per_op.ci95]),
			},
		]),
	};
}

export function scaling(figure, session, filters) {
	let drawn = false;

	for (const { key, values } of session.dimensions) {
		const sorted = [...values].sort((a, b) => order(a) - order(b));

		if (key === "mode" || !curvesAlong(key, session.results, session).length) continue;
		put(figure, () => make(key, sorted, session, filters), filters);
		drawn = true;
	}
	return drawn;
}
