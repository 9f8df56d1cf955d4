/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/write.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

#include "base/foreign.h"
#include "base/log.h"
#include "base/rights.h"
#include "capture/format.h"

#define EVENTS_PER_BLOCK (CAPTURE_BLOCK_MAX / sizeof(struct tb_event))

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "structs are written as they are");

static const char *const loss_names[CAPTURE_LOSSES] = {
	[CAPTURE_LOST_RING] = "ring",
	[CAPTURE_LOST_SLOTS] = "slots",
	[CAPTURE_LOST_ORDER] = "order",
	[CAPTURE_LOST_NESTED] = "nested",
};

struct capture_writer {
	char *path;
	int fd;
	int err; /* of the first write that failed */
	uint64_t whole_bytes; /* up to the end of the last whole block */
	uint64_t race_events;
	uint64_t races;
	uint64_t events; /* of races that have ended */
	uint64_t lost[CAPTURE_LOSSES]; /* likewise */
};

static int refuse(const char *path, int err, const char *why)
{
	log_error("%s: %s", path, why);
	return err;
}

/* Whoever has the old file open, or has it under another name, keeps it as it was. */
static int remove_existing(const char *path, bool force)
{
	struct stat existing;

	if (lstat(path, &existing))
		return errno == ENOENT ? 0 : refuse(path, -errno, strerror(errno));
	if (S_ISLNK(existing.st_mode))
		return refuse(path, -ELOOP, "is a symbolic link, which is not followed");
	if (S_ISDIR(existing.st_mode))
		return refuse(path, -EISDIR, "is a directory");
	if (!S_ISREG(existing.st_mode))
		return refuse(path, -EINVAL, "is not a regular file");
	if (!force)
		return refuse(path, -EEXIST, "exists; use --force to overwrite");
	return unlink(path) ? refuse(path, -errno, strerror(errno)) : 0;
}

/* Returns the descriptor or a negative errno. */
static int create_file(const char *path, bool force)
{
	int err = remove_existing(path, force);
	int fd;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0)
		return fd;
	err = -errno;
	log_error("%s: user %u cannot make it: %s", path, geteuid(), strerror(-err));
	return err;
}

static int create_as_caller(const char *path, bool force)
{
	struct rights rights;
	int fd = rights_take_callers(&rights);

	if (!fd)
		fd = create_file(path, force);
	rights_give_back(&rights);
	return fd;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

/*
 * A file that grows over the user's limit fails, and by default kills as well (SIGXFSZ). The races go
 * on, so that signal is held back and taken out: it is sent to the thread that writes.
 */
static int write_unkilled(int fd, const char *bytes, size_t length)
{
	const struct timespec now = { 0 };
	sigset_t limit, before;
	int err;

	sigemptyset(&limit);
	sigaddset(&limit, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &limit, &before);
	err = write_all(fd, bytes, length);
	if (err == -EFBIG)
		sigtimedwait(&limit, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* The first failure: it is told, and a part of a block taken back where that can be done. */
static int fail(struct capture_writer *writer, int err)
{
	bool cut = ftruncate(writer->fd, (off_t)writer->whole_bytes) != 0;

	writer->err = err;
	log_error("%s: cannot be written any further: %s. Its first %llu bytes can be read%s",
		  writer->path, strerror(-err), (unsigned long long)writer->whole_bytes,
		  cut ? "; what follows cannot" : "");
	return err;
}

static int put(struct capture_writer *writer, const void *head, size_t head_bytes, const void *body,
	       size_t body_bytes)
{
	int err = write_unkilled(writer->fd, head, head_bytes);

	if (!err)
		err = write_unkilled(writer->fd, body, body_bytes);
	if (err)
		return fail(writer, err);
	writer->whole_bytes += head_bytes + body_bytes;
	return 0;
}

static int put_block(struct capture_writer *writer, enum capture_type type, uint32_t cpu,
		     const void *body, size_t bytes)
{
	struct capture_block block = { .type = type, .bytes = (uint32_t)bytes, .cpu = cpu };
	uLong sum = crc32(0, (const Bytef *)&block, offsetof(struct capture_block, sum));

	if (writer->err)
		return writer->err;
	block.sum = (uint32_t)crc32(sum, body, (uInt)bytes);
	return put(writer, &block, sizeof(block), body, bytes);
}

/* Takes the reference. NULL: no memory. -EFBIG: too long for a block; nothing was written. */
static int put_json(struct capture_writer *writer, enum capture_type type, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	size_t bytes = text ? strlen(text) : 0;
	int err;

	json_decref(json);
	if (!text)
		err = writer->err ? writer->err : fail(writer, -ENOMEM);
	else if (bytes > CAPTURE_BLOCK_MAX)
		err = -EFBIG;
	else
		err = put_block(writer, type, 0, text, bytes);
	free(text);
	return err;
}

/* A name that is not UTF-8 is told by its bytes. */
static json_t *json_name(const char *name)
{
	json_t *json = json_string(name);
	char *text;

	if (json)
		return json;
	text = foreign_text(name, strlen(name));
	json = text ? json_string(text) : NULL;
	free(text);
	return json;
}

static json_t *json_count(uint64_t count)
{
	return json_integer((json_int_t)count);
}

static json_t *json_losses(const uint64_t lost[CAPTURE_LOSSES])
{
	json_t *object = json_object();

	for (int i = 0; i < CAPTURE_LOSSES; i++)
		json_object_set_new(object, loss_names[i], json_count(lost[i]));
	return object;
}

static int put_head(struct capture_writer *writer, const struct capture_about *about)
{
	const struct capture_header header = {
		.magic = CAPTURE_MAGIC,
		.version = CAPTURE_VERSION,
		.event_bytes = sizeof(struct tb_event),
	};
	int err = put(writer, &header, sizeof(header), "", 0);

	if (err)
		return err;
	return put_json(writer, CAPTURE_ABOUT,
			json_pack("{s:s, s:o, s:o, s:I}", "tracebench", about->version, "hostname",
				  json_name(about->hostname), "kernel", json_name(about->kernel),
				  "cpus", (json_int_t)about->cpus));
}

int capture_create(const char *path, bool force, const struct capture_about *about,
		   struct capture_writer **writer)
{
	struct capture_writer *made = calloc(1, sizeof(*made));
	int err;

	*writer = NULL;
	if (made)
		made->path = strdup(path);
	if (!made || !made->path) {
		free(made);
		return refuse(path, -ENOMEM, strerror(ENOMEM));
	}
	made->fd = create_as_caller(path, force);
	err = made->fd < 0 ? made->fd : put_head(made, about);
	if (err)
		capture_free(made);
	else
		*writer = made;
	return err;
}

int capture_begin_race(struct capture_writer *writer, const struct capture_race *race)
{
	const struct capture_clock *clock = &race->clock;
	json_t *batch = race->batch ? json_count(race->batch) : json_string("all");

	writer->race_events = 0;
	return put_json(writer, CAPTURE_RACE,
			json_pack("{s:s, s:s, s:I, s:o, s:I, s:I, s:{s:I, s:I, s:I}}", "strategy",
				  race->strategy, "mode", race->mode, "workers",
				  (json_int_t)race->workers, "batch", batch, "repeat",
				  (json_int_t)race->repeat, "result", (json_int_t)race->result,
				  "clock", "monotonic_ns", (json_int_t)clock->monotonic_ns,
				  "boottime_ns", (json_int_t)clock->boottime_ns, "realtime_ns",
				  (json_int_t)clock->realtime_ns));
}

int capture_events(struct capture_writer *writer, uint32_t cpu, const struct tb_event *events,
		   size_t n)
{
	int err = writer->err;

	while (n && !err) {
		size_t part = n < EVENTS_PER_BLOCK ? n : EVENTS_PER_BLOCK;

		err = put_block(writer, CAPTURE_EVENTS, cpu, events, part * sizeof(*events));
		if (!err)
			writer->race_events += part;
		events += part;
		n -= part;
	}
	return err;
}

static json_t *json_tasks(const struct capture_race_end *end)
{
	json_t *list = json_array();

	for (size_t i = 0; i < end->n_tasks; i++) {
		const struct capture_task *task = &end->tasks[i];

		json_array_append_new(list,
				      json_pack("{s:I, s:I, s:I, s:s, s:I, s:o}", "pid",
						(json_int_t)task->pid, "tid", (json_int_t)task->tid,
						"process", (json_int_t)task->process, "role",
						task->role, "index", (json_int_t)task->index,
						"name", json_name(task->name)));
	}
	return list;
}

static json_t *json_words(const struct capture_race_end *end, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:I, s:o}", "word",
						      (json_int_t)end->words[i].word, "name",
						      json_name(end->words[i].name)));
	return list;
}

int capture_end_race(struct capture_writer *writer, const struct capture_race_end *end)
{
	size_t n_words = end->n_words;
	int err;

	for (;;) {
		err = put_json(writer, CAPTURE_RACE_END,
			       json_pack("{s:o, s:o, s:I, s:o}", "tasks", json_tasks(end), "words",
					 json_words(end, n_words), "events",
					 (json_int_t)writer->race_events, "lost",
					 json_losses(end->lost)));
		if (err != -EFBIG || writer->err || !n_words)
			break;
		n_words /= 2;
	}
	if (err)
		return writer->err ? writer->err : fail(writer, err);
	writer->races++;
	writer->events += writer->race_events;
	for (int i = 0; i < CAPTURE_LOSSES; i++)
		writer->lost[i] += end->lost[i];
	return 0;
}

uint64_t capture_race_events(const struct capture_writer *writer)
{
	return writer->race_events;
}

bool capture_failed(const struct capture_writer *writer)
{
	return writer->err != 0;
}

/* A file system may tell as late as this that what it took earlier did not get to the disk. */
int capture_finish(struct capture_writer *writer)
{
	int err =
		put_json(writer, CAPTURE_END,
			 json_pack("{s:I, s:I, s:o}", "races", (json_int_t)writer->races, "events",
				   (json_int_t)writer->events, "lost", json_losses(writer->lost)));

	if (!err && fsync(writer->fd)) {
		err = writer->err = -errno;
		log_error("%s: is not on the disk: %s", writer->path, strerror(-err));
	}
	return err;
}

void capture_free(struct capture_writer *writer)
{
	if (!writer)
		return;
	if (writer->fd >= 0)
		close(writer->fd);
	free(writer->path);
	free(writer);
}
