/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C and its like at any moment of a run: it says so, ends with 130, and leaves whole what it
 * leaves.
 *
 *	FAULTS_ROUNDS=N		so many for each of one and two interruptions (default 50)
 *	FAULTS_SEED=N		the moments of an earlier run
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "lib/leftovers.h"
#include "lib/party.h"
#include "lib/tap.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* What a run says of an interruption, by when it came. */
enum phase { IN_SET_UP, IN_RACES, AFTER_RACES, NOT_SAID, PHASES };

static const char *const said_in[] = { [IN_SET_UP] = "nothing was measured yet",
				       [IN_RACES] = "what was measured so far follows",
				       [AFTER_RACES] = "all had been measured" };

struct interruption {
	unsigned int n; /* one, or a second a moment later */
	int signal;
	bool saves, is_json;
	int status;
	enum phase phase;
	char said[512];
	char found[1024];
};

__attribute__((format(printf, 2, 3))) static void find(struct interruption *this,
						       const char *format, ...)
{
	size_t length = strlen(this->found);
	va_list args;

	va_start(args, format);
	vsnprintf(this->found + length, sizeof(this->found) - length, format, args);
	va_end(args);
}

static void start(struct party *party, const struct interruption *this)
{
	const char *const arguments[] = { "run",
					  "shm",
					  "--mode=both",
					  "-d20ms",
					  "-r1",
					  "--warmup=0",
					  this->is_json ? "--format=json" : "--format=table",
					  this->saves ? "-o" : NULL,
					  "s.json",
					  NULL };

	party_open(party, false, false);
	party_start(party, arguments);
}

static enum phase phase_of(const char *said)
{
	enum phase phase = IN_SET_UP;

	while (phase < NOT_SAID && !strstr(said, said_in[phase]))
		phase++;
	return phase;
}

static bool is_empty(const struct party *party, const char *name)
{
	char text[2];

	party_read(party, name, text, sizeof(text));
	return !text[0];
}

/* A file that has to hold a session, and whether that has to say that it is complete. */
static void judge_session(const struct party *party, struct interruption *this, const char *name)
{
	struct session *session = party_session(party, name);

	if (!session)
		find(this, "%s: no session\n", name);
	else if (session->complete != (this->phase != IN_RACES))
		find(this, "%s: complete is %d\n", name, session->complete);
	session_free(session);
}

/* It ended by itself: either it was over, or it says that it was interrupted, and when. */
static void judge_exit(const struct party *party, struct interruption *this)
{
	bool interrupted = WEXITSTATUS(this->status) == EXIT_INTERRUPTED;

	if (!interrupted && WEXITSTATUS(this->status) != EXIT_DONE)
		find(this, "it exits with %d\n", WEXITSTATUS(this->status));
	if (interrupted == (this->phase == NOT_SAID))
		find(this, "it exits with %d and says this\n", WEXITSTATUS(this->status));
	if (this->phase == IN_SET_UP) {
		if (!is_empty(party, "out") || party_has_file(party, "s.json"))
			find(this, "it measured nothing and has a session\n");
		return;
	}
	if (this->is_json)
		judge_session(party, this, "out");
	if (this->saves)
		judge_session(party, this, "s.json");
}

/*
 * The signal itself ended it. Right for a second one, and for a first that came before the command
 * line was read or after all was done.
 */
static void judge_killed(const struct party *party, struct interruption *this)
{
	bool early = is_empty(party, "out") && !party_has_file(party, "s.json");

	if (WTERMSIG(this->status) != this->signal)
		find(this, "it is killed by SIG%s\n", sigabbrev_np(WTERMSIG(this->status)));
	if (this->n == 1 && this->phase != NOT_SAID)
		find(this, "it is killed though it knows\n");
	if (this->n == 1 && !early) {
		if (this->is_json)
			judge_session(party, this, "out");
		if (this->saves)
			judge_session(party, this, "s.json");
	}
	if (party_has_file(party, "s.json") && !party_has_session(party, "s.json"))
		find(this, "what is saved is no session\n");
}

static void judge(const struct party *party, struct interruption *this)
{
	const char *line;

	party_read(party, "err", this->said, sizeof(this->said));
	this->phase = phase_of(this->said);
	line = strstr(this->said, "tracebench: interrupted: ");
	if ((line != NULL) != (this->phase != NOT_SAID) || (line && strchr(line, '\n')[1]))
		find(this, "it does not say so in one last line\n");
	if (this->status == -1)
		find(this, "it hangs\n");
	else if (WIFSIGNALED(this->status))
		judge_killed(party, this);
	else
		judge_exit(party, this);
}

static void run_round(struct interruption *this, unsigned int life_us)
{
	static const char *const files[] = { "out", "err", "s.json", NULL };
	struct party party;

	start(&party, this);
	party_sleep_us(party_random(life_us));
	for (unsigned int i = 0; i < this->n; i++) {
		if (i)
			party_sleep_us(party_random(20000));
		pidfd_send_signal(party.run_pidfd, this->signal, NULL, 0);
		leftovers_note_bpf(&party);
	}
	this->status = party_end(&party, 60);
	leftovers_find(&party, files, this->found, sizeof(this->found));
	judge(&party, this);
	party_close(&party);
}

static unsigned int measure_life_us(void)
{
	struct interruption none = { .is_json = true, .saves = true };
	uint64_t start_ns = clock_now_ns();
	struct party party;

	start(&party, &none);
	none.status = party_end(&party, 60);
	judge(&party, &none);
	tap_ok(!none.found[0], "a run that nobody interrupts ends well: %s", none.found);
	party_close(&party);
	return (unsigned int)((clock_now_ns() - start_ns) / NS_PER_US);
}

static void test(unsigned int n, unsigned int rounds, unsigned int life_us)
{
	unsigned int clean = 0, silent = 0, in_phase[PHASES] = { 0 };

	for (unsigned int round = 0; round < rounds; round++) {
		struct interruption this = { .n = n,
					     .signal = signals[party_random(3)],
					     .saves = party_random(2),
					     .is_json = party_random(2) };

		run_round(&this, life_us);
		clean += !this.found[0];
		in_phase[this.phase]++;
		silent += WIFSIGNALED(this.status) && this.phase == NOT_SAID;
		if (this.found[0])
			fprintf(stderr, "round %u, %u x SIG%s%s%s, status 0x%x:\n%s%s\n", round, n,
				sigabbrev_np(this.signal), this.saves ? ", -o" : "",
				this.is_json ? ", JSON" : "", this.status, this.found, this.said);
	}
	tap_equal(clean, rounds, "%u at %u moments: all is said, whole and tidy", n, rounds);
	/* The moments without a word are short: before the command line is read, and the last. */
	if (n == 1)
		tap_ok(silent <= in_phase[IN_SET_UP] && in_phase[IN_SET_UP] && in_phase[IN_RACES],
		       "it is said in every phase (set-up %u, races %u, after %u, silent %u)",
		       in_phase[IN_SET_UP], in_phase[IN_RACES], in_phase[AFTER_RACES], silent);
}

int main(void)
{
	unsigned int rounds = party_rounds(50);
	unsigned int life_us;

	party_prepare();
	printf("# FAULTS_SEED=%" PRIu64 "\n", party_seed());
	life_us = measure_life_us();
	test(1, rounds, life_us);
	test(2, rounds, life_us);
	return tap_done();
}
