/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sysv_semaphore.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/sem.h>
#include <unistd.h>

#include "base/sysv_key.h"

#define SIGNATURE "tracebench"
#define SIGNED_AT (SYSV_SEMAPHORE + 1)
#define SET_LENGTH (SIGNED_AT + sizeof(SIGNATURE) - 1)

/* Which semctl(2) has its callers define. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *__buf;
};

static void sign(unsigned short values[SET_LENGTH])
{
	for (size_t i = 0; i < sizeof(SIGNATURE) - 1; i++)
		values[SIGNED_AT + i] = (unsigned short)SIGNATURE[i];
}

int sysv_semaphore_make(uint32_t permits, int *id)
{
	unsigned short values[SET_LENGTH] = { [SYSV_SEMAPHORE] = (unsigned short)permits };
	int err = 0;

	if (permits > (unsigned short)-1)
		return -ERANGE;
	*id = semget(sysv_key_of(getpid()), SET_LENGTH, IPC_CREAT | IPC_EXCL | 0600);
	/* Somebody else's program has chosen the same number. */
	if (*id < 0 && errno == EEXIST)
		*id = semget(IPC_PRIVATE, SET_LENGTH, 0600);
	if (*id < 0)
		return -errno;
	sign(values);
	if (semctl(*id, 0, SETALL, (union semun){ .array = values })) {
		err = -errno;
		sysv_semaphore_remove(*id);
	}
	return err;
}

void sysv_semaphore_remove(int id)
{
	semctl(id, 0, IPC_RMID);
}

/* A process that we may not signal is alive all the same. */
static bool is_dead(pid_t owner)
{
	return kill(owner, 0) != 0 && errno == ESRCH;
}

/* Signed, by a process that is gone; pid 0 is of a namespace that we do not see into. */
static bool is_signed_by_the_dead(int id, const unsigned short values[SET_LENGTH])
{
	unsigned short ours[SET_LENGTH] = { [SYSV_SEMAPHORE] = values[SYSV_SEMAPHORE] };
	int owner = semctl(id, SIGNED_AT, GETPID);

	sign(ours);
	return memcmp(ours, values, sizeof(ours)) == 0 && owner > 0 && is_dead(owner);
}

/* As the kernel makes a set, whose maker is gone. */
static bool is_unsigned_by_the_dead(key_t key, const unsigned short values[SET_LENGTH])
{
	static const unsigned short fresh[SET_LENGTH];

	return memcmp(fresh, values, sizeof(fresh)) == 0 && sysv_key_is_of_the_dead(key);
}

static bool is_orphan(int id, key_t key)
{
	unsigned short values[SET_LENGTH] = { 0 };

	if (semctl(id, 0, GETALL, (union semun){ .array = values }))
		return false;
	return is_signed_by_the_dead(id, values) || is_unsigned_by_the_dead(key, values);
}

void sysv_semaphore_sweep(uid_t user)
{
	struct seminfo info = { 0 };
	struct semid_ds set = { 0 };
	int last = semctl(0, 0, SEM_INFO, (union semun){ .__buf = &info });

	for (int index = 0; index <= last; index++) {
		int id = semctl(index, 0, SEM_STAT, (union semun){ .buf = &set });

		if (id >= 0 && set.sem_perm.cuid == user && set.sem_nsems == SET_LENGTH &&
		    is_orphan(id, set.sem_perm.__key))
			sysv_semaphore_remove(id);
	}
}

const char *sysv_semaphore_obstacle(void)
{
	struct seminfo info = { 0 };

	if (semctl(0, 0, SEM_INFO, (union semun){ .__buf = &info }) < 0)
		return "the kernel or the container has no System V semaphores";
	if (info.semusz >= info.semmni)
		return "there are as many System V semaphores as the limit allows (sysctl "
		       "kernel.sem)";
	return NULL;
}
