/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A known number of sleeps of a known length for a page, and for a lock of the kernel's. Both come
 * from userfaultfd(2): pages that are not there until another task says so. Who writes to a pipe
 * from such a page sleeps with the pipe's mutex held, and whoever writes to it then waits for that.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/truth_main.h"

#define PAGE ((size_t)4096 * 16) /* a multiple of every page size there is */

static const char *no_faults(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		return "userfaultfd(2) is not permitted here, for faults in the kernel";
	close(fd);
	return NULL;
}

/* Of the calling process, which alone has these pages: one for each round. */
static int make_pages(struct truth *t)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	char *pages = mmap(NULL, TRUTH_SLEEPS * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return -errno;
	range.range.start = (uintptr_t)pages;
	range.range.len = TRUTH_SLEEPS * PAGE;
	t->faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (t->faults < 0 || ioctl(t->faults, UFFDIO_API, &api) ||
	    ioctl(t->faults, UFFDIO_REGISTER, &range))
		return -errno;
	t->pages = pages;
	t->faulter = getpid();
	return 0;
}

/* The descriptor belongs to the process that faults; another one has to fetch it. */
static int fill_page(struct truth *t, unsigned int round)
{
	struct uffdio_zeropage page = {
		.range = { (uintptr_t)(t->pages + round * PAGE), PAGE },
	};
	int process = (int)syscall(SYS_pidfd_open, t->faulter, 0);
	int faults = (int)syscall(SYS_pidfd_getfd, process, t->faults, 0);
	int err = ioctl(faults, UFFDIO_ZEROPAGE, &page) ? -errno : 0;

	close(faults);
	close(process);
	return err;
}

static int read_page(struct truth *t, unsigned int round)
{
	int err = round == 0 ? make_pages(t) : 0;

	if (err)
		return err;
	return *(volatile char *)(t->pages + round * PAGE) == 0 ? 0 : -EPROTO;
}

static int open_pipe(struct truth *t)
{
	return truth_result(pipe2(t->a, O_CLOEXEC), 0);
}

static int write_from_page(struct truth *t, unsigned int round)
{
	int err = round == 0 ? make_pages(t) : 0;

	return err ? err : truth_result(write(t->a[1], t->pages + round * PAGE, 1), 1);
}

static int write_elsewhere(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(write(t->a[1], "", 1), 1);
}

static const struct truth_case cases[] = {
	{
		.name = "page fault",
		.reason = TB_PAGE_FAULT,
		.as_root = true,
		.unsupported = no_faults,
		.sleep = read_page,
		.wake = fill_page,
	},
	{
		.name = "mutex of a pipe",
		.reason = TB_KERNEL_LOCK,
		.kernel_mutexes = true,
		.as_root = true,
		.unsupported = no_faults,
		.prepare = open_pipe,
		.hold = write_from_page,
		.sleep = write_elsewhere,
		.wake = fill_page,
	},
};

static void check(struct probe *probe, enum mode mode)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		truth_check(probe, &cases[i], mode);
}

int main(void)
{
	return traced_main(check);
}
