/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message that is not what one worker sent is noticed. */
#include <string.h>

#include "lib/check_main.h"
#include "strategy/message.h"

#define WORDS 6
#define BYTES (WORDS * 8)

static struct race race = { .workers = 2, .message = BYTES };
static struct worker owner = { .race = &race, .index = 2 };

/* What a worker sends after so many increments. */
static void compose(uint64_t words[WORDS], unsigned int index, uint64_t done)
{
	const struct worker worker = { .race = &race, .index = index, .done = done };

	message_write(words, BYTES, 5, message_stamp(&worker));
}

START_TEST(messages_add_up_and_a_zero_is_the_end)
{
	struct message_sum sum = { .owner = &owner };
	uint64_t words[WORDS];

	compose(words, 1, 5);
	ck_assert_int_eq(message_add(&sum, words, BYTES), 0);
	ck_assert_int_eq(message_add(&sum, words, BYTES), 0);
	ck_assert_uint_eq(sum.count, 10);
	ck_assert_uint_eq(sum.ended, 0);
	words[0] = 0;
	ck_assert_int_eq(message_add(&sum, words, BYTES), 0);
	ck_assert_uint_eq(sum.ended, 1);
}
END_TEST

START_TEST(parts_of_two_messages_are_none)
{
	struct message_sum sum = { .owner = &owner };
	uint64_t words[WORDS], others[WORDS];

	for (size_t cut = 2; cut < WORDS; cut++) {
		compose(words, 0, 5);
		compose(others, 1, 5);
		memcpy(words + cut, others + cut, (WORDS - cut) * sizeof(*words));
		ck_assert_int_eq(message_add(&sum, words, BYTES), -EBADMSG);
		compose(words, 0, 5);
		compose(others, 0, 10);
		memcpy(words + cut, others + cut, (WORDS - cut) * sizeof(*words));
		ck_assert_int_eq(message_add(&sum, words, BYTES), -EBADMSG);
	}
}
END_TEST

START_TEST(every_word_is_looked_at)
{
	struct message_sum sum = { .owner = &owner };
	uint64_t words[WORDS];

	for (size_t i = 1; i < WORDS; i++) {
		compose(words, 0, 5);
		words[i] ^= 1ULL << 63;
		ck_assert_int_eq(message_add(&sum, words, BYTES), -EBADMSG);
	}
}
END_TEST

START_TEST(a_stream_may_come_in_pieces_of_any_size)
{
	uint64_t sent[4 * WORDS], buffer[2 * WORDS];

	for (uint64_t i = 0; i < 4; i++)
		compose(sent + i * WORDS, 0, i);
	for (size_t piece = 1; piece <= BYTES; piece++) {
		struct message_stream stream = { .buffer = buffer, .capacity = sizeof(buffer) };
		struct message_sum sum = { .owner = &owner };

		for (size_t at = 0; at < sizeof(sent); at += piece) {
			size_t came = at + piece < sizeof(sent) ? piece : sizeof(sent) - at;

			ck_assert_uint_le(stream.kept + came, stream.capacity);
			memcpy((char *)buffer + stream.kept, (char *)sent + at, came);
			ck_assert_int_eq(message_take(&stream, came, BYTES, &sum), 0);
			ck_assert_uint_lt(stream.kept, BYTES);
		}
		ck_assert_uint_eq(sum.count, 20);
		ck_assert_uint_eq(stream.kept, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");

	add_test(suite, messages_add_up_and_a_zero_is_the_end);
	add_test(suite, parts_of_two_messages_are_none);
	add_test(suite, every_word_is_looked_at);
	add_test(suite, a_stream_may_come_in_pieces_of_any_size);
	return run_suite(suite);
}
