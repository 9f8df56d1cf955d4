/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbols_kernel.h"

#include <errno.h>
#include <string.h>

#include "lib/check_main.h"

static void read_text(const char *text, struct kernel_symbols *symbols)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	ck_assert_ptr_nonnull(file);
	*symbols = (struct kernel_symbols){ 0 };
	ck_assert_int_eq(kernel_symbols_read(file, KERNEL_DATA, symbols), 0);
	fclose(file);
}

/* NULL: it is to be unknown. */
static void assert_in(const struct kernel_symbols *symbols, uint64_t address, const char *expected)
{
	char name[SYMBOL_NAME];
	bool found = kernel_symbols_find(symbols, address, name);

	ck_assert_msg(found == (expected != NULL), "%lx is %s", (unsigned long)address,
		      found ? name : "not found");
	if (found)
		ck_assert_str_eq(name, expected);
}

static void assert_named(const char *text, uint64_t address, const char *expected)
{
	struct kernel_symbols symbols;

	read_text(text, &symbols);
	assert_in(&symbols, address, expected);
	kernel_symbols_free(&symbols);
}

static const char some[] = "ffffffff81000000 T _text\n"
			   "ffffffff81000040 t do_something\n"
			   "ffffffff82000000 R __start_rodata\n"
			   "ffffffff82000000 r table\n"
			   "ffffffff82800000 D tasklist_lock\n"
			   "ffffffff82800040 d cgroup_mutex\n"
			   "ffffffff82800100 B big\n"
			   "ffffffff83000000 b last_lock\n"
			   "ffffffff83000200 B __bss_stop\n"
			   "ffffffff83001000 B _end\n";

START_TEST(code_is_a_part_of_its_own)
{
	struct kernel_symbols code = { 0 };
	FILE *file = fmemopen((void *)(uintptr_t)some, strlen(some), "r");
	uint64_t offset;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(kernel_symbols_read(file, KERNEL_CODE, &code), 0);
	fclose(file);
	ck_assert_str_eq(kernel_symbols_at(&code, 0xffffffff81000041, &offset), "do_something");
	ck_assert_uint_eq(offset, 1);
	ck_assert_ptr_null(kernel_symbols_at(&code, 0xffffffff81000000, &offset));
	ck_assert_ptr_null(kernel_symbols_at(&code, 0xffffffff82800000, &offset));
	kernel_symbols_free(&code);
}
END_TEST

START_TEST(a_symbol_reaches_to_the_next)
{
	assert_named(some, 0xffffffff827fffff, NULL);
	assert_named(some, 0xffffffff82800000, "tasklist_lock");
	assert_named(some, 0xffffffff8280003f, "tasklist_lock+0x3f");
	assert_named(some, 0xffffffff82800040, "cgroup_mutex");
	assert_named(some, 0xffffffff828000ff, "cgroup_mutex+0xbf");
}
END_TEST

START_TEST(but_64_KiB_at_most)
{
	assert_named(some, 0xffffffff828100ff, "big+0xffff");
	assert_named(some, 0xffffffff82810100, NULL);
	assert_named(some, 0xffffffff82ffffff, NULL);
}
END_TEST

START_TEST(marks_of_the_linker_end_a_symbol_and_name_nothing)
{
	assert_named(some, 0xffffffff830001ff, "last_lock+0x1ff");
	assert_named(some, 0xffffffff83000200, NULL);
	assert_named(some, 0xffffffff83001000, NULL);
	assert_named(some, 0xffffffff82000000, "table");
}
END_TEST

/* What a kernel without CONFIG_KALLSYMS_ALL shows of its data. */
START_TEST(a_list_of_marks_alone_knows_nothing)
{
	static const char marks[] = "ffffffff81000000 T _stext\n"
				    "ffffffff828614a0 D __start_ro_after_init\n"
				    "ffffffff8289e960 D __stop___jump_table\n"
				    "ffffffff83780000 B __init_begin\n";
	struct kernel_symbols symbols;

	read_text(marks, &symbols);
	ck_assert_uint_eq(symbols.n_named, 0);
	ck_assert(!symbols.hidden);
	assert_in(&symbols, 0xffffffff828614a0, NULL);
	assert_in(&symbols, 0xffffffff8289e968, NULL);
	assert_in(&symbols, 0xffffffff83780010, NULL);
	kernel_symbols_free(&symbols);
}
END_TEST

START_TEST(a_variable_that_only_sounds_like_a_mark_is_none)
{
	assert_named("ffffffff82800000 d week_start\n", 0xffffffff82800000, "week_start");
	assert_named("ffffffff82800000 d _endless\n", 0xffffffff82800000, "_endless");
}
END_TEST

START_TEST(code_is_no_data)
{
	assert_named(some, 0xffffffff81000000, NULL);
	assert_named(some, 0xffffffff81000041, NULL);
	assert_named("ffffffff82800000 W weak\nffffffff82800010 A absolute\n", 0xffffffff82800010,
		     NULL);
}
END_TEST

START_TEST(memory_that_is_in_no_image_has_no_name)
{
	assert_named(some, 0, NULL);
	assert_named(some, 0x7f0000000000, NULL);
	assert_named(some, 0xffff888100000000, NULL);
	assert_named(some, 0xffffc90000000000, NULL);
	assert_named(some, 0xffffffffc0000000, NULL);
	assert_named(some, UINT64_MAX, NULL);
}
END_TEST

START_TEST(the_last_of_a_module_ends_with_its_page)
{
	static const char modules[] = "ffffffffc0a02f00 b one_lock\t[one]\n"
				      "ffffffffc0a02000 d one_data\t[one]\n"
				      "ffffffffc0a08000 d two_data\t[two]\n"
				      "ffffffffc0a00100 t one_code\t[one]\n";

	assert_named(modules, 0xffffffffc0a02eff, "one_data+0xeff");
	assert_named(modules, 0xffffffffc0a02fff, "one_lock+0xff");
	assert_named(modules, 0xffffffffc0a03000, NULL);
	assert_named(modules, 0xffffffffc0a07fff, NULL);
	assert_named(modules, 0xffffffffc0a08fff, "two_data+0xfff");
	assert_named(modules, 0xffffffffc0a09000, NULL);
}
END_TEST

START_TEST(of_several_at_one_address_it_is_always_the_same)
{
	static const char both[] = "ffffffff82800000 d a_local\n"
				   "ffffffff82800000 D world\n"
				   "ffffffff82800000 D jiffies\n"
				   "ffffffff82800000 D _sdata\n"
				   "ffffffff82800008 D other\n";

	assert_named(both, 0xffffffff82800000, "jiffies");
	assert_named(both, 0xffffffff82800007, "jiffies+0x7");
}
END_TEST

START_TEST(hidden_addresses_are_no_symbols_and_are_told)
{
	static const char hidden[] = "0000000000000000 T _text\n"
				     "0000000000000000 D tasklist_lock\n"
				     "0000000000000000 b other\t[ext4]\n";
	struct kernel_symbols symbols;

	read_text(hidden, &symbols);
	ck_assert(symbols.hidden);
	ck_assert_uint_eq(symbols.n_named, 0);
	assert_in(&symbols, 0, NULL);
	kernel_symbols_free(&symbols);
}
END_TEST

/* The first of them is 0 where nothing is hidden, too. */
START_TEST(offsets_of_per_cpu_symbols_are_no_addresses)
{
	static const char percpu[] = "0000000000000000 A fixed_percpu_data\n"
				     "0000000000001000 d runqueues\n"
				     "ffffffff82800000 D tasklist_lock\n";
	struct kernel_symbols symbols;

	read_text(percpu, &symbols);
	ck_assert(!symbols.hidden);
	ck_assert_uint_eq(symbols.n_named, 1);
	assert_in(&symbols, 0x1000, NULL);
	kernel_symbols_free(&symbols);
}
END_TEST

START_TEST(malformed_lines_are_skipped)
{
	static const char odd[] = "\n"
				  "ffffffff82800000\n"
				  "ffffffff82800000 D\n"
				  "ffffffff82800000 D \n"
				  "ffffffff82800000 DD two_types\n"
				  "-1 D negative\n"
				  " ffffffff82800000 D blank_first\n"
				  "not a line\n"
				  "ffffffff82800000 D good";
	struct kernel_symbols symbols;

	read_text(odd, &symbols);
	ck_assert_uint_eq(symbols.n, 1);
	assert_in(&symbols, 0xffffffff82800000, "good");
	kernel_symbols_free(&symbols);
}
END_TEST

START_TEST(an_empty_list_knows_nothing)
{
	struct kernel_symbols symbols = { 0 };
	FILE *file = fopen("/dev/null", "re");

	ck_assert_int_eq(kernel_symbols_read(file, KERNEL_DATA, &symbols), 0);
	fclose(file);
	ck_assert(!symbols.hidden);
	assert_in(&symbols, 0xffffffff82800000, NULL);
	kernel_symbols_free(&symbols);
}
END_TEST

START_TEST(a_list_that_cannot_be_read_is_an_error)
{
	struct kernel_symbols symbols = { 0 };
	FILE *directory = fopen("/", "re");

	ck_assert_ptr_nonnull(directory);
	ck_assert_int_eq(kernel_symbols_read(directory, KERNEL_DATA, &symbols), -EISDIR);
	fclose(directory);
	kernel_symbols_free(&symbols);
}
END_TEST

START_TEST(long_and_odd_names_fit)
{
	static const char lines[] =
		"ffffffff82800000 D "
		"a_name_of_seventy_bytes_which_is_more_than_there_is_room_for_in_any_row\n"
		"ffffffff82800100 D \033[31m\xff\n";

	assert_named(lines, 0xffffffff82800000,
		     "a_name_of_seventy_bytes_which_is_more_than_there_is_room_for...");
	assert_named(lines, 0xffffffff82800040,
		     "a_name_of_seventy_bytes_which_is_more_than_there_is_roo...+0x40");
	assert_named(lines, 0xffffffff82800100, "\\x1b[31m\\xff");
}
END_TEST

/* More than any first allocation has room for. */
START_TEST(as_many_symbols_as_a_kernel_has)
{
	struct kernel_symbols symbols = { 0 };
	FILE *file = tmpfile();

	for (unsigned int i = 100000; i-- > 0;)
		fprintf(file, "%016lx d symbol_%u\n", 0xffffffff82000000 + 16UL * i, i);
	rewind(file);
	ck_assert_int_eq(kernel_symbols_read(file, KERNEL_DATA, &symbols), 0);
	fclose(file);
	ck_assert_uint_eq(symbols.n_named, 100000);
	assert_in(&symbols, 0xffffffff82000000, "symbol_0");
	assert_in(&symbols, 0xffffffff82000000 + 16 * 77777 + 15, "symbol_77777+0xf");
	assert_in(&symbols, 0xffffffff82000000 + 16 * 99999, "symbol_99999");
	kernel_symbols_free(&symbols);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("symbols_kernel");

	add_test(suite, a_symbol_reaches_to_the_next);
	add_test(suite, but_64_KiB_at_most);
	add_test(suite, marks_of_the_linker_end_a_symbol_and_name_nothing);
	add_test(suite, a_list_of_marks_alone_knows_nothing);
	add_test(suite, a_variable_that_only_sounds_like_a_mark_is_none);
	add_test(suite, code_is_no_data);
	add_test(suite, code_is_a_part_of_its_own);
	add_test(suite, memory_that_is_in_no_image_has_no_name);
	add_test(suite, the_last_of_a_module_ends_with_its_page);
	add_test(suite, of_several_at_one_address_it_is_always_the_same);
	add_test(suite, hidden_addresses_are_no_symbols_and_are_told);
	add_test(suite, offsets_of_per_cpu_symbols_are_no_addresses);
	add_test(suite, malformed_lines_are_skipped);
	add_test(suite, an_empty_list_knows_nothing);
	add_test(suite, a_list_that_cannot_be_read_is_an_error);
	add_test(suite, long_and_odd_names_fit);
	add_test(suite, as_many_symbols_as_a_kernel_has);
	return run_suite(suite);
}
