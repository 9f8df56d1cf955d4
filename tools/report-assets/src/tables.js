// SPDX-License-Identifier: GPL-3.0-or-later
//
// A click on a column's title sorts by it: ascending, descending, then as it was.

const scales = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

// "4.42 ms", "1/3,789", "<0.001", "50.1M", "12.3%"; null where it is no number.
export function numberIn(text) {
	const match = /^[<>~]?(1\/)?(-?[\d,]*\.?\d+)\s*(ns|us|ms|s|k|M|G|T)?\b/.exec(text.trim());

	if (!match) return null;
	const value = Number(match[2].replaceAll(",", "")) * (scales[match[3]] ?? 1);
	return match[1] ? 1 / value : value;
}

// What is no number comes last, whichever way.
function compare(a, b, direction) {
	const [x, y] = [numberIn(a), numberIn(b)];

	if (x !== null && y !== null) return direction * (x - y);
	if (x !== null || y !== null) return x === null ? 1 : -1;
	return direction * a.localeCompare(b);
}

function sort(table, bodies, column, direction) {
	const rows = bodies.flatMap(({ rows }) => rows);
	const text = (row) => row.cells[column]?.textContent ?? "";

	if (!direction) {
		bodies.forEach(({ body, rows: those }) => body.replaceChildren(...those));
		return;
	}
	bodies.forEach(({ body }) => body.replaceChildren());
	bodies[0].body.append(...rows.filter((row) => !row.classList.contains("family"))
		.sort((a, b) => compare(text(a), text(b), direction)));
}

export function makeSortable(table) {
	const bodies = [...table.tBodies].map((body) => ({ body, rows: [...body.rows] }));
	const heads = [...table.tHead.rows[0].cells];

	// Rows that are parts of the row above belong below it.
	if (!bodies.length || table.querySelector(".part")) return;
	heads.forEach((head, column) => {
		const button = document.createElement("button");

		button.type = "button";
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener("click", () => {
			const before = head.getAttribute("aria-sort");
			const next = before === "ascending" ? "descending" : before ? null : "ascending";

			heads.forEach((other) => other.removeAttribute("aria-sort"));
			if (next) head.setAttribute("aria-sort", next);
			sort(table, bodies, column, next === "ascending" ? 1 : next ? -1 : 0);
		});
	});
}
