/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mapping.h"

#include <string.h>

#include "lib/check_main.h"

static const char maps[] =
	"55d0c0000000-55d0c0001000 r--p 00000000 fe:00 123        /opt/my tool/race\n"
	"55d0c0001000-55d0c0003000 rw-p 00002000 fe:00 123        /opt/my tool/race\n"
	"55d0c1000000-55d0c1021000 rw-p 00000000 00:00 0          [heap]\n"
	"55d0c1021000-55d0c1022000 r--p 00000000 00:00 0          [heap]\n"
	"this is no mapping\n"
	"7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n"
	"7f0000001000-7f0000009000 rw-s 00001000 00:01 77         /dev/zero (deleted)\n"
	"7f0000009000-7f000000a000 rw-s 00000000 00:01 78         /memfd:ring (deleted)\n"
	"7f000000a000-7f000000b000 rw-s 00000000 00:01 79         /dev/shm/a\\012b\033\n"
	"7f000000b000-7f000000c000 r--p 00003000 fe:00 80         /dev/zero\n"
	"7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0          [stack]\n"
	"7ffd00030000-7ffd00032000 r-xp 00000000 00:00 0          [vdso]\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]";

static bool find(uint64_t address, char name[SYMBOL_NAME])
{
	FILE *file = fmemopen((void *)(uintptr_t)maps, strlen(maps), "r");
	bool found;

	ck_assert_ptr_nonnull(file);
	found = mapping_find(file, address, name);
	fclose(file);
	return found;
}

static void assert_named(uint64_t address, const char *expected)
{
	char name[SYMBOL_NAME];

	ck_assert_msg(find(address, name), "%lx is not found", (unsigned long)address);
	ck_assert_str_eq(name, expected);
}

static void assert_unknown(uint64_t address)
{
	char name[SYMBOL_NAME];

	ck_assert_msg(!find(address, name), "%lx is %s", (unsigned long)address, name);
}

START_TEST(a_file_is_told_by_its_last_name_and_the_offset_in_it)
{
	assert_named(0x55d0c0000000, "race+0x0");
	assert_named(0x55d0c0001010, "race+0x2010");
	assert_named(0x55d0c0002fff, "race+0x3fff");
	assert_named(0x7f000000b001, "zero+0x3001");
}
END_TEST

START_TEST(a_file_that_is_gone_keeps_its_name)
{
	assert_named(0x7f0000009008, "memfd:ring+0x8");
}
END_TEST

START_TEST(shared_memory_is_told_by_the_offset_in_it)
{
	assert_named(0x7f0000001040, "[shared]+0x1040");
}
END_TEST

START_TEST(the_heap_is_one_however_many_mappings_it_is)
{
	assert_named(0x55d0c10002a0, "[heap]+0x2a0");
	assert_named(0x55d0c1021001, "[heap]+0x21001");
}
END_TEST

START_TEST(other_memory_is_told_by_the_offset_in_its_page)
{
	assert_named(0x7f0000000fff, "[anonymous]+0xfff");
	assert_named(0x7ffd00031008, "[vdso]+0x8");
	assert_named(0xffffffffff600000, "[vsyscall]+0x0");
	assert_named(0x7ffd00000123, "[stack]");
}
END_TEST

START_TEST(what_is_in_no_mapping_is_not_found)
{
	assert_unknown(0);
	assert_unknown(0x55d0bfffffff);
	assert_unknown(0x55d0c0003000);
	assert_unknown(0x7ffd00021000);
	assert_unknown(UINT64_MAX);
}
END_TEST

START_TEST(bytes_of_a_name_are_made_printable)
{
	assert_named(0x7f000000a001, "a\\\\012b\\x1b+0x1");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mapping");

	add_test(suite, a_file_is_told_by_its_last_name_and_the_offset_in_it);
	add_test(suite, a_file_that_is_gone_keeps_its_name);
	add_test(suite, shared_memory_is_told_by_the_offset_in_it);
	add_test(suite, the_heap_is_one_however_many_mappings_it_is);
	add_test(suite, other_memory_is_told_by_the_offset_in_its_page);
	add_test(suite, what_is_in_no_mapping_is_not_found);
	add_test(suite, bytes_of_a_name_are_made_printable);
	return run_suite(suite);
}
