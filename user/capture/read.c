/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/rings.h"

struct capture_reader {
	struct blocks blocks;
	json_t *about_json;
	struct capture_about about;
	bool complete;
	uint64_t races;
	uint64_t events;
	/* The present race. */
	json_t *race_json;
	json_t *end_json;
	struct capture_race_read race;
	struct rings *rings;
};

bool capture_is_one(int fd)
{
	char magic[sizeof(CAPTURE_MAGIC) - 1];

	return pread(fd, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
	       !memcmp(magic, CAPTURE_MAGIC, sizeof(magic));
}

static int no_memory(const struct capture_reader *reader)
{
	log_error("%s: %s", reader->blocks.name, strerror(ENOMEM));
	return -ENOMEM;
}

/* The present block's JSON. NULL with damage. */
static json_t *parse(struct blocks *blocks)
{
	json_t *json;
	const char *why = content_parse(blocks->body, blocks->block.bytes, &json);

	if (why)
		blocks_refuse(blocks, why);
	return json;
}

static int read_about(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;
	const char *why = "it says nothing of the machine";
	int got = blocks_next(blocks);

	if (got < 0)
		return got;
	if (got && blocks->block.type == CAPTURE_ABOUT) {
		reader->about_json = parse(blocks);
		if (reader->about_json)
			why = content_about(reader->about_json, &reader->about);
	}
	if (blocks->damage.why)
		why = blocks->damage.why;
	if (!why)
		return 0;
	log_error("%s: is damaged from its beginning: %s", blocks->name, why);
	return -EINVAL;
}

int capture_open(const char *name, int fd, struct capture_reader **reader)
{
	struct capture_reader *made = calloc(1, sizeof(*made));
	int err;

	*reader = NULL;
	if (!made) {
		log_error("%s: %s", name, strerror(ENOMEM));
		return -ENOMEM;
	}
	err = blocks_start(&made->blocks, name, fd);
	if (!err)
		err = read_about(made);
	if (err)
		capture_close(made);
	else
		*reader = made;
	return err;
}

static void leave_race(struct capture_reader *reader)
{
	rings_free(reader->rings);
	reader->rings = NULL;
	content_free_end(&reader->race.end);
	json_decref(reader->race_json);
	json_decref(reader->end_json);
	reader->race_json = reader->end_json = NULL;
	reader->race = (struct capture_race_read){ 0 };
}

void capture_close(struct capture_reader *reader)
{
	if (!reader)
		return;
	leave_race(reader);
	json_decref(reader->about_json);
	blocks_end(&reader->blocks);
	free(reader);
}

const struct capture_about *capture_read_about(const struct capture_reader *reader)
{
	return &reader->about;
}

static int take_end(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;
	uint64_t races = 0, events = 0;
	json_t *json = parse(blocks);
	const char *why = json ? content_sums(json, &races, &events) : NULL;

	json_decref(json);
	if (!why && !blocks->damage.why && (races != reader->races || events != reader->events))
		why = "it ends with other sums than it has";
	if (why)
		blocks_refuse(blocks, why);
	reader->complete = !blocks->damage.why;
	return 0;
}

/* Returns 1 when the race has begun, 0 with damage. */
static int begin_race(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;
	const char *why;

	reader->race_json = parse(blocks);
	if (!reader->race_json)
		return 0;
	why = content_race(reader->race_json, &reader->race.race);
	return why ? blocks_refuse(blocks, why) : 1;
}

/* Up to the next RACE. Returns 1, 0 if there is none, or a negative errno. */
static int find_race(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;

	while (!reader->complete) {
		int got = blocks_next(blocks);

		if (got <= 0)
			return got;
		switch (blocks->block.type) {
		case CAPTURE_RACE:
			return begin_race(reader);
		case CAPTURE_END:
			return take_end(reader);
		case CAPTURE_ABOUT:
		case CAPTURE_EVENTS:
		case CAPTURE_RACE_END:
			return blocks_refuse(blocks, "a block is in the wrong place");
		default:
			break;
		}
	}
	return 0;
}

static void end_race(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;
	const char *why;

	reader->end_json = parse(blocks);
	if (!reader->end_json)
		return;
	why = content_race_end(reader->end_json, &reader->race.end);
	if (!why && reader->race.end.events != rings_events(reader->rings))
		why = "a race says that it has another number of events";
	if (why) {
		content_free_end(&reader->race.end);
		blocks_refuse(blocks, why);
		return;
	}
	reader->race.ended = true;
}

/* Returns 1 for more, 0 at the race's end or damage, or a negative errno. */
static int take_block(struct capture_reader *reader)
{
	struct blocks *blocks = &reader->blocks;
	const char *why;
	int err;

	switch (blocks->block.type) {
	case CAPTURE_EVENTS:
		err = rings_add(reader->rings, blocks, &why);
		if (err == -EBADMSG)
			return blocks_refuse(blocks, why);
		return err ? no_memory(reader) : 1;
	case CAPTURE_RACE_END:
		end_race(reader);
		return 0;
	case CAPTURE_ABOUT:
	case CAPTURE_RACE:
	case CAPTURE_END:
		return blocks_refuse(blocks, "a block is in the wrong place");
	default:
		return 1;
	}
}

/* The first time through a race: up to its end, or to the damage. */
static int scan_race(struct capture_reader *reader)
{
	uint64_t from = reader->blocks.next;
	int more, err;

	do {
		more = blocks_next(&reader->blocks);
		if (more > 0)
			more = take_block(reader);
	} while (more > 0);
	if (more < 0)
		return more;
	err = rings_rewind(reader->rings, &reader->blocks, from, reader->blocks.offset);
	return err == -ENOMEM ? no_memory(reader) : err;
}

int capture_next_race(struct capture_reader *reader, const struct capture_race_read **race)
{
	int err = 0;

	leave_race(reader);
	err = find_race(reader);
	if (err <= 0)
		return err;
	reader->rings = rings_new();
	err = reader->rings ? scan_race(reader) : no_memory(reader);
	if (err)
		return err;
	reader->race.events = rings_events(reader->rings);
	reader->race.rings = rings_count(reader->rings);
	reader->races++;
	reader->events += reader->race.events;
	*race = &reader->race;
	return 1;
}

int capture_next_event(struct capture_reader *reader, const struct tb_event **event)
{
	return rings_next(reader->rings, event);
}

struct capture_reach capture_reached(const struct capture_reader *reader)
{
	const struct blocks *blocks = &reader->blocks;

	return (struct capture_reach){
		.complete = reader->complete,
		.damage = blocks->damage,
		.bytes = blocks->damage.why ? blocks->damage.offset : blocks->next,
		.races = reader->races,
		.events = reader->events,
	};
}
