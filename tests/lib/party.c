/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/party.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/fixture.h"
#include "lib/leftovers.h"
#include "session/json.h"
#include "session/save.h"

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(errno));
	exit(EXIT_FAILURE);
}

#define NOBODY 65534

/* ---- The test itself ---- */

static char program[] = "/tmp/tracebench-faults-program-XXXXXX";

static void remove_program(void)
{
	unlink(program);
}

/* Where everybody may execute it, which the checkout may not be. */
static void copy_program(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int to = mkostemp(program, O_CLOEXEC);
	ssize_t n = 1;

	if (from < 0 || to < 0)
		give_up("%s", path);
	atexit(remove_program);
	while (n > 0)
		n = sendfile(to, from, NULL, 1 << 20);
	if (n < 0 || fchmod(to, 0755))
		give_up("%s", program);
	close(from);
	close(to);
}

void party_prepare(void)
{
	const struct rlimit no_core = { 0, 0 };
	const char *named = getenv("TRACEBENCH");

	copy_program(named && *named ? named : "./tracebench");
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	setenv("XDG_CONFIG_HOME", "/nowhere", 1);
	/* A race of each kind does to be ended in; those that come one after the other are alike. */
	setenv("TRACEBENCH_LATENCY", "1", 1);
	setenv("TRACEBENCH_WAKERS", "1", 1);
	/* The leak check of a sanitized build has a process of its own, which is none of the parties. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	setrlimit(RLIMIT_CORE, &no_core);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		give_up("PR_SET_CHILD_SUBREAPER");
	leftovers_prepare();
}

uint64_t party_seed(void)
{
	const char *wished = getenv("FAULTS_SEED");
	uint64_t seed = 0;

	if (wished && *wished)
		seed = strtoull(wished, NULL, 10);
	else if (getrandom(&seed, sizeof(uint32_t), 0) < 0)
		give_up("getrandom");
	srandom((unsigned int)seed);
	return seed;
}

unsigned int party_rounds(unsigned int otherwise)
{
	const char *wished = getenv("FAULTS_ROUNDS");

	return wished && *wished ? (unsigned int)strtoul(wished, NULL, 10) : otherwise;
}

unsigned int party_random(unsigned int n)
{
	return (unsigned int)random() % n;
}

void party_sleep_us(unsigned int us)
{
	const struct timespec time = { us / 1000000, us % 1000000 * 1000L };

	nanosleep(&time, NULL);
}

/* ---- A run ---- */

static void path_of(const struct party *party, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", party->directory, name);
}

void party_open(struct party *party, bool ordinary, bool with_old_session)
{
	char path[128];

	*party = (struct party){ .run = -1, .run_pidfd = -1 };
	party->ordinary = ordinary && geteuid() == 0;
	snprintf(party->directory, sizeof(party->directory), "/tmp/tracebench-faults-XXXXXX");
	if (!mkdtemp(party->directory))
		give_up("%s", party->directory);
	if (with_old_session) {
		struct session *session = fixture_session();

		path_of(party, "s.json", path);
		if (save_session(path, false, session))
			exit(EXIT_FAILURE);
		session_free(session);
		if (party->ordinary && chown(path, NOBODY, NOBODY))
			give_up("%s", path);
	}
	if (party->ordinary && chown(party->directory, NOBODY, NOBODY))
		give_up("%s", party->directory);
}

static void redirect(const char *name, int fd)
{
	int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || dup2(file, fd) < 0)
		_exit(126);
}

static _Noreturn void become_program(const struct party *party, const char *const arguments[])
{
	const char *argv[32] = { "tracebench" };

	for (int i = 0; i < 30 && arguments[i]; i++)
		argv[i + 1] = arguments[i];
	if (chdir(party->directory))
		_exit(126);
	redirect("out", STDOUT_FILENO);
	redirect("err", STDERR_FILENO);
	if (party->ordinary && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
				setresuid(NOBODY, NOBODY, NOBODY)))
		_exit(126);
	execv(program, (char **)argv);
	_exit(127);
}

void party_start(struct party *party, const char *const arguments[])
{
	party->run = fork();
	if (party->run == 0)
		become_program(party, arguments);
	party->run_pidfd = pidfd_open(party->run, 0);
	if (party->run_pidfd < 0)
		give_up("pidfd_open");
}

bool party_is_over(const struct party *party)
{
	struct pollfd polled = { .fd = party->run_pidfd, .events = POLLIN };

	return poll(&polled, 1, 0) > 0;
}

int party_end(struct party *party, int seconds)
{
	struct pollfd polled = { .fd = party->run_pidfd, .events = POLLIN };
	bool ended = poll(&polled, 1, seconds * 1000) > 0;
	int status;

	if (!ended)
		kill(party->run, SIGKILL);
	if (waitpid(party->run, &status, 0) != party->run)
		give_up("waitpid");
	close(party->run_pidfd);
	return ended ? status : -1;
}

/* ---- Who is who ---- */

unsigned int party_children(pid_t pid, pid_t children[PARTY_CHILDREN])
{
	unsigned int n = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (n < PARTY_CHILDREN && fscanf(file, "%d", &children[n]) == 1)
		n++;
	fclose(file);
	return n;
}

/* The arena leads a process group of its own. Who saves stays in the run's. */
static pid_t some_child(pid_t parent, bool leads_group)
{
	pid_t children[PARTY_CHILDREN], matching[PARTY_CHILDREN];
	unsigned int n = parent > 0 ? party_children(parent, children) : 0;
	unsigned int n_matching = 0;

	for (unsigned int i = 0; i < n; i++)
		if ((getpgid(children[i]) == children[i]) == leads_group)
			matching[n_matching++] = children[i];
	return n_matching ? matching[party_random(n_matching)] : -1;
}

int party_find(const struct party *party, enum role role)
{
	pid_t pid = role == ROLE_RUN	? party->run :
		    role == ROLE_ARENA	? some_child(party->run, true) :
		    role == ROLE_WORKER ? some_child(some_child(party->run, true), false) :
					  some_child(party->run, false);

	/* Whoever has the pid now is a child of the test at worst: nobody else reaps them. */
	return pid > 0 ? pidfd_open(pid, 0) : -1;
}

/* ---- Files ---- */

bool party_has_file(const struct party *party, const char *name)
{
	char path[128];

	path_of(party, name, path);
	return access(path, F_OK) == 0;
}

struct session *party_session(const struct party *party, const char *name)
{
	struct session *session = NULL;
	char path[128];
	FILE *file;

	path_of(party, name, path);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	session_read_json(path, file, &session);
	fclose(file);
	return session;
}

bool party_has_session(const struct party *party, const char *name)
{
	struct session *session = party_session(party, name);

	session_free(session);
	return session != NULL;
}

void party_read(const struct party *party, const char *name, char *text, size_t size)
{
	char path[128];
	size_t length = 0;
	FILE *file;

	path_of(party, name, path);
	file = fopen(path, "r");
	if (file) {
		length = fread(text, 1, size - 1, file);
		fclose(file);
	}
	text[length] = '\0';
}

void party_remove(const struct party *party, const char *name)
{
	char path[128];

	path_of(party, name, path);
	unlink(path);
}

void party_close(struct party *party)
{
	DIR *directory = opendir(party->directory);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(party->directory);
}
