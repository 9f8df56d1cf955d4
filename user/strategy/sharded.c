/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A counter per worker, each on lines of its own, added up at the end (shards.h). */
#include "strategy/shards.h"
#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	return shards_bytes(race->workers);
}

static int setup(struct race *race)
{
	struct shards *shards = race->object;

	shards->n = race->workers;
	return 0;
}

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	struct shards *shards = race->object;
	int err = race_one_by_one(worker, &shards->shard[worker->index].count, race_add);

	shards_end(race);
	return err;
}

const struct strategy strategy_sharded = {
	.name = "sharded",
	.summary = "a counter per worker in lines of its own, added up at the end",
	.family = FAMILY_LOCAL,
	.modes = IN_BOTH,
	.promises_exact = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};
