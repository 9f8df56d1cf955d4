/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving as root by way of sudo. Only root can act as somebody else. */
#include "session/save.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/check_main.h"
#include "lib/saving.h"

static void pretend_sudo(const char *user, const char *group)
{
	setenv("SUDO_UID", user, 1);
	setenv("SUDO_GID", group, 1);
}

START_TEST(under_sudo_the_file_is_the_callers)
{
	struct stat status;

	enter();
	ck_assert_int_eq(chown(directory, NOBODY, NOBODY), 0);
	pretend_sudo("65534", "65534");
	ck_assert_int_eq(check_said("x.json", false), 0);
	ck_assert_int_eq(save_said("x.json", false), 0);
	ck_assert_int_eq(stat("x.json", &status), 0);
	ck_assert_uint_eq(status.st_uid, NOBODY);
	ck_assert_uint_eq(status.st_gid, NOBODY);
	ck_assert_uint_eq(geteuid(), 0);
	ck_assert_uint_eq(getegid(), 0);
	leave();
}
END_TEST

START_TEST(under_sudo_the_callers_rights_count)
{
	enter();
	ck_assert_int_eq(chmod(directory, 0755), 0);
	pretend_sudo("65534", "65534");
	refused("x.json", false, -EACCES,
		"tracebench: x.json: user 65534 cannot write to directory './': Permission denied\n");
	ck_assert_int_eq(chmod(directory, 01777), 0);
	put_file("roots.json", "precious");
	refused("roots.json", true, -EPERM, "tracebench: roots.json: belongs to another user");
	assert_untouched("roots.json", "precious");
	ck_assert_int_eq(save_said("x.json", false), 0);
	ck_assert_uint_eq(geteuid(), 0);
	leave();
}
END_TEST

START_TEST(root_calling_sudo_stays_root)
{
	enter();
	pretend_sudo("0", "0");
	ck_assert_int_eq(save_said("x.json", false), 0);
	leave();
}
END_TEST

START_TEST(sudos_ids_are_read_strictly)
{
	static const char *const bad[] = { "",
					   "x",
					   "-1",
					   "+1",
					   " 1",
					   "1 ",
					   "1k",
					   "4294967295",
					   "4294967296",
					   "1000x",
					   "0x10",
					   "1.0",
					   "99999999999",
					   "18446744073709551617" };

	enter();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pretend_sudo(bad[i], "65534");
		refused("x.json", false, -EINVAL, "tracebench: SUDO_UID: '");
		pretend_sudo("65534", bad[i]);
		refused("x.json", false, -EINVAL, "tracebench: SUDO_GID: '");
	}
	pretend_sudo("65534", "65534");
	unsetenv("SUDO_GID");
	refused("x.json", false, -EINVAL, "tracebench: SUDO_GID: '' is no id");
	leave();
}
END_TEST

int main(void)
{
	Suite *suite;

	if (geteuid() != 0) {
		printf("1..0 # SKIP only root can act as another user\n");
		return EXIT_SUCCESS;
	}
	suite = suite_create("save under sudo");
	add_test(suite, under_sudo_the_file_is_the_callers);
	add_test(suite, under_sudo_the_callers_rights_count);
	add_test(suite, root_calling_sudo_stays_root);
	add_test(suite, sudos_ids_are_read_strictly);
	return run_suite(suite);
}
