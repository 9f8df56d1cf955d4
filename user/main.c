/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "plan/option.h"

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} commands[] = {
	{ "run", command_run },		{ "list", command_list },   { "doctor", command_doctor },
	{ "report", command_report },	{ "spawn", command_spawn }, { "reentry", command_reentry },
	{ "compare", command_compare }, { "merge", command_merge },
};

/* Of the program itself: its commands, and what may stand beside them is run's. */
static void print_commands(void)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		printf("command %s\n", commands[i].name);
}

/* A first word that is no command's is a strategy's, or an option. */
static int dispatch(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].main(argc - 1, argv + 1);
	if (argc == 2 && !strcmp(argv[1], OPTION_WORDS))
		print_commands();
	return command_run(argc, argv);
}

/*
 * What is opened later must not become one of the standard descriptors. For reading only, so that
 * a closed standard output stays one that cannot be written to.
 */
static void fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	int code;

	environment_restrict();
	fill_standard_descriptors();

	/* For the terminal's character set. Not LC_NUMERIC: machine formats have decimal points. */
	setlocale(LC_CTYPE, "");
	/* A file size limit is an error to report, not to die of. */
	signal(SIGXFSZ, SIG_IGN);
	/* Who started us may not care how a child ended. We do. */
	signal(SIGCHLD, SIG_DFL);
	code = dispatch(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		if (code == EXIT_DONE) {
			log_error("standard output cannot be written: %s", strerror(errno));
			code = EXIT_FAILED;
		}
	}
	return code;
}
