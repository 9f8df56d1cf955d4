// SPDX-License-Identifier: GPL-3.0-or-later
//
// Of a session with many results, the charts show those of one kind.

// Of fewer results nobody wants but a part, and more rows than that are no picture.
const SOME = 12, MANY = 40;

function preferred(values) {
	return values.includes(2) ? 2 : values[0];
}

export function makeFilters(nav, session) {
	const chosen = new Map();
	const listeners = [];
	const many = session.results.length > MANY;
	const passes = (result, without) =>
		[...chosen].every(([key, value]) => key === without || value === "" ||
			result[key] == null || String(result[key]) === value);
	const bar = document.createElement("span");

	bar.className = "filters";
	for (const { key, values } of session.dimensions) {
		const label = document.createElement("label");
		const select = document.createElement("select");

		chosen.set(key, many ? String(preferred(values)) : "");
		label.append(`${key.replace(/_ns$/, "").replace("_", " ")} `, select);
		select.append(new Option("all", ""));
		values.forEach((value) => select.append(new Option(String(value), String(value))));
		select.value = chosen.get(key);
		select.addEventListener("change", () => {
			chosen.set(key, select.value);
			listeners.forEach((listener) => listener());
		});
		bar.append(label);
	}
	if (session.dimensions.length && session.results.length > SOME) nav.append(bar);
	return {
		// The results that pass all filters, or all but one.
		results: (without) => session.results.filter((result) => passes(result, without)),
		onChange: (listener) => listeners.push(listener),
	};
}
