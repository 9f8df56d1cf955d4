// SPDX-License-Identifier: GPL-3.0-or-later
//
// Run by tools/report-assets/build in the directory that has src/ and node_modules/.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { build } = createRequire(join(process.cwd(), "x"))("esbuild");

const bundled = await build({
	entryPoints: ["src/main.js"],
	bundle: true,
	format: "iife",
	minify: true,
	legalComments: "none", // their texts are in licences.txt, whole
	target: "es2020",
	loader: { ".css": "empty" },
	metafile: true,
	write: false,
	logLevel: "warning",
});
const styles = await build({
	entryPoints: ["src/page.css"],
	bundle: true,
	minify: true,
	write: false,
	logLevel: "warning",
});

// Nothing in a script may end it, and no "<!--" may begin what hides its end.
const script = bundled.outputFiles[0].text.replace(/<(?=\/script|!--)/gi, "\\x3c");

const packages = new Set();
for (const input of Object.keys(bundled.metafile.inputs)) {
	const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
	if (name) packages.add(name[1]);
}
const escape = (text) =>
	text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

function licence(name) {
	const folder = join("node_modules", name);
	const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	const files = readdirSync(folder, { recursive: true })
		.filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
		.filter((file) => statSync(join(folder, file)).isFile());
	if (!files.length) throw new Error(`${name} ${version} has no licence file`);
	const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
	return `==== ${name} ${version} (${license}) ====\n\n${texts.join("\n\n")}\n`;
}

writeFileSync("page.js", script);
writeFileSync("page.js.hash", "sha256-" + createHash("sha256").update(script).digest("base64"));
writeFileSync("page.css", styles.outputFiles[0].text);
writeFileSync("licences.txt", escape([...packages].sort().map(licence).join("\n")));
