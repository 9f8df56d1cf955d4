// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the charts share: how they are put on the page, coloured, measured and explained.
import { init, use } from "echarts/core";
import { BarChart, CustomChart, GraphChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendScrollComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { color, onTheme } from "./theme.js";

use([BarChart, CustomChart, GraphChart, LineChart, ScatterChart, GridComponent,
	LegendScrollComponent, TooltipComponent, SVGRenderer]);

// Beyond so many times the least, lengths can be compared on a logarithmic axis only.
const SPAN_OF_LINEAR = 50;
const NARROW = 560;

export const palette = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"];

export function isNarrow() {
	return innerWidth < NARROW;
}

// Puts a chart into the figure.  make() says how high it is and what is in it; it is asked again when
// colours, filters or the width change.
export function put(figure, make, filters) {
	const place = document.createElement("div");
	let chart = null;
	const draw = () => {
		const { height, ...option } = make();

		place.style.height = `${height}px`;
		if (chart) chart.resize();
		else chart = init(place, null, { renderer: "svg" });
		chart.setOption({ ...common(), ...option }, true);
	};

	place.className = "drawing";
	figure.append(place);
	draw();
	onTheme(draw);
	filters?.onChange(draw);
	let width = place.clientWidth;
	new ResizeObserver(() => {
		if (place.clientWidth && place.clientWidth !== width) {
			width = place.clientWidth;
			draw();
		}
	}).observe(place);
	return draw;
}

function common() {
	return {
		animation: false,
		textStyle: { color: color("text"), fontFamily: "system-ui, sans-serif", fontSize: 12 },
		color: palette.map(color),
	};
}

// A tooltip is made of nodes, so that a name in it cannot be more than a name.
function tip(title, rows) {
	const box = document.createElement("div");
	const table = document.createElement("table");
	const head = document.createElement("b");

	head.textContent = title;
	rows.forEach((row) => {
		const line = table.insertRow();

		row.forEach((text) => {
			line.insertCell().textContent = text;
		});
	});
	box.className = "tip";
	box.append(head, table);
	return box;
}

// say(what ECharts tells of the place) gives [title, rows].
export function tooltip(trigger, say) {
	return {
		trigger,
		confine: true,
		transitionDuration: 0,
		backgroundColor: color("raised"),
		borderColor: color("line"),
		textStyle: { color: color("text"), fontSize: 12 },
		axisPointer: { type: "shadow", shadowStyle: { color: color("hover") } },
		formatter: (params) => {
			const said = say(params);

			return said ? tip(...said) : "";
		},
	};
}

export function legend(names, selected) {
	return {
		type: "scroll",
		data: names,
		selected,
		top: 0,
		left: 0,
		right: 0,
		icon: "roundRect",
		itemWidth: 12,
		itemHeight: 8,
		textStyle: { color: color("text"), width: 240, overflow: "truncate" },
		inactiveColor: color("faint"),
		pageIconColor: color("text"),
		pageIconInactiveColor: color("faint"),
		pageTextStyle: { color: color("dim") },
	};
}

// From a power of ten to a power of ten; bars begin where the axis does.
export function decades(least, most) {
	const min = 10 ** Math.floor(Math.log10(least));

	return { min, startValue: min, max: 10 ** Math.ceil(Math.log10(most)) };
}

// A value axis, logarithmic where what it is for spans decades.
export function valueAxis(values, name, say, extra) {
	const positive = values.filter((value) => value > 0);
	// Not Math.min(...positive): there may be more of them than a call takes arguments.
	const least = positive.reduce((a, b) => Math.min(a, b), Infinity);
	const most = positive.reduce((a, b) => Math.max(a, b), -Infinity);
	const isLog = most / least > SPAN_OF_LINEAR && positive.length === values.length;

	return {
		type: isLog ? "log" : "value",
		name,
		nameLocation: "middle",
		nameGap: 28,
		...(isLog ? decades(least, most) : {}),
		...lines(),
		axisLabel: { color: color("dim"), formatter: say, hideOverlap: true },
		...extra,
	};
}

export function lines() {
	return {
		nameTextStyle: { color: color("dim") },
		splitLine: { lineStyle: { color: color("grid") } },
		minorSplitLine: { show: false },
		axisLine: { show: false },
		axisTick: { show: false },
	};
}

// Names of results from top to bottom.
export function namesAxis(names) {
	return {
		type: "category",
		data: names,
		inverse: true,
		axisLine: { lineStyle: { color: color("line") } },
		axisTick: { show: false },
		axisLabel: { color: color("text"), width: isNarrow() ? 110 : 220, overflow: "truncate", interval: 0 },
	};
}

// A line between two values with a stroke at either end, in a custom series.
export function whisker(api, at, low, high, along) {
	const [a, b] = along === "x" ? [api.coord([low, at]), api.coord([high, at])] :
		[api.coord([at, low]), api.coord([at, high])];
	const [dx, dy] = along === "x" ? [0, 4] : [4, 0];
	const stroke = (x1, y1, x2, y2) => ({
		type: "line",
		shape: { x1, y1, x2, y2 },
		style: { stroke: color("text"), lineWidth: 1.2 },
	});

	return {
		type: "group",
		children: [
			stroke(a[0], a[1], b[0], b[1]),
			stroke(a[0] - dx, a[1] - dy, a[0] + dx, a[1] + dy),
			stroke(b[0] - dx, b[1] - dy, b[0] + dx, b[1] + dy),
		],
	};
}

// A list to choose one of the results from, above the drawing.
export function choice(figure, words, results, chosen, onChange) {
	const label = document.createElement("label");
	const select = document.createElement("select");

	label.className = "choice";
	label.append(`${words} `, select);
	results.forEach((result, at) => select.append(new Option(result.label ?? result, at)));
	select.value = Math.max(0, results.indexOf(chosen));
	select.addEventListener("change", onChange);
	figure.append(label);
	return () => results[select.value];
}
