// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the time of all tasks went, in parts that add up to all of it.
import { color } from "./theme.js";
import { sleepsOf, time } from "./session.js";
import { legend, lines, namesAxis, put, tooltip } from "./chart.js";

const ROW = 24;
const paints = {
	user: "user",
	system: "system",
	"on CPU": "user",
	"run queue": "run-queue",
	unaccounted: "unaccounted",
};
const reasons = ["b0", "b1", "b2", "b3", "b4", "b5"];

// [name, ns] of all parts.
function parts(result) {
	const { on_cpu, run_queue, blocked, unaccounted } = sleepsOf(result).budget_ns;
	const split = result.kernel.calls?.reconciled?.ok ? result.kernel.calls.on_cpu_ns : null;
	const all = split && split.user + split.system + split.crossing;
	const onCpu = all > 0 ? [
		["user", on_cpu * split.user / all],
		["system", on_cpu * (split.system + split.crossing) / all],
	] : [["on CPU", on_cpu]];

	return [
		...onCpu,
		["run queue", run_queue],
		...Object.entries(blocked).map(([reason, ns]) => [reason.replace("_", " "), ns]),
		["unaccounted", Math.abs(unaccounted)],
	];
}

export function budget(figure, session, filters) {
	const seen = (results) => results.filter((result) => sleepsOf(result)?.budget_ns?.wall > 0);

	if (!seen(session.results).length) return false;
	put(figure, () => {
		const rows = seen(filters.results()).map((result) => ({
			label: result.label,
			ops: sleepsOf(result).ops,
			parts: new Map(parts(result)),
			wall: sleepsOf(result).budget_ns.wall,
		}));
		const names = [...new Set(rows.flatMap(({ parts: those }) => [...those]
			.filter(([, ns]) => ns > 0).map(([name]) => name)))];
		const order = ["user", "on CPU", "system", "run queue"];
		const blocked = names.filter((name) => !paints[name]);
		const sorted = [...order.filter((name) => names.includes(name)), ...blocked,
			...names.filter((name) => name === "unaccounted")];
		const paint = (name) => color(paints[name] ?? reasons[blocked.indexOf(name) % reasons.length]);
		const describe = ({ label, ops, parts: those, wall }) => [label, sorted
			.filter((name) => those.get(name) > 0)
			.map((name) => [name, `${(100 * those.get(name) / wall).toFixed(1)} %`,
				ops ? `${time(those.get(name) / ops)} an increment` : ""])];

		return {
			height: rows.length * ROW + 76,
			grid: { top: 40, bottom: 28, left: 4, right: 24, containLabel: true },
			legend: legend(sorted),
			tooltip: tooltip("axis", ([{ dataIndex }]) => describe(rows[dataIndex])),
			xAxis: {
				type: "value",
				max: 100,
				...lines(),
				axisLabel: { color: color("dim"), formatter: "{value} %" },
			},
			yAxis: namesAxis(rows.map(({ label }) => label)),
			series: sorted.map((name) => ({
				name,
				type: "bar",
				stack: "all",
				barWidth: "70%",
				itemStyle: { color: paint(name), borderColor: color("page"), borderWidth: 0.5 },
				data: rows.map(({ parts: those, wall }) => 100 * (those.get(name) ?? 0) / wall),
			})),
		};
	}, filters);
	return true;
}
