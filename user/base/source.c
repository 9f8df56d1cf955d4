/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/source.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The path as the compiler was given it; of one that is long, the file's name alone. */
static void put_file(struct code_frame *frame, const char *path)
{
	if (path)
		foreign_fit(strlen(path) < FRAME_FILE ? path : base_of(path), frame->file,
			    FRAME_FILE);
}

static void put_line(struct code_frame *frame, Dwfl_Module *module, Dwarf_Addr address)
{
	Dwfl_Line *found = dwfl_module_getsrc(module, address);
	int line = 0;

	if (!found)
		return;
	put_file(frame, dwfl_lineinfo(found, NULL, &line, NULL, NULL, NULL));
	frame->line = line > 0 ? (unsigned int)line : 0;
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value = 0;

	dwarf_formudata(dwarf_attr(die, name, &attribute), &value);
	return value;
}

/* Where the inlined function was called: that is where its caller is. */
static void put_call(struct code_frame *frame, Dwarf_Die *unit, Dwarf_Die *inlined)
{
	Dwarf_Files *files;
	size_t n;

	*frame->file = '\0';
	if (!dwarf_getsrcfiles(unit, &files, &n))
		put_file(frame,
			 dwarf_filesrc(files, number_of(inlined, DW_AT_call_file), NULL, NULL));
	frame->line = (unsigned int)number_of(inlined, DW_AT_call_line);
}

/* `frame` comes with the place of the innermost one, and goes with that of the outermost. */
static void show_inlined(Dwarf_Die *unit, Dwarf_Die *scopes, int n, struct code_frame *frame,
			 see_frame *see, void *context)
{
	for (int i = 0; i < n && dwarf_tag(&scopes[i]) != DW_TAG_subprogram; i++) {
		const char *name;

		if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine)
			continue;
		name = dwarf_diename(&scopes[i]);
		foreign_fit(name ? name : "", frame->symbol, FRAME_SYMBOL);
		frame->inlined = true;
		see(context, frame);
		put_call(frame, unit, &scopes[i]);
	}
	frame->inlined = false;
}

/*
 * The scopes around an address, of the code that is there: dwarf_getscopes() itself goes on, from an
 * inlined function, with what is around its definition.
 */
static void find_inlined(Dwfl_Module *module, Dwarf_Addr address, struct code_frame *frame,
			 see_frame *see, void *context)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = dwfl_module_addrdie(module, address, &bias);
	Dwarf_Die *around = NULL, *scopes = NULL;
	int n;

	if (!unit || dwarf_getscopes(unit, address - bias, &around) <= 0)
		return;
	n = dwarf_getscopes_die(&around[0], &scopes);
	if (n > 0)
		show_inlined(unit, scopes, n, frame, see, context);
	free(scopes);
	free(around);
}

/* Of the object that it is in, until the symbol is known. */
static void put_object(struct code_frame *frame, Dwfl_Module *module, uint64_t address)
{
	const char *path = NULL;
	Dwarf_Addr start = 0;

	dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, &path, NULL);
	foreign_fit(path ? base_of(path) : "", frame->object, FRAME_OBJECT);
	frame->offset = address - start;
}

static void put_symbol(struct code_frame *frame, Dwfl_Module *module, uint64_t address,
		       unsigned int call)
{
	const char *found;
	GElf_Off offset = 0;
	GElf_Sym symbol;

	found = dwfl_module_addrinfo(module, address - call, &offset, &symbol, NULL, NULL, NULL);
	*frame->symbol = '\0';
	/* What has no size is a mark, not a function. */
	if (!found || offset >= symbol.st_size)
		return;
	foreign_fit(found, frame->symbol, FRAME_SYMBOL);
	/* "pthread_mutex_lock@@GLIBC_2.2.5" */
	frame->symbol[strcspn(frame->symbol, "@")] = '\0';
	frame->offset = offset + call;
}

void source_frames(Dwfl_Module *module, uint64_t address, unsigned int call, see_frame *see,
		   void *context)
{
	struct code_frame frame = { .line = 0 };

	put_object(&frame, module, address);
	put_line(&frame, module, address - call);
	find_inlined(module, address - call, &frame, see, context);
	put_symbol(&frame, module, address, call);
	see(context, &frame);
}
