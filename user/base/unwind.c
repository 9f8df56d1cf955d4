/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/unwind.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "base/build_id.h"
#include "base/source.h"

/* A library may have been upgraded since it was loaded: its file would unwind something else. */
static bool is_what_was_loaded(int fd, const struct dl_phdr_info *info)
{
	Elf *elf = elf_version(EV_CURRENT) ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	const void *in_file = NULL;
	size_t bytes;
	const unsigned char *in_memory = build_id_of(info, &bytes);
	ssize_t file_bytes = elf ? dwelf_elf_gnu_build_id(elf, &in_file) : -1;
	bool same = elf &&
		    (file_bytes > 0 && in_memory ?
			     (size_t)file_bytes == bytes && !memcmp(in_file, in_memory, bytes) :
			     file_bytes <= 0 && !in_memory);

	elf_end(elf);
	return same;
}

/* All that is loaded, of which the program comes first. */
struct report {
	Dwfl *dwfl;
	int program_fd;
	const char *program;
	unsigned int n_seen;
};

/* What has no path is the vDSO, in which nobody sleeps. What may not be read has no frames. */
static int report_object(struct dl_phdr_info *info, size_t size, void *context)
{
	struct report *report = context;
	bool program = report->n_seen++ == 0;
	const char *name = program ? report->program : info->dlpi_name;
	int fd = -1;

	(void)size;
	if (program)
		fd = fcntl(report->program_fd, F_DUPFD_CLOEXEC, 0);
	else if (*name == '/')
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (!is_what_was_loaded(fd, info) ||
	    !dwfl_report_elf(report->dwfl, name, name, fd, info->dlpi_addr, true))
		close(fd);
	return 0;
}

static pid_t next_thread(Dwfl *dwfl, void *context, void **thread)
{
	(void)dwfl;
	if (*thread)
		return 0;
	*thread = context;
	return getpid();
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *context, void **thread)
{
	(void)dwfl;
	(void)tid;
	*thread = context;
	return true;
}

/* Rules look for things on the stack alone. To miss one is no error for the walk, which just ends. */
static bool read_stack(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *context)
{
	struct unwinder *unwinder = context;
	const struct user_stack *stack = unwinder->stack;
	uint64_t offset = address - stack->from;

	(void)dwfl;
	if (offset >= stack->n_bytes || stack->n_bytes - offset < sizeof(*word)) {
		unwinder->missed = true;
		return false;
	}
	memcpy(word, (const char *)stack->bytes + offset, sizeof(*word));
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *context)
{
	const struct user_stack *stack = ((struct unwinder *)context)->stack;
	const Dwarf_Word *registers = (const Dwarf_Word *)stack->registers;
	unsigned int n = (unsigned int)stack->n_registers;

	_Static_assert(sizeof(Dwarf_Word) == sizeof(*stack->registers), "they are words");
#if defined(__aarch64__)
	/* There the program counter is no register of DWARF's. */
	dwfl_thread_state_register_pc(thread, registers[--n]);
#endif
	return dwfl_thread_state_registers(thread, 0, n, registers);
}

/* See symbols_user.c: debug files are looked for by their build id, on this machine alone. */
static int prepare(struct unwinder *unwinder, int program_fd, const char *program)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = dwfl_build_id_find_debuginfo,
	};
	static const Dwfl_Thread_Callbacks threads = {
		.next_thread = next_thread,
		.get_thread = get_thread,
		.memory_read = read_stack,
		.set_initial_registers = set_registers,
	};
	struct report report = { .program_fd = program_fd, .program = program };

	if (unwinder->dwfl || unwinder->error)
		return unwinder->error;
	report.dwfl = unwinder->dwfl = dwfl_begin(&callbacks);
	unwinder->error = -ENOMEM;
	if (!unwinder->dwfl)
		return unwinder->error;
	dwfl_report_begin_add(report.dwfl);
	dl_iterate_phdr(report_object, &report);
	dwfl_report_end(report.dwfl, NULL, NULL);
	unwinder->error =
		dwfl_attach_state(report.dwfl, NULL, getpid(), &threads, unwinder) ? 0 : -ENOTSUP;
	return unwinder->error;
}

/* One walk. */
struct walk {
	Dwfl *dwfl;
	see_frame *see;
	void *context;
	unsigned int n;
};

/* Where a signal or the system call itself came in, the address is what runs next; else the call's end. */
static int show_frame(Dwfl_Frame *state, void *context)
{
	struct walk *walk = context;
	Dwfl_Module *module;
	Dwarf_Addr pc;
	bool interrupted;

	if (walk->n++ == UNWIND_FRAMES || !dwfl_frame_pc(state, &pc, &interrupted))
		return DWARF_CB_ABORT;
	module = dwfl_addrmodule(walk->dwfl, interrupted ? pc : pc - 1);
	if (!module)
		return DWARF_CB_ABORT;
	source_frames(module, pc, interrupted ? 0 : 1, walk->see, walk->context);
	return DWARF_CB_OK;
}

int unwind(struct unwinder *unwinder, int program_fd, const char *program,
	   const struct user_stack *stack, see_frame *see, void *context)
{
	struct walk walk = { .see = see, .context = context };
	int err = prepare(unwinder, program_fd, program);

	if (err)
		return err;
	walk.dwfl = unwinder->dwfl;
	unwinder->stack = stack;
	unwinder->missed = false;
	err = dwfl_getthread_frames(unwinder->dwfl, getpid(), show_frame, &walk);
	return err || unwinder->missed ? -ENODATA : 0;
}

void unwinder_free(struct unwinder *unwinder)
{
	if (unwinder->dwfl)
		dwfl_end(unwinder->dwfl);
}
