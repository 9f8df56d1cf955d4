/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a session that no run has made: its pages need no rights, and look the same everywhere. */
#include "lib/fixture.h"
#include "session/json.h"

int main(void)
{
	struct session *session = fixture_session();
	int err = session_write_json(session, stdout);

	session_free(session);
	return err ? 1 : 0;
}
