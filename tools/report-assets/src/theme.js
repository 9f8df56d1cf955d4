// SPDX-License-Identifier: GPL-3.0-or-later
//
// Dark or light: as the system has it, until the button says otherwise.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];

export function color(name) {
	return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

export function onTheme(listener) {
	listeners.push(listener);
}

function isDark() {
	return (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
}

export function makeTheme(button) {
	const say = () => {
		button.textContent = isDark() ? "Light" : "Dark";
		listeners.forEach((listener) => listener());
	};

	button.hidden = false;
	button.addEventListener("click", () => {
		root.dataset.theme = isDark() ? "light" : "dark";
		say();
	});
	system.addEventListener("change", say);
	// Paper is white.
	addEventListener("beforeprint", () => {
		button.dataset.before = root.dataset.theme ?? "";
		root.dataset.theme = "light";
		say();
	});
	addEventListener("afterprint", () => {
		if (button.dataset.before) root.dataset.theme = button.dataset.before;
		else delete root.dataset.theme;
		say();
	});
	say();
}
