/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbols_user.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build_id.h"
#include "base/log.h"
#include "base/mapping.h"

/* What the dynamic linker has loaded at an address. */
struct object {
	uint64_t address; /* what is looked for */
	bool found;
	bool program; /* the executable itself */
	const char *path; /* of a library, as the dynamic linker found it */
	struct dl_phdr_info info;
	uint64_t offset; /* of the address in the file, or where it would be if .bss were in there */
	unsigned long long unloaded;
	unsigned int n_seen;
};

static int see_object(struct dl_phdr_info *info, size_t size, void *context)
{
	struct object *object = context;

	(void)size;
	object->unloaded = info->dlpi_subs;
	object->program = object->n_seen++ == 0;
	for (unsigned int i = 0; i < info->dlpi_phnum && !object->found; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uint64_t into = object->address - (info->dlpi_addr + part->p_vaddr);

		if (part->p_type != PT_LOAD || into >= part->p_memsz)
			continue;
		object->found = true;
		object->path = info->dlpi_name;
		object->info = *info;
		object->offset = part->p_offset + into;
	}
	return object->found;
}

/* A library may have been upgraded since it was loaded, and then its file says nothing about it. */
static bool is_what_was_loaded(Dwfl_Module *module, const struct dl_phdr_info *info)
{
	const unsigned char *in_file = NULL;
	size_t bytes;
	const unsigned char *in_memory = build_id_of(info, &bytes);
	GElf_Addr where;
	int file_bytes = dwfl_module_build_id(module, &in_file, &where);

	if (file_bytes <= 0 || !in_memory)
		return file_bytes <= 0 && !in_memory;
	return (size_t)file_bytes == bytes && !memcmp(in_file, in_memory, bytes);
}

/* -1: there is no such file (the vDSO has a name and no path), or it may not be read. */
static int open_object(const struct user_symbols *symbols, const struct object *object)
{
	if (object->program)
		return fcntl(symbols->program_fd, F_DUPFD_CLOEXEC, 0);
	return *object->path == '/' ? open(object->path, O_RDONLY | O_CLOEXEC) : -1;
}

/*
 * Separate debug files are looked for by their build id on this machine alone. The standard way would
 * also ask a server that the environment names.
 */
static Dwfl *begin(void)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = dwfl_build_id_find_debuginfo,
	};

	return dwfl_begin(&callbacks);
}

static Dwfl_Module *add_module(const struct user_symbols *symbols, const struct object *object)
{
	const char *name = object->program ? symbols->program : object->path;
	int fd = open_object(symbols, object);
	Dwfl_Module *module = NULL;

	if (fd < 0)
		return NULL;
	dwfl_report_begin_add(symbols->dwfl);
	module = dwfl_report_elf(symbols->dwfl, name, name, fd, object->info.dlpi_addr, true);
	if (!module)
		close(fd);
	dwfl_report_end(symbols->dwfl, NULL, NULL);
	return module;
}

static Dwfl_Module *module_of(struct user_symbols *symbols, const struct object *object)
{
	Dwfl_Module *module;

	/* Where something was unloaded, something else may be by now. */
	if (symbols->dwfl && symbols->unloaded != object->unloaded) {
		dwfl_end(symbols->dwfl);
		symbols->dwfl = NULL;
	}
	if (!symbols->dwfl)
		symbols->dwfl = begin();
	if (!symbols->dwfl)
		return NULL;
	symbols->unloaded = object->unloaded;
	module = dwfl_addrmodule(symbols->dwfl, object->address);
	if (!module)
		module = add_module(symbols, object);
	return module && is_what_was_loaded(module, &object->info) ? module : NULL;
}

/* Only what has a size and the address in it. */
static bool find_symbol(struct user_symbols *symbols, const struct object *object,
			char name[SYMBOL_NAME])
{
	Dwfl_Module *module = module_of(symbols, object);
	const char *found = NULL;
	GElf_Off offset = 0;
	GElf_Sym symbol;
	char *bare;

	if (module)
		found = dwfl_module_addrinfo(module, object->address, &offset, &symbol, NULL, NULL,
					     NULL);
	if (!found || offset >= symbol.st_size)
		return false;
	/* "stdin@GLIBC_2.2.5": what was copied from a library carries its version. */
	bare = strndup(found, strcspn(found, "@"));
	symbol_name(bare ? bare : found, offset, name);
	free(bare);
	return true;
}

static bool find_mapping(struct user_symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	FILE *maps = fopen("/proc/self/maps", "re");
	bool found;

	if (!maps) {
		if (!symbols->warned)
			log_warning("/proc/self/maps: %s; memory has no names", strerror(errno));
		symbols->warned = true;
		return false;
	}
	found = mapping_find(maps, address, name);
	fclose(maps);
	return found;
}

bool user_symbols_find(struct user_symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	struct object object = { .address = address };
	const char *slash;

	dl_iterate_phdr(see_object, &object);
	if (!object.found)
		return find_mapping(symbols, address, name);
	if (find_symbol(symbols, &object, name))
		return true;
	slash = strrchr(object.path, '/');
	symbol_name_at(object.program ? symbols->program :
		       slash	      ? slash + 1 :
					object.path,
		       object.offset, name);
	return true;
}

void user_symbols_open(struct user_symbols *symbols)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *base;

	*symbols = (struct user_symbols){ 0 };
	path[length > 0 ? length : 0] = '\0';
	base = strrchr(path, '/');
	snprintf(symbols->program, sizeof(symbols->program), "%s",
		 base ? base + 1 : program_invocation_short_name);
	symbols->program_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

void user_symbols_close(struct user_symbols *symbols)
{
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	if (symbols->program_fd >= 0)
		close(symbols->program_fd);
}
