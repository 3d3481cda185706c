/**
 * Who is attacking. A detector reads packets and what becomes of connections, counts against its
 * thresholds and raises verdicts; decoding, connection tracking and bans are left to others.
 */
@HotPath
package ips.core.detect;

import ips.core.HotPath;
