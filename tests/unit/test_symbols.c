/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of this program's own memory, and of the running kernel's. */
#include "base/symbols.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/privilege.h"
#include "lib/check_main.h"

struct pair {
	long first;
	int second[4];
};

static struct pair own_pair;
static long own_data = 1;
extern struct pair exported_pair;
struct pair exported_pair = { .first = 1 };

/* Symbols without a size say where something begins, not what is in it. */
__asm__(".pushsection .data\n.globl label\nlabel: .skip 64\n.popsection\n"
	".pushsection .bss\n.globl zeros\nzeros: .skip 65536\n.popsection\n");
extern char label[], zeros[];

static struct symbols *open_symbols(void)
{
	struct symbols *symbols = NULL;

	ck_assert_int_eq(symbols_open(&symbols), 0);
	return symbols;
}

static const char *name_of(struct symbols *symbols, const void *address)
{
	static char name[SYMBOL_NAME];

	ck_assert_msg(symbols_user(symbols, (uintptr_t)address, name), "%p is not found", address);
	ck_assert_uint_lt(strlen(name), SYMBOL_NAME);
	return name;
}

static void assert_named(const void *address, const char *expected)
{
	struct symbols *symbols = open_symbols();

	ck_assert_str_eq(name_of(symbols, address), expected);
	symbols_free(symbols);
}

static void assert_begins(const void *address, const char *expected)
{
	struct symbols *symbols = open_symbols();
	const char *name = name_of(symbols, address);

	ck_assert_msg(!strncmp(name, expected, strlen(expected)), "it is %s", name);
	symbols_free(symbols);
}

START_TEST(globals_have_the_name_of_their_symbol)
{
	assert_named(&own_data, "own_data");
	assert_named(&own_pair, "own_pair");
	assert_named(&exported_pair, "exported_pair");
}
END_TEST

START_TEST(a_part_of_one_has_its_offset_too)
{
	assert_named(&own_pair.second[1], "own_pair+0xc");
	assert_named(&exported_pair.second[0], "exported_pair+0x8");
	assert_named((char *)&own_data + 7, "own_data+0x7");
}
END_TEST

START_TEST(so_have_those_of_libraries)
{
	assert_named(stdin, "_IO_2_1_stdin_");
	assert_named((char *)stdin + 4, "_IO_2_1_stdin_+0x4");
}
END_TEST

/* The linker moves it into the program and calls it environ@GLIBC_2.2.5. It has three names. */
START_TEST(a_version_is_no_part_of_the_name)
{
	struct symbols *symbols = open_symbols();
	const char *name = name_of(symbols, &environ);

	ck_assert_ptr_nonnull(strstr(name, "environ"));
	ck_assert_ptr_null(strchr(name, '@'));
	symbols_free(symbols);
}
END_TEST

/* Where the file behind an address has it, by the kernel's account. */
static unsigned long offset_in_file(const char *address)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start = 0, end = 0, offset = 0;

	ck_assert_ptr_nonnull(maps);
	while (fscanf(maps, "%lx-%lx %*s %lx%*[^\n]", &start, &end, &offset) == 3 &&
	       (unsigned long)address >= end)
		;
	fclose(maps);
	ck_assert_uint_ge((unsigned long)address, start);
	return offset + ((unsigned long)address - start);
}

START_TEST(what_has_no_symbol_has_its_file_and_the_offset_in_it)
{
	char expected[SYMBOL_NAME];
	Dl_info libc;

	ck_assert_int_ne(dladdr(dlsym(RTLD_DEFAULT, "getpid"), &libc), 0);
	assert_named((const char *)libc.dli_fbase + 4, "libc.so.6+0x4"); /* the ELF header */
	snprintf(expected, sizeof(expected), "test_symbols+0x%lx", offset_in_file(label + 8));
	assert_named(label + 8, expected);
	assert_begins(zeros + 65535, "test_symbols+0x");
}
END_TEST

START_TEST(memory_that_is_in_no_file_has_its_kind)
{
	int on_stack = 0;
	char *heap = sbrk(64);
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *shared = mmap(NULL, 65536, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *allocated = malloc(64);

	ck_assert(page != MAP_FAILED && shared != MAP_FAILED);
	assert_begins(heap, "[heap]+0x");
	assert_named(page + 0x128, "[anonymous]+0x128");
	assert_named(shared + 0x2040, "[shared]+0x2040");
	assert_named(&on_stack, "[stack]");
	assert_begins(allocated, "["); /* a sanitizer has it elsewhere than on the heap */
	free(allocated);
}
END_TEST

START_TEST(what_is_not_mapped_is_not_found)
{
	struct symbols *symbols = open_symbols();
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char name[SYMBOL_NAME];

	ck_assert(symbols_user(symbols, (uintptr_t)page, name));
	ck_assert_int_eq(munmap(page, 4096), 0);
	ck_assert(!symbols_user(symbols, (uintptr_t)page, name));
	ck_assert(!symbols_user(symbols, 8, name));
	ck_assert(!symbols_user(symbols, UINT64_MAX, name));
	symbols_free(symbols);
}
END_TEST

START_TEST(a_child_finds_what_its_parent_has)
{
	struct symbols *symbols = open_symbols();
	pid_t child = fork();
	int status;

	if (child == 0) {
		char name[SYMBOL_NAME];

		_exit(!symbols_user(symbols, (uintptr_t)&own_pair, name) ||
		      strcmp(name, "own_pair") != 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(name_of(symbols, &own_pair), "own_pair");
	symbols_free(symbols);
}
END_TEST

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	struct stat status;

	ck_assert(in >= 0 && out >= 0);
	ck_assert_int_eq(fstat(in, &status), 0);
	for (off_t at = 0; at < status.st_size;)
		ck_assert_int_gt(sendfile(out, in, &at, (size_t)(status.st_size - at)), 0);
	ck_assert_int_eq(close(out), 0);
	close(in);
}

/* The file of the library that has the symbol. */
static const char *file_of(const char *symbol)
{
	Dl_info info;

	ck_assert_int_ne(dladdr(dlsym(RTLD_DEFAULT, symbol), &info), 0);
	return info.dli_fname;
}

/* What the linker writes in front of a build id of 20 bytes. */
static const char build_id[] = "\4\0\0\0\24\0\0\0\3\0\0\0GNU";

/* Gives a library another build id. */
static void rebuild(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat status;
	char *bytes, *id;

	ck_assert_int_eq(fstat(fd, &status), 0);
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert(bytes != MAP_FAILED);
	id = memmem(bytes, (size_t)status.st_size, build_id, sizeof(build_id));
	ck_assert_ptr_nonnull(id);
	id[sizeof(build_id)] ^= 1;
	munmap(bytes, (size_t)status.st_size);
	close(fd);
}

START_TEST(a_library_whose_file_was_replaced_has_no_symbols)
{
	char folder[] = "/tmp/tracebench-symbols-XXXXXX", path[64], other[64];
	struct symbols *symbols = open_symbols();
	const char *name;
	void *library;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/libcopy.so", folder);
	snprintf(other, sizeof(other), "%s/other.so", folder);
	copy_file(file_of("elf_begin"), path);
	copy_file(path, other);
	rebuild(other);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_ptr_nonnull(library);
	ck_assert_int_eq(rename(other, path), 0);
	name = name_of(symbols, dlsym(library, "elf_begin"));
	ck_assert_msg(!strncmp(name, "libcopy.so+0x", 13), "it is %s", name);
	symbols_free(symbols);
	dlclose(library);
	unlink(path);
	rmdir(folder);
}
END_TEST

/* The second takes the place in memory that the first, which is larger, had. */
START_TEST(libraries_may_come_and_go)
{
	static const char *const functions[] = { "dwfl_begin", "elf_begin" };
	char folder[] = "/tmp/tracebench-symbols-XXXXXX", path[64], name[SYMBOL_NAME];
	struct symbols *symbols = open_symbols();

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/libcopy.so", folder);
	for (int i = 0; i < 2; i++) {
		void *library, *function;

		copy_file(file_of(functions[i]), path);
		library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		ck_assert_ptr_nonnull(library);
		function = dlsym(library, functions[i]);
		ck_assert_str_eq(name_of(symbols, function), functions[i]);
		dlclose(library);
		ck_assert_int_eq(unlink(path), 0);
		ck_assert(!symbols_user(symbols, (uintptr_t)function, name) ||
			  strcmp(name, functions[i]) != 0);
		ck_assert_str_eq(name_of(symbols, &own_pair), "own_pair");
	}
	symbols_free(symbols);
	rmdir(folder);
}
END_TEST

/* As a run does: opened with all rights, asked without any. Returns what main should return. */
static int ask_without_rights(void)
{
	struct symbols *symbols = NULL;
	char global[SYMBOL_NAME] = "", page[SYMBOL_NAME] = "";
	char *anonymous = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (symbols_open(&symbols) || privilege_narrow(PRIVILEGE_NONE))
		return EXIT_FAILURE;
	symbols_user(symbols, (uintptr_t)&own_pair, global);
	symbols_user(symbols, (uintptr_t)(anonymous + 8), page);
	symbols_free(symbols);
	if (!strcmp(global, "own_pair") && !strcmp(page, "[anonymous]+0x8"))
		return EXIT_SUCCESS;
	fprintf(stderr, "named '%s' and '%s'\n", global, page);
	return EXIT_FAILURE;
}

#define ASK_WITHOUT_RIGHTS "--ask-without-rights"

START_TEST(a_program_that_only_its_user_may_read_has_names_after_rights_are_given_up)
{
	char folder[] = "/tmp/tracebench-symbols-XXXXXX", path[64];
	pid_t child;
	int status;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/program", folder);
	copy_file("/proc/self/exe", path);
	child = fork();
	if (child == 0) {
		execl(path, path, ASK_WITHOUT_RIGHTS, NULL);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	unlink(path);
	rmdir(folder);
	ck_assert_int_eq(status, 0);
}
END_TEST

static bool kernel_shows_addresses(void)
{
	FILE *kallsyms = fopen("/proc/kallsyms", "re");
	unsigned long long address = 0;
	bool shown = kallsyms && fscanf(kallsyms, "%llx", &address) == 1 && address != 0;

	if (kallsyms)
		fclose(kallsyms);
	return shown;
}

START_TEST(kernel_symbols_are_shown_to_who_had_the_right_when_opening)
{
	bool shown = kernel_shows_addresses();
	struct symbols *symbols = open_symbols();
	const char *obstacle;

	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), 0);
	obstacle = symbols_kernel_obstacle(symbols);
	if (shown)
		ck_assert_msg(!obstacle || !strstr(obstacle, "hides"), "it says %s", obstacle);
	else
		ck_assert_ptr_nonnull(obstacle);
	symbols_free(symbols);
}
END_TEST

/* Each name that is given has to be in the list, at that address. */
START_TEST(the_running_kernels_symbols_are_found_or_it_says_why_not)
{
	struct symbols *symbols = open_symbols();
	FILE *kallsyms = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char type, line[1024], listed[512], name[SYMBOL_NAME];
	size_t found = 0;

	ck_assert(!symbols_kernel(symbols, (uintptr_t)&own_pair, name));
	ck_assert(!symbols_kernel(symbols, 0xffff888000001000, name));
	while (kallsyms && found < 20 && fgets(line, sizeof(line), kallsyms)) {
		ck_assert_int_eq(sscanf(line, "%llx %c %511s", &address, &type, listed), 3);
		if (strchr("bBdD", type) && strlen(listed) < SYMBOL_NAME &&
		    symbols_kernel(symbols, address, name) && !strcmp(name, listed))
			found++;
	}
	if (kallsyms)
		fclose(kallsyms);
	if (symbols_kernel_obstacle(symbols))
		ck_assert_uint_eq(found, 0);
	else
		ck_assert_uint_gt(found, 0);
	symbols_free(symbols);
}
END_TEST

START_TEST(who_never_asks_may_close_it)
{
	symbols_free(open_symbols());
	symbols_free(NULL);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite;

	if (argc == 2 && !strcmp(argv[1], ASK_WITHOUT_RIGHTS))
		return ask_without_rights();
	suite = suite_create("symbols");
	add_test(suite, globals_have_the_name_of_their_symbol);
	add_test(suite, a_part_of_one_has_its_offset_too);
	add_test(suite, so_have_those_of_libraries);
	add_test(suite, a_version_is_no_part_of_the_name);
	add_test(suite, what_has_no_symbol_has_its_file_and_the_offset_in_it);
	add_test(suite, memory_that_is_in_no_file_has_its_kind);
	add_test(suite, what_is_not_mapped_is_not_found);
	add_test(suite, a_child_finds_what_its_parent_has);
	add_test(suite, a_library_whose_file_was_replaced_has_no_symbols);
	add_test(suite, libraries_may_come_and_go);
	add_test(suite, a_program_that_only_its_user_may_read_has_names_after_rights_are_given_up);
	add_test(suite, kernel_symbols_are_shown_to_who_had_the_right_when_opening);
	add_test(suite, the_running_kernels_symbols_are_found_or_it_says_why_not);
	add_test(suite, who_never_asks_may_close_it);
	return run_suite(suite);
}
