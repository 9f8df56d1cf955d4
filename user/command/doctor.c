/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench doctor`: what this machine can trace and measure, and how to get the rest. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "command/doctor_cost.h"
#include "plan/machine.h"
#include "plan/option.h"
#include "probe/feature.h"

struct doctor_options {
	unsigned int can; /* enum question */
	bool cost;
};

enum question { QUESTION_NONE, QUESTION_TRACE };

static const struct option_choice questions[] = {
	{ "trace", QUESTION_TRACE },
	{ NULL, 0 },
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "can",
	  .value = "trace",
	  .help = "say nothing, exit with 0 if it can and with 4 if not",
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct doctor_options, can),
	  .choices = questions },
	{ .name = "cost",
	  .help = "measure what tracing costs here (some 2 s), nothing else",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct doctor_options, cost) },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench doctor [options]\n"
	      "\n"
	      "What this machine can trace and measure, found out by trying, and how to get the rest.\n"
	      "\n"
	      "Examples:\n"
	      "  sudo tracebench doctor\n"
	      "  sudo tracebench doctor --cost\n"
	      "  tracebench doctor --can=trace || echo 'timings only'\n",
	      stdout);
	option_print_table(specs, N_SPECS);
}

/* "ok" works, "--" is missing and can be done without, "warn" limits what may be concluded. */
__attribute__((format(printf, 2, 3))) static void say(const char *mark, const char *format, ...)
{
	va_list args;

	printf("%-5s ", mark);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void say_btf(const struct feature_state *state)
{
	const char *path = "/sys/kernel/btf/vmlinux";
	struct stat file;

	if (state->works && stat(path, &file) == 0)
		say("ok", "BTF: %s, %.1f MiB", path, (double)file.st_size / (1 << 20));
}

static void say_tracing(const struct feature_state states[FEATURES])
{
	const char *obstacle = feature_obstacle(states);

	say_btf(&states[FEATURE_BTF]);
	if (obstacle)
		say("--", "BPF: %s (%s). Races run, and are not traced", obstacle,
		    geteuid() == 0 ? "as root" : "not as root");
	else
		say("ok",
		    "BPF: tp_btf on scheduler and lock-contention tracepoints, saved registers, "
		    "%s (%s)",
		    states[FEATURE_TASK_STORAGE].works ?
			    "task storage" :
			    "tasks in a hash, for want of task storage",
		    geteuid() == 0 ? "as root" : "not as root");
	if (states[FEATURE_CALLS].works)
		say("ok", "system calls: tp_btf on sys_enter and sys_exit");
	else if (!obstacle)
		say("--", "system calls: no tracepoints (CONFIG_FTRACE_SYSCALLS). The calls level "
			  "is left out");
	if (states[FEATURE_FEXIT].works)
		say("ok", "fexit: allowed; futex calls are counted by it");
	else if (states[FEATURE_TP_BTF].works)
		say("--", "fexit: refused (%s). Futex calls are counted by sys_exit",
		    strerror(-states[FEATURE_FEXIT].error));
}

static void say_clock(const struct machine *machine)
{
	struct timespec resolution;

	clock_getres(CLOCK_MONOTONIC, &resolution);
	say(resolution.tv_nsec <= 1000 && machine->timer_cost_ns < 500 ? "ok" : "warn",
	    "clock: CLOCK_MONOTONIC costs %.0f ns, resolution %ld ns, source %s",
	    machine->timer_cost_ns, resolution.tv_nsec,
	    machine->clocksource ? machine->clocksource : "unknown");
}

static void say_cpus(const struct machine *machine)
{
	say(machine->n_cpus > 1 ? "ok" : "warn", "CPUs: %s; %zu of them for races%s",
	    machine->topology ? machine->topology : "topology unknown", machine->n_cpus,
	    machine->n_cpus > 1 ? "" : ": workers take turns on one, and hardly contend");
	if (!isnan(machine->cpu_quota))
		say("warn",
		    "CPU quota: the control group grants %.2f CPUs; throttling looks like "
		    "run-queue delay",
		    machine->cpu_quota);
	if (!machine->governor)
		say("warn", "CPU frequency: no governor visible%s; compare only within one session",
		    machine->virtualized ? " (VM)" : "");
	else
		say(strcmp(machine->governor, "performance") == 0 ? "ok" : "warn",
		    "CPU frequency: governor %s%s", machine->governor,
		    strcmp(machine->governor, "performance") == 0 ?
			    "" :
			    "; `cpupower frequency-set -g performance` steadies the timings");
	if (machine->virtualized)
		say("warn", "virtual machine: the hypervisor may take the CPUs away unseen");
}

static void say_hardware(const struct hardware_support *hardware)
{
	if (hardware->works)
		say("ok", "hardware counters: cycles, instructions, caches, branches; %s",
		    hardware->with_kernel ? "the kernel's share included" : "user mode only");
	else
		say("--",
		    "hardware counters: not available here: %s. Cycles and the like are left out",
		    hardware->reason);
}

static int examine(const struct feature_state states[FEATURES])
{
	struct machine machine;

	if (machine_read(&machine))
		return EXIT_FAILED;
	say_tracing(states);
	say_clock(&machine);
	say_cpus(&machine);
	hardware_find(false, &machine.hardware);
	say_hardware(&machine.hardware);
	machine_free(&machine);
	return EXIT_DONE;
}

int command_doctor(int argc, char **argv)
{
	struct doctor_options options = { .can = QUESTION_NONE };
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = &options,
		.print_help = print_help,
	};
	struct feature_state states[FEATURES];

	if (option_read_arguments(&reading, argc, argv))
		return EXIT_USAGE;
	if (reading.done)
		return EXIT_DONE;
	if (options.cost && options.can == QUESTION_NONE)
		return doctor_cost();
	feature_probe(states);
	if (options.can == QUESTION_TRACE)
		return feature_obstacle(states) ? EXIT_NOT_TRACED : EXIT_DONE;
	return examine(states);
}
