/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The subcommands. argv[0] is the word before the command's own arguments: its name, or the
 * program's where none was named. Each returns the exit code (base/exit.h) and has said why on
 * stderr when it is not EXIT_DONE.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

int command_run(int argc, char **argv);
int command_list(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_report(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_spawn(int argc, char **argv);
int command_reentry(int argc, char **argv);

#endif
