/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/build_id.h"

#include <string.h>

/* The build id in one segment of notes, as the linker wrote it. NULL: it is not in there. */
static const unsigned char *find_build_id(const ElfW(Phdr) * part, const char *notes, size_t *bytes)
{
	size_t align = part->p_align == 8 ? 8 : 4;
	size_t at = 0;

	while (at + sizeof(ElfW(Nhdr)) <= part->p_memsz) {
		const ElfW(Nhdr) *note = (const void *)(notes + at);
		size_t text = at + sizeof(*note);
		size_t body = text + ((note->n_namesz + align - 1) & -align);

		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof(ELF_NOTE_GNU) &&
		    !memcmp(notes + text, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU))) {
			*bytes = note->n_descsz;
			return (const void *)(notes + body);
		}
		at = body + ((note->n_descsz + align - 1) & -align);
	}
	return NULL;
}

const unsigned char *build_id_of(const struct dl_phdr_info *info, size_t *bytes)
{
	const unsigned char *id = NULL;

	*bytes = 0;
	for (unsigned int i = 0; i < info->dlpi_phnum && !id; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_NOTE)
			id = find_build_id(part, (const char *)info->dlpi_addr + part->p_vaddr,
					   bytes);
	}
	return id;
}
