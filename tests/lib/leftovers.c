/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/leftovers.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Time enough for what the kernel does some time after a process has ended. */
#define PATIENCE_MS 10000
#define NOBODY 65534

__attribute__((format(printf, 3, 4))) static void add(char *text, size_t size, const char *format,
						      ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, size - length, format, args);
	va_end(args);
}

/* Whether `holds` does, within PATIENCE_MS. */
static bool comes_true(bool (*holds)(void *), void *what)
{
	for (int ms = 0; ms < PATIENCE_MS; ms += 5) {
		if (holds(what))
			return true;
		party_sleep_us(5000);
	}
	return holds(what);
}

static bool has_own_namespace; /* of IPC; then queues can be seen below queues[] */
static char queues[] = "/tmp/tracebench-queues-XXXXXX";

static void remove_queues(void)
{
	umount2(queues, MNT_DETACH);
	rmdir(queues);
}

void leftovers_prepare(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWIPC | CLONE_NEWNS))
		return;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) || !mkdtemp(queues) ||
	    mount("none", queues, "mqueue", 0, NULL)) {
		perror("a place to see message queues in");
		exit(EXIT_FAILURE);
	}
	atexit(remove_queues);
	has_own_namespace = true;
}

/* ---- BPF ---- */

static void note_ids(struct party *party, const char *path)
{
	static const char *const names[] = { "prog_id:", "map_id:", "link_id:" };
	FILE *file = fopen(path, "r");
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		for (int i = 0; i < 3 && party->n_bpf < PARTY_IDS; i++)
			if (strncmp(line, names[i], strlen(names[i])) == 0) {
				party->bpf[party->n_bpf].kind = *names[i];
				party->bpf[party->n_bpf++].id =
					(uint32_t)strtoul(line + strlen(names[i]), NULL, 10);
			}
	if (file)
		fclose(file);
}

void leftovers_note_bpf(struct party *party)
{
	char path[300];
	const struct dirent *entry;
	DIR *directory;

	if (geteuid() != 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/fdinfo", party->run);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", party->run, entry->d_name);
		note_ids(party, path);
	}
	if (directory)
		closedir(directory);
}

static bool is_loaded(char kind, uint32_t id)
{
	int fd = kind == 'p' ? bpf_prog_get_fd_by_id(id) :
		 kind == 'm' ? bpf_map_get_fd_by_id(id) :
			       bpf_link_get_fd_by_id(id);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool all_unloaded(void *what)
{
	const struct party *party = what;

	for (unsigned int i = 0; i < party->n_bpf; i++)
		if (is_loaded(party->bpf[i].kind, party->bpf[i].id))
			return false;
	return true;
}

/* ---- What is left ---- */

static bool nobody_left(void *unused)
{
	(void)unused;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

/* Those that stay are named, and killed: the next round is about others. */
static void add_processes(char *text, size_t size)
{
	pid_t children[PARTY_CHILDREN];
	unsigned int n;

	if (comes_true(nobody_left, NULL))
		return;
	n = party_children(getpid(), children);
	for (unsigned int i = 0; i < n; i++) {
		add(text, size, "process %d\n", children[i]);
		kill(children[i], SIGKILL);
	}
	while (wait(NULL) > 0)
		;
}

static unsigned int lines_of(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned int n = 0;
	int c;

	while (file && (c = getc(file)) != EOF)
		n += c == '\n';
	if (file)
		fclose(file);
	return n;
}

/* In a namespace of the test's own: whether any is left; named in `text` unless that is NULL. */
static bool find_ipc_objects(char *text, size_t size)
{
	static const char *const kinds[] = { "shm", "sem", "msg" };
	DIR *directory = has_own_namespace ? opendir(queues) : NULL;
	const struct dirent *entry;
	bool found = false;
	char path[64];

	for (int i = 0; has_own_namespace && i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/sysvipc/%s", kinds[i]);
		/* The first line is of headings. */
		if (lines_of(path) < 2)
			continue;
		found = true;
		if (text)
			add(text, size, "System V %s\n", kinds[i]);
	}
	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		found = true;
		if (text)
			add(text, size, "message queue %s\n", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return found;
}

/* Of this pid namespace, of a process that is gone, and of who a run is or becomes. */
static bool is_orphan(int directory, const char *name)
{
	uid_t user = geteuid() == 0 ? NOBODY : geteuid();
	struct stat own, file;
	unsigned long inode;
	int pid;

	return stat("/proc/self/ns/pid", &own) == 0 &&
	       fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) == 0 && file.st_uid == user &&
	       sscanf(name, "tracebench.%lu.%d", &inode, &pid) == 2 &&
	       inode == (unsigned long)own.st_ino && kill(pid, 0) != 0 && errno == ESRCH;
}

/* Whether any object is left; named in `text` unless that is NULL. */
static bool find_shared_memory(char *text, size_t size)
{
	DIR *directory = opendir("/dev/shm");
	const struct dirent *entry;
	bool found = false;

	while (directory && (entry = readdir(directory)))
		if (is_orphan(dirfd(directory), entry->d_name)) {
			found = true;
			if (text)
				add(text, size, "shared memory %s\n", entry->d_name);
		}
	if (directory)
		closedir(directory);
	return found;
}

static bool is_among(const char *name, const char *const files[])
{
	for (int i = 0; files[i]; i++)
		if (strcmp(name, files[i]) == 0)
			return true;
	return false;
}

static bool find_files(const struct party *party, const char *const files[], char *text,
		       size_t size)
{
	DIR *directory = opendir(party->directory);
	const struct dirent *entry;
	bool found = false;

	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !is_among(entry->d_name, files)) {
			found = true;
			if (text)
				add(text, size, "file %s\n", entry->d_name);
		}
	if (directory)
		closedir(directory);
	return found;
}

/* The shortest run there is, with a file in the same directory. */
static void start_once_more(struct party *party, char *text, size_t size)
{
	static const char *const shortest[] = { "run",	     "none",	   "-w1",	  "-n1",
						"-r1",	     "--warmup=0", "--trace=off", "-o",
						"next.json", NULL };
	party_start(party, shortest);
	if (party_end(party, 60) != 0)
		add(text, size, "a run after it fails\n");
	party_remove(party, "next.json");
}

void leftovers_find(struct party *party, const char *const files[], char *text, size_t size)
{
	add_processes(text, size);
	if (!comes_true(all_unloaded, party))
		for (unsigned int i = 0; i < party->n_bpf; i++)
			if (is_loaded(party->bpf[i].kind, party->bpf[i].id))
				add(text, size, "BPF %c %u\n", party->bpf[i].kind,
				    party->bpf[i].id);
	if (find_ipc_objects(NULL, 0) || find_shared_memory(NULL, 0) ||
	    find_files(party, files, NULL, 0))
		start_once_more(party, text, size);
	find_ipc_objects(text, size);
	find_shared_memory(text, size);
	find_files(party, files, text, size);
}
