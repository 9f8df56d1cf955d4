#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The probe on Linux 6.12.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/guest.sh"

boot 6.12
relay
done_testing
