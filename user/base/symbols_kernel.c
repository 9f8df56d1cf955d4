/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbols_kernel.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_SYMBOL (64 << 10)
#define KERNEL_HALF (1ULL << 63)

struct line {
	uint64_t address;
	char type; /* as nm(1) has it */
	const char *name;
	const char *module; /* "[ext4]"; "": the kernel itself */
};

/* "address type name", and for a module's symbol "\t[module]". */
static bool split_line(char *text, struct line *line)
{
	char *rest;

	if (!isxdigit((unsigned char)*text))
		return false;
	line->address = strtoull(text, &rest, 16);
	if (rest[0] != ' ' || !rest[1] || rest[2] != ' ')
		return false;
	line->type = rest[1];
	rest += 3;
	line->name = strsep(&rest, " \t\n");
	line->module = rest ? strsep(&rest, "\n") : "";
	return *line->name != '\0';
}

static bool is_part(char type, enum kernel_part part)
{
	static const char *const types[] = {
		[KERNEL_DATA] = "bBdDrRvV",
		[KERNEL_CODE] = "tTwW",
	};

	return strchr(types[part], type) != NULL;
}

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

static bool ends(const char *name, const char *with)
{
	size_t length = strlen(name), n = strlen(with);

	return length >= n && strcmp(name + length - n, with) == 0;
}

/*
 * As include/asm-generic/sections.h and the linker scripts name them. A kernel without
 * CONFIG_KALLSYMS_ALL has no data in its table but these, megabytes apart. A variable that is named
 * like one is not told: better no name than a wrong one.
 */
static bool is_mark(const char *name)
{
	static const char *const starts[] = { "__start_", "__stop_", "__end_" };
	static const char *const tails[] = {
		"_start", "_begin", "_stop", "_end", "_base", "_limit"
	};
	static const char *const marks[] = { "_text",	   "_stext", "_etext",
					     "_sdata",	   "_edata", "_sinittext",
					     "_einittext", "_data",  "__per_cpu_load" };
	bool mark = false;

	if (*name != '_')
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		mark |= begins(name, starts[i]);
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
		mark |= ends(name, tails[i]);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		mark |= strcmp(name, marks[i]) == 0;
	return mark;
}

/* Makes room for `more` items behind `n`. Returns the array, moved or not; NULL: no memory. */
static void *reserve(void *items, size_t n, size_t more, size_t *room, size_t item_bytes)
{
	size_t wanted = *room ? *room : 4096;

	if (items && n + more <= *room)
		return items;
	while (wanted < n + more)
		wanted *= 2;
	items = reallocarray(items, wanted, item_bytes);
	if (items)
		*room = wanted;
	return items;
}

static int add_text(struct kernel_symbols *symbols, const char *text)
{
	size_t bytes = strlen(text) + 1;
	char *texts = reserve(symbols->texts, symbols->texts_bytes, bytes, &symbols->texts_room, 1);

	if (!texts)
		return -ENOMEM;
	symbols->texts = texts;
	memcpy(texts + symbols->texts_bytes, text, bytes);
	symbols->texts_bytes += bytes;
	return 0;
}

static int add_symbol(struct kernel_symbols *symbols, const struct line *line)
{
	struct kernel_symbol *all =
		reserve(symbols->symbols, symbols->n, 1, &symbols->n_room, sizeof(*all));

	if (!all)
		return -ENOMEM;
	symbols->symbols = all;
	all[symbols->n++] = (struct kernel_symbol){
		.address = line->address,
		.text = symbols->texts_bytes,
		.global = isupper((unsigned char)line->type),
		.mark = is_mark(line->name),
	};
	return add_text(symbols, line->name) ?: add_text(symbols, line->module);
}

static const char *name_of(const struct kernel_symbols *symbols, const struct kernel_symbol *symbol)
{
	return symbols->texts + symbol->text;
}

static const char *module_of(const struct kernel_symbols *symbols,
			     const struct kernel_symbol *symbol)
{
	const char *name = name_of(symbols, symbol);

	return name + strlen(name) + 1;
}

/* By address; of one address the best name first, and always the same. */
static int compare(const void *left, const void *right, void *context)
{
	const struct kernel_symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->mark != b->mark)
		return a->mark ? 1 : -1;
	if (a->global != b->global)
		return a->global ? -1 : 1;
	return strcmp(name_of(context, a), name_of(context, b));
}

static void sort(struct kernel_symbols *symbols)
{
	struct kernel_symbol *all = symbols->symbols;
	size_t n = 0;

	if (symbols->n > 0)
		qsort_r(all, symbols->n, sizeof(*all), compare, symbols);
	for (size_t i = 0; i < symbols->n; i++) {
		if (n > 0 && all[n - 1].address == all[i].address)
			continue;
		symbols->n_named += !all[i].mark;
		all[n++] = all[i];
	}
	symbols->n = n;
}

int kernel_symbols_read(FILE *kallsyms, enum kernel_part part, struct kernel_symbols *symbols)
{
	char *text = NULL;
	size_t size = 0;
	bool any = false, shown = false;
	int err = 0;

	errno = 0;
	while (!err && getline(&text, &size, kallsyms) >= 0) {
		struct line line;

		if (!split_line(text, &line))
			continue;
		any = true;
		shown |= line.address != 0;
		if (is_part(line.type, part) && line.address & KERNEL_HALF)
			err = add_symbol(symbols, &line);
	}
	if (!err && !feof(kallsyms))
		err = errno ? -errno : -EIO;
	free(text);
	symbols->hidden = any && !shown;
	sort(symbols);
	return err;
}

void kernel_symbols_free(struct kernel_symbols *symbols)
{
	free(symbols->symbols);
	free(symbols->texts);
	*symbols = (struct kernel_symbols){ 0 };
}

/* The last one that does not begin behind it; n: there is none. */
static size_t at_or_before(const struct kernel_symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : symbols->n;
}

/* How many bytes it has at most. */
static uint64_t room_of(const struct kernel_symbols *symbols, size_t i)
{
	const struct kernel_symbol *symbol = &symbols->symbols[i], *next = symbol + 1;
	bool last = i + 1 == symbols->n ||
		    strcmp(module_of(symbols, symbol), module_of(symbols, next)) != 0;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t room = last ? page - symbol->address % page : LONGEST_SYMBOL;

	if (i + 1 < symbols->n && next->address - symbol->address < room)
		room = next->address - symbol->address;
	return room;
}

const char *kernel_symbols_at(const struct kernel_symbols *symbols, uint64_t address,
			      uint64_t *offset)
{
	size_t i = at_or_before(symbols, address);

	if (i == symbols->n || symbols->symbols[i].mark)
		return NULL;
	*offset = address - symbols->symbols[i].address;
	return *offset < room_of(symbols, i) ? name_of(symbols, &symbols->symbols[i]) : NULL;
}

bool kernel_symbols_find(const struct kernel_symbols *symbols, uint64_t address,
			 char name[SYMBOL_NAME])
{
	uint64_t offset;
	const char *found = kernel_symbols_at(symbols, address, &offset);

	if (found)
		symbol_name(found, offset, name);
	return found != NULL;
}
