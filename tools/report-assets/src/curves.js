// SPDX-License-Identifier: GPL-3.0-or-later
//
// What charts of many curves share: few are shown at first, each told from the others.
import { palette } from "./chart.js";
import { color } from "./theme.js";

// More curves than that are a tangle.
const AT_FIRST = 8;
const dashes = ["solid", "dashed", "dotted"];

// By name whether it is shown: the fastest.
export function selection(curves) {
	const ranked = [...curves].sort((a, b) => a.ns - b.ns).slice(0, AT_FIRST);

	return Object.fromEntries(curves.map((curve) => [curve.name, ranked.includes(curve)]));
}

export function strokeOf(at) {
	const paint = color(palette[at % palette.length]);

	return {
		itemStyle: { color: paint },
		lineStyle: {
			color: paint,
			width: 1.8,
			type: dashes[Math.floor(at / palette.length) % dashes.length],
		},
	};
}
