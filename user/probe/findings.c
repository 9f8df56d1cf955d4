/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/findings.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/array.h"

static int take_locks(const struct finding_sources *sources, struct findings *findings)
{
	size_t used = 0;

	for (unsigned int i = 0; i < sources->n_locks; i++)
		used += sources->locks[i].task != 0;
	findings->locks = calloc(used + 1, sizeof(*findings->locks));
	if (!findings->locks)
		return -ENOMEM;
	for (unsigned int i = 0; i < sources->n_locks; i++)
		if (sources->locks[i].task)
			findings->locks[findings->n_locks++] = sources->locks[i];
	return 0;
}

static pid_t tid_of(const struct finding_sources *sources, uint32_t slot)
{
	return slot < sources->n_slots ? (pid_t)sources->slots[slot].tid : 0;
}

/* Slots behind those of the tasks are of the kernel's threads. */
static uint32_t who_of(const struct finding_sources *sources, uint32_t waker)
{
	bool kernels = waker >= sources->n_slots && waker - sources->n_slots < TB_KERNEL_SLOTS;

	return kernels ? TB_WAKER_KERNEL : waker;
}

static int take_edge(const struct finding_sources *sources, const struct tb_edge_key *key,
		     struct findings *findings)
{
	struct found_edge *edge =
		array_append(&findings->edges, &findings->n_edges, sizeof(*findings->edges));

	if (!edge)
		return -ENOMEM;
	*edge = (struct found_edge){
		.wakee = tid_of(sources, key->wakee),
		.waker = tid_of(sources, key->waker),
		.who = who_of(sources, key->waker),
		.futex = key->futex,
	};
	return bpf_map_lookup_elem(sources->edges_fd, key, &edge->sum) ? -errno : 0;
}

static int take_edges(const struct finding_sources *sources, struct findings *findings)
{
	struct tb_edge_key key, *before = NULL;
	int err = 0;

	while (!err) {
		if (bpf_map_get_next_key(sources->edges_fd, before, &key))
			return errno == ENOENT ? 0 : -errno;
		before = &key;
		err = take_edge(sources, &key, findings);
	}
	return err;
}

static int take_owner(const struct finding_sources *sources, const struct tb_owner_key *key,
		      struct findings *findings)
{
	struct found_owner *owner =
		array_append(&findings->owners, &findings->n_owners, sizeof(*findings->owners));

	if (!owner)
		return -ENOMEM;
	*owner = (struct found_owner){ .futex = key->futex, .owner = (pid_t)key->owner };
	return bpf_map_lookup_elem(sources->owners_fd, key, &owner->count) ? -errno : 0;
}

static int take_owners(const struct finding_sources *sources, struct findings *findings)
{
	struct tb_owner_key key, *before = NULL;
	int err = 0;

	while (!err) {
		if (bpf_map_get_next_key(sources->owners_fd, before, &key))
			return errno == ENOENT ? 0 : -errno;
		before = &key;
		err = take_owner(sources, &key, findings);
	}
	return err;
}

static int take_sample(const struct finding_sources *sources, const struct tb_place *place,
		       struct findings *findings, size_t *sample)
{
	struct tb_sample *copy;

	*sample = NO_FOUND_SAMPLE;
	if (place->sample >= sources->n_samples)
		return 0;
	*sample = findings->n_samples;
	copy = array_append(&findings->samples, &findings->n_samples, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = sources->samples[place->sample];
	return 0;
}

static int take_stacks(const struct finding_sources *sources, struct findings *findings)
{
	int err = 0;

	for (unsigned int i = 0; i < sources->n_places && !err; i++) {
		const struct tb_place *place = &sources->places[i];
		struct found_stack *stack;

		if (!place->count)
			continue;
		stack = array_append(&findings->stacks, &findings->n_stacks, sizeof(*stack));
		if (!stack)
			return -ENOMEM;
		stack->place = *place;
		stack->special = i < TB_SPECIAL_PLACES ? (enum tb_special_place)i :
							 TB_SPECIAL_PLACES;
		err = take_sample(sources, place, findings, &stack->sample);
	}
	return err;
}

int findings_take(const struct finding_sources *sources, struct findings *findings)
{
	int err;

	*findings = (struct findings){ 0 };
	err = take_locks(sources, findings);
	if (!err)
		err = take_edges(sources, findings);
	if (!err)
		err = take_owners(sources, findings);
	return err ? err : take_stacks(sources, findings);
}

void findings_free(struct findings *findings)
{
	free(findings->locks);
	free(findings->edges);
	free(findings->owners);
	free(findings->stacks);
	free(findings->samples);
	*findings = (struct findings){ 0 };
}

/* `key`: room for one. */
static int clear_map(int fd, void *key)
{
	while (bpf_map_get_next_key(fd, NULL, key) == 0)
		if (bpf_map_delete_elem(fd, key))
			return -errno;
	return errno == ENOENT ? 0 : -errno;
}

int findings_clear(int edges_fd, int owners_fd)
{
	struct tb_edge_key edge;
	struct tb_owner_key owner;
	int err = clear_map(edges_fd, &edge);

	return err ? err : clear_map(owners_fd, &owner);
}
