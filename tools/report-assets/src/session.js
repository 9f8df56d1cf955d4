// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session's results, and what tells one from another.

// What a result may differ in, and how that is said.
const dimensions = [
	["mode", (value) => value],
	["workers", (value) => `w=${value}`],
	["batch", (value) => `b=${value}`],
	["permits", (value) => `permits=${value}`],
	["read_share", (value) => `reads=${value}%`],
	["message", (value) => `message=${value}`],
	["duration_ns", (value) => `d=${time(value)}`],
	["iterations", (value) => `n=${value}`],
	["critical_ns", (value) => `critical=${time(value)}`],
	["think_ns", (value) => `think=${time(value)}`],
	["pace", (value) => `pace=${value}`],
];

// Three digits.
export function digits(value) {
	if (value === 0) return "0";
	if (Math.abs(value) >= 1000) return Math.round(Number(value.toPrecision(3))).toLocaleString("en-US");
	return String(Number(value.toPrecision(3)));
}

export function time(ns) {
	const units = [[1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]];
	const [scale, unit] = units.find(([least]) => Math.abs(ns) >= least * 0.9995) ?? [1, "ns"];

	return `${digits(ns / scale)} ${unit}`;
}

function valuesOf(results, key) {
	return [...new Set(results.map((result) => result[key]).filter((value) => value != null))];
}

export function readSession(text) {
	const { results, plan } = JSON.parse(text);
	// The baseline has one worker whatever was asked for.
	const varies = (key) => key === "workers" ? plan.workers?.length > 1 :
		valuesOf(results, key).length > 1;
	const differing = dimensions.filter(([key]) => varies(key));
	// Without the one that a curve runs along, where there is one.
	const label = (result, without) =>
		[result.strategy, ...differing.filter(([key]) => key !== without && result[key] != null)
			.map(([key, say]) => say(result[key]))].join(" ");

	results.forEach((result) => {
		result.label = label(result);
	});
	return {
		plan,
		label,
		results: results.filter((result) => result.status === "ok"),
		dimensions: differing.map(([key]) => ({ key, values: valuesOf(results, key) })),
		families: valuesOf(results, "family"),
	};
}

// What the kernel's side saw, where its counts reconciled: anything else is not to be believed.
export function sleepsOf(result) {
	const sleeps = result.kernel?.sleeps;

	return sleeps?.reconciled?.ok ? sleeps : null;
}
