/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zlib.h>

#include "lib/check_main.h"
#include "lib/saving.h"

#define CLOCK_NS 1000

static const struct capture_about about = { "1.2", "host", "6.18", 2 };

/* What a reading came to. Its times are checked to be in order on the way. */
struct found {
	int err;
	struct capture_reach reach;
	uint64_t events;
	uint64_t sum_ns;
	unsigned int ended; /* races with an end */
	uint64_t tasks;
};

static int bytes_fd(const void *bytes, size_t n)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, n), (int)n);
	return fd;
}

static void read_race(struct capture_reader *reader, const struct capture_race_read *race,
		      struct found *found)
{
	const struct tb_event *event;
	uint64_t last_ns = 0;
	int got;

	found->ended += race->ended;
	found->tasks += race->end.n_tasks;
	while ((got = capture_next_event(reader, &event)) > 0) {
		ck_assert_uint_ge(event->ns, last_ns);
		ck_assert_uint_lt(event->kind, TB_EVENT_KINDS);
		last_ns = event->ns;
		found->events++;
		found->sum_ns += event->ns;
	}
	ck_assert_int_eq(got, 0);
}

static struct found read_fd(int fd)
{
	struct capture capture = capture_start();
	const struct capture_race_read *race;
	struct capture_reader *reader;
	struct found found = { 0 };
	int got = 0;

	found.err = capture_open("some.capture", fd, &reader);
	ck_assert_int_eq(found.err == 0, reader != NULL);
	while (reader && (got = capture_next_race(reader, &race)) > 0)
		read_race(reader, race, &found);
	ck_assert_int_eq(got, 0);
	if (reader)
		found.reach = capture_reached(reader);
	capture_close(reader);
	capture_end(&capture, said, sizeof(said));
	close(fd);
	return found;
}

static struct found read_bytes(const void *bytes, size_t n)
{
	return read_fd(bytes_fd(bytes, n));
}

/* A capture in the making: written by the writer, and taken from the disk. */
static unsigned char *bytes;
static size_t n_bytes;
static struct capture_writer *writer;

static void begin(void)
{
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	enter();
	ck_assert_int_eq(capture_create("made", false, &about, &writer), 0);
}

static void begin_race(unsigned int repeat)
{
	const struct capture_race race = {
		.strategy = "mutex",
		.mode = "threads",
		.workers = 2,
		.batch = repeat,
		.repeat = repeat,
		.result = 4,
		.clock = { CLOCK_NS, 2 * CLOCK_NS, 3 * CLOCK_NS },
	};

	ck_assert_int_eq(capture_begin_race(writer, &race), 0);
}

static void end_race(void)
{
	const struct capture_task task = { 10, 11, 12, "worker", 1, "worker 1" };
	const struct capture_word word = { 140737488355328, "race+0x8" };
	const struct capture_race_end end = { &task, 1, &word, 1, { 0 } };

	ck_assert_int_eq(capture_end_race(writer, &end), 0);
}

static void finish(bool whole)
{
	FILE *file;

	if (whole)
		ck_assert_int_eq(capture_finish(writer), 0);
	capture_free(writer);
	file = fopen("made", "r");
	ck_assert_ptr_nonnull(file);
	bytes = malloc(8 << 20);
	n_bytes = fread(bytes, 1, 8 << 20, file);
	fclose(file);
	leave();
}

static void put(uint32_t cpu, const uint64_t *times, size_t n)
{
	struct tb_event *events = calloc(n, sizeof(*events));

	for (size_t i = 0; i < n; i++)
		events[i] = (struct tb_event){ .ns = times[i],
					       .cpu = (uint16_t)cpu,
					       .kind = TB_EVENT_WAKING };
	ck_assert_int_eq(capture_events(writer, cpu, events, n), 0);
	free(events);
}

#define PUT(cpu, ...) \
	put(cpu, (const uint64_t[]){ __VA_ARGS__ }, sizeof((uint64_t[]){ __VA_ARGS__ }) / 8)

/* Two races, two rings, several blocks of each, late events: 1016 bytes and more. */
static void make_small(void)
{
	begin();
	begin_race(1);
	PUT(0, 10, 30, 20, 40);
	PUT(1, 5, 35);
	PUT(0, 50, 45, 60);
	end_race();
	begin_race(0);
	PUT(3, 70);
	end_race();
	finish(true);
}

/* Blocks stand in a file as their texts end. */
typedef struct capture_block unaligned_block __attribute__((aligned(1)));
typedef struct tb_event unaligned_event __attribute__((aligned(1)));

static unaligned_block *block_of(enum capture_type type, unsigned int nth)
{
	size_t at = sizeof(struct capture_header);

	for (;;) {
		unaligned_block *block = (void *)(bytes + at);

		ck_assert_uint_lt(at, n_bytes);
		if (block->type == type && nth-- == 0)
			return block;
		at += sizeof(*block) + block->bytes;
	}
}

static void sum_again(unaligned_block *block)
{
	uLong sum = crc32(0, (const Bytef *)block, 12);

	block->sum = (uint32_t)crc32(sum, (const Bytef *)(block + 1), block->bytes);
}

START_TEST(events_come_in_order_from_all_rings)
{
	struct found found;

	make_small();
	found = read_bytes(bytes, n_bytes);
	ck_assert_int_eq(found.err, 0);
	ck_assert_uint_eq(found.events, 10);
	ck_assert_uint_eq(found.sum_ns, 10 + 30 + 20 + 40 + 5 + 35 + 50 + 45 + 60 + 70);
	ck_assert(found.reach.complete);
	ck_assert_ptr_null(found.reach.damage.why);
	ck_assert_uint_eq(found.reach.bytes, n_bytes);
	ck_assert_uint_eq(found.reach.races, 2);
	ck_assert_uint_eq(found.reach.events, 10);
	ck_assert_uint_eq(found.ended, 2);
	ck_assert_uint_eq(found.tasks, 2);
	ck_assert_str_eq(said, "");
	free(bytes);
}
END_TEST

START_TEST(what_races_say_is_there)
{
	const struct capture_race_read *race;
	struct capture_reader *reader;
	int fd;

	make_small();
	fd = bytes_fd(bytes, n_bytes);
	ck_assert_int_eq(capture_open("some.capture", fd, &reader), 0);
	ck_assert_str_eq(capture_read_about(reader)->kernel, "6.18");
	ck_assert_uint_eq(capture_read_about(reader)->cpus, 2);
	ck_assert_int_eq(capture_next_race(reader, &race), 1);
	ck_assert_str_eq(race->race.strategy, "mutex");
	ck_assert_uint_eq(race->race.batch, 1);
	ck_assert_uint_eq(race->race.repeat, 1);
	ck_assert_uint_eq(race->race.clock.boottime_ns, 2 * CLOCK_NS);
	ck_assert_uint_eq(race->rings, 2);
	ck_assert(race->ended);
	ck_assert_uint_eq(race->end.tasks[0].process, 12);
	ck_assert_str_eq(race->end.words[0].name, "race+0x8");
	/* Its events are passed over. */
	ck_assert_int_eq(capture_next_race(reader, &race), 1);
	ck_assert_uint_eq(race->race.batch, 0);
	ck_assert_int_eq(capture_next_race(reader, &race), 0);
	capture_close(reader);
	close(fd);
	free(bytes);
}
END_TEST

/* An event of a recovered switch may be far from where it belongs, beyond any buffer. */
START_TEST(a_late_event_finds_its_place_however_far)
{
	enum { MANY = 100000 };
	uint64_t *times = calloc(MANY, sizeof(*times));
	struct found found;

	for (uint64_t i = 0; i < MANY; i++)
		times[i] = 1000 + i;
	begin();
	begin_race(1);
	put(0, times, MANY);
	PUT(0, 1001, 1001, MANY + 1000);
	PUT(1, 1500, 2000);
	end_race();
	finish(true);
	found = read_bytes(bytes, n_bytes);
	ck_assert(found.reach.complete);
	ck_assert_uint_eq(found.events, MANY + 5);
	free(times);
	free(bytes);
}
END_TEST

START_TEST(too_many_late_events_are_damage)
{
	enum { MANY = 65538 };
	uint64_t *times = calloc(MANY, sizeof(*times));
	struct found found;

	for (size_t i = 0; i < MANY; i++)
		times[i] = 1;
	times[0] = 5;
	begin();
	begin_race(1);
	PUT(0, 1, 2);
	put(0, times, MANY);
	end_race();
	finish(true);
	found = read_bytes(bytes, n_bytes);
	ck_assert_str_eq(found.reach.damage.why, "too many events are out of order");
	/* The whole blocks before it. */
	ck_assert_uint_eq(found.events, found.reach.events);
	ck_assert_uint_ge(found.events, 2);
	free(times);
	free(bytes);
}
END_TEST

/* However a file is cut off, what is whole before that is read, and nothing else. */
START_TEST(truncated_anywhere_it_is_read_up_to_there)
{
	unaligned_block *first, *race_end;
	uint64_t before = 0;

	make_small();
	first = block_of(CAPTURE_RACE, 0);
	race_end = block_of(CAPTURE_RACE_END, 0);
	for (size_t n = 0; n < n_bytes; n++) {
		struct found found = read_bytes(bytes, n);

		if (n < (size_t)((unsigned char *)first - bytes)) {
			ck_assert_int_eq(found.err, -EINVAL);
			assert_one_line(said, "tracebench: some.capture: ");
			continue;
		}
		ck_assert_int_eq(found.err, 0);
		ck_assert(!found.reach.complete);
		ck_assert_uint_le(found.reach.bytes, n);
		ck_assert_uint_ge(found.events, before);
		ck_assert_uint_eq(found.events, found.reach.events);
		ck_assert_str_eq(said, "");
		if (n <= (size_t)((unsigned char *)race_end - bytes))
			ck_assert_uint_eq(found.ended, 0);
		before = found.events;
	}
	ck_assert_uint_eq(before, 10);
	free(bytes);
}
END_TEST

/* A wrong bit anywhere is found: what comes before it is read. */
START_TEST(flipped_anywhere_it_is_found)
{
	make_small();
	for (size_t at = 0; at < n_bytes; at++) {
		for (int bit = 0; bit < 8; bit += 7) {
			struct found found;

			bytes[at] ^= (unsigned char)(1 << bit);
			found = read_bytes(bytes, n_bytes);
			bytes[at] ^= (unsigned char)(1 << bit);
			if (found.err) {
				assert_one_line(said, "tracebench: some.capture: ");
				continue;
			}
			ck_assert(!found.reach.complete);
			ck_assert_ptr_nonnull(found.reach.damage.why);
			ck_assert_uint_le(found.reach.damage.offset, at);
			ck_assert_uint_le(found.events, 10);
		}
	}
	free(bytes);
}
END_TEST

/* With a right sum it is somebody's intention: still nothing but damage, or another value. */
START_TEST(flipped_with_a_right_sum_it_does_no_harm)
{
	make_small();
	for (size_t at = sizeof(struct capture_header); at < n_bytes;) {
		unaligned_block *block = (void *)(bytes + at);
		size_t length = sizeof(*block) + block->bytes;

		/* Each byte, and over all of them each bit: all bits of all take minutes under a sanitizer. */
		for (size_t i = 0; i < 8 * length; i += 5) {
			if (i / 8 >= 12 && i / 8 < sizeof(*block))
				continue;
			bytes[at + i / 8] ^= (unsigned char)(1 << i % 8);
			if (at + sizeof(*block) + block->bytes <= n_bytes)
				sum_again(block);
			read_bytes(bytes, n_bytes);
			bytes[at + i / 8] ^= (unsigned char)(1 << i % 8);
		}
		sum_again(block);
		at += length;
	}
	free(bytes);
}
END_TEST

/* Breaks one thing in a small capture, and expects that reason for the damage. */
static void broken(enum capture_type type, void (*break_it)(unaligned_block *block),
		   const char *why)
{
	unaligned_block *block;
	struct found found;

	make_small();
	block = block_of(type, 0);
	break_it(block);
	sum_again(block);
	found = read_bytes(bytes, n_bytes);
	ck_assert_int_eq(found.err, 0);
	ck_assert_ptr_nonnull(found.reach.damage.why);
	ck_assert_str_eq(found.reach.damage.why, why);
	ck_assert_uint_eq(found.reach.damage.offset, (uint64_t)((unsigned char *)block - bytes));
	free(bytes);
}

static unaligned_event *event_in(unaligned_block *block)
{
	return (unaligned_event *)(block + 1);
}

static void of_no_kind(unaligned_block *block)
{
	event_in(block)->kind = TB_EVENT_NONE;
}

static void of_a_cpu_too_high(unaligned_block *block)
{
	event_in(block)->cpu = CAPTURE_CPUS;
}

static void of_a_ring_too_high(unaligned_block *block)
{
	block->cpu = CAPTURE_CPUS;
}

static void of_the_far_future(unaligned_block *block)
{
	event_in(block)->ns = CAPTURE_NS_MAX;
}

static void of_a_task_too_high(unaligned_block *block)
{
	event_in(block)->waking.wakee = 1U << 31;
}

static void of_another_type(unaligned_block *block)
{
	block->type = CAPTURE_ABOUT;
}

static void without_a_brace(unaligned_block *block)
{
	*(char *)(block + 1) = '[';
}

/* As long as before, so that the rest of the file stays where it is. */
static void replace(unaligned_block *block, const char *what, const char *by)
{
	char *text = (char *)(block + 1);
	char *at = memmem(text, block->bytes, what, strlen(what));

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(strlen(what), strlen(by));
	memcpy(at, by, strlen(by));
}

static void without_a_count(unaligned_block *block)
{
	replace(block, "\"workers\":2", "\"worker_\":2");
}

static void with_other_events(unaligned_block *block)
{
	replace(block, "\"events\":9", "\"events\":8");
}

static void with_a_task_that_cannot_be(unaligned_block *block)
{
	replace(block, "\"pid\":10", "\"pid\":-1");
}

static void with_another_sum(unaligned_block *block)
{
	replace(block, "\"races\":2", "\"races\":3");
}

START_TEST(what_cannot_be_is_damage)
{
	broken(CAPTURE_EVENTS, of_no_kind, "an event is of no kind");
	broken(CAPTURE_EVENTS, of_a_cpu_too_high, "an event is of another CPU than its ring");
	broken(CAPTURE_EVENTS, of_a_ring_too_high, "a ring is of a CPU that cannot be");
	broken(CAPTURE_EVENTS, of_the_far_future, "an event has a time that cannot be");
	broken(CAPTURE_EVENTS, of_a_task_too_high, "an event is of a task that cannot be");
	broken(CAPTURE_EVENTS, of_another_type, "a block is in the wrong place");
	broken(CAPTURE_RACE, without_a_brace, "a block's JSON is malformed");
	broken(CAPTURE_RACE, without_a_count, "what it says of a race is malformed");
	broken(CAPTURE_RACE_END, with_other_events,
	       "a race says that it has another number of events");
	broken(CAPTURE_RACE_END, with_a_task_that_cannot_be,
	       "what it says at the end of a race is malformed");
	broken(CAPTURE_END, with_another_sum, "it ends with other sums than it has");
}
END_TEST

static void of_a_later_type(unaligned_block *block)
{
	block->type = 77;
}

START_TEST(types_and_kinds_of_later_versions_are_passed_over)
{
	unaligned_block *block;
	struct found found;

	make_small();
	block = block_of(CAPTURE_EVENTS, 0);
	event_in(block)->kind = 200;
	sum_again(block);
	found = read_bytes(bytes, n_bytes);
	ck_assert(found.reach.complete);
	ck_assert_uint_eq(found.events, 9);
	free(bytes);
	bytes = NULL;
	make_small();
	block = block_of(CAPTURE_EVENTS, 3);
	of_a_later_type(block);
	sum_again(block);
	found = read_bytes(bytes, n_bytes);
	ck_assert_uint_eq(found.events, 9);
	ck_assert_str_eq(found.reach.damage.why,
			 "a race says that it has another number of events");
	free(bytes);
}
END_TEST

START_TEST(another_version_is_refused)
{
	make_small();
	bytes[8] = 2;
	ck_assert_int_eq(read_bytes(bytes, n_bytes).err, -EINVAL);
	assert_one_line(said,
			"tracebench: some.capture: is a capture of version 2 (32 bytes an event); "
			"this program reads version 1 (32)\n");
	free(bytes);
}
END_TEST

START_TEST(a_capture_that_was_not_finished_is_incomplete)
{
	struct found found;

	begin();
	begin_race(1);
	PUT(0, 1, 2, 3);
	finish(false);
	found = read_bytes(bytes, n_bytes);
	ck_assert(!found.reach.complete);
	ck_assert_ptr_null(found.reach.damage.why);
	ck_assert_uint_eq(found.events, 3);
	ck_assert_uint_eq(found.ended, 0);
	free(bytes);
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(read_fd(ends[0]).err, -EINVAL);
	assert_one_line(said,
			"tracebench: some.capture: a capture is read twice: save it to a file "
			"first\n");
	close(ends[1]);
}
END_TEST

START_TEST(a_capture_is_known_by_its_magic)
{
	int fd;

	make_small();
	fd = bytes_fd(bytes, n_bytes);
	ck_assert(capture_is_one(fd));
	ck_assert_int_eq((int)lseek(fd, 0, SEEK_CUR), (int)n_bytes);
	close(fd);
	fd = bytes_fd("{}", 2);
	ck_assert(!capture_is_one(fd));
	close(fd);
	free(bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("capture_read");

	add_test(suite, events_come_in_order_from_all_rings);
	add_test(suite, what_races_say_is_there);
	add_test(suite, a_late_event_finds_its_place_however_far);
	add_test(suite, too_many_late_events_are_damage);
	add_test(suite, truncated_anywhere_it_is_read_up_to_there);
	add_test(suite, flipped_anywhere_it_is_found);
	add_test(suite, flipped_with_a_right_sum_it_does_no_harm);
	add_test(suite, what_cannot_be_is_damage);
	add_test(suite, types_and_kinds_of_later_versions_are_passed_over);
	add_test(suite, another_version_is_refused);
	add_test(suite, a_capture_that_was_not_finished_is_incomplete);
	add_test(suite, what_is_no_file_is_refused);
	add_test(suite, a_capture_is_known_by_its_magic);
	return run_suite(suite);
}
