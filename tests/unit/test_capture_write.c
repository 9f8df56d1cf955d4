/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/write.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <zlib.h>

#include "capture/format.h"
#include "lib/check_main.h"
#include "lib/saving.h"

#define PER_BLOCK (CAPTURE_BLOCK_MAX / sizeof(struct tb_event))

static const struct capture_about about = { "1.2", "host", "6.18", 2 };
static const struct capture_race race = {
	.strategy = "mutex",
	.mode = "threads",
	.workers = 2,
	.batch = 1,
	.repeat = 3,
	.result = 4,
	.clock = { 5, 6, 7 },
};

/* The whole file, as a reader that knows format.h alone finds it. */
static unsigned char *bytes;
static size_t n_bytes, at;

static void read_file(const char *path)
{
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	free(bytes);
	bytes = malloc(8 << 20);
	n_bytes = fread(bytes, 1, 8 << 20, file);
	fclose(file);
	at = sizeof(struct capture_header);
	ck_assert_uint_ge(n_bytes, at);
	ck_assert_mem_eq(bytes, "TBcapt\r\n\1\0\0\0\40\0\0\0", at);
}

/* NULL: there is none any more, and nothing behind the last one. */
static const unsigned char *next_block(struct capture_block *block)
{
	const unsigned char *body;
	uLong sum;

	if (at == n_bytes)
		return NULL;
	ck_assert_uint_le(at + sizeof(*block), n_bytes);
	memcpy(block, bytes + at, sizeof(*block));
	ck_assert_uint_le(block->bytes, CAPTURE_BLOCK_MAX);
	ck_assert_uint_le(at + sizeof(*block) + block->bytes, n_bytes);
	body = bytes + at + sizeof(*block);
	sum = crc32(crc32(0, bytes + at, 12), body, block->bytes);
	ck_assert_uint_eq(block->sum, sum);
	at += sizeof(*block) + block->bytes;
	return body;
}

static json_t *next_json(enum capture_type type)
{
	struct capture_block block;
	const unsigned char *body = next_block(&block);
	json_t *json;

	ck_assert_ptr_nonnull(body);
	ck_assert_uint_eq(block.type, type);
	json = json_loadb((const char *)body, block.bytes, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(json);
	return json;
}

static void assert_json(enum capture_type type, const char *wanted)
{
	json_t *json = next_json(type);
	char *text = json_dumps(json, JSON_COMPACT);

	ck_assert_str_eq(text, wanted);
	free(text);
	json_decref(json);
}

static struct capture_writer *create(const char *path, bool force)
{
	struct capture_writer *writer;
	struct capture capture = capture_start();
	int err = capture_create(path, force, &about, &writer);

	capture_end(&capture, said, sizeof(said));
	ck_assert_msg(!err, "%s", said);
	ck_assert_str_eq(said, "");
	return writer;
}

static void create_refused(const char *path, bool force, int wanted, const char *line)
{
	struct capture_writer *writer;
	struct capture capture = capture_start();
	int err = capture_create(path, force, &about, &writer);

	capture_end(&capture, said, sizeof(said));
	ck_assert_int_eq(err, wanted);
	ck_assert_ptr_null(writer);
	assert_one_line(said, line);
}

static struct tb_event *some_events(size_t n)
{
	struct tb_event *events = calloc(n + 1, sizeof(*events));

	for (size_t i = 0; i < n; i++)
		events[i] = (struct tb_event){ .ns = i, .kind = TB_EVENT_SWITCH };
	return events;
}

#define LOST_SOME "{\"ring\":1,\"slots\":2,\"order\":3,\"nested\":4}"

START_TEST(a_capture_is_a_header_and_blocks_to_the_end)
{
	const struct capture_task task = { 10, 11, 12, "worker", 1, "worker 1" };
	const struct capture_word word = { 140737488355328, "race+0x8" };
	const struct capture_race_end end = { &task, 1, &word, 1, { 1, 2, 3, 4 } };
	struct tb_event *events = some_events(3);
	struct capture_writer *writer;
	struct capture_block block;
	const unsigned char *body;

	enter();
	writer = create("a.cap", false);
	ck_assert_int_eq(capture_begin_race(writer, &race), 0);
	ck_assert_int_eq(capture_events(writer, 7, events, 3), 0);
	ck_assert_uint_eq(capture_race_events(writer), 3);
	ck_assert_int_eq(capture_end_race(writer, &end), 0);
	ck_assert_int_eq(capture_finish(writer), 0);
	capture_free(writer);
	read_file("a.cap");
	assert_json(CAPTURE_ABOUT, "{\"tracebench\":\"1.2\",\"hostname\":\"host\",\"kernel\":"
				   "\"6.18\",\"cpus\":2}");
	assert_json(CAPTURE_RACE,
		    "{\"strategy\":\"mutex\",\"mode\":\"threads\",\"workers\":2,\"batch\":1,"
		    "\"repeat\":3,\"result\":4,\"clock\":{\"monotonic_ns\":5,\"boottime_ns\":6,"
		    "\"realtime_ns\":7}}");
	body = next_block(&block);
	ck_assert_uint_eq(block.type, CAPTURE_EVENTS);
	ck_assert_uint_eq(block.cpu, 7);
	ck_assert_uint_eq(block.bytes, 96);
	ck_assert_mem_eq(body, events, 96);
	assert_json(CAPTURE_RACE_END,
		    "{\"tasks\":[{\"pid\":10,\"tid\":11,\"process\":12,\"role\":\"worker\","
		    "\"index\":1,\"name\":\"worker 1\"}],\"words\":[{\"word\":140737488355328,"
		    "\"name\":\"race+0x8\"}],\"events\":3,\"lost\":" LOST_SOME "}");
	assert_json(CAPTURE_END, "{\"races\":1,\"events\":3,\"lost\":" LOST_SOME "}");
	ck_assert_ptr_null(next_block(&block));
	free(events);
	leave();
}
END_TEST

START_TEST(the_end_has_the_sums_of_the_races)
{
	const struct capture_race_end end = { .lost = { 1, 2, 3, 4 } };
	struct capture_race whole = race;
	struct tb_event *events = some_events(2);
	struct capture_writer *writer;
	json_t *json;

	enter();
	writer = create("a.cap", false);
	whole.batch = 0;
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(capture_begin_race(writer, &whole), 0);
		ck_assert_int_eq(capture_events(writer, 0, events, 2), 0);
		ck_assert_int_eq(capture_end_race(writer, &end), 0);
	}
	ck_assert_int_eq(capture_finish(writer), 0);
	capture_free(writer);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	for (int i = 0; i < 2; i++) {
		struct capture_block block;

		json = next_json(CAPTURE_RACE);
		ck_assert_str_eq(json_string_value(json_object_get(json, "batch")), "all");
		json_decref(json);
		ck_assert_ptr_nonnull(next_block(&block));
		json_decref(next_json(CAPTURE_RACE_END));
	}
	assert_json(CAPTURE_END, "{\"races\":2,\"events\":4,\"lost\":{\"ring\":2,\"slots\":4,"
				 "\"order\":6,\"nested\":8}}");
	free(events);
	leave();
}
END_TEST

START_TEST(what_is_written_can_be_read_at_any_time)
{
	struct tb_event *events = some_events(100);
	struct capture_writer *writer;
	struct capture_block block;

	enter();
	writer = create("a.cap", false);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	ck_assert_ptr_null(next_block(&block));
	capture_begin_race(writer, &race);
	capture_events(writer, 0, events, 100);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	json_decref(next_json(CAPTURE_RACE));
	ck_assert_ptr_nonnull(next_block(&block));
	ck_assert_ptr_null(next_block(&block));
	capture_free(writer);
	free(events);
	leave();
}
END_TEST

START_TEST(no_block_is_too_long)
{
	size_t n = 2 * PER_BLOCK + 5;
	struct tb_event *events = some_events(n);
	struct capture_writer *writer;
	struct capture_block block;
	size_t seen = 0;

	enter();
	writer = create("a.cap", false);
	capture_begin_race(writer, &race);
	ck_assert_int_eq(capture_events(writer, 0, events, 0), 0);
	ck_assert_int_eq(capture_events(writer, 0, events, n), 0);
	ck_assert_uint_eq(capture_race_events(writer), n);
	capture_free(writer);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	json_decref(next_json(CAPTURE_RACE));
	for (const unsigned char *body = next_block(&block); body; body = next_block(&block)) {
		ck_assert_mem_eq(body, events + seen, block.bytes);
		seen += block.bytes / sizeof(*events);
	}
	ck_assert_uint_eq(seen, n);
	free(events);
	leave();
}
END_TEST

START_TEST(words_that_do_not_fit_are_left_out_from_behind)
{
	enum { WORDS = 50000 };
	struct capture_word *words = calloc(WORDS, sizeof(*words));
	const struct capture_race_end end = { .words = words, .n_words = WORDS };
	struct capture_writer *writer;
	json_t *json, *list;

	enter();
	for (int i = 0; i < WORDS; i++)
		words[i] = (struct capture_word){ (uint64_t)i, "object+0x1234567" };
	writer = create("a.cap", false);
	capture_begin_race(writer, &race);
	ck_assert_int_eq(capture_end_race(writer, &end), 0);
	capture_free(writer);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	json_decref(next_json(CAPTURE_RACE));
	json = next_json(CAPTURE_RACE_END);
	list = json_object_get(json, "words");
	ck_assert_uint_gt(json_array_size(list), WORDS / 4);
	ck_assert_uint_lt(json_array_size(list), WORDS);
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(list, 9), "word")), 9);
	json_decref(json);
	free(words);
	leave();
}
END_TEST

START_TEST(names_of_any_bytes_are_utf8)
{
	const struct capture_task task = { 1, 1, 1, "worker", 0, "a\xff\n" };
	const struct capture_race_end end = { .tasks = &task, .n_tasks = 1 };
	struct capture_writer *writer;
	json_t *json, *first;

	enter();
	writer = create("a.cap", false);
	capture_begin_race(writer, &race);
	ck_assert_int_eq(capture_end_race(writer, &end), 0);
	capture_free(writer);
	read_file("a.cap");
	json_decref(next_json(CAPTURE_ABOUT));
	json_decref(next_json(CAPTURE_RACE));
	json = next_json(CAPTURE_RACE_END);
	first = json_array_get(json_object_get(json, "tasks"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(first, "name")), "a\\xff\\x0a");
	json_decref(json);
	leave();
}
END_TEST

START_TEST(what_is_there_is_replaced_with_force_alone)
{
	struct stat before, after;

	enter();
	put_file("old.cap", "precious");
	ck_assert_int_eq(link("old.cap", "other"), 0);
	create_refused("old.cap", false, -EEXIST,
		       "tracebench: old.cap: exists; use --force to overwrite\n");
	assert_untouched("old.cap", "precious");
	stat("old.cap", &before);
	capture_free(create("old.cap", true));
	stat("old.cap", &after);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
	assert_untouched("other", "precious");
	read_file("old.cap");
	leave();
}
END_TEST

START_TEST(only_a_regular_file_is_replaced)
{
	enter();
	put_file("precious", "precious");
	ck_assert_int_eq(symlink("precious", "link"), 0);
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert_int_eq(mkfifo("fifo", 0666), 0);
	for (int force = 0; force <= 1; force++) {
		create_refused("link", force, -ELOOP, "tracebench: link: is a symbolic link");
		create_refused("sub", force, -EISDIR, "tracebench: sub: is a directory\n");
		create_refused("fifo", force, -EINVAL, "tracebench: fifo: is not a regular file\n");
		create_refused("none/a.cap", force, -ENOENT, "tracebench: none/a.cap: user ");
	}
	assert_untouched("precious", "precious");
	leave();
}
END_TEST

START_TEST(under_sudo_the_capture_is_the_callers)
{
	struct stat status;

	enter();
	ck_assert_int_eq(chown(directory, NOBODY, NOBODY), 0);
	setenv("SUDO_UID", "65534", 1);
	setenv("SUDO_GID", "65534", 1);
	capture_free(create("a.cap", false));
	ck_assert_int_eq(stat("a.cap", &status), 0);
	ck_assert_uint_eq(status.st_uid, NOBODY);
	ck_assert_uint_eq(geteuid(), 0);
	ck_assert_int_eq(chown(directory, 0, 0), 0);
	ck_assert_int_eq(chmod(directory, 0755), 0);
	create_refused("b.cap", false, -EACCES,
		       "tracebench: b.cap: user 65534 cannot make it: Permission denied\n");
	leave();
}
END_TEST

/* With SIGXFSZ as it is by default, which kills. */
START_TEST(a_write_that_fails_is_told_once_and_leaves_whole_blocks)
{
	const struct rlimit limit = { 8192, RLIM_INFINITY },
			    none = { RLIM_INFINITY, RLIM_INFINITY };
	const struct capture_race_end end = { 0 };
	struct tb_event *events = some_events(100);
	struct capture_writer *writer;
	struct capture capture;
	struct capture_block block;
	int n = 0;

	enter();
	writer = create("a.cap", false);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	capture_begin_race(writer, &race);
	capture = capture_start();
	ck_assert_int_eq(capture_events(writer, 0, events, 100), 0);
	ck_assert_int_eq(capture_events(writer, 0, events, 100), 0);
	ck_assert(!capture_failed(writer));
	ck_assert_int_eq(capture_events(writer, 0, events, 100), -EFBIG);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert_int_eq(capture_events(writer, 0, events, 1), -EFBIG);
	ck_assert_int_eq(capture_end_race(writer, &end), -EFBIG);
	ck_assert_int_eq(capture_begin_race(writer, &race), -EFBIG);
	ck_assert_int_eq(capture_finish(writer), -EFBIG);
	capture_end(&capture, said, sizeof(said));
	assert_one_line(said,
			"tracebench: a.cap: cannot be written any further: File too large. Its");
	ck_assert(capture_failed(writer));
	capture_free(writer);
	read_file("a.cap");
	while (next_block(&block)) {
		n++;
		ck_assert_uint_ne(block.type, CAPTURE_END);
	}
	ck_assert_int_eq(n, 4);
	free(events);
	leave();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("capture write");

	add_test(suite, a_capture_is_a_header_and_blocks_to_the_end);
	add_test(suite, the_end_has_the_sums_of_the_races);
	add_test(suite, what_is_written_can_be_read_at_any_time);
	add_test(suite, no_block_is_too_long);
	add_test(suite, words_that_do_not_fit_are_left_out_from_behind);
	add_test(suite, names_of_any_bytes_are_utf8);
	add_test(suite, what_is_there_is_replaced_with_force_alone);
	add_test(suite, only_a_regular_file_is_replaced);
	if (geteuid() == 0)
		add_test(suite, under_sudo_the_capture_is_the_callers);
	add_test(suite, a_write_that_fails_is_told_once_and_leaves_whole_blocks);
	return run_suite(suite);
}
